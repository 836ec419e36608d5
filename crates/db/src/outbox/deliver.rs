//! Delivery: rows are claimed for a while, handed to somebody, and removed when that succeeded.
//!
//! A row may be handed out more than once (a node died, a lease ran out), never before an earlier row of its subject
//! was. That order is the order in which the rows were written under the lock of their subject: a use case that
//! needs it changes the subject by a guarded update before it commits, and so draws the row's position alone.
//!
//! A claim, a pause after a failure and death all move `due_at` on. What may be claimed is looked for in a reader,
//! because thousands of rows may wait behind one that is not due; the writer judges again only what was found.

use crate::reader::Reader;
use crate::{Ask, Db, Error, Event, Expect, Tx, postgres_statements, statements, system_statements};
use jiff::{SignedDuration, Timestamp};
use regie_core::Caller;
use regie_core::clock::new_id;
use regie_core::id::{Id, InstitutionId, OutboxId};
use std::collections::HashSet;
use uuid::Uuid;

/// A row that fails this often is dead until somebody looks at it.
pub const ATTEMPTS: i64 = 12;
/// Rows looked at in one go.
const PAGE: i64 = 1000;
const FIRST_PAUSE: i64 = 1;
const LONGEST_PAUSE: i64 = 3600;

crate::row! {
    /// A claimed row.
    pub struct Delivery {
        pub id: OutboxId,
        pub subject_kind: String,
        pub subject: Uuid,
        pub event: String,
        pub version: u16,
        pub payload: String,
        pub recorded_at: Timestamp,
        /// This one included.
        pub attempts: i64,
    }

    /// A row that could not be delivered, as the administrator sees it.
    pub struct DeadLetter {
        pub id: OutboxId,
        pub subject_kind: String,
        pub subject: Uuid,
        pub event: String,
        pub version: u16,
        pub payload: String,
        pub recorded_at: Timestamp,
        pub dead_at: Option<Timestamp>,
        pub attempts: i64,
        pub error: Option<String>,
        /// Later rows of the same subject, which wait for it.
        pub parked: i64,
    }
}

impl Delivery {
    /// The payload as what the event's version promises.
    pub fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_str(&self.payload)
            .map_err(|error| Error::Decode(format!("{} version {}: {error}", self.event, self.version)))
    }
}

/// Rows of one school, ours until the lease ends.
#[derive(Debug)]
pub struct Claim {
    pub institution: InstitutionId,
    pub lease: Uuid,
    pub rows: Vec<Delivery>,
}

impl Db {
    /// Schools that have something due now.
    pub async fn schools_with_deliveries(&self) -> Result<Vec<InstitutionId>, Error> {
        let rows = Reader::across(self.clone()).all(schools_due(self.now())).await?;
        Ok(rows.into_iter().filter_map(|(school,)| school).collect())
    }

    /// Claims the next rows of one school. Rows of one subject come together, in order, and none is left out in
    /// between: whoever takes them delivers them one after the other.
    pub async fn claim(
        &self,
        institution: InstitutionId,
        most: usize,
        time: SignedDuration,
    ) -> Result<Claim, Error> {
        let now = self.now();
        let until = now.checked_add(time).unwrap_or(now);
        let lease: Uuid = new_id::<OutboxId>(&*self.0.clock, &*self.0.random).uuid();
        let found = self.claimable(institution, now, most).await?;
        if found.is_empty() {
            return Ok(Claim { institution, lease, rows: Vec::new() });
        }
        let postgres = self.is_postgres();
        let caller = Caller::system(institution, now);
        // The rows are read back outside: the answer of a write would have to be kept as text.
        self.write::<(), Error, _, _>(&caller, found, move |tx, found| {
            Box::pin(async move {
                if postgres {
                    // One claim of a school at a time, and what follows sees what the one before it took.
                    let _: (i64,) = tx.one(alone(institution.uuid().as_u64_pair().1.cast_signed())).await?;
                }
                let still = in_order(tx.all(look_again(now, &found)).await?);
                tx.queue(take(lease, until, &still), Expect::any());
                Ok(tx.done((), Event::none("a claim changes nothing for people")))
            })
        })
        .await?;
        let rows = self.reader(institution).all(claimed(lease)).await?;
        Ok(Claim { institution, lease, rows })
    }

