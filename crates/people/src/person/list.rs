use super::{Kind, PersonLine, State, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::UnitId;
use regie_core::name::folded;
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

/// A page of a list and how many there are in all.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub lines: Vec<PersonLine>,
    pub total: u64,
}

pub async fn list(db: &Db, caller: &Caller, filter: &Filter) -> Result<Page, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::list(&mut reader, caller, Action::SeePeople).await?;
    let reach = allowed.what();
    let text = folded(&filter.text);
    let mut words = text.splitn(3, ' ');
    let mut word = || words.next().unwrap_or_default();
    let (w1, w2, w3) = (word(), word(), word());
    let (kind, state, unit) = (filter.kind, filter.state, filter.unit);
    let size = filter.size.clamp(1, 5_000);
    let skip = i64::from(filter.page.saturating_sub(1)) * i64::from(size);
    let (total,) = reader
        .one(store::count(kind, state, unit, w1, w2, w3, reach.kind, reach.me, reach.scope, reach.today))
        .await?;
    let query = if filter.by_number { store::by_number } else { store::by_name };
    let lines = reader
        .all(query(
            kind,
            state,
            unit,
            w1,
            w2,
            w3,
            reach.kind,
            reach.me,
            reach.scope,
            reach.today,
            skip,
            i64::from(size),
        ))
        .await?;
    Ok(Page { lines, total: u64::try_from(total).unwrap_or_default() })
}
