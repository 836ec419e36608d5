//! Proof: the journal against its chain. Both are walked once, side by side, so that the first line that was altered,
//! removed, planted or moved has a name.

use super::chain::{Hash, Stored, genesis, link};
use super::checkpoint::Checkpoint;
use super::erase::{self, ErasureLine};
use crate::{Ask, Db, Error, statements};
use regie_core::id::{Id, InstitutionId, JournalId};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use uuid::Uuid;

const SLICE: i64 = 1000;

/// What verification holds the journal against, beside itself.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// Checkpoints that were kept elsewhere; without them a cut tail is invisible.
    pub checkpoints: Vec<Checkpoint>,
    /// Public keys whose signatures count. Empty: every key found in the database counts, which proves less.
    pub keys: Vec<[u8; 32]>,
}

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("line {seq} ({entry}) was altered after it was sealed")]
    Altered { seq: i64, entry: Uuid },
    #[error("line {seq} ({entry}) is missing from the journal")]
    Missing { seq: i64, entry: Uuid },
    #[error("line {seq} ({entry}) stands in another place than where it was sealed")]
    Moved { seq: i64, entry: Uuid },
    #[error("line {entry} was planted among sealed lines, before line {before}")]
    Planted { before: i64, entry: Uuid },
    #[error("the seal of line {seq} ({entry}) was altered")]
    Seal { seq: i64, entry: Uuid },
    #[error("the seal from line {seq} on is missing or damaged")]
    SealMissing { seq: i64 },
    #[error("the head of the chain was altered: it says {head} lines, the seals say {seals}")]
    Head { head: i64, seals: i64 },
    #[error(
        "the journal ends at line {seals}, but a checkpoint of line {seq} was signed: its tail was cut off"
    )]
    Cut { seq: i64, seals: i64 },
    #[error(
        "a signed checkpoint of line {seq} says something else than the chain: it was rewritten before that line"
    )]
    Rewritten { seq: i64 },
    #[error("the checkpoint of line {seq} has no valid signature of a trusted key")]
    Signature { seq: i64 },
    #[error("line {seq} ({entry}) was emptied without a signed erasure, or altered after it")]
    Emptied { seq: i64, entry: Uuid },
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Lines that were held against the chain.
    pub sealed: i64,
    /// Lines that are lawfully erased.
    pub erased: i64,
    /// Lines written since; the sealer will come.
    pub unsealed: i64,
    pub flaw: Option<Flaw>,
}

impl Db {
    /// Holds the whole journal of a school against its chain and against signed checkpoints.
    pub async fn verify(&self, institution: InstitutionId, trust: &Trust) -> Result<Verdict, Error> {
        let head = self.journal_head(institution).await?;
        let mut walk = Walk::new(self, institution, head.stamp, head.entry);
        let flaw = match walk.seals(trust, head.seq, &head.chain).await {
            Ok(()) => None,
            Err(Stop::Flaw(flaw)) => Some(flaw),
            Err(Stop::Error(error)) => return Err(error),
        };
        let (unsealed,) = self.reader(institution).one(count_above(head.stamp, head.entry)).await?;
        Ok(Verdict { sealed: walk.sealed, erased: walk.erased.len() as i64, unsealed, flaw })
    }
}

enum Stop {
    Flaw(Flaw),
    Error(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Error(error)
    }
}

impl From<Flaw> for Stop {
    fn from(flaw: Flaw) -> Self {
        Stop::Flaw(flaw)
    }
}

/// The journal below the watermark, in order, a slice at a time.
struct Walk<'a> {
    db: &'a Db,
    institution: InstitutionId,
    rows: VecDeque<Stored>,
    after: (i64, JournalId),
    end: (i64, JournalId),
    sealed: i64,
    erased: Vec<(i64, Uuid, Hash)>,
}

