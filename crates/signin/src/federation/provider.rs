use super::mapping::Mapping;
use super::store::{self, Kept};
use crate::{Error, Vault};
use regie_access::{Action, Db};
use regie_core::id::{Id as _, IdentityProviderId, InstitutionId};
use regie_core::{Caller, Random};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// A provider as its school has set it. The secret stays sealed.
#[derive(Debug, Clone)]
pub struct Provider {
    pub id: IdentityProviderId,
    pub institution: InstitutionId,
    pub name: String,
    pub issuer: String,
    pub client: String,
    pub mapping: Mapping,
    pub active: bool,
    pub(super) secret: Option<Vec<u8>>,
}

#[derive(Debug, Clone)]
pub struct AddProvider {
    pub id: IdentityProviderId,
    /// What people see on the sign-in page: *ROC Delta*.
    pub name: String,
    /// As its discovery document names itself.
    pub issuer: String,
    pub client: String,
    pub secret: Option<String>,
    pub mapping: Mapping,
}

impl TryFrom<Kept> for Provider {
    type Error = Error;

    fn try_from(row: Kept) -> Result<Self, Error> {
        let mapping = serde_json::from_str(&row.mapping)
            .map_err(|error| regie_db::Error::Decode(format!("the mapping of a provider: {error}")))?;
        Ok(Self {
            id: row.id,
            institution: row.at_institution,
            name: row.name,
            issuer: row.issuer,
            client: row.client,
            mapping,
            active: row.active,
            secret: row.secret,
        })
    }
}

pub(super) fn about(id: IdentityProviderId) -> Vec<u8> {
    [b"identity provider ".as_slice(), id.uuid().as_bytes()].concat()
}

/// `https`, or this very machine for tests. Without a query, a fragment or somebody's name in it.
pub(super) fn sound(address: &str) -> bool {
    let Some((scheme, rest)) = address.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let near = matches!(name, "127.0.0.1" | "localhost");
    !name.is_empty()
        && !host.contains('@')
        && !address.contains(['#', ' ', '\\'])
        && (scheme == "https" || (scheme == "http" && near))
}

/// All providers of the caller's institution.
pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<Provider>, Error> {
    regie_access::here(&mut db.reader(caller.institution), caller, Action::ManageAccounts).await?;
    let rows = db.reader(InstitutionId::NIL).all(store::by_institution(caller.institution)).await?;
    rows.into_iter().map(Provider::try_from).collect()
}

/// Those that the sign-in page offers: before anybody is known, of every school of this installation.
pub async fn offered(db: &Db) -> Result<Vec<Provider>, Error> {
    let rows = db.reader(InstitutionId::NIL).all(store::active()).await?;
    rows.into_iter().map(Provider::try_from).collect()
}

pub(super) async fn one(db: &Db, id: IdentityProviderId) -> Result<Provider, Error> {
    let row = db.reader(InstitutionId::NIL).opt(store::by_id(id)).await?.filter(|row| row.active);
    row.ok_or(Error::LinkExpired)?.try_into()
}

pub async fn add(
    db: &Db,
    caller: &Caller,
    vault: &Vault,
    random: &dyn Random,
    input: AddProvider,
) -> Result<IdentityProviderId, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::ManageAccounts).await?;
    let short = |text: &str, most: usize| {
        let text = text.trim().to_owned();
        let sound = !text.is_empty() && text.len() <= most && !text.chars().any(char::is_control);
        sound.then_some(text)
    };
    let name = short(&input.name, 80).ok_or(Error::ProviderField("name"))?;
    let client = short(&input.client, 200).ok_or(Error::ProviderField("client"))?;
    let issuer =
        short(&input.issuer, 300).filter(|text| sound(text)).ok_or(Error::ProviderField("issuer"))?;
    input.mapping.check()?;
    let secret = match input.secret.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => Some(vault.seal(random, &about(input.id), text.as_bytes())?),
        None => None,
    };
    let mapping =
        serde_json::to_string(&input.mapping).map_err(|error| regie_db::Error::Bug(error.to_string()))?;
    let values = (input.id, name, issuer, client, secret, mapping);
    db.write(allowed.caller(), values, |tx, (id, name, issuer, client, secret, mapping)| {
        Box::pin(async move {
            let (now, institution) = (tx.recorded_at(), tx.institution());
            tx.queue(
                store::insert(id, institution, &name, &issuer, &client, secret.as_deref(), &mapping, now),
                Expect::any(),
            );
            let mapping: serde_json::Value = serde_json::from_str(&mapping).unwrap_or_default();
            let new = json!({ "name": name, "issuer": issuer, "client": client, "mapping": mapping });
            Ok(tx.done(id, Event::new("provider.added", id).new_value(new)))
        })
    })
    .await
}

/// Nobody comes in through it any more; who is inside stays.
pub async fn end(db: &Db, caller: &Caller, id: IdentityProviderId) -> Result<(), Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::ManageAccounts).await?;
    db.write(allowed.caller(), id, |tx, id| {
        Box::pin(async move {
            let (now, institution) = (tx.recorded_at(), tx.institution());
            tx.queue(store::end(id, institution, now), Expect::one(Error::ProviderUnknown));
            Ok(tx.done((), Event::new("provider.ended", id)))
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::sound;

    #[test]
    fn a_provider_is_asked_over_tls() {
        for good in ["https://connect.surfconext.nl", "http://127.0.0.1:3000/op", "https://a.example:8443/x"]
        {
            assert!(sound(good), "{good}");
        }
        for bad in [
            "http://connect.surfconext.nl",
            "ftp://a.example",
            "https://",
            "https://a@b.example",
            "a.example",
            "https://a.example/#x",
            "http://127.0.0.1.evil.example/",
            "http://localhost@evil.example/",
        ] {
            assert!(!sound(bad), "{bad}");
        }
    }
}
