use super::{OfferingLine, Path, store};
use crate::Error;
use crate::paging::{Page, Paging, Words};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ProgramId, UnitId};
use regie_db::Ask;

/// What the list is narrowed to.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Words that must all occur in code, programme, cohort or path.
    pub text: String,
    pub program: Option<ProgramId>,
    pub cohort: Option<u32>,
    pub path: Option<Path>,
    /// Taught by this unit or one below it.
    pub unit: Option<UnitId>,
    pub active: bool,
    pub paging: Paging,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            text: String::new(),
            program: None,
            cohort: None,
            path: None,
            unit: None,
            active: true,
            paging: Paging::default(),
        }
    }
}

pub async fn list(db: &Db, caller: &Caller, filter: &Filter) -> Result<Page<OfferingLine>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeePrograms).await?;
    let words = Words::of(&filter.text);
    let (w1, w2, w3) = words.three();
    let (skip, most) = filter.paging.slice();
    let Filter { program, cohort, path, unit, active, .. } = *filter;
    let (total,) = reader.one(store::count(w1, w2, w3, program, cohort, path, unit, active)).await?;
    let today = caller.today();
    let lines =
        reader.all(store::list(w1, w2, w3, program, cohort, path, unit, active, today, skip, most)).await?;
    Ok(Page::new(lines, total))
}
