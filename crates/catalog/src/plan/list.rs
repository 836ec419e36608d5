use super::{Line, Plan, PlanLine, Prerequisite, State, Unit, store};
use crate::{Error, Page, Paging};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ExamPlanId, Id};
use regie_core::paging::Words;
use regie_db::Ask;
use regie_db::journal::Entry;

/// What the list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words that must all occur in name, crebo or cohort.
    pub text: String,
    pub cohort: Option<u32>,
    pub state: Option<State>,
    pub paging: Paging,
}

/// A plan with everything in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    pub plan: Plan,
    pub units: Vec<Unit>,
    pub lines: Vec<Line>,
    pub prerequisites: Vec<Prerequisite>,
}

pub(super) async fn whole(q: &mut impl Ask, plan: Plan) -> Result<Whole, regie_db::Error> {
    let units = q.all(store::units(plan.id)).await?;
    let lines = q.all(store::lines(plan.id)).await?;
    let prerequisites = q.all(store::prerequisites(plan.id)).await?;
    Ok(Whole { plan, units, lines, prerequisites })
}

/// Drafts are seen by who makes or freezes plans; everybody inside sees what holds.
fn sees_drafts(caller: &Caller) -> bool {
    let may = |action| caller.role.is_none_or(|role| regie_access::width(role, action).is_some());
    may(Action::EditExamPlans) || may(Action::FreezeExamPlans)
}

pub async fn list(db: &Db, caller: &Caller, filter: &Filter) -> Result<Page<PlanLine>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeExamPlans).await?;
    let words = Words::of(&filter.text);
    let (w1, w2, w3) = words.three();
    let (skip, most) = filter.paging.slice();
    let (cohort, state, drafts) = (filter.cohort, filter.state, sees_drafts(caller));
    let (total,) = reader.one(store::count(w1, w2, w3, cohort, state, drafts)).await?;
    let lines = reader.all(store::list(w1, w2, w3, cohort, state, drafts, skip, most)).await?;
    Ok(Page::new(lines, total))
}

pub async fn see(db: &Db, caller: &Caller, id: ExamPlanId) -> Result<Whole, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeExamPlans).await?;
    let plan = reader.opt(store::by_id(id)).await?;
    let plan = plan.filter(|plan| plan.state != State::Draft || sees_drafts(caller));
    Ok(whole(&mut reader, plan.ok_or(Error::NotFound(ExamPlanId::KIND))?).await?)
}

/// What happened to it, newest first.
pub async fn history(db: &Db, caller: &Caller, id: ExamPlanId) -> Result<Vec<Entry>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::EditExamPlans).await?;
    Ok(reader.all(regie_db::journal::history(id.uuid(), 100)).await?)
}
