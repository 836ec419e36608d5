use super::{Kind, State, store};
use crate::Error;
use crate::error::{filled, optional};
use regie_access::Allowed;
use regie_access::Db;
use regie_core::Caller;
use regie_core::id::InstitutionId;
use regie_db::{Event, Expect};
use serde_json::json;

/// A new institution, to be prepared before anybody works in it.
#[derive(Debug, Clone)]
pub struct Found {
    pub id: InstitutionId,
    /// Short name in addresses: letters, digits, hyphens.
    pub slug: String,
    pub name: String,
    pub kind: Kind,
    pub brin: Option<String>,
    /// The organisation's name in SURFconext (`schac_home_organization`).
    pub home_organization: Option<String>,
}

/// Founds an institution. Its first journal line stands in its own journal.
pub async fn found(db: &Db, allowed: &Allowed<InstitutionId>, input: Found) -> Result<InstitutionId, Error> {
    let name = filled("name", &input.name, 120)?;
    let slug = input.slug.trim().to_lowercase();
    let sound = (2..=40).contains(&slug.len())
        && slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !slug.starts_with('-')
        && !slug.ends_with('-');
    if !sound {
        return Err(Error::Slug);
    }
    let brin = optional("brin", input.brin.as_deref(), 6)?;
    let home = optional("home_organization", input.home_organization.as_deref(), 120)?;
    let caller = Caller { institution: input.id, ..allowed.caller().clone() };
    db.write(
        &caller,
        (input.id, slug, name, input.kind, brin, home),
        |tx, (id, slug, name, kind, brin, home)| {
            Box::pin(async move {
                let now = tx.recorded_at();
                tx.queue(
                    store::insert(
                        id,
                        &slug,
                        &name,
                        kind,
                        State::Preparing,
                        brin.as_deref(),
                        home.as_deref(),
                        now,
                    ),
                    Expect::unique(Error::CodeTaken(slug.clone())),
                );
                let new = json!({ "slug": slug, "name": name, "kind": kind.code() });
                Ok(tx.done(id, Event::new("institution.founded", id).new_value(new)))
            })
        },
    )
    .await
}
