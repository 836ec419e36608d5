//! Leases: one node at a time does a clock's work. A lease has a number that grows with every new holder; work done
//! under it checks the number in its own transaction, so a holder that slept too long changes nothing any more.

use crate::{Db, Error, Event, Expect, Tx, global_statements};
use jiff::{SignedDuration, Timestamp};
use regie_core::Caller;
use regie_core::id::{Id, InstitutionId};
use uuid::Uuid;

/// Proof of holding a lease; good until somebody else took it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fence {
    pub name: &'static str,
    pub number: i64,
}

impl Db {
    /// Takes or keeps the lease for some time. `None` while another node holds it.
    pub async fn lease(
        &self,
        name: &'static str,
        holder: Uuid,
        time: SignedDuration,
    ) -> Result<Option<Fence>, Error> {
        let now = self.now();
        let until = now.checked_add(time).unwrap_or(now);
        // A lease stands above the institutions.
        let caller = Caller::system(InstitutionId::from_uuid(Uuid::nil()), now);
        let number = self
            .write::<Option<i64>, Error, _, _>(&caller, (), move |tx, ()| {
                Box::pin(async move {
                    let taken = crate::Ask::opt(tx, take(name, holder, until, now)).await?;
                    Ok(tx.done(taken.map(|(fence,)| fence), Event::none("who keeps the clock is no history")))
                })
            })
            .await?;
        Ok(number.map(|number| Fence { name, number }))
    }

    /// The tick of a clock: of all nodes one gets it, and nobody before the period is over. Who dies in the middle
    /// of its work leaves it to the next tick.
    pub async fn tick(
        &self,
        name: &'static str,
        holder: Uuid,
        period: SignedDuration,
    ) -> Result<Option<Fence>, Error> {
        let now = self.now();
        let next = now.checked_add(period).unwrap_or(now);
        let caller = Caller::system(InstitutionId::from_uuid(Uuid::nil()), now);
        let number = self
            .write::<Option<i64>, Error, _, _>(&caller, (), move |tx, ()| {
                Box::pin(async move {
                    let taken = crate::Ask::opt(tx, strike(name, holder, next, now)).await?;
                    Ok(tx.done(taken.map(|(fence,)| fence), Event::none("a clock that ticks is no history")))
                })
            })
            .await?;
        Ok(number.map(|number| Fence { name, number }))
    }

    /// Gives the lease back, for a quick change of the guard at a graceful stop.
    pub async fn release(&self, fence: Fence, holder: Uuid) -> Result<(), Error> {
        let caller = Caller::system(InstitutionId::from_uuid(Uuid::nil()), self.now());
        let now = self.now();
        self.write::<(), Error, _, _>(&caller, (), move |tx, ()| {
            Box::pin(async move {
                tx.queue(give_back(fence.name, holder, now), Expect::any());
                Ok(tx.done((), Event::none("who keeps the clock is no history")))
            })
        })
        .await
    }
}

impl<E: Send> Tx<E> {
    /// This transaction counts only while the lease is ours.
    pub fn under(&mut self, fence: Fence, lost: E) {
        self.queue(hold(fence.name, fence.number), Expect::one(lost));
    }
}

global_statements! {
    fn take(name: &str, holder: Uuid, until: Timestamp, now: Timestamp) -> (i64,) =
        "INSERT INTO lease (name, holder, until, fence) VALUES ($1, $2, $3, 1)
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until,
            fence = lease.fence + CASE WHEN lease.holder = excluded.holder THEN 0 ELSE 1 END
         WHERE lease.until <= $4 OR lease.holder = excluded.holder
         RETURNING fence";

    fn strike(name: &str, holder: Uuid, next: Timestamp, now: Timestamp) -> (i64,) =
        "INSERT INTO lease (name, holder, until, fence) VALUES ($1, $2, $3, 1)
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until, fence = lease.fence + 1
         WHERE lease.until <= $4
         RETURNING fence";

    fn give_back(name: &str, holder: Uuid, now: Timestamp) =
        "UPDATE lease SET until = $3 WHERE name = $1 AND holder = $2";

    fn hold(name: &str, fence: i64) = "UPDATE lease SET fence = fence WHERE name = $1 AND fence = $2";
}
