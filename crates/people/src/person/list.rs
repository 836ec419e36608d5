use super::{Kind, PersonLine, State, store};
use crate::Error;
use crate::paging::{Page, Paging, Words};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::UnitId;
use regie_db::Ask;

/// What the list is narrowed to.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Words that must all occur in name, number or mail; capitals and accents do not matter.
    pub text: String,
    pub kind: Option<Kind>,
    pub unit: Option<UnitId>,
    pub state: State,
    /// By number instead of by name.
    pub by_number: bool,
    /// From 1.
    pub page: u32,
    pub size: u32,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            text: String::new(),
            kind: None,
            unit: None,
            state: State::Active,
            by_number: false,
            page: 1,
            size: 50,
        }
    }
}

pub async fn list(db: &Db, caller: &Caller, filter: &Filter) -> Result<Page<PersonLine>, Error> {
    listed(db, caller, filter, Action::SeePeople).await
}

/// The active persons whom these words may mean, the likeliest first.
pub async fn find(db: &Db, caller: &Caller, text: &str, most: u32) -> Result<Page<PersonLine>, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::list(&mut reader, caller, Action::SeePeople).await?;
    let reach = allowed.what();
    let words = Words::of(text);
    let (w1, w2, w3) = words.three();
    let (kind, me, scope, today) = (reach.kind, reach.me, reach.scope, reach.today);
    let (total,) = reader.one(store::count_found(w1, w2, w3, kind, me, scope, today)).await?;
    let lines = reader.all(store::found(w1, w2, w3, kind, me, scope, today, most.into())).await?;
    Ok(Page::new(lines, total))
}

/// What of the list the caller reaches for this action.
pub(super) async fn listed(
    db: &Db,
    caller: &Caller,
    filter: &Filter,
    action: Action,
) -> Result<Page<PersonLine>, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::list(&mut reader, caller, action).await?;
    let reach = allowed.what();
    let words = Words::of(&filter.text);
    let (w1, w2, w3) = words.three();
    let (kind, state, unit) = (filter.kind, filter.state, filter.unit);
    let (skip, most) = Paging { page: filter.page, size: filter.size }.slice();
    let (total,) = reader
        .one(store::count(kind, state, unit, w1, w2, w3, reach.kind, reach.me, reach.scope, reach.today))
        .await?;
    let query = if filter.by_number { store::by_number } else { store::by_name };
    let lines = reader
        .all(query(kind, state, unit, w1, w2, w3, reach.kind, reach.me, reach.scope, reach.today, skip, most))
        .await?;
    Ok(Page::new(lines, total))
}
