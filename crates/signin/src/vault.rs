//! Secrets that must be readable again (a second factor's, a provider's), sealed with AES-256-GCM under keys that stand
//! beside the database and never in it.

use crate::Error;
use regie_core::Random;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// The first byte of everything sealed; what lacks it was kept before there was a vault.
const FORM: u8 = 1;
const NAME: usize = 4;

/// The keys, the newest first. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    keys: Arc<[Key]>,
}

struct Key {
    name: [u8; NAME],
    sealing: LessSafeKey,
}

impl Vault {
    /// What is sealed is sealed under the first; the others open what was sealed before.
    pub fn new(keys: &[[u8; 32]]) -> Result<Self, Error> {
        let keys: Result<Vec<Key>, Error> = keys.iter().map(Key::new).collect();
        let keys = keys?;
        if keys.is_empty() { Err(bug("a vault without a key")) } else { Ok(Self { keys: keys.into() }) }
    }

    /// A key that nobody keeps, for tests.
    pub fn passing(random: &dyn Random) -> Result<Self, Error> {
        let mut key = [0; 32];
        random.fill(&mut key);
        Self::new(&[key])
    }

    /// `about` says whose and what it is: moved to another row, it does not open.
    pub(crate) fn seal(&self, random: &dyn Random, about: &[u8], plain: &[u8]) -> Result<Vec<u8>, Error> {
        let key = self.keys.first().ok_or_else(|| bug("a vault without a key"))?;
        let mut nonce = [0; NONCE_LEN];
        random.fill(&mut nonce);
        let mut sealed = plain.to_vec();
        key.sealing
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(about), &mut sealed)
            .map_err(|_| bug("sealing failed"))?;
        Ok([&[FORM][..], &key.name, &nonce, &sealed].concat())
    }

    /// What was sealed; an error when the key is gone or a bit was changed.
    pub(crate) fn open(&self, about: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let lost = || bug("a secret was sealed under a key that is not in the key file, or was altered");
        let (name, rest) =
            sealed.strip_prefix(&[FORM]).and_then(<[u8]>::split_first_chunk).ok_or_else(lost)?;
        let (nonce, kept) = rest.split_first_chunk::<NONCE_LEN>().ok_or_else(lost)?;
        let key = self.keys.iter().find(|key| key.name == *name).ok_or_else(lost)?;
        let mut plain = kept.to_vec();
        let opened = key
            .sealing
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(about), &mut plain)
            .map_err(|_| lost())?;
        Ok(opened.to_vec())
    }

    /// Whether it stands under the newest key.
    pub(crate) fn is_fresh(&self, sealed: &[u8]) -> bool {
        let name = sealed.strip_prefix(&[FORM]).and_then(<[u8]>::first_chunk::<NAME>);
        self.keys.first().is_some_and(|key| Some(&key.name) == name)
    }
}

impl Key {
    fn new(bytes: &[u8; 32]) -> Result<Self, Error> {
        let mut name = [0; NAME];
        let hash = Sha256::new().chain_update(b"regie vault key\0").chain_update(bytes).finalize();
        name.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        let key = UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| bug("a key of another length"))?;
        Ok(Self { name, sealing: LessSafeKey::new(key) })
    }
}

fn bug(what: &str) -> Error {
    Error::Db(regie_db::Error::Bug(what.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Ones;

    impl Random for Ones {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(1);
        }
    }

    #[test]
    fn a_secret_opens_only_in_its_own_place_and_under_its_own_key() {
        let (old, new) = ([1; 32], [2; 32]);
        let before = Vault::new(&[old]).unwrap();
        let sealed = before.seal(&Ones, b"account 1", b"secret").unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_eq!(before.open(b"account 1", &sealed).unwrap(), b"secret");
        assert!(before.open(b"account 2", &sealed).is_err());
        let after = Vault::new(&[new, old]).unwrap();
        assert_eq!(after.open(b"account 1", &sealed).unwrap(), b"secret");
        assert!(before.is_fresh(&sealed) && !after.is_fresh(&sealed) && !after.is_fresh(b"bare"));
        assert!(Vault::new(&[new]).unwrap().open(b"account 1", &sealed).is_err());
        for n in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[n] ^= 1;
            assert!(before.open(b"account 1", &altered).is_err(), "byte {n}");
        }
        assert!(Vault::new(&[]).is_err());
    }
}
