use super::{Kind, Need, store};
use crate::Error;
use crate::paging::{Page, Paging, Words};
use jiff::ToSpan as _;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{PersonId, UnitId};
use regie_db::Ask;

/// How a need stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// In force.
    Valid,
    /// In force, but not for long.
    Expiring,
    /// Its first day is still to come.
    Coming,
    Expired,
    Withdrawn,
}

impl State {
    pub const ALL: [State; 5] =
        [State::Valid, State::Expiring, State::Coming, State::Expired, State::Withdrawn];

    pub const fn code(self) -> &'static str {
        match self {
            State::Valid => "valid",
            State::Expiring => "expiring",
            State::Coming => "coming",
            State::Expired => "expired",
            State::Withdrawn => "withdrawn",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

regie_db::coded!(State = State::Valid);

impl Need {
    pub fn state(&self, today: jiff::civil::Date) -> State {
        if self.withdrawn_at.is_some() {
            State::Withdrawn
        } else if today < self.begins {
            State::Coming
        } else if self.ends.is_some_and(|ends| ends < today) {
            State::Expired
        } else if self.ends.is_some_and(|ends| ends <= soon(today)) {
            State::Expiring
        } else {
            State::Valid
        }
    }
}

/// Who must decide about a new one wants to hear of it a month before.
fn soon(today: jiff::civil::Date) -> jiff::civil::Date {
    today.saturating_add(30.days())
}

/// What the list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words that must all occur in the student's name, number or mail.
    pub text: String,
    pub kind: Option<Kind>,
    pub unit: Option<UnitId>,
    /// `Valid` holds what is expiring too.
    pub state: Option<State>,
    pub paging: Paging,
}

pub async fn list(db: &Db, caller: &Caller, filter: &Filter) -> Result<Page<Need>, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::list(&mut reader, caller, Action::SeeNeeds).await?;
    let reach = allowed.what();
    let words = Words::of(&filter.text);
    let (w1, w2, w3) = words.three();
    let (skip, most) = filter.paging.slice();
    let Filter { kind, unit, state, .. } = *filter;
    let (width, me, scope, today) = (reach.kind, reach.me, reach.scope, reach.today);
    let soon = soon(today);
    let (total,) =
        reader.one(store::count(w1, w2, w3, kind, unit, state, soon, width, me, scope, today)).await?;
    let lines = reader
        .all(store::list(w1, w2, w3, kind, unit, state, soon, width, me, scope, today, skip, most))
        .await?;
    Ok(Page::new(lines, total))
}

/// How many in reach end within a month and have no successor: somebody must decide about them.
pub async fn expiring(db: &Db, caller: &Caller) -> Result<u64, Error> {
    let filter =
        Filter { state: Some(State::Expiring), paging: Paging { page: 1, size: 1 }, ..Filter::default() };
    Ok(list(db, caller, &filter).await?.total)
}

/// All needs of one student, the newest first.
pub async fn of_person(db: &Db, caller: &Caller, person: PersonId) -> Result<Vec<Need>, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::SeeNeeds, person).await?;
    Ok(reader.all(store::of_person(allowed.id())).await?)
}
