//! Lawful erasure: what a line said about a person goes, with the salt that could prove it; the link stays. A signed
//! erasure line, itself part of the chain, says which lines were emptied and what must remain of them, so that nobody
//! can empty or change a line under its cover.
//!
//! The ledger is a file outside the database. It is written first: a restore of an older backup applies it again,
//! because what was erased must not come back with the backup.

use super::chain::{Hash, Stored};
use super::checkpoint::{Signer, signed_by};
use crate::{Ask, Db, Error, Event, statements};
use jiff::Timestamp;
use regie_core::Caller;
use regie_core::id::{Id, InstitutionId, JournalId, PersonId};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The action of an erasure line.
pub const ACTION: &str = "journal.erased";
/// Lines emptied in one transaction.
const SLICE: usize = 300;
/// How long an erasure waits for the lines it is about to be sealed.
const PATIENCE: Duration = Duration::from_secs(10);

/// What to erase, and why.
#[derive(Debug, Clone)]
pub struct Erasure {
    /// Lines about these subjects lose their values, their reason and who did it.
    pub subjects: Vec<Uuid>,
    /// Lines by these persons lose who did it; what was done to others stays.
    pub persons: Vec<PersonId>,
    pub reason: String,
}

/// One erasure as the journal and the ledger keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErasureLine {
    pub institution: Uuid,
    pub erased_at: Timestamp,
    /// The values go too, not only who did it.
    pub whole: bool,
    /// Each line with the hash of what remains of it.
    #[serde(with = "entries")]
    pub entries: Vec<(Uuid, Hash)>,
    #[serde(with = "hex::serde")]
    pub public_key: [u8; 32],
    #[serde(with = "hex::serde")]
    pub signature: [u8; 64],
}

impl ErasureLine {
    fn message(&self) -> Vec<u8> {
        let mut message = b"regie erasure 1".to_vec();
        message.extend(self.institution.as_bytes());
        message.extend(self.erased_at.as_microsecond().to_be_bytes());
        message.push(u8::from(self.whole));
        for (entry, remains) in &self.entries {
            message.extend(entry.as_bytes());
            message.extend(remains);
        }
        message
    }

    /// True when signed by one of these keys (by the key it names, when there are none).
    pub(crate) fn holds(&self, keys: &[[u8; 32]]) -> bool {
        (keys.is_empty() || keys.contains(&self.public_key))
            && signed_by(&self.public_key, &self.message(), &self.signature)
    }
}

/// The file that remembers erasures outside the database.
#[derive(Debug, Clone)]
pub struct Ledger(pub PathBuf);

impl Ledger {
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self(path.as_ref().to_owned())
    }

    fn unusable(&self, reason: &dyn std::fmt::Display) -> Error {
        Error::Refused(format!("the erasure ledger {}: {reason}", self.0.display()))
    }

    pub(crate) fn append(&self, line: &ErasureLine) -> Result<(), Error> {
        let mut text = serde_json::to_string(line).map_err(|error| self.unusable(&error))?;
        text.push('\n');
        let mut options = std::fs::OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&self.0).map_err(|error| self.unusable(&error))?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| self.unusable(&error))
    }

    /// All erasures, oldest first. A last line that was cut off in the middle was never answered, and is left out.
    pub fn read(&self) -> Result<Vec<ErasureLine>, Error> {
        let file = match std::fs::File::open(&self.0) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(self.unusable(&error)),
        };
        let texts: Vec<String> = std::io::BufReader::new(file)
            .lines()
            .collect::<Result<_, _>>()
            .map_err(|error| self.unusable(&error))?;
        let mut lines = Vec::with_capacity(texts.len());
        for (number, text) in texts.iter().enumerate() {
            match serde_json::from_str(text) {
                Ok(line) => lines.push(line),
                Err(_) if number + 1 == texts.len() => {}
                Err(error) => return Err(self.unusable(&format!("line {}: {error}", number + 1))),
            }
        }
        Ok(lines)
    }
}

