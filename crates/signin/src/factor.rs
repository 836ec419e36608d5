//! The second factor: a code from an app (TOTP, RFC 6238), and recovery codes for the day the phone is lost.

use crate::letter::{Change, letter};
use crate::{Current, Error, Vault, store};
use jiff::Timestamp;
use regie_access::{Action, Db, Refusal};
use regie_core::id::{AccountId, Id as _, InstitutionId, PersonId};
use regie_core::{Caller, Random};
use regie_db::{Ask, Event, Expect};
use sha2::{Digest, Sha256};

const STEP: i64 = 30;
const RECOVERY_CODES: usize = 10;
/// 125 bits in letters of five.
const RECOVERY_LETTERS: usize = 25;

/// What the person sees once: the address for the app and, after confirming, the recovery codes.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// `otpauth://…`, also drawn as a square code.
    pub address: String,
    /// The secret as people type it, in groups of four.
    pub secret: String,
}

/// Whether this account has a second factor in force: a code from an app, or a passkey.
pub async fn has_second_factor(db: &Db, account: AccountId) -> Result<bool, Error> {
    let (count,) = db.reader(InstitutionId::NIL).one(store::factors(account)).await?;
    Ok(count > 0)
}

/// Whether an app gives this account its codes.
pub async fn has_app(db: &Db, account: AccountId) -> Result<bool, Error> {
    let factor = db.reader(InstitutionId::NIL).opt(store::factor(account)).await?;
    Ok(factor.is_some_and(|factor| factor.confirmed_at.is_some()))
}

/// A new secret, not in force until a code from it was given.
pub async fn enrol(
    db: &Db,
    current: &Current,
    vault: &Vault,
    random: &dyn Random,
) -> Result<Enrolment, Error> {
    let account = current.account;
    let mut secret = [0u8; 20];
    random.fill(&mut secret);
    let sealed = vault.seal(random, &about(account), &secret)?;
    db.write::<(), Error, _, _>(&current.caller, (account, sealed), |tx, (account, secret)| {
        Box::pin(async move {
            // One that is in force is never replaced by looking at a page.
            tx.queue(store::put_factor(account, &secret), Expect::one(Error::LinkExpired));
            Ok(tx.done((), Event::none("nothing is in force before the code is confirmed")))
        })
    })
    .await?;
    let letters = base32(&secret);
    let label = current.mail.replace(['%', ':', '?', '&', '#', ' '], "_");
    let address = format!("otpauth://totp/Regie:{label}?secret={letters}&issuer=Regie&digits=6&period=30");
    let groups: Vec<String> =
        letters.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect();
    Ok(Enrolment { address, secret: groups.join(" ") })
}

/// Puts the second factor in force and gives the recovery codes, which are shown this once.
pub async fn confirm(
    db: &Db,
    current: &Current,
    vault: &Vault,
    code: &str,
    random: &dyn Random,
) -> Result<Vec<String>, Error> {
    let (account, sign_in) = (current.account, current.sign_in);
    let factor =
        db.reader(InstitutionId::NIL).opt(store::factor(account)).await?.ok_or(Error::LinkExpired)?;
    let secret = opened(vault, account, &factor.secret)?;
    let step = fitting_step(&secret, code, db.now()).ok_or(Error::CodeWrong)?;
    let codes = fresh_codes(random);
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| recovery_hash(code)).collect();
    let person = current.caller.person;
    let told = letter(&current.mail, person.unwrap_or(PersonId::NIL), Change::FactorAdded);
    let input = (account, sign_in, step, hashes, person, told);
    db.write::<(), Error, _, _>(
        &current.caller,
        input,
        |tx, (account, sign_in, step, hashes, person, told)| {
            Box::pin(async move {
                let now = tx.recorded_at();
                // This browser has just proved it.
                tx.queue(store::strengthen(sign_in), Expect::any());
                // Elsewhere it was not: those browsers know the password alone.
                tx.queue(store::end_others(account, sign_in, now), Expect::any());
                told.into_iter().for_each(|mail| tx.send(mail));
                tx.queue(store::confirm_factor(account, now, step), Expect::one(Error::LinkExpired));
                tx.queue(store::drop_recovery(account), Expect::any());
                for hash in hashes {
                    tx.queue(store::add_recovery(account, &hash), Expect::any());
                }
                Ok(tx.done(
                    (),
                    match person {
                        Some(person) => Event::new("account.second-factor-set", person),
                        None => Event::new("account.second-factor-set", account),
                    },
                ))
            })
        },
    )
    .await?;
    Ok(codes)
}

/// The length of a secret that was kept before there was a vault.
const BARE: usize = 20;

fn about(account: AccountId) -> Vec<u8> {
    [b"second factor ".as_slice(), account.uuid().as_bytes()].concat()
}

/// A kept secret, readable.
pub(crate) fn opened(vault: &Vault, account: AccountId, kept: &[u8]) -> Result<Vec<u8>, Error> {
    if kept.len() == BARE { Ok(kept.to_vec()) } else { vault.open(&about(account), kept) }
}

