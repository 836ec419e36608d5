//! Passkeys as second factor: a key in a phone, a computer or on a keyring, that signs only for this house.

mod store;
mod webauthn;

pub use webauthn::Site;

use crate::begin::{Proof, asks_passkey, half_way_of, keyed, open, refused_step};
use crate::factor::{fresh_codes, hash_of};
use crate::letter::{Change, letter};
use crate::{Current, Error, Token, With};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use regie_access::Db;
use regie_core::Random;
use regie_core::id::{AccountId, Id as _, InstitutionId, PersonId};
use regie_db::{Ask, Event, Expect};
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// A passkey, as its owner sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Passkey {
    /// Its name in links.
    pub id: String,
    pub name: String,
    pub created_at: Timestamp,
    pub used_at: Option<Timestamp>,
    /// It stays in one device and asks who holds it; for some roles only such a key counts.
    pub bound: bool,
}

/// What a browser brings after making a key; base64url, as scripts send it.
#[derive(Debug, Clone, Default)]
pub struct Brought {
    pub name: String,
    pub client_data: String,
    pub attestation: String,
}

/// What a browser brings to prove that it holds a key.
#[derive(Debug, Clone, Default)]
pub struct Signed {
    pub credential: String,
    pub client_data: String,
    pub data: String,
    pub signature: String,
}

const MOST: usize = 10;

fn bytes(text: &str) -> Option<Vec<u8>> {
    if text.len() > 64 * 1024 { None } else { URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok() }
}

pub async fn list(db: &Db, account: AccountId) -> Result<Vec<Passkey>, Error> {
    let rows = db.reader(InstitutionId::NIL).all(store::of_account(account)).await?;
    Ok(rows
        .into_iter()
        .map(|row| Passkey {
            id: URL_SAFE_NO_PAD.encode(&row.credential),
            name: row.name,
            created_at: row.created_at,
            used_at: row.used_at,
            bound: row.bound,
        })
        .collect())
}

/// What the browser is asked to make: the options of `navigator.credentials.create`.
pub async fn offer(
    db: &Db,
    current: &Current,
    random: &dyn Random,
    site: Site<'_>,
    must_be_bound: bool,
) -> Result<serde_json::Value, Error> {
    let known = db.reader(InstitutionId::NIL).all(store::of_account(current.account)).await?;
    let token = Token::new(random);
    let now = db.now();
    let ends = now.checked_add(SignedDuration::from_mins(10)).unwrap_or(now);
    let values = (token.hash(), current.account, ends);
    db.write::<(), Error, _, _>(&current.caller, values, |tx, (hash, account, ends)| {
        Box::pin(async move {
            tx.queue(
                crate::store::add_one_time(&hash, "passkey", Some(account), None, None, ends),
                Expect::any(),
            );
            Ok(tx.done((), Event::none("nothing is in force yet")))
        })
    })
    .await?;
    let kept: Vec<_> = known.iter().map(|row| described(&row.credential)).collect();
    let kinds = webauthn::ALGORITHMS.map(|alg| json!({ "type": "public-key", "alg": alg }));
    Ok(json!({
        "challenge": token.secret(),
        "rp": { "id": site.host(), "name": "Regie" },
        "user": {
            "id": URL_SAFE_NO_PAD.encode(current.account.uuid().as_bytes()),
            "name": current.mail, "displayName": current.name,
        },
        "pubKeyCredParams": kinds,
        "excludeCredentials": kept,
        "authenticatorSelection": { "userVerification": verification(must_be_bound), "residentKey": "preferred" },
        "attestation": "none", "timeout": 300_000,
    }))
}

const fn verification(must_be_bound: bool) -> &'static str {
    if must_be_bound { "required" } else { "preferred" }
}

/// Whether this account has a passkey that stays in one device.
pub async fn has_bound(db: &Db, account: AccountId) -> Result<bool, Error> {
    let (keys,) = db.reader(InstitutionId::NIL).one(crate::store::bound_keys(account)).await?;
    Ok(keys > 0)
}