    /// Rows that nothing waits before, oldest due first; at least one when there are any.
    async fn claimable(
        &self,
        institution: InstitutionId,
        now: Timestamp,
        most: usize,
    ) -> Result<Vec<OutboxId>, Error> {
        let mut after = (Timestamp::UNIX_EPOCH, 0);
        loop {
            let page = self.reader(institution).all(due(now, after.0, after.1, PAGE)).await?;
            let Some(last) = page.last() else { return Ok(Vec::new()) };
            after = (last.due_at, last.position);
            let whole = (page.len() as i64) < PAGE;
            let mut found = in_order(page);
            if whole || !found.is_empty() {
                found.truncate(most);
                return Ok(found);
            }
        }
    }

    /// These were delivered. Rows whose lease somebody else took meanwhile stay.
    pub async fn delivered(
        &self,
        institution: InstitutionId,
        lease: Uuid,
        ids: Vec<OutboxId>,
    ) -> Result<(), Error> {
        let caller = Caller::system(institution, self.now());
        self.write::<(), Error, _, _>(&caller, ids, move |tx, ids| {
            Box::pin(async move {
                tx.queue(remove(lease, &ids), Expect::any());
                Ok(tx.done((), Event::none("a delivery is told by what it does")))
            })
        })
        .await
    }

    /// This one failed: it waits longer each time, and after the last attempt it is dead and parks its subject.
    pub async fn failed(
        &self,
        institution: InstitutionId,
        lease: Uuid,
        row: &Delivery,
        reason: &str,
    ) -> Result<(), Error> {
        self.put_back(institution, lease, row, reason, row.attempts >= ATTEMPTS).await
    }

    /// This one can never be delivered as it is: dead at once, without trying on.
    pub async fn undeliverable(
        &self,
        institution: InstitutionId,
        lease: Uuid,
        row: &Delivery,
        reason: &str,
    ) -> Result<(), Error> {
        self.put_back(institution, lease, row, reason, true).await
    }

    async fn put_back(
        &self,
        institution: InstitutionId,
        lease: Uuid,
        row: &Delivery,
        reason: &str,
        dead: bool,
    ) -> Result<(), Error> {
        let now = self.now();
        let due = if dead { never() } else { now.checked_add(self.pause_after(row.attempts)).unwrap_or(now) };
        let caller = Caller::system(institution, now);
        let reason: String = reason.chars().take(2000).collect();
        self.write::<(), Error, _, _>(&caller, (row.id, reason), move |tx, (id, reason)| {
            Box::pin(async move {
                tx.queue(put_back(id, lease, due, dead.then_some(now), &reason), Expect::any());
                let event = if dead {
                    // Screens of administrators show it at once.
                    tx.touch(id);
                    Event::new("outbox.died", id).why(reason)
                } else {
                    Event::none("it will be tried again")
                };
                Ok(tx.done((), event))
            })
        })
        .await
    }

    /// Claimed, but not begun: somebody else may have them at once.
    pub async fn unclaim(
        &self,
        institution: InstitutionId,
        lease: Uuid,
        ids: Vec<OutboxId>,
    ) -> Result<(), Error> {
        let now = self.now();
        let caller = Caller::system(institution, now);
        self.write::<(), Error, _, _>(&caller, ids, move |tx, ids| {
            Box::pin(async move {
                tx.queue(give_back(lease, now, &ids), Expect::any());
                Ok(tx.done((), Event::none("nothing happened to them")))
            })
        })
        .await
    }

    /// 1, 2, 4 … seconds up to an hour, a quarter more or less so that failures of one cause do not return together.
    fn pause_after(&self, attempts: i64) -> SignedDuration {
        let doubled = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or(0);
        let seconds = FIRST_PAUSE.saturating_mul(1 << doubled).min(LONGEST_PAUSE);
        let mut bytes = [0u8; 2];
        self.0.random.fill(&mut bytes);
        let part = i64::from(u16::from_be_bytes(bytes)) * 500 / 65_536 + 750;
        SignedDuration::from_millis(seconds * part)
    }

    /// Dead letters of a school, oldest first.
    pub async fn dead_letters(
        &self,
        institution: InstitutionId,
        most: i64,
    ) -> Result<Vec<DeadLetter>, Error> {
        self.reader(institution).all(dead(most)).await
    }

    /// The administrator repaired the cause: it is tried again at once. False when it is not dead (any more).
    pub async fn retry_dead(&self, caller: &Caller, id: OutboxId, reason: &str) -> Result<bool, Error> {
        let now = self.now();
        self.write::<bool, Error, _, _>(caller, reason.to_owned(), move |tx, reason| {
            Box::pin(async move {
                let changed = tx.run(revive(id, now)).await? == 1;
                tx.touch(id);
                let event = match changed {
                    true if reason.is_empty() => Event::new("outbox.retried", id),
                    true => Event::new("outbox.retried", id).why(reason),
                    false => Event::none("nothing was dead"),
                };
                Ok(tx.done(changed, event))
            })
        })
        .await
    }