impl<'a> Walk<'a> {
    fn new(db: &'a Db, institution: InstitutionId, stamp: i64, entry: JournalId) -> Self {
        Self {
            db,
            institution,
            rows: VecDeque::new(),
            after: (i64::MIN, JournalId::from_uuid(Uuid::nil())),
            end: (stamp, entry),
            sealed: 0,
            erased: Vec::new(),
        }
    }

    async fn next(&mut self) -> Result<Option<Stored>, Error> {
        if self.rows.is_empty() {
            let (stamp, entry) = self.after;
            let query = between(stamp, entry, self.end.0, self.end.1, SLICE);
            self.rows = self.db.reader(self.institution).all(query).await?.into();
            if let Some(last) = self.rows.back() {
                self.after = (last.stamp, last.id);
            }
        }
        Ok(self.rows.pop_front())
    }

    async fn seals(&mut self, trust: &Trust, head_seq: i64, head_chain: &Hash) -> Result<(), Stop> {
        let db = self.db;
        let mut promised = self.promises(trust).await?;
        let mut chain = genesis(self.institution);
        let mut seq = 0;
        loop {
            let blocks = db.reader(self.institution).all(blocks_from(seq + 1, 20)).await?;
            if blocks.is_empty() {
                break;
            }
            for block in blocks {
                let links = block.links().filter(|_| block.seq == seq + 1);
                let links = links.ok_or(Flaw::SealMissing { seq: seq + 1 })?;
                for (entry, commitment, sealed_chain) in links {
                    seq += 1;
                    chain = link(&chain, seq, entry, &commitment);
                    if chain != sealed_chain {
                        return Err(Flaw::Seal { seq, entry }.into());
                    }
                    if promised.remove(&seq).is_some_and(|signed| signed != chain) {
                        return Err(Flaw::Rewritten { seq }.into());
                    }
                    self.line(seq, entry, &commitment).await?;
                }
            }
        }
        if let Some(row) = self.next().await? {
            return Err(Flaw::Planted { before: seq + 1, entry: row.id.uuid() }.into());
        }
        if let Some((cut, _)) = promised.pop_first() {
            return Err(Flaw::Cut { seq: cut, seals: seq }.into());
        }
        if seq != head_seq || chain != *head_chain {
            return Err(Flaw::Head { head: head_seq, seals: seq }.into());
        }
        self.erasures(trust).await
    }

    /// One sealed line against the next row of the journal.
    async fn line(&mut self, seq: i64, entry: Uuid, commitment: &Hash) -> Result<(), Stop> {
        let Some(row) = self.next().await?.filter(|row| row.id.uuid() == entry) else {
            return Err(self.out_of_step(seq, entry).await?.into());
        };
        self.sealed += 1;
        if row.commitment(self.institution) == *commitment {
            return Ok(());
        }
        if row.erased_at.is_none() {
            return Err(Flaw::Altered { seq, entry }.into());
        }
        self.erased.push((seq, entry, row.remains(self.institution)));
        Ok(())
    }

    /// The journal and its seals have parted: why?
    async fn out_of_step(&mut self, seq: i64, entry: Uuid) -> Result<Flaw, Error> {
        let mut reader = self.db.reader(self.institution);
        let (there,) = reader.one(crate::journal::written(JournalId::from_uuid(entry))).await?;
        if there == 0 {
            return Ok(Flaw::Missing { seq, entry });
        }
        // The expected line exists further on: is what stands in its place sealed at all?
        let mut sealed: BTreeSet<Uuid> = BTreeSet::new();
        let mut from = 1;
        loop {
            let blocks = reader.all(blocks_from(from, 50)).await?;
            let Some(last) = blocks.last() else { break };
            from = last.seq + last.lines.max(1);
            for block in &blocks {
                sealed.extend(block.links().into_iter().flatten().map(|(entry, ..)| entry));
            }
        }
        let mut rows = Walk::new(self.db, self.institution, self.end.0, self.end.1);
        while let Some(row) = rows.next().await? {
            if !sealed.contains(&row.id.uuid()) {
                return Ok(Flaw::Planted { before: seq, entry: row.id.uuid() });
            }
        }
        Ok(Flaw::Moved { seq, entry })
    }

