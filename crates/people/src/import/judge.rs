//! Judging: every row against what stands and against the other rows.

use super::stage::SLICE;
use super::subject::{
    Row, Subject, campus, company, enrolment, group, member, need, person, role, room, sheet, unit,
};
use super::{Change, Fault, Kind, Mapping, Outcome, Problem, Staged, Task, store};
use crate::Error;
use regie_access::Db;
use regie_core::Caller;
use regie_db::{Ask, Event, Expect};
use serde_json::json;
use uuid::Uuid;

/// What was made of a row: what the preview shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judged {
    pub number: u32,
    pub outcome: Outcome,
    pub subject: Option<Uuid>,
    pub label: String,
    pub search: String,
    pub faults: Vec<Fault>,
    pub changes: Vec<Change>,
}

/// Calls with the type that belongs to a kind of sheet.
macro_rules! with_subject {
    ($kind:expr, $subject:ident => $call:expr) => {
        match $kind {
            Kind::Students | Kind::Staff | Kind::Externals => {
                type $subject = person::Persons;
                $call
            }
            Kind::Units => {
                type $subject = unit::Units;
                $call
            }
            Kind::Campuses => {
                type $subject = sheet::Of<campus::Campuses>;
                $call
            }
            Kind::Rooms => {
                type $subject = sheet::Of<room::Rooms>;
                $call
            }
            Kind::Companies => {
                type $subject = sheet::Of<company::Companies>;
                $call
            }
            Kind::Groups => {
                type $subject = sheet::Of<group::Groups>;
                $call
            }
            Kind::Members => {
                type $subject = sheet::Of<member::Members>;
                $call
            }
            Kind::Enrolments => {
                type $subject = sheet::Of<enrolment::Enrolments>;
                $call
            }
            Kind::Needs => {
                type $subject = sheet::Of<need::Needs>;
                $call
            }
            Kind::Roles => {
                type $subject = sheet::Of<role::Roles>;
                $call
            }
        }
    };
}
pub(super) use with_subject;

/// All rows against what `q` sees now. Rows that are right come with what they will do.
pub(super) async fn judged<S: Subject>(
    q: &mut impl Ask,
    caller: &Caller,
    kind: Kind,
    mapping: &Mapping,
    rows: &[Staged],
) -> Result<Vec<(Judged, Option<S::Plan>)>, Error> {
    let mut known = S::known(q, caller, kind).await?;
    let row = |staged| Row { kind, mapping, staged };
    for staged in rows {
        known.scan(&row(staged));
    }
    Ok(rows
        .iter()
        .map(|staged| {
            let row = row(staged);
            let mut verdict = known.judge(&row);
            let outcome = verdict.outcome(staged);
            let mut faults = staged.found.clone();
            faults.append(&mut verdict.faults);
            let kept = matches!(outcome, Outcome::New | Outcome::Changed);
            let judged = Judged {
                number: staged.number,
                outcome,
                subject: verdict.subject,
                search: person::search_of(&verdict.label, &row),
                label: verdict.label,
                faults,
                // A refused row changes nothing; what it would have changed may not even be the reader's to see.
                changes: if kept { verdict.changes } else { Vec::new() },
            };
            (judged, verdict.plan.filter(|_| kept))
        })
        .collect())
}

impl store::Kept {
    pub(super) fn staged(&self) -> Result<Staged, Error> {
        let lost = |error: serde_json::Error| {
            Error::Db(regie_db::Error::Decode(format!("row {} of an import: {error}", self.number)))
        };
        Ok(Staged {
            number: self.number,
            fresh: self.fresh,
            cells: serde_json::from_str(&self.cells).map_err(lost)?,
            found: serde_json::from_str(&self.found).map_err(lost)?,
        })
    }
}

/// Judges the staged rows and writes down what was made of each, in slices.
pub async fn judge(db: &Db, task: &Task) -> Result<(), Error> {
    let (id, run, kind) = (task.import.id, task.run, task.import.kind);
    let mut reader = db.reader(task.caller.institution);
    let kept = reader.all(store::staged(id)).await?;
    let rows = kept.iter().map(store::Kept::staged).collect::<Result<Vec<_>, _>>()?;
    let all: Vec<Judged> = with_subject!(kind, S => {
        let all = judged::<S>(&mut reader, &task.caller, kind, &task.mapping, &rows).await?;
        all.into_iter().map(|(judged, _)| judged).collect()
    });
    let half = rows.len() / 2;
    for (slice, done) in all.chunks(SLICE).zip((SLICE..).step_by(SLICE)) {
        let done = i64::try_from(half + done.min(all.len()) / 2).unwrap_or(i64::MAX);
        db.write::<(), Error, _, _>(&task.system(), slice.to_vec(), move |tx, slice| {
            Box::pin(async move {
                tx.queue(store::advance(id, run, done), Expect::one(Problem::Overtaken.into()));
                for row in &slice {
                    let (faults, changes) = (json!(row.faults).to_string(), json!(row.changes).to_string());
                    let write = store::judged(
                        id,
                        row.number,
                        row.outcome,
                        row.subject,
                        &row.label,
                        &row.search,
                        &faults,
                        &changes,
                    );
                    tx.queue(write, Expect::any());
                }
                tx.touch(id);
                Ok(tx.done((), Event::none("nothing of the school changes while rows are judged")))
            })
        })
        .await?;
    }
    let count = |outcome| {
        let count = all.iter().filter(|row| row.outcome == outcome).count();
        i64::try_from(count).unwrap_or(i64::MAX)
    };
    let counts = Outcome::ALL.map(count);
    db.write(&task.system(), counts, move |tx, [new, changed, same, refused]| {
        Box::pin(async move {
            let end = store::all_judged(id, run, new, changed, same, refused);
            tx.queue(end, Expect::one(Problem::Overtaken.into()));
            tx.touch(id);
            Ok(tx.done((), Event::none("a preview changes nothing of the school")))
        })
    })
    .await
}
