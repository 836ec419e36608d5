use super::{Instrument, InstrumentLine, VersionLine, store};
use crate::version::State;
use crate::{Error, Page, Paging};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, InstrumentId, TestId};
use regie_core::paging::Words;
use regie_db::Ask;
use regie_db::journal::Entry;

/// What the list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words that must all occur in name or code.
    pub text: String,
    pub test: Option<TestId>,
    /// With a version in this state.
    pub state: Option<State>,
    pub paging: Paging,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    pub instrument: Instrument,
    /// Newest first.
    pub versions: Vec<VersionLine>,
}

pub async fn list(db: &Db, caller: &Caller, filter: &Filter) -> Result<Page<InstrumentLine>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeInstruments).await?;
    let words = Words::of(&filter.text);
    let (w1, w2, w3) = words.three();
    let (skip, most) = filter.paging.slice();
    let (total,) = reader.one(store::count(w1, w2, w3, filter.test, filter.state)).await?;
    let lines = reader.all(store::list(w1, w2, w3, filter.test, filter.state, skip, most)).await?;
    Ok(Page::new(lines, total))
}

pub async fn see(db: &Db, caller: &Caller, id: InstrumentId) -> Result<Whole, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeInstruments).await?;
    let instrument = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(InstrumentId::KIND))?;
    Ok(Whole { instrument, versions: reader.all(store::versions(id)).await? })
}

/// What happened to it and to each of its versions, newest first.
pub async fn history(db: &Db, caller: &Caller, id: InstrumentId) -> Result<Vec<Entry>, Error> {
    let whole = see(db, caller, id).await?;
    let mut reader = db.reader(caller.institution);
    let mut lines = reader.all(regie_db::journal::history(id.uuid(), 100)).await?;
    for version in &whole.versions {
        lines.extend(reader.all(regie_db::journal::history(version.id.uuid(), 100)).await?);
    }
    lines.sort_by_key(|line| std::cmp::Reverse((line.recorded_at, line.id)));
    lines.truncate(100);
    Ok(lines)
}
