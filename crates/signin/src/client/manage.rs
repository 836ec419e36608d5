use super::{ApiClient, ApiScope, scope, store};
use crate::{Error, Token};
use jiff::SignedDuration;
use regie_access::{Action, Db};
use regie_core::id::{ApiClientId, InstitutionId};
use regie_core::{Caller, Random, Role};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// The roles a program may act in: those whose work is handling records. Judging, deciding and granting stay with
/// people, whatever an administrator would like to give a program.
pub const CLIENT_ROLES: [Role; 4] =
    [Role::ExamOffice, Role::Administrator, Role::Auditor, Role::ExamSupplier];

/// How long an old secret holds on after a new one was made.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

#[derive(Debug, Clone)]
pub struct AddClient {
    pub id: ApiClientId,
    /// What it is, for people: *Magister-koppeling*.
    pub name: String,
    pub role: Role,
    pub scopes: Vec<ApiScope>,
}

/// All clients of the caller's institution, the revoked ones too.
pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<ApiClient>, Error> {
    regie_access::here(&mut db.reader(caller.institution), caller, Action::ManageApiClients).await?;
    let found = db.reader(InstitutionId::NIL).all(store::by_institution(caller.institution)).await?;
    Ok(found
        .into_iter()
        .map(|client| ApiClient {
            id: client.id,
            name: client.name,
            role: client.role,
            scopes: scope::kept(&client.scopes),
            owner: client.owner,
            created_at: client.created_at,
            rotated_at: client.rotated_at,
            used_at: client.used_at,
            revoked_at: client.revoked_at,
        })
        .collect())
}

/// A new client and its secret, which is shown this once.
pub async fn add(
    db: &Db,
    caller: &Caller,
    random: &dyn Random,
    input: AddClient,
) -> Result<(ApiClientId, Token), Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::ManageApiClients).await?;
    let name = input.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
        return Err(Error::ClientName);
    }
    if !CLIENT_ROLES.contains(&input.role) {
        return Err(Error::ClientRole(input.role.code()));
    }
    if input.scopes.is_empty() {
        return Err(Error::ClientScopes);
    }
    let input = AddClient { name, ..input };
    let secret = Token::new(random);
    let owner = allowed.caller().person;
    let id = db
        .write(allowed.caller(), (input, secret.hash(), owner), |tx, (input, hash, owner)| {
            Box::pin(async move {
                let (now, institution) = (tx.recorded_at(), tx.institution());
                let scopes = scope::written(&input.scopes);
                tx.queue(
                    store::insert(input.id, institution, &input.name, input.role, &scopes, &hash, owner, now),
                    Expect::unique(Error::LinkExpired),
                );
                let new = json!({ "name": input.name, "role": input.role.code(), "scopes": scopes });
                Ok(tx.done(input.id, Event::new("client.added", input.id).new_value(new)))
            })
        })
        .await?;
    Ok((id, secret))
}

/// A new secret; the old one holds on for a day.
pub async fn rotate(db: &Db, caller: &Caller, random: &dyn Random, id: ApiClientId) -> Result<Token, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::ManageApiClients).await?;
    let secret = Token::new(random);
    let owner = allowed.caller().person;
    db.write(allowed.caller(), (id, secret.hash(), owner), |tx, (id, hash, owner)| {
        Box::pin(async move {
            let (now, institution) = (tx.recorded_at(), tx.institution());
            let old_ends = now.checked_add(OVERLAP).unwrap_or(now);
            tx.queue(
                store::rotate(id, institution, &hash, old_ends, owner, now),
                Expect::one(Error::ClientUnknown),
            );
            let new = json!({ "oldSecretEndsAt": old_ends });
            Ok(tx.done((), Event::new("client.rotated", id).new_value(new)))
        })
    })
    .await?;
    Ok(secret)
}

/// Ends a client and every token it holds, now.
pub async fn revoke(db: &Db, caller: &Caller, id: ApiClientId) -> Result<(), Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::ManageApiClients).await?;
    db.write(allowed.caller(), id, |tx, id| {
        Box::pin(async move {
            let (now, institution) = (tx.recorded_at(), tx.institution());
            tx.queue(store::revoke(id, institution, now), Expect::one(Error::ClientUnknown));
            tx.queue(store::drop_tokens(id), Expect::any());
            Ok(tx.done((), Event::new("client.revoked", id)))
        })
    })
    .await
}
