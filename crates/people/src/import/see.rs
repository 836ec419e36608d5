use super::{Import, Kind, Line, Mapping, Missing, Outcome, Problem, State, store};
use crate::Error;
use regie_access::Db;
use regie_core::Caller;
use regie_core::id::{Id, ImportId};
use regie_core::name::folded;
use regie_db::{Ask, Event};
use serde_json::json;

/// A page of judged rows and how many there are.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    pub lines: Vec<Line>,
    pub total: u64,
}

impl Import {
    pub fn headers(&self) -> Vec<String> {
        serde_json::from_str(&self.headers).unwrap_or_default()
    }

    pub fn mapping(&self) -> Mapping {
        serde_json::from_str(&self.mapping).unwrap_or_default()
    }

    pub fn fault(&self) -> Option<super::Fault> {
        self.fault.as_deref().and_then(|text| serde_json::from_str(text).ok())
    }

    /// How many rows came out so.
    pub const fn count(&self, outcome: Outcome) -> i64 {
        match outcome {
            Outcome::New => self.new_rows,
            Outcome::Changed => self.changed_rows,
            Outcome::Same => self.same_rows,
            Outcome::Refused => self.refused_rows,
        }
    }
}

impl Line {
    pub fn faults(&self) -> Vec<super::Fault> {
        serde_json::from_str(&self.faults).unwrap_or_default()
    }

    pub fn changes(&self) -> Vec<super::Change> {
        serde_json::from_str(&self.changes).unwrap_or_default()
    }

    /// In the order of the kind's columns.
    pub fn cells(&self) -> Vec<Option<String>> {
        serde_json::from_str(&self.cells).unwrap_or_default()
    }
}

/// An import that the caller may see: their own, or any for who reaches the whole school. The caller comes back as it acts.
pub(super) async fn mine(db: &Db, caller: &Caller, id: ImportId) -> Result<(Import, Caller), Error> {
    let mut reader = db.reader(caller.institution);
    let import = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(ImportId::KIND))?;
    let allowed = regie_access::list(&mut reader, caller, import.kind.action()).await?;
    let own = import.person.is_some() && import.person == caller.person;
    match own || allowed.what().is_all() {
        true => Ok((import, allowed.caller().clone())),
        false => Err(Error::NotFound(ImportId::KIND)),
    }
}

pub async fn see(db: &Db, caller: &Caller, id: ImportId) -> Result<Import, Error> {
    Ok(mine(db, caller, id).await?.0)
}

/// The latest imports the caller may see, newest first.
pub async fn latest(db: &Db, caller: &Caller) -> Result<Vec<Import>, Error> {
    let mut reader = db.reader(caller.institution);
    let mut seen = Vec::new();
    let mut refusal = None;
    for kind in Kind::ALL {
        match regie_access::list(&mut reader, caller, kind.action()).await {
            Ok(allowed) => seen.push((kind, allowed.what().is_all())),
            Err(error) => refusal = Some(error),
        }
    }
    if let (true, Some(refusal)) = (seen.is_empty(), refusal) {
        return Err(refusal.into());
    }
    let mut found = reader.all(store::latest(200)).await?;
    found.retain(|import| {
        let own = import.person.is_some() && import.person == caller.person;
        seen.iter().any(|(kind, all)| *kind == import.kind && (*all || own))
    });
    Ok(found)
}

/// Judged rows, page by page; `text` is looked for in what each row is about.
pub async fn rows(
    db: &Db,
    caller: &Caller,
    id: ImportId,
    outcome: Option<Outcome>,
    text: &str,
    page: u32,
    size: u32,
) -> Result<Rows, Error> {
    mine(db, caller, id).await?;
    let mut reader = db.reader(caller.institution);
    let word = folded(text);
    let (total,) = reader.one(store::count_lines(id, outcome, &word)).await?;
    let skip = i64::from(page.saturating_sub(1)) * i64::from(size);
    let lines = reader.all(store::lines(id, outcome, &word, skip, i64::from(size))).await?;
    Ok(Rows { lines, total: u64::try_from(total).unwrap_or_default() })
}

/// Who stands in the school, within reach, and not in the file. Nothing happens to them.
pub async fn missing(
    db: &Db,
    caller: &Caller,
    id: ImportId,
    page: u32,
    size: u32,
) -> Result<(Vec<Missing>, u64), Error> {
    let (import, caller) = mine(db, caller, id).await?;
    let Some(kind) = import.kind.person() else { return Ok((Vec::new(), 0)) };
    if !matches!(import.state, State::Judged | State::Done) || import.forgotten {
        return Err(Problem::NotNow(import.state).into());
    }
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::list(&mut reader, &caller, import.kind.action()).await?;
    let reach = allowed.what();
    let (total,) =
        reader.one(store::count_missing(id, kind, reach.kind, reach.me, reach.scope, reach.today)).await?;
    let skip = i64::from(page.saturating_sub(1)) * i64::from(size);
    let found = reader
        .all(store::missing(id, kind, reach.kind, reach.me, reach.scope, reach.today, skip, i64::from(size)))
        .await?;
    Ok((found, u64::try_from(total).unwrap_or_default()))
}

/// Says in the journal that rows with personal data left as a file.
pub async fn exported(db: &Db, caller: &Caller, id: ImportId, what: &'static str) -> Result<(), Error> {
    let (_, allowed) = mine(db, caller, id).await?;
    db.write(&Caller { request: None, ..allowed }, (), move |tx, ()| {
        Box::pin(async move {
            let event = Event::new("import.exported", id).new_value(json!({ "rows": what }));
            Ok(tx.done((), event))
        })
    })
    .await
}