impl Db {
    /// Erases, and tells how many lines were emptied. Lines that are still unsealed are sealed first.
    pub async fn erase(
        &self,
        caller: &Caller,
        erasure: &Erasure,
        signer: &Signer,
        ledger: &Ledger,
    ) -> Result<usize, Error> {
        let mut reader = self.reader(caller.institution);
        let whole: Vec<JournalId> =
            reader.all(about(&erasure.subjects)).await?.into_iter().map(|(id,)| id).collect();
        let mut rest: Vec<JournalId> =
            reader.all(by(&erasure.persons)).await?.into_iter().map(|(id,)| id).collect();
        rest.retain(|id| !whole.contains(id));
        let mut emptied = 0;
        for (ids, whole) in [(whole, true), (rest, false)] {
            for slice in ids.chunks(SLICE) {
                self.until_sealed(caller.institution, slice).await?;
                let line = self.plan(caller.institution, slice, whole, signer).await?;
                ledger.append(&line)?;
                emptied += self.empty(caller, line, &erasure.reason).await?;
            }
        }
        Ok(emptied)
    }

    /// Applies the ledger to a restored database: what was erased since the backup is erased again.
    pub async fn erase_again(&self, ledger: &Ledger) -> Result<usize, Error> {
        let mut emptied = 0;
        for line in ledger.read()? {
            let institution = InstitutionId::from_uuid(line.institution);
            let ids: Vec<JournalId> = line.entries.iter().map(|(id, _)| JournalId::from_uuid(*id)).collect();
            let standing: Vec<Uuid> = self
                .reader(institution)
                .all(standing(&ids))
                .await?
                .into_iter()
                .map(|(id,): (JournalId,)| id.uuid())
                .collect();
            if standing.is_empty() {
                continue;
            }
            let ids: Vec<JournalId> = standing.iter().map(|id| JournalId::from_uuid(*id)).collect();
            self.until_sealed(institution, &ids).await?;
            let caller = Caller::system(institution, self.now());
            emptied += self.empty(&caller, line, "erased before, and brought back by a restore").await?;
        }
        Ok(emptied)
    }

