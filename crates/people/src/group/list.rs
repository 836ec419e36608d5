use super::{GroupLine, Member, Membership, store};
use crate::Error;
use crate::paging::{Page, Paging, Words};
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{GroupId, PersonId, UnitId};
use regie_db::Ask;

/// What the list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words that must all occur in code or name.
    pub text: String,
    /// Of this unit or one below it.
    pub unit: Option<UnitId>,
    /// Only those that exist on this day.
    pub on: Option<Date>,
    pub paging: Paging,
}

/// The groups in reach: a teacher's own, a unit's, or all.
pub async fn list(db: &Db, caller: &Caller, filter: &Filter) -> Result<Page<GroupLine>, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::list(&mut reader, caller, Action::SeePeople).await?;
    let reach = allowed.what();
    let words = Words::of(&filter.text);
    let (w1, w2, w3) = words.three();
    let (skip, most) = filter.paging.slice();
    let Filter { unit, on, .. } = *filter;
    let (kind, me, scope, today) = (reach.kind, reach.me, reach.scope, reach.today);
    let (total,) = reader.one(store::count(w1, w2, w3, unit, on, kind, me, scope, today)).await?;
    let lines = reader.all(store::list(w1, w2, w3, unit, on, kind, me, scope, today, skip, most)).await?;
    Ok(Page::new(lines, total))
}

/// Everybody who was, is or will be in a group, as far as the caller may see them.
pub async fn members(db: &Db, caller: &Caller, id: GroupId) -> Result<Vec<Member>, Error> {
    let mut reader = db.reader(caller.institution);
    let group = regie_access::group(&mut reader, caller, Action::SeePeople, id).await?;
    let allowed = regie_access::list(&mut reader, caller, Action::SeePeople).await?;
    let reach = allowed.what();
    Ok(reader.all(store::members(group.id(), reach.kind, reach.me, reach.scope, reach.today)).await?)
}

/// The groups somebody was, is or will be in, the newest first.
pub async fn of_person(db: &Db, caller: &Caller, person: PersonId) -> Result<Vec<Membership>, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::SeePeople, person).await?;
    Ok(reader.all(store::of_person(allowed.id())).await?)
}

/// Who teaches the groups somebody is in today: a student may know their own teachers.
pub async fn teachers(db: &Db, caller: &Caller, person: PersonId) -> Result<Vec<(GroupId, String)>, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::SeePeople, person).await?;
    Ok(reader.all(store::teachers(allowed.id(), caller.today())).await?)
}
