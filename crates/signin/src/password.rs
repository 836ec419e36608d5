//! Passwords: argon2id, off the request threads and only a few at a time, because each takes memory and a core.

use crate::weak::is_easy;
use crate::{Error, Vault};
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use regie_core::Random;
use std::sync::Arc;
use tokio::sync::Semaphore;

const SHORTEST: usize = 10;
const LONGEST: usize = 128;

/// How what people prove themselves with is kept. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    argon: Argon2<'static>,
    at_once: Arc<Semaphore>,
    /// Verified when there is no account, so that both answers take equally long.
    decoy: Arc<str>,
    vault: Vault,
}

/// A password that was found good enough: only this can be hashed to be somebody's.
pub struct Sound(String);

impl Passwords {
    /// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
    pub fn standard(random: &dyn Random) -> Result<Self, Error> {
        Self::with(Params::new(19 * 1024, 2, 1, None).map_err(bug)?, random)
    }

    /// As light as argon2 gets, for the thousands of accounts of tests and demos.
    pub fn light(random: &dyn Random) -> Result<Self, Error> {
        Self::with(Params::new(64, 1, 1, None).map_err(bug)?, random)
    }

    fn with(params: Params, random: &dyn Random) -> Result<Self, Error> {
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash(&argon, "nobody has this password", random)?.into();
        Ok(Self { argon, at_once: Arc::new(Semaphore::new(2)), decoy, vault: Vault::passing(random)? })
    }

    /// Second factors are sealed in this vault. Without it they are sealed under a key that nobody keeps.
    #[must_use]
    pub fn sealing_in(mut self, vault: Vault) -> Self {
        self.vault = vault;
        self
    }

    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Refuses what is short, long, common, or built from words of the person and the school.
    pub fn check(password: &str, about: &[String]) -> Result<Sound, Error> {
        let about: Vec<&str> = about.iter().map(String::as_str).collect();
        match password.chars().count() {
            length if length < SHORTEST => Err(Error::PasswordShort(SHORTEST)),
            length if length > LONGEST => Err(Error::PasswordLong(LONGEST)),
            _ if is_easy(password, &about) => Err(Error::PasswordWeak),
            _ if zxcvbn::zxcvbn(password, &about).score() < zxcvbn::Score::Three => Err(Error::PasswordWeak),
            _ => Ok(Sound(password.to_owned())),
        }
    }

    pub async fn hash(&self, password: &Sound, random: &Arc<dyn Random>) -> Result<String, Error> {
        let (argon, password, random) = (self.argon.clone(), password.0.clone(), random.clone());
        self.aside(move || hash(&argon, &password, &*random)).await?
    }

    /// The same hash without stepping aside, for filling demo schools.
    pub fn hash_now(&self, password: &str, random: &dyn Random) -> Result<String, Error> {
        hash(&self.argon, password, random)
    }

    /// Whether this is the password; without a hash the work is done all the same.
    pub async fn verify(&self, password: &str, kept: Option<String>) -> Result<bool, Error> {
        let known = kept.is_some();
        let (argon, password) = (self.argon.clone(), password.to_owned());
        let kept = kept.unwrap_or_else(|| self.decoy.to_string());
        let right = self
            .aside(move || {
                PasswordHash::new(&kept)
                    .is_ok_and(|kept| argon.verify_password(password.as_bytes(), &kept).is_ok())
            })
            .await?;
        Ok(right && known)
    }

    async fn aside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let permit = self.at_once.clone().acquire_owned().await.map_err(bug)?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        })
        .await
        .map_err(bug)
    }
}

fn hash(argon: &Argon2<'static>, password: &str, random: &dyn Random) -> Result<String, Error> {
    let mut salt = [0; 16];
    random.fill(&mut salt);
    let salt = SaltString::encode_b64(&salt).map_err(bug)?;
    Ok(argon.hash_password(password.as_bytes(), &salt).map_err(bug)?.to_string())
}

fn bug(error: impl std::fmt::Display) -> Error {
    Error::Db(regie_db::Error::Bug(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easy_passwords_are_refused() {
        let about = ["noor", "devries", "delta"].map(str::to_owned);
        let check = |password: &str| Passwords::check(password, &about).map(drop);
        assert_eq!(check("kort"), Err(Error::PasswordShort(10)));
        assert_eq!(check("welkom12345"), Err(Error::PasswordWeak));
        assert_eq!(check("password1234"), Err(Error::PasswordWeak));
        assert_eq!(check("noordevries"), Err(Error::PasswordWeak));
        assert_eq!(check("Delta-Examen-2026!"), Err(Error::PasswordWeak));
        assert_eq!(check(&"a".repeat(129)), Err(Error::PasswordLong(128)));
        assert_eq!(check("drie gele fietsen in de kelder"), Ok(()));
    }
}
