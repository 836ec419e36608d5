use super::{Kind, Test, TestLine, Window, store};
use crate::{Error, Page, Paging};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, TestId};
use regie_core::paging::Words;
use regie_db::Ask;

/// What the list is narrowed to.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Words that must all occur in name, code or subject.
    pub text: String,
    pub kind: Option<Kind>,
    pub active: bool,
    pub paging: Paging,
}

impl Default for Filter {
    fn default() -> Self {
        Self { text: String::new(), kind: None, active: true, paging: Paging::default() }
    }
}

/// One test with what hangs below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    pub test: Test,
    pub needs: Vec<String>,
    pub windows: Vec<Window>,
}

pub async fn list(db: &Db, caller: &Caller, filter: &Filter) -> Result<Page<TestLine>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeTests).await?;
    let words = Words::of(&filter.text);
    let (w1, w2, w3) = words.three();
    let (skip, most) = filter.paging.slice();
    let (total,) = reader.one(store::count(w1, w2, w3, filter.kind, filter.active)).await?;
    let lines = reader.all(store::list(w1, w2, w3, filter.kind, filter.active, skip, most)).await?;
    Ok(Page::new(lines, total))
}

pub async fn see(db: &Db, caller: &Caller, id: TestId) -> Result<Whole, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeTests).await?;
    let test = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(TestId::KIND))?;
    let needs = reader.all(store::needs(id)).await?.into_iter().map(|(code,)| code).collect();
    Ok(Whole { test, needs, windows: reader.all(store::windows(id)).await? })
}