fn described(credential: &[u8]) -> serde_json::Value {
    json!({ "type": "public-key", "id": URL_SAFE_NO_PAD.encode(credential) })
}

/// Keeps a new key. Gives recovery codes when this is the first second factor of the account. `must_be_bound` when the
/// role asks for a key that stays in one device: then one who has such a key must have come in with it.
pub async fn add(
    db: &Db,
    current: &Current,
    random: &dyn Random,
    brought: &Brought,
    site: Site<'_>,
    must_be_bound: bool,
) -> Result<Vec<String>, Error> {
    if must_be_bound && !current.bound && has_bound(db, current.account).await? {
        return Err(Error::PasskeyNeeded);
    }
    let client_data = bytes(&brought.client_data).ok_or(Error::PasskeyWrong)?;
    let asked = webauthn::challenge(&client_data, "webauthn.create", site).ok_or(Error::PasskeyWrong)?;
    let asked = Token::from_bytes(&asked).ok_or(Error::PasskeyWrong)?.hash();
    let mut reader = db.reader(InstitutionId::NIL);
    let step = reader.opt(crate::store::one_time(&asked, "passkey")).await?.ok_or(Error::LinkExpired)?;
    if step.account != Some(current.account) || step.ends_at <= db.now() {
        return Err(Error::LinkExpired);
    }
    let attestation = bytes(&brought.attestation).ok_or(Error::PasskeyWrong)?;
    let made = webauthn::made(&attestation, site).ok_or(Error::PasskeyWrong)?;
    if reader.all(store::of_account(current.account)).await?.len() >= MOST {
        return Err(Error::PasskeysFull(MOST));
    }
    let name: String = brought.name.trim().chars().filter(|c| !c.is_control()).take(60).collect();
    let name = if name.is_empty() { "Passkey".to_owned() } else { name };
    let first = !crate::has_second_factor(db, current.account).await?;
    let codes = if first { fresh_codes(random) } else { Vec::new() };
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| hash_of(code)).collect();
    let told = letter(&current.mail, current.caller.person.unwrap_or(PersonId::NIL), Change::FactorAdded);
    let values = (asked, current.account, current.sign_in, made, name, hashes, current.caller.person, told);
    db.write::<(), Error, _, _>(
        &current.caller,
        values,
        |tx, (asked, account, sign_in, made, name, hashes, person, told)| {
            Box::pin(async move {
                let now = tx.recorded_at();
                tx.queue(crate::store::use_one_time(&asked, now), Expect::one(Error::LinkExpired));
                tx.queue(
                    store::insert(
                        &made.credential,
                        account,
                        &made.public_key,
                        made.algorithm,
                        made.uses,
                        &name,
                        now,
                        made.bound,
                    ),
                    Expect::unique(Error::PasskeyWrong),
                );
                told.into_iter().for_each(|mail| tx.send(mail));
                if made.bound {
                    tx.queue(crate::store::bind(sign_in), Expect::any());
                }
                if !hashes.is_empty() {
                    tx.queue(crate::store::end_others(account, sign_in, now), Expect::any());
                    // This browser has just proved it; with an older factor it had to prove that one first.
                    tx.queue(crate::store::strengthen(sign_in), Expect::any());
                    tx.queue(crate::store::drop_recovery(account), Expect::any());
                }
                for hash in hashes {
                    tx.queue(crate::store::add_recovery(account, &hash), Expect::any());
                }
                let new = json!({ "name": name });
                Ok(tx.done(
                    (),
                    match person {
                        Some(person) => Event::new("account.passkey-added", person).new_value(new),
                        None => Event::new("account.passkey-added", account).new_value(new),
                    },
                ))
            })
        },
    )
    .await?;
    Ok(codes)
}

pub async fn remove(db: &Db, current: &Current, id: &str) -> Result<(), Error> {
    let credential = bytes(id).ok_or(Error::LinkExpired)?;
    let told = letter(&current.mail, current.caller.person.unwrap_or(PersonId::NIL), Change::FactorRemoved);
    let values = (credential, current.account, current.caller.person, told);
    db.write(&current.caller, values, |tx, (credential, account, person, told)| {
        Box::pin(async move {
            told.into_iter().for_each(|mail| tx.send(mail));
            tx.queue(store::remove(&credential, account), Expect::one(Error::LinkExpired));
            Ok(tx.done(
                (),
                match person {
                    Some(person) => Event::new("account.passkey-removed", person),
                    None => Event::new("account.passkey-removed", account),
                },
            ))
        })
    })
    .await
}