/// Puts every secret under the newest key.
pub(crate) async fn reseal(db: &Db, vault: &Vault, random: &dyn Random) -> Result<usize, Error> {
    let mut count = 0;
    for (account, old) in db.reader(InstitutionId::NIL).all(store::factor_secrets()).await? {
        if vault.is_fresh(&old) && old.len() != BARE {
            continue;
        }
        let fresh = vault.seal(random, &about(account), &opened(vault, account, &old)?)?;
        let caller = Caller::system(InstitutionId::NIL, db.now());
        db.write::<(), Error, _, _>(&caller, (account, old, fresh), |tx, (account, old, fresh)| {
            Box::pin(async move {
                tx.queue(store::set_factor_secret(account, &old, &fresh), Expect::any());
                Ok(tx.done((), Event::none("the secret is what it was")))
            })
        })
        .await?;
        count += 1;
    }
    Ok(count)
}

/// For who lost phone and recovery codes: an administrator takes the second factor away, never their own. The person is
/// told, every browser is signed out, and the next sign-in asks for a new one.
pub async fn reset_factor(db: &Db, caller: &Caller, person: PersonId, reason: &str) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::ManageAccounts, person).await?;
    let reason = reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Error::ReasonMissing);
    }
    let account = db.reader(InstitutionId::NIL).opt(store::account_of(caller.institution, person)).await?;
    let account = account.ok_or(Refusal::NotFound { kind: "account" })?;
    let mail = letter(&account.mail, person, Change::FactorRemoved);
    db.write(allowed.caller(), (account.id, person, reason, mail), |tx, (account, person, reason, mail)| {
        Box::pin(async move {
            let now = tx.recorded_at();
            tx.queue(store::drop_factor(account), Expect::any());
            tx.queue(store::drop_passkeys(account), Expect::any());
            tx.queue(store::drop_recovery(account), Expect::any());
            tx.queue(store::end_all(account, now), Expect::any());
            mail.into_iter().for_each(|mail| tx.send(mail));
            Ok(tx.done((), Event::new("account.second-factor-reset", person).why(reason)))
        })
    })
    .await
}

/// What a given code is good for.
pub(crate) enum Spend {
    Step(i64),
    Recovery(Vec<u8>),
}

/// Checks a code of the app, one step of clock difference allowed, or recognises the form of a recovery code.
pub(crate) fn read_code(secret: &[u8], code: &str, now: Timestamp) -> Result<Spend, Error> {
    let code = code.trim().to_lowercase();
    if plain(&code).len() == RECOVERY_LETTERS {
        return Ok(Spend::Recovery(recovery_hash(&code)));
    }
    fitting_step(secret, &code, now).map(Spend::Step).ok_or(Error::CodeWrong)
}

/// Ten codes for the day the phone is lost.
pub(crate) fn fresh_codes(random: &dyn Random) -> Vec<String> {
    (0..RECOVERY_CODES)
        .map(|_| {
            let mut bits = [0; 16];
            random.fill(&mut bits);
            let letters: Vec<char> = base32(&bits).to_lowercase().chars().collect();
            letters.chunks(5).map(String::from_iter).collect::<Vec<_>>().join("-")
        })
        .collect()
}

/// A recovery code as it is kept.
pub(crate) fn hash_of(code: &str) -> Vec<u8> {
    recovery_hash(code)
}

/// 125 random bits: a plain hash of them is enough.
fn recovery_hash(code: &str) -> Vec<u8> {
    Sha256::digest(format!("regie recovery {}", plain(code)).as_bytes()).to_vec()
}

/// Hyphens and spaces are for reading.
fn plain(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric()).collect()
}

fn fitting_step(secret: &[u8], code: &str, now: Timestamp) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() != 6 || !code.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let totp = totp_rs::Builder::new()
        .with_secret(secret.to_vec())
        .with_step_duration(STEP.unsigned_abs())
        .with_skew(0)
        .build()
        .ok()?;
    let current = now.as_second() / STEP;
    (current - 1..=current + 1)
        .find(|step| u64::try_from(step * STEP).is_ok_and(|seconds| totp.check(&code, seconds).is_some()))
}

pub(crate) fn base32(bytes: &[u8]) -> String {
    const LETTERS: [char; 32] = [
        'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T',
        'U', 'V', 'W', 'X', 'Y', 'Z', '2', '3', '4', '5', '6', '7',
    ];
    let mut out = String::new();
    let (mut held, mut bits) = (0u32, 0u32);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            let index = usize::try_from((held >> bits) & 31).unwrap_or_default();
            out.extend(LETTERS.get(index));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vectors of RFC 6238 for SHA-1, last six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            let now = Timestamp::from_second(second).unwrap();
            assert_eq!(fitting_step(secret, code, now), Some(second / 30), "{second}");
            assert_eq!(fitting_step(secret, code, Timestamp::from_second(second + 90).unwrap()), None);
        }
        assert_eq!(base32(secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }
}
