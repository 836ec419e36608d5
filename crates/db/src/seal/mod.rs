//! Sealing: shortly after a journal line was written it becomes a link of its school's chain.
//!
//! Lines are written unchained, because one locked head row per school would cost most of the throughput. The sealer
//! follows behind: it reads the lines above the watermark, in order of `(stamp, id)`, and moves the head by a guarded
//! update, which is its fence: of two sealers at once one moves nothing.
//!
//! Why no line can be overtaken. On SQLite the stamp is the order of commits. On PostgreSQL it is the transaction's
//! number, and transactions end in another order than they begin: 100 may commit after 101. So only lines below the
//! snapshot's xmin are sealed: every transaction down there has ended, and no new one can get such a number.
//!
//! What sealing cannot show is a line that was removed before it was sealed.

pub(crate) mod chain;
pub(crate) mod checkpoint;
pub(crate) mod erase;
pub(crate) mod verify;

use crate::reader::Reader;
use crate::{
    Ask, Db, Error, Event, Expect, postgres_statements, sqlite_statements, statements, system_statements,
};
use chain::{Hash, Stored, genesis, link};
use checkpoint::{Checkpoint, Signer};
use jiff::Timestamp;
use regie_core::Caller;
use regie_core::id::{Id, InstitutionId, JournalId};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;

/// Lines sealed in one go; then the next school has its turn.
const SLICE: i64 = 1000;
/// How often the sealer looks. A line is sealed within a second after the oldest writer ends.
const PACE: Duration = Duration::from_millis(200);
/// After losing against another node: long enough to leave it alone, short enough to take over when it dies.
const STEP_BACK: Duration = Duration::from_millis(700);

/// How often a checkpoint is made of a school whose chain has grown.
#[derive(Debug, Clone)]
pub struct SealSettings {
    pub checkpoint_every: Duration,
}

impl Default for SealSettings {
    fn default() -> Self {
        Self { checkpoint_every: Duration::from_secs(3600) }
    }
}

/// How far the sealer is behind, for metrics and alarms.
#[derive(Debug, Default)]
pub struct Lag {
    /// Microseconds since the oldest unsealed line was recorded; 0 when all are sealed.
    oldest: AtomicI64,
    /// Schools with unsealed lines when the sealer last looked.
    schools: AtomicI64,
    failures: AtomicI64,
}

impl Lag {
    /// The age of the oldest line that was not sealed when the sealer last looked.
    pub fn oldest(&self) -> Duration {
        Duration::from_micros(u64::try_from(self.oldest.load(Ordering::Relaxed)).unwrap_or(0))
    }

    pub fn schools(&self) -> i64 {
        self.schools.load(Ordering::Relaxed)
    }

    /// Rounds that ended in an error since the last good one.
    pub fn failures(&self) -> i64 {
        self.failures.load(Ordering::Relaxed)
    }
}

/// What one slice did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealed {
    /// So many lines; a whole slice means that there may be more.
    Lines(usize),
    /// Another sealer moved the head first.
    Overtaken,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    pub(crate) seq: i64,
    pub(crate) chain: Hash,
    pub(crate) stamp: i64,
    pub(crate) entry: JournalId,
}

impl Head {
    fn start(institution: InstitutionId) -> Self {
        Self {
            seq: 0,
            chain: genesis(institution),
            stamp: i64::MIN,
            entry: JournalId::from_uuid(Uuid::nil()),
        }
    }
}

