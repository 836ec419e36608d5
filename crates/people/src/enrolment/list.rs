use super::{Enrolment, store};
use crate::Error;
use crate::paging::{Page, Paging, Words};
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{PersonId, ProgramId, ProgramOfferingId, UnitId};
use regie_db::Ask;

/// What the list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words that must all occur in the student's name, number or mail.
    pub text: String,
    pub offering: Option<ProgramOfferingId>,
    pub program: Option<ProgramId>,
    pub unit: Option<UnitId>,
    /// Only those in force on this day.
    pub on: Option<Date>,
    pub paging: Paging,
}

pub async fn list(db: &Db, caller: &Caller, filter: &Filter) -> Result<Page<Enrolment>, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::list(&mut reader, caller, Action::SeePeople).await?;
    let reach = allowed.what();
    let words = Words::of(&filter.text);
    let (w1, w2, w3) = words.three();
    let (skip, most) = filter.paging.slice();
    let Filter { offering, program, unit, on, .. } = *filter;
    let (kind, me, scope, today) = (reach.kind, reach.me, reach.scope, reach.today);
    let (total,) =
        reader.one(store::count(w1, w2, w3, offering, program, unit, on, kind, me, scope, today)).await?;
    let lines = reader
        .all(store::list(w1, w2, w3, offering, program, unit, on, kind, me, scope, today, skip, most))
        .await?;
    Ok(Page::new(lines, total))
}

/// All enrolments of one student, the newest first.
pub async fn of_person(db: &Db, caller: &Caller, person: PersonId) -> Result<Vec<Enrolment>, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::SeePeople, person).await?;
    Ok(reader.all(store::of_person(allowed.id())).await?)
}