    /// What signed checkpoints, here and elsewhere, say about the chain.
    async fn promises(&mut self, trust: &Trust) -> Result<BTreeMap<i64, Hash>, Stop> {
        let here = self.db.checkpoints(self.institution).await?;
        let mut promised = BTreeMap::new();
        for checkpoint in here.iter().chain(&trust.checkpoints) {
            if checkpoint.institution != self.institution.uuid() {
                continue;
            }
            let trusted = trust.keys.is_empty() || trust.keys.contains(&checkpoint.public_key);
            if !trusted || !checkpoint.holds() {
                return Err(Flaw::Signature { seq: checkpoint.seq }.into());
            }
            let before = promised.insert(checkpoint.seq, checkpoint.chain);
            if before.is_some_and(|before| before != checkpoint.chain) {
                return Err(Flaw::Rewritten { seq: checkpoint.seq }.into());
            }
        }
        Ok(promised)
    }

    /// Every emptied line needs a signed erasure that says what remains of it.
    async fn erasures(&self, trust: &Trust) -> Result<(), Stop> {
        if self.erased.is_empty() {
            return Ok(());
        }
        let lines: Vec<ErasureLine> = erase::lines(self.db, self.institution).await?;
        let mut promised: BTreeMap<Uuid, Vec<Hash>> = BTreeMap::new();
        for line in lines.iter().filter(|line| line.holds(&trust.keys)) {
            for (entry, remains) in &line.entries {
                promised.entry(*entry).or_default().push(*remains);
            }
        }
        for (seq, entry, remains) in &self.erased {
            if !promised.get(entry).is_some_and(|all| all.contains(remains)) {
                return Err(Flaw::Emptied { seq: *seq, entry: *entry }.into());
            }
        }
        Ok(())
    }
}

crate::row! {
    struct BlockRow {
        seq: i64,
        lines: i64,
        entries: Vec<u8>,
        commitments: Vec<u8>,
        chains: Vec<u8>,
    }
}

impl BlockRow {
    /// The links of the block; `None` when its parts do not fit together.
    fn links(&self) -> Option<Vec<(Uuid, Hash, Hash)>> {
        let lines = usize::try_from(self.lines).ok().filter(|lines| *lines > 0)?;
        let fits = self.entries.len() == lines * 16
            && self.commitments.len() == lines * 32
            && self.chains.len() == lines * 32;
        let hash = |bytes: &[u8]| Hash::try_from(bytes).ok();
        let parts = self.entries.chunks_exact(16).zip(self.commitments.chunks_exact(32));
        parts
            .zip(self.chains.chunks_exact(32))
            .map(|((entry, commitment), chain)| {
                Some((Uuid::from_slice(entry).ok()?, hash(commitment)?, hash(chain)?))
            })
            .collect::<Option<Vec<_>>>()
            .filter(|_| fits)
    }
}

statements! {
    fn between(after_stamp: i64, after: JournalId, to_stamp: i64, to: JournalId, most: i64) -> Stored =
        "SELECT stamp, id, recorded_at, occurred_at, account, person, client, role, mandate, source, device,
            device_sequence, action, subject_kind, subject, reason, payload, salt, erased_at
         FROM journal WHERE institution = $1 AND (stamp, id) > ($2, $3) AND (stamp, id) <= ($4, $5)
         ORDER BY stamp, id LIMIT $6";

    fn count_above(stamp: i64, entry: JournalId) -> (i64,) =
        "SELECT count(*) FROM journal WHERE institution = $1 AND (stamp, id) > ($2, $3)";

    fn blocks_from(seq: i64, most: i64) -> BlockRow =
        "SELECT seq, lines, entries, commitments, chains FROM journal_seal
         WHERE institution = $1 AND seq >= $2 ORDER BY seq LIMIT $3";
}
