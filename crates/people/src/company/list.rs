use super::{CompanyLine, store};
use crate::Error;
use crate::paging::{Page, Paging, Words};
use crate::person::PersonLine;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::CompanyId;
use regie_db::Ask;

/// What the list is narrowed to.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Words that must all occur in name, code or city.
    pub text: String,
    pub active: bool,
    pub paging: Paging,
}

impl Default for Filter {
    fn default() -> Self {
        Self { text: String::new(), active: true, paging: Paging::default() }
    }
}

pub async fn list(db: &Db, caller: &Caller, filter: &Filter) -> Result<Page<CompanyLine>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeOrganisation).await?;
    let words = Words::of(&filter.text);
    let (w1, w2, w3) = words.three();
    let (skip, most) = filter.paging.slice();
    let (total,) = reader.one(store::count(w1, w2, w3, filter.active)).await?;
    let lines = reader.all(store::list(w1, w2, w3, filter.active, skip, most)).await?;
    Ok(Page::new(lines, total))
}

/// Who comes in from this company, as far as the caller may see them.
pub async fn people(db: &Db, caller: &Caller, id: CompanyId) -> Result<Vec<PersonLine>, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::list(&mut reader, caller, Action::SeePeople).await?;
    let reach = allowed.what();
    Ok(reader.all(store::people(id, reach.kind, reach.me, reach.scope, reach.today)).await?)
}
