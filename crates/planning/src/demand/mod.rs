//! Demand: how many want which test on which campus, and who of them needs something that others do not.

pub(crate) mod store;

pub use store::{Demand, Frozen};

use crate::{Error, period};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{CampusId, ExamPeriodId, Id, TestId};
use regie_db::Ask;

/// The demand of one test on one campus, beside what it was at closing.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub now: Demand,
    /// Nothing as long as the period is open.
    pub frozen: Option<i64>,
}

impl Line {
    /// What came or went since closing.
    pub fn delta(&self) -> i64 {
        self.frozen.map_or(0, |frozen| self.now.total - frozen)
    }
}

/// The demand of a period: as it is, or, once closed, beside what it was then.
pub async fn of_period(db: &Db, caller: &Caller, id: ExamPeriodId) -> Result<Vec<Line>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeDemand).await?;
    let period = reader.opt(period::store::by_id(id)).await?.ok_or(Error::NotFound(ExamPeriodId::KIND))?;
    let now = reader.all(store::now(id, period.begins, period.ends)).await?;
    let kept = reader.all(store::frozen(id)).await?;
    let closed = period.frozen_at.is_some();
    let then = |campus: Option<CampusId>, test: TestId| {
        let found = kept.iter().find(|line| line.campus == campus && line.test == test);
        closed.then(|| found.map_or(0, |line| line.total))
    };
    let mut lines: Vec<Line> =
        now.into_iter().map(|now| Line { frozen: then(now.campus, now.test), now }).collect();
    // Demand that went altogether is a change too.
    for gone in kept {
        if !lines.iter().any(|line| line.now.campus == gone.campus && line.now.test == gone.test) {
            let Frozen { campus, campus_name, test, test_code, test_name, total, .. } = gone;
            let now = Demand {
                campus,
                campus_name,
                test,
                test_code,
                test_name,
                total: 0,
                needs: 0,
                sound: 0,
                own_room: 0,
                unlimited: 0,
            };
            lines.push(Line { now, frozen: Some(total) });
        }
    }
    Ok(lines)
}