impl Db {
    /// Seals the next slice of one school.
    pub async fn seal(&self, institution: InstitutionId) -> Result<Sealed, Error> {
        let head = self.journal_head(institution).await?;
        let lines = self.unsealed(institution, &head).await?;
        let Some(last) = lines.last() else { return Ok(Sealed::Lines(0)) };
        let (stamp, entry) = (last.stamp, last.id);
        let mut block = Block { seq: head.seq + 1, ..Block::default() };
        let mut chain = head.chain;
        for line in &lines {
            let commitment = line.commitment(institution);
            let seq = block.seq + block.lines;
            chain = link(&chain, seq, line.id.uuid(), &commitment);
            block.lines += 1;
            block.entries.extend(line.id.uuid().as_bytes());
            block.commitments.extend(commitment);
            block.chains.extend(chain);
        }
        let new = Head { seq: head.seq + block.lines, chain, stamp, entry };
        let caller = Caller::system(institution, self.now());
        let moved = self
            .write::<(), Error, _, _>(&caller, (head, new, block), |tx, (old, new, block)| {
                Box::pin(async move {
                    if old.seq == 0 {
                        let start = begin_head(old.seq, &old.chain, old.stamp, old.entry);
                        tx.queue(start, Expect::any());
                    }
                    tx.queue(
                        add_block(block.seq, block.lines, &block.entries, &block.commitments, &block.chains),
                        Expect::any(),
                    );
                    let moved = move_head(new.seq, &new.chain, new.stamp, new.entry, old.seq, &old.chain);
                    tx.queue(moved, Expect::one(Error::Guard("move_head")));
                    Ok(tx.done((), Event::none("the chain is about lines, it is none")))
                })
            })
            .await;
        match moved {
            Ok(()) => Ok(Sealed::Lines(lines.len())),
            Err(Error::Guard(_) | Error::Unique(_)) => Ok(Sealed::Overtaken),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn journal_head(&self, institution: InstitutionId) -> Result<Head, Error> {
        let Some(row) = self.reader(institution).opt(head()).await? else {
            return Ok(Head::start(institution));
        };
        let chain = Hash::try_from(row.chain)
            .map_err(|_| Error::Decode(format!("the journal head of {institution} is damaged")))?;
        Ok(Head { seq: row.seq, chain, stamp: row.stamp, entry: row.entry })
    }

    async fn unsealed(&self, institution: InstitutionId, head: &Head) -> Result<Vec<Stored>, Error> {
        let mut reader = self.reader(institution);
        if self.is_postgres() {
            reader.all(above_settled(head.stamp, head.entry, SLICE)).await
        } else {
            reader.all(above(head.stamp, head.entry, SLICE)).await
        }
    }

    /// Schools that have lines above their watermark, each with the moment of the oldest.
    pub async fn unsealed_schools(&self) -> Result<Vec<(InstitutionId, Timestamp)>, Error> {
        let rows = Reader::across(self.clone()).all(waiting()).await?;
        Ok(rows.into_iter().filter_map(|(school, oldest)| Some((school?, oldest?))).collect())
    }

    /// Signs where a school's chain stands now. `None` when nothing is sealed yet or nothing came since the last.
    pub async fn checkpoint(
        &self,
        institution: InstitutionId,
        signer: &Signer,
    ) -> Result<Option<Checkpoint>, Error> {
        let head = self.journal_head(institution).await?;
        let known = self.checkpoints(institution).await?;
        if head.seq == 0 || known.last().is_some_and(|last| last.seq >= head.seq) {
            return Ok(None);
        }
        let made = Checkpoint::sign(signer, institution, head.seq, head.chain, self.now());
        let caller = Caller::system(institution, self.now());
        let kept = self
            .write::<(), Error, _, _>(&caller, made.clone(), |tx, made| {
                Box::pin(async move {
                    tx.queue(
                        add_checkpoint(
                            made.seq,
                            &made.chain,
                            made.made_at,
                            &made.public_key,
                            &made.signature,
                        ),
                        Expect::any(),
                    );
                    Ok(tx.done((), Event::none("a checkpoint is about the journal")))
                })
            })
            .await;
        match kept {
            Ok(()) => Ok(Some(made)),
            // Another node made the same one.
            Err(Error::Unique(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// All checkpoints of a school, oldest first. Send them elsewhere: here they show nothing that is not here.
    pub async fn checkpoints(&self, institution: InstitutionId) -> Result<Vec<Checkpoint>, Error> {
        let rows = self.reader(institution).all(all_checkpoints()).await?;
        let damaged = |seq| Error::Decode(format!("checkpoint {seq} of {institution} is damaged"));
        rows.into_iter()
            .map(|row| {
                Ok(Checkpoint {
                    institution: institution.uuid(),
                    seq: row.seq,
                    chain: row.chain.try_into().map_err(|_| damaged(row.seq))?,
                    made_at: row.made_at,
                    public_key: row.public_key.try_into().map_err(|_| damaged(row.seq))?,
                    signature: row.signature.try_into().map_err(|_| damaged(row.seq))?,
                })
            })
            .collect()
    }

    /// How far the sealer of this process is behind.
    pub fn seal_lag(&self) -> &Lag {
        &self.0.lag
    }

    /// Starts the sealer of this process; it ends with the last handle of the database or when the guard is dropped.
    /// Several nodes may run one each. New checkpoints go to `told`, which sends them elsewhere.
    pub fn start_sealer(
        &self,
        signer: Arc<Signer>,
        settings: SealSettings,
        told: impl Fn(Checkpoint) + Send + Sync + 'static,
    ) -> Sealer {
        let weak = Arc::downgrade(&self.0);
        let task = tokio::spawn(async move {
            let mut checkpoints = BTreeMap::new();
            loop {
                let Some(inner) = weak.upgrade() else { return };
                let db = Db(inner);
                let outcome = db.seal_round().await;
                let lost = match outcome {
                    Ok(lost) => {
                        db.0.lag.failures.store(0, Ordering::Relaxed);
                        lost
                    }
                    Err(error) => {
                        // The journal stays; sealing goes on when the database is back.
                        db.0.lag.failures.fetch_add(1, Ordering::Relaxed);
                        tracing::warn!(%error, "the journal could not be sealed just now");
                        true
                    }
                };
                db.due_checkpoints(&signer, &settings, &mut checkpoints, &told).await;
                drop(db);
                tokio::time::sleep(if lost { STEP_BACK } else { PACE }).await;
            }
        });
        Sealer(task)
    }

    /// Every school in turn, a slice each, until all are sealed. True when another node is at it.
    async fn seal_round(&self) -> Result<bool, Error> {
        let mut lost = false;
        loop {
            let waiting = self.unsealed_schools().await?;
            let oldest = waiting.iter().map(|(_, oldest)| *oldest).min();
            let age = oldest.map_or(0, |oldest| self.now().as_microsecond() - oldest.as_microsecond());
            self.0.lag.oldest.store(age, Ordering::Relaxed);
            self.0.lag.schools.store(waiting.len() as i64, Ordering::Relaxed);
            let mut more = false;
            for (institution, _) in waiting {
                match self.seal(institution).await? {
                    Sealed::Lines(lines) => {
                        more |= lines as i64 == SLICE;
                        if lines > 0
                            && let Ok(mut grown) = self.0.grown.lock()
                        {
                            grown.insert(institution);
                        }
                    }
                    Sealed::Overtaken => lost = true,
                }
            }
            if !more || lost {
                return Ok(lost);
            }
        }
    }

    async fn due_checkpoints(
        &self,
        signer: &Signer,
        settings: &SealSettings,
        made: &mut BTreeMap<InstitutionId, Timestamp>,
        told: &(impl Fn(Checkpoint) + Send + Sync),
    ) {
        let Ok(grown) = self.0.grown.lock().map(|grown| grown.clone()) else { return };
        let now = self.now();
        for institution in grown {
            let since = made.get(&institution).map(|then| now.duration_since(*then).unsigned_abs());
            if since.is_some_and(|since| since < settings.checkpoint_every) {
                continue;
            }
            match self.checkpoint(institution, signer).await {
                Ok(checkpoint) => {
                    made.insert(institution, now);
                    if let Ok(mut grown) = self.0.grown.lock() {
                        grown.remove(&institution);
                    }
                    if let Some(checkpoint) = checkpoint {
                        told(checkpoint);
                    }
                }
                Err(error) => tracing::warn!(%error, %institution, "no checkpoint could be made"),
            }
        }
    }
}

/// The running sealer; dropping it stops it.
pub struct Sealer(tokio::task::JoinHandle<()>);

impl Drop for Sealer {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Schools whose chain grew since their last checkpoint.
pub(crate) type Grown = Mutex<std::collections::BTreeSet<InstitutionId>>;

/// A row of `journal_seal`.
#[derive(Debug, Clone, Default)]
struct Block {
    seq: i64,
    lines: i64,
    entries: Vec<u8>,
    commitments: Vec<u8>,
    chains: Vec<u8>,
}

crate::row! {
    struct HeadRow {
        seq: i64,
        chain: Vec<u8>,
        stamp: i64,
        entry: JournalId,
    }

    struct CheckpointRow {
        seq: i64,
        chain: Vec<u8>,
        made_at: Timestamp,
        public_key: Vec<u8>,
        signature: Vec<u8>,
    }
}

statements! {
    fn head() -> HeadRow = "SELECT seq, chain, stamp, entry FROM journal_head WHERE institution = $1";

    fn begin_head(seq: i64, chain: &[u8], stamp: i64, entry: JournalId) =
        "INSERT INTO journal_head (institution, seq, chain, stamp, entry) VALUES ($1, $2, $3, $4, $5)";

    fn move_head(seq: i64, chain: &[u8], stamp: i64, entry: JournalId, old_seq: i64, old_chain: &[u8]) =
        "UPDATE journal_head SET seq = $2, chain = $3, stamp = $4, entry = $5
         WHERE institution = $1 AND seq = $6 AND chain = $7";

    fn add_block(seq: i64, lines: i64, entries: &[u8], commitments: &[u8], chains: &[u8]) =
        "INSERT INTO journal_seal (institution, seq, lines, entries, commitments, chains)
         VALUES ($1, $2, $3, $4, $5, $6)";

    fn add_checkpoint(seq: i64, chain: &[u8], made_at: Timestamp, public_key: &[u8], signature: &[u8]) =
        "INSERT INTO journal_checkpoint (institution, seq, chain, made_at, public_key, signature)
         VALUES ($1, $2, $3, $4, $5, $6)";

    fn all_checkpoints() -> CheckpointRow =
        "SELECT seq, chain, made_at, public_key, signature FROM journal_checkpoint
         WHERE institution = $1 ORDER BY seq";
}

sqlite_statements! {
    pub(crate) fn above(stamp: i64, entry: JournalId, most: i64) -> Stored =
        "SELECT stamp, id, recorded_at, occurred_at, account, person, client, role, mandate, source, device,
            device_sequence, action, subject_kind, subject, reason, payload, salt, erased_at
         FROM journal WHERE institution = $1 AND (stamp, id) > ($2, $3) ORDER BY stamp, id LIMIT $4";
}

postgres_statements! {
    /// Only lines whose transaction has ended, and every one before it.
    fn above_settled(stamp: i64, entry: JournalId, most: i64) -> Stored =
        "SELECT stamp, id, recorded_at, occurred_at, account, person, client, role, mandate, source, device,
            device_sequence, action, subject_kind, subject, reason, payload, salt, erased_at
         FROM journal WHERE institution = $1 AND (stamp, id) > ($2, $3)
            AND stamp < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
         ORDER BY stamp, id LIMIT $4";
}

system_statements! {
    // A loose index scan: one probe per school, however long its journal is.
    fn waiting() -> (Option<InstitutionId>, Option<Timestamp>) =
        "WITH RECURSIVE school (institution) AS (
            SELECT (SELECT institution FROM journal ORDER BY institution LIMIT 1)
            UNION ALL
            SELECT (SELECT j.institution FROM journal j WHERE j.institution > school.institution
                ORDER BY j.institution LIMIT 1)
            FROM school WHERE school.institution IS NOT NULL),
         watermark (institution, stamp, entry) AS (
            SELECT s.institution, h.stamp, h.entry FROM school s
            LEFT JOIN journal_head h ON h.institution = s.institution WHERE s.institution IS NOT NULL),
         oldest (institution, recorded_at) AS (
            SELECT w.institution,
               CASE WHEN w.stamp IS NULL
                  THEN (SELECT j.recorded_at FROM journal j WHERE j.institution = w.institution
                     ORDER BY j.stamp, j.id LIMIT 1)
                  ELSE (SELECT j.recorded_at FROM journal j WHERE j.institution = w.institution
                     AND (j.stamp, j.id) > (w.stamp, w.entry) ORDER BY j.stamp, j.id LIMIT 1)
               END FROM watermark w)
         SELECT institution, recorded_at FROM oldest WHERE recorded_at IS NOT NULL ORDER BY institution";
}
