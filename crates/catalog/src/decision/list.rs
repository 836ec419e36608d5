use super::{Decision, store};
use crate::{Error, Page, Paging};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_db::Ask;

/// What the register is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub year: Option<i64>,
    /// As it stands in the register: `instrument`, `platform`, `construction`, `exam-plan`.
    pub kind: Option<String>,
    pub paging: Paging,
}

/// The register, newest first.
pub async fn list(db: &Db, caller: &Caller, filter: &Filter) -> Result<Page<Decision>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeDecisions).await?;
    let (skip, most) = filter.paging.slice();
    let kind = filter.kind.as_deref();
    let (total,) = reader.one(store::count(filter.year, kind)).await?;
    Ok(Page::new(reader.all(store::list(filter.year, kind, skip, most)).await?, total))
}