    async fn until_sealed(&self, institution: InstitutionId, ids: &[JournalId]) -> Result<(), Error> {
        let started = Instant::now();
        loop {
            let head = self.journal_head(institution).await?;
            let (waiting,) = self.reader(institution).one(above_among(ids, head.stamp, head.entry)).await?;
            if waiting == 0 {
                return Ok(());
            }
            self.seal(institution).await?;
            if started.elapsed() > PATIENCE {
                return Err(Error::Refused(
                    "an older transaction keeps these lines from being sealed; nothing more was erased, try again later"
                        .into(),
                ));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What the lines will look like, signed.
    async fn plan(
        &self,
        institution: InstitutionId,
        ids: &[JournalId],
        whole: bool,
        signer: &Signer,
    ) -> Result<ErasureLine, Error> {
        let now = self.now();
        let erased_at = Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now);
        let rows = self.reader(institution).all(stored(ids)).await?;
        let mut entries: Vec<(Uuid, Hash)> = rows
            .into_iter()
            .map(|row| {
                let id = row.id.uuid();
                (id, emptied(row, whole, erased_at).remains(institution))
            })
            .collect();
        entries.sort();
        let mut line = ErasureLine {
            institution: institution.uuid(),
            erased_at,
            whole,
            entries,
            public_key: signer.public_key(),
            signature: [0; 64],
        };
        line.signature = signer.sign(&line.message());
        Ok(line)
    }

    async fn empty(&self, caller: &Caller, line: ErasureLine, reason: &str) -> Result<usize, Error> {
        let reason = reason.to_owned();
        let institution = caller.institution;
        self.write::<usize, Error, _, _>(caller, (line, reason), move |tx, (line, reason)| {
            Box::pin(async move {
                let ids: Vec<JournalId> =
                    line.entries.iter().map(|(id, _)| JournalId::from_uuid(*id)).collect();
                let query = if line.whole {
                    empty_all(line.erased_at, &ids)
                } else {
                    empty_who(line.erased_at, &ids)
                };
                let changed = tx.run(query).await?;
                let value = serde_json::to_value(&line).map_err(|error| Error::Bug(error.to_string()))?;
                let event = Event::new(ACTION, institution).new_value(value).why(reason);
                Ok(tx.done(usize::try_from(changed).unwrap_or(0), event))
            })
        })
        .await
    }
}

/// A line after erasure. The statements `empty_all` and `empty_who` do the same in the database.
fn emptied(row: Stored, whole: bool, erased_at: Timestamp) -> Stored {
    let row = Stored {
        account: None,
        person: None,
        client: None,
        device: None,
        device_sequence: None,
        salt: None,
        erased_at: Some(erased_at),
        ..row
    };
    if whole { Stored { reason: None, payload: None, ..row } } else { row }
}

/// The erasure lines of a school.
pub(crate) async fn lines(db: &Db, institution: InstitutionId) -> Result<Vec<ErasureLine>, Error> {
    let rows = db.reader(institution).all(erasures(ACTION)).await?;
    // A line that cannot be read promises nothing; what it emptied will be missed.
    Ok(rows
        .into_iter()
        .filter_map(|(payload,): (Option<String>,)| {
            let mut value: serde_json::Value = serde_json::from_str(&payload?).ok()?;
            serde_json::from_value(value.get_mut("new")?.take()).ok()
        })
        .collect())
}

mod entries {
    use super::Hash;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use uuid::Uuid;

    pub(super) fn serialize<S: Serializer>(entries: &[(Uuid, Hash)], to: S) -> Result<S::Ok, S::Error> {
        entries.iter().map(|(id, hash)| (*id, hex::encode(hash))).collect::<Vec<_>>().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<(Uuid, Hash)>, D::Error> {
        let texts = Vec::<(Uuid, String)>::deserialize(from)?;
        texts
            .into_iter()
            .map(|(id, text)| {
                let mut hash = [0; 32];
                hex::decode_to_slice(text, &mut hash).map_err(serde::de::Error::custom)?;
                Ok((id, hash))
            })
            .collect()
    }
}

statements! {
    fn about(subjects: &[Uuid]) -> (JournalId,) =
        "SELECT id FROM journal WHERE institution = $1 AND subject {among_ids $2} AND erased_at IS NULL
            AND action <> 'journal.erased' ORDER BY stamp, id";

    fn by(persons: &[PersonId]) -> (JournalId,) =
        "SELECT id FROM journal WHERE institution = $1 AND person {among_ids $2} AND erased_at IS NULL
            AND action <> 'journal.erased' ORDER BY stamp, id";

    fn standing(entries: &[JournalId]) -> (JournalId,) =
        "SELECT id FROM journal WHERE institution = $1 AND id {among_ids $2} AND erased_at IS NULL";

    fn above_among(entries: &[JournalId], stamp: i64, entry: JournalId) -> (i64,) =
        "SELECT count(*) FROM journal
         WHERE institution = $1 AND id {among_ids $2} AND (stamp, id) > ($3, $4)";

    fn stored(entries: &[JournalId]) -> Stored =
        "SELECT stamp, id, recorded_at, occurred_at, account, person, client, role, mandate, source, device,
            device_sequence, action, subject_kind, subject, reason, payload, salt, erased_at
         FROM journal WHERE institution = $1 AND id {among_ids $2} AND erased_at IS NULL";

    fn empty_all(erased_at: Timestamp, entries: &[JournalId]) =
        "UPDATE journal SET account = NULL, person = NULL, client = NULL, device = NULL, device_sequence = NULL,
            reason = NULL, payload = NULL, salt = NULL, erased_at = $2
         WHERE institution = $1 AND id {among_ids $3} AND erased_at IS NULL";

    fn empty_who(erased_at: Timestamp, entries: &[JournalId]) =
        "UPDATE journal SET account = NULL, person = NULL, client = NULL, device = NULL, device_sequence = NULL,
            salt = NULL, erased_at = $2
         WHERE institution = $1 AND id {among_ids $3} AND erased_at IS NULL";

    fn erasures(action: &str) -> (Option<String>,) =
        "SELECT payload FROM journal WHERE institution = $1 AND action = $2 ORDER BY stamp, id";
}
