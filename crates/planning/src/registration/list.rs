use super::{Registration, State, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{CampusId, ExamPeriodId, Id, PersonId, RegistrationId, TestId};
use regie_db::Ask;

/// What a list of registrations is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub test: Option<TestId>,
    pub campus: Option<CampusId>,
    pub state: Option<State>,
    /// From which line, from 0.
    pub skip: u32,
    /// 50 when 0.
    pub most: u32,
}

/// A page of a list and how many there are in all.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub lines: Vec<Registration>,
    pub total: u64,
}

/// The registrations of a period within the caller's reach.
pub async fn list(db: &Db, caller: &Caller, period: ExamPeriodId, filter: &Filter) -> Result<Page, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::list(&mut reader, caller, Action::SeeRegistrations).await?;
    let reach = allowed.what();
    let (total,) = reader
        .one(store::count(
            period,
            filter.test,
            filter.campus,
            filter.state,
            reach.kind,
            reach.me,
            reach.scope,
            reach.today,
        ))
        .await?;
    let most = if filter.most == 0 { 50 } else { filter.most.min(1_000) };
    let lines = store::list(
        period,
        filter.test,
        filter.campus,
        filter.state,
        reach.kind,
        reach.me,
        reach.scope,
        reach.today,
        filter.skip.into(),
        most.into(),
    );
    Ok(Page { lines: reader.all(lines).await?, total: u64::try_from(total).unwrap_or_default() })
}

/// Those of one student, over all periods, the newest first.
pub async fn of_person(db: &Db, caller: &Caller, person: PersonId) -> Result<Vec<Registration>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::person(&mut reader, caller, Action::SeeRegistrations, person).await?;
    Ok(reader.all(store::of_person(person)).await?)
}

/// One registration.
pub async fn see(db: &Db, caller: &Caller, id: RegistrationId) -> Result<Registration, Error> {
    let mut reader = db.reader(caller.institution);
    let one = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(RegistrationId::KIND))?;
    regie_access::person(&mut reader, caller, Action::SeeRegistrations, one.person).await?;
    Ok(one)
}
