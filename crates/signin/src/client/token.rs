use super::{ApiScope, scope, store};
use crate::{Error, Token};
use jiff::{SignedDuration, Timestamp};
use regie_access::Db;
use regie_core::id::{ApiClientId, InstitutionId};
use regie_core::{Caller, Clock, Random, Scope, Source};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// How long a token opens doors. Short, because a program can always ask for the next one.
const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// How often a client's last use is written down.
const USED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// A token and what it is good for.
#[derive(Debug)]
pub struct Granted {
    pub token: Token,
    pub scopes: Vec<ApiScope>,
    pub seconds: i64,
}

/// Why there is no token (RFC 6749, section 5.2).
#[derive(Debug)]
pub enum NoToken {
    /// Unknown, revoked, or with a secret that is not right: one answer for all.
    InvalidClient,
    /// A scope that does not exist or is not this client's.
    InvalidScope,
    /// The institution of this name lets nobody in.
    Closed(String),
    Broken(Error),
}

impl<E: Into<Error>> From<E> for NoToken {
    fn from(error: E) -> Self {
        NoToken::Broken(error.into())
    }
}

/// A program that is let in, now.
#[derive(Debug, Clone)]
pub struct ClientNow {
    pub id: ApiClientId,
    pub name: String,
    pub scopes: Vec<ApiScope>,
    pub caller: Caller,
    pub ends_at: Timestamp,
}

/// Trades the secret for a token. Without `wanted` it is good for all that the client has.
pub async fn token(
    db: &Db,
    clock: &dyn Clock,
    random: &dyn Random,
    id: ApiClientId,
    secret: &str,
    wanted: Option<&str>,
) -> Result<Granted, NoToken> {
    let now = clock.now();
    let found = db.reader(InstitutionId::NIL).opt(store::by_id(id)).await?;
    let Some(client) = found.filter(|client| client.revoked_at.is_none()) else {
        return Err(NoToken::InvalidClient);
    };
    let given = Token::read(secret).map(|token| token.hash());
    let old = client.old_secret.as_ref().filter(|_| client.old_ends_at.is_some_and(|ends| ends > now));
    // Hashes of 256 random bits: what comparing them could leak is of no use.
    let right = given.as_ref().is_some_and(|given| *given == client.secret || Some(given) == old);
    let caller =
        Caller { client: Some(id), source: Source::Api, ..Caller::system(client.at_institution, now) };
    if !right {
        db.write::<(), Error, _, _>(&caller, id, |tx, id| {
            Box::pin(async move { Ok(tx.done((), Event::new("client.refused", id))) })
        })
        .await?;
        return Err(NoToken::InvalidClient);
    }
    match crate::hat::must_be_open(db, client.at_institution).await {
        Err(Error::InstitutionClosed { name, .. }) => return Err(NoToken::Closed(name)),
        other => other?,
    }
    let has = scope::kept(&client.scopes);
    let scopes = match wanted {
        None => has,
        Some(text) => match scope::read(text) {
            Some(scopes) if !scopes.is_empty() && scopes.iter().all(|scope| has.contains(scope)) => scopes,
            _ => return Err(NoToken::InvalidScope),
        },
    };
    let token = Token::new(random);
    let ends = now.checked_add(LIFETIME).unwrap_or(now);
    let written = scope::written(&scopes);
    db.write::<(), Error, _, _>(
        &caller,
        (id, token.hash(), written, ends),
        |tx, (id, hash, scopes, ends)| {
            Box::pin(async move {
                let now = tx.recorded_at();
                tx.queue(store::drop_ended(id, now), Expect::any());
                tx.queue(store::add_token(&hash, id, &scopes, ends), Expect::any());
                tx.queue(store::used(id, now), Expect::any());
                Ok(tx.done((), Event::new("client.token-given", id).new_value(json!({ "scopes": scopes }))))
            })
        },
    )
    .await?;
    Ok(Granted { token, scopes, seconds: LIFETIME.as_secs() })
}

/// Whose token this is; `None` when it is unknown, ended, or its client was revoked.
pub async fn recognise(db: &Db, clock: &dyn Clock, token: &Token) -> Result<Option<ClientNow>, Error> {
    let now = clock.now();
    let found = db.reader(InstitutionId::NIL).opt(store::by_token(&token.hash())).await?;
    let Some(found) = found.filter(|found| found.ends_at > now) else { return Ok(None) };
    crate::hat::must_be_open(db, found.at_institution).await?;
    let caller = Caller {
        client: Some(found.client),
        owner: found.owner,
        role: Some(found.role),
        scope: Scope::Institution,
        source: Source::Api,
        ..Caller::system(found.at_institution, now)
    };
    if found.used_at.is_none_or(|used| now.duration_since(used) > USED_EVERY) {
        db.write::<(), Error, _, _>(&caller, found.client, |tx, id| {
            Box::pin(async move {
                let now = tx.recorded_at();
                tx.queue(store::used(id, now), Expect::any());
                Ok(tx.done((), Event::none("a sign of life is not an event")))
            })
        })
        .await?;
    }
    Ok(Some(ClientNow {
        id: found.client,
        name: found.name,
        scopes: scope::kept(&found.scopes),
        caller,
        ends_at: found.ends_at,
    }))
}