/// Only who holds the half-way token can know it, and it is spent with that.
fn asked_of(half: &Token) -> Vec<u8> {
    Sha256::new().chain_update(b"regie passkey\0").chain_update(half.secret()).finalize().to_vec()
}

/// What the browser is asked to sign for the second step; `None` when the account has no passkey.
pub async fn ask(with: With<'_>, half: &Token, site: Site<'_>) -> Result<Option<serde_json::Value>, Error> {
    let mut reader = with.db.reader(InstitutionId::NIL);
    let step = reader.opt(crate::store::one_time(&half.hash(), "second-step")).await?;
    let Some(account) = step.and_then(|step| step.account) else { return Ok(None) };
    let known = reader.all(store::of_account(account)).await?;
    if known.is_empty() {
        return Ok(None);
    }
    let kept: Vec<_> = known.iter().map(|row| described(&row.credential)).collect();
    let must_be_bound = asks_passkey(&with, account, with.clock.now()).await?;
    Ok(Some(json!({
        "challenge": URL_SAFE_NO_PAD.encode(asked_of(half)), "rpId": site.host(),
        "allowCredentials": kept, "userVerification": verification(must_be_bound), "timeout": 300_000,
    })))
}

/// The second step with a passkey instead of a code.
pub async fn second_step(
    with: With<'_>,
    half: &Token,
    signed: &Signed,
    site: Site<'_>,
) -> Result<Token, Error> {
    let now = with.clock.now();
    let hash = half.hash();
    let (account, start, caller) = half_way_of(&with, &hash, now).await?;
    let right = proven(&with, account, half, signed, site).await?;
    let Some((credential, old, proof)) = right else {
        refused_step(&with, &caller, hash).await?;
        return Err(Error::PasskeyWrong);
    };
    if !proof.bound && keyed(&with, account, now).await? {
        return Err(Error::PasskeyNeeded);
    }
    with.db
        .write::<(), Error, _, _>(
            &caller,
            (hash, credential, old, proof),
            |tx, (hash, credential, old, proof)| {
                Box::pin(async move {
                    let now = tx.recorded_at();
                    tx.queue(
                        store::used(&credential, old, proof.uses, now, proof.bound),
                        Expect::one(Error::PasskeyWrong),
                    );
                    tx.queue(crate::store::use_one_time(&hash, now), Expect::one(Error::LinkExpired));
                    Ok(tx.done((), Event::none("opening the browser has the line")))
                })
            },
        )
        .await?;
    open(&with, account, &start, if proof.bound { Proof::Bound } else { Proof::Strong }, now).await
}

async fn proven(
    with: &With<'_>,
    account: AccountId,
    half: &Token,
    proof: &Signed,
    site: Site<'_>,
) -> Result<Option<(Vec<u8>, i64, webauthn::Proven)>, Error> {
    let parts =
        [&proof.credential, &proof.client_data, &proof.data, &proof.signature].map(|text| bytes(text));
    let [Some(credential), Some(client_data), Some(data), Some(signature)] = parts else { return Ok(None) };
    if webauthn::challenge(&client_data, "webauthn.get", site) != Some(asked_of(half)) {
        return Ok(None);
    }
    let known = with.db.reader(InstitutionId::NIL).all(store::of_account(account)).await?;
    let Some(row) = known.into_iter().find(|row| row.credential == credential) else { return Ok(None) };
    let key = webauthn::Made {
        credential: row.credential,
        algorithm: row.algorithm,
        public_key: row.public_key,
        uses: row.uses,
        bound: row.bound,
    };
    let proof = webauthn::proven(&key, &client_data, &data, &signature, site);
    Ok(proof.map(|proof| (key.credential, key.uses, proof)))
}