    /// The administrator decides that it need not arrive; the journal keeps what it was. False when it is not dead.
    pub async fn drop_dead(&self, caller: &Caller, id: OutboxId, reason: &str) -> Result<bool, Error> {
        self.write::<bool, Error, _, _>(caller, reason.to_owned(), move |tx, reason| {
            Box::pin(async move {
                let Some((event, payload)) = tx.opt(dead_one(id)).await? else {
                    return Ok(tx.done(false, Event::none("nothing was dead")));
                };
                tx.queue(drop_one(id), Expect::one(Error::Again("somebody else decided first".into())));
                tx.touch(id);
                let old = serde_json::json!({ "event": event, "payload": without_secrets(&payload) });
                Ok(tx.done(true, Event::new("outbox.dropped", id).old(old).why(reason)))
            })
        })
        .await
    }

    /// Removes what nobody will ask again, a slice per school: request ids and marks of consumers older than `before`.
    /// Gives the number of rows removed.
    pub async fn sweep(&self, before: Timestamp) -> Result<u64, Error> {
        let schools = Reader::across(self.clone()).all(schools_with_old(before)).await?;
        let mut removed = 0;
        for school in schools.into_iter().filter_map(|(school,)| school) {
            let caller = Caller::system(school, self.now());
            removed += self
                .write::<u64, Error, _, _>(&caller, (), move |tx, ()| {
                    Box::pin(async move {
                        let requests = tx.run(forget_requests(before, 1000)).await?;
                        let marks = tx.run(forget_consumed(before, 1000)).await?;
                        Ok(tx.done(requests + marks, Event::none("sweeping")))
                    })
                })
                .await?;
        }
        Ok(removed)
    }
}

impl<E: Send> Tx<E> {
    /// Marks a delivery as seen by this consumer, in the consumer's own transaction. False when it was seen before:
    /// then there is nothing to do.
    pub async fn first_time(&mut self, consumer: &'static str, delivery: OutboxId) -> Result<bool, Error> {
        let (seen,) = self.one(seen(consumer, delivery)).await?;
        if seen > 0 {
            return Ok(false);
        }
        let now = self.recorded_at();
        self.queue(mark(consumer, delivery, now), Expect::any());
        Ok(true)
    }
}

/// A payload for people to read: what opens an account (`token`) is not for them, and not for the journal.
fn without_secrets(payload: &str) -> serde_json::Value {
    let mut shown: serde_json::Value = serde_json::from_str(payload).unwrap_or_default();
    if let Some(fields) = shown.as_object_mut() {
        fields.remove("token");
    }
    shown
}

impl DeadLetter {
    /// What it says, without what opens an account.
    pub fn shown(&self) -> serde_json::Value {
        without_secrets(&self.payload)
    }
}

/// Far enough away.
fn never() -> Timestamp {
    Timestamp::from_second(32_503_680_000).unwrap_or(Timestamp::MAX)
}

/// Those that have no earlier row of their subject, or whose earlier rows are all among them; in order.
fn in_order(mut rows: Vec<Due>) -> Vec<OutboxId> {
    rows.sort_unstable_by_key(|row| row.position);
    let mut taken = HashSet::new();
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        if row.earlier.is_none_or(|earlier| taken.contains(&earlier)) {
            taken.insert(row.position);
            found.push(row.id);
        }
    }
    found
}

crate::row! {
    /// A row that is due, and the row of its subject right before it.
    struct Due {
        id: OutboxId,
        position: i64,
        due_at: Timestamp,
        earlier: Option<i64>,
    }
}

postgres_statements! {
    fn alone(school: i64) -> (i64,) = "SELECT count(*) FROM (SELECT pg_advisory_xact_lock($2) WHERE $1::uuid IS NOT NULL) l";
}

