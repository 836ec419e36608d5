use super::{ProgramLine, store};
use crate::Error;
use crate::paging::{Page, Paging, Words};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_db::Ask;

/// What the list is narrowed to.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Words that must all occur in name, code or crebo.
    pub text: String,
    pub level: Option<u32>,
    pub active: bool,
    pub paging: Paging,
}

impl Default for Filter {
    fn default() -> Self {
        Self { text: String::new(), level: None, active: true, paging: Paging::default() }
    }
}

pub async fn list(db: &Db, caller: &Caller, filter: &Filter) -> Result<Page<ProgramLine>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeePrograms).await?;
    let words = Words::of(&filter.text);
    let (w1, w2, w3) = words.three();
    let (skip, most) = filter.paging.slice();
    let (total,) = reader.one(store::count(w1, w2, w3, filter.level, filter.active)).await?;
    let lines =
        reader.all(store::list(w1, w2, w3, filter.level, filter.active, caller.today(), skip, most)).await?;
    Ok(Page::new(lines, total))
}
