//! Signed checkpoints: "at this moment the chain of this school stood at this line". Kept elsewhere they show a cut tail,
//! which nothing inside the database can.

use super::chain::Hash;
use crate::Error;
use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};
use jiff::Timestamp;
use regie_core::Random;
use regie_core::id::{Id, InstitutionId};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::Path;
use uuid::Uuid;

/// The key that signs checkpoints and erasures. It lives in a file beside the database, not in it.
pub struct Signer {
    key: SigningKey,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({})", hex::encode(self.public_key()))
    }
}

impl Signer {
    /// Reads the key, or makes one on first use. Only the owner may read the file.
    pub fn open(path: &Path, random: &dyn Random) -> Result<Self, Error> {
        let unusable = |reason: &dyn std::fmt::Display| {
            Error::Refused(format!("the signing key {}: {reason}", path.display()))
        };
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let mut seed = [0u8; 32];
                hex::decode_to_slice(text.trim(), &mut seed)
                    .map_err(|_| unusable(&"is not 64 hexadecimal digits; restore it from the backup"))?;
                Ok(Self { key: SigningKey::from_bytes(&seed) })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut seed = [0u8; 32];
                random.fill(&mut seed);
                let mut options = std::fs::OpenOptions::new();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let mut file = options.open(path).map_err(|error| unusable(&error))?;
                file.write_all(hex::encode(seed).as_bytes()).map_err(|error| unusable(&error))?;
                file.sync_all().map_err(|error| unusable(&error))?;
                Ok(Self { key: SigningKey::from_bytes(&seed) })
            }
            Err(error) => Err(unusable(&error)),
        }
    }

    pub fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

pub(crate) fn signed_by(public_key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Ok(key) = <[u8; 32]>::try_from(public_key) else { return false };
    let Ok(signature) = <[u8; 64]>::try_from(signature) else { return false };
    VerifyingKey::from_bytes(&key)
        .is_ok_and(|key| key.verify(message, &Signature::from_bytes(&signature)).is_ok())
}

/// One signed statement about one school's chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkpoint {
    pub institution: Uuid,
    pub seq: i64,
    #[serde(with = "hex::serde")]
    pub chain: Hash,
    pub made_at: Timestamp,
    #[serde(with = "hex::serde")]
    pub public_key: [u8; 32],
    #[serde(with = "hex::serde")]
    pub signature: [u8; 64],
}

impl Checkpoint {
    pub(crate) fn sign(
        signer: &Signer,
        institution: InstitutionId,
        seq: i64,
        chain: Hash,
        made_at: Timestamp,
    ) -> Self {
        // What the database keeps: whole microseconds.
        let made_at = Timestamp::from_microsecond(made_at.as_microsecond()).unwrap_or(made_at);
        let mut checkpoint = Self {
            institution: institution.uuid(),
            seq,
            chain,
            made_at,
            public_key: signer.public_key(),
            signature: [0; 64],
        };
        checkpoint.signature = signer.sign(&checkpoint.message());
        checkpoint
    }

    fn message(&self) -> Vec<u8> {
        let mut message = b"regie journal checkpoint 1".to_vec();
        message.extend(self.institution.as_bytes());
        message.extend(self.seq.to_be_bytes());
        message.extend(self.chain);
        message.extend(self.made_at.as_microsecond().to_be_bytes());
        message
    }

    /// True when the signature is that of the key it names.
    pub fn holds(&self) -> bool {
        signed_by(&self.public_key, &self.message(), &self.signature)
    }

    /// One line of text, for a mail or a file elsewhere.
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what `to_line` wrote.
    pub fn from_line(line: &str) -> Result<Self, Error> {
        serde_json::from_str(line.trim())
            .map_err(|error| Error::Refused(format!("this is no checkpoint of Regie: {error}")))
    }
}