statements! {
    fn due(now: Timestamp, after: Timestamp, position: i64, most: i64) -> Due =
        "SELECT o.id, o.position, o.due_at, (SELECT e.position FROM outbox e WHERE e.institution = $1
               AND e.subject = o.subject AND e.position < o.position ORDER BY e.position DESC LIMIT 1) AS earlier
         FROM outbox o WHERE o.institution = $1 AND o.due_at <= $2 AND (o.due_at, o.position) > ($3, $4)
         ORDER BY o.due_at, o.position LIMIT $5";

    fn look_again(now: Timestamp, ids: &[OutboxId]) -> Due =
        "SELECT o.id, o.position, o.due_at, (SELECT e.position FROM outbox e WHERE e.institution = $1
               AND e.subject = o.subject AND e.position < o.position ORDER BY e.position DESC LIMIT 1) AS earlier
         FROM outbox o WHERE o.institution = $1 AND o.due_at <= $2 AND o.id {among_ids $3}";

    fn take(lease: Uuid, until: Timestamp, ids: &[OutboxId]) =
        "UPDATE outbox SET lease = $2, leased_until = $3, due_at = $3, attempts = attempts + 1
         WHERE institution = $1 AND id {among_ids $4}";

    fn claimed(lease: Uuid) -> Delivery =
        "SELECT id, subject_kind, subject, event, version, payload, recorded_at, attempts
         FROM outbox WHERE institution = $1 AND lease = $2 ORDER BY position";

    fn remove(lease: Uuid, ids: &[OutboxId]) =
        "DELETE FROM outbox WHERE institution = $1 AND lease = $2 AND id {among_ids $3}";

    fn put_back(id: OutboxId, lease: Uuid, due_at: Timestamp, dead_at: Option<Timestamp>, error: &str) =
        "UPDATE outbox SET lease = NULL, leased_until = NULL, due_at = $4, dead_at = $5, error = $6
         WHERE institution = $1 AND id = $2 AND lease = $3";

    fn give_back(lease: Uuid, now: Timestamp, ids: &[OutboxId]) =
        "UPDATE outbox SET lease = NULL, leased_until = NULL, due_at = $3, attempts = attempts - 1
         WHERE institution = $1 AND lease = $2 AND id {among_ids $4}";

    fn dead(most: i64) -> DeadLetter =
        "SELECT o.id, o.subject_kind, o.subject, o.event, o.version, o.payload, o.recorded_at, o.dead_at, o.attempts,
            o.error, (SELECT count(*) FROM outbox p WHERE p.institution = $1 AND p.subject = o.subject
               AND p.subject_kind = o.subject_kind AND p.position > o.position) AS parked
         FROM outbox o WHERE o.institution = $1 AND o.dead_at IS NOT NULL ORDER BY o.position LIMIT $2";

    fn dead_one(id: OutboxId) -> (String, String) =
        "SELECT event, payload FROM outbox WHERE institution = $1 AND id = $2 AND dead_at IS NOT NULL";

    fn revive(id: OutboxId, now: Timestamp) =
        "UPDATE outbox SET due_at = $3, dead_at = NULL, attempts = 0
         WHERE institution = $1 AND id = $2 AND dead_at IS NOT NULL";

    fn drop_one(id: OutboxId) = "DELETE FROM outbox WHERE institution = $1 AND id = $2 AND dead_at IS NOT NULL";

    fn seen(consumer: &str, delivery: OutboxId) -> (i64,) =
        "SELECT count(*) FROM consumed WHERE institution = $1 AND consumer = $2 AND outbox = $3";

    fn mark(consumer: &str, delivery: OutboxId, now: Timestamp) =
        "INSERT INTO consumed (institution, consumer, outbox, recorded_at) VALUES ($1, $2, $3, $4)";

    fn forget_requests(before: Timestamp, most: i64) =
        "DELETE FROM request WHERE institution = $1 AND id IN (SELECT r.id FROM request r
            WHERE r.institution = $1 AND r.recorded_at < $2 LIMIT $3)";

    fn forget_consumed(before: Timestamp, most: i64) =
        "DELETE FROM consumed WHERE institution = $1 AND outbox IN (SELECT c.outbox FROM consumed c
            WHERE c.institution = $1 AND c.recorded_at < $2 LIMIT $3)";
}

system_statements! {
    // One probe per school, however much is waiting.
    fn schools_due(now: Timestamp) -> (Option<InstitutionId>,) =
        "WITH RECURSIVE school (institution) AS (
            SELECT (SELECT institution FROM outbox ORDER BY institution LIMIT 1)
            UNION ALL
            SELECT (SELECT o.institution FROM outbox o WHERE o.institution > school.institution
                ORDER BY o.institution LIMIT 1)
            FROM school WHERE school.institution IS NOT NULL)
         SELECT institution FROM school s WHERE institution IS NOT NULL
            AND EXISTS (SELECT 1 FROM outbox o WHERE o.institution = s.institution AND o.due_at <= $1)";

    fn schools_with_old(before: Timestamp) -> (Option<InstitutionId>,) =
        "SELECT institution FROM (SELECT institution FROM request WHERE recorded_at < $1
            ORDER BY recorded_at LIMIT 20000) r
         UNION SELECT institution FROM (SELECT institution FROM consumed WHERE recorded_at < $1
            ORDER BY recorded_at LIMIT 20000) c";
}
