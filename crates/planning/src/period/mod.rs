//! Exam periods: a window of the school with its own times per channel, and the rules as they were when it opened.

mod add;
mod advance;
mod edit;
pub(crate) mod store;

pub use add::{AddPeriod, add};
pub use advance::{advance, freeze_due};
pub use edit::{EditPeriod, edit};
pub use store::Period;

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ExamPeriodId, Id};
use regie_core::period::{Channel, State, Window};
use regie_core::setting::Settings;
use regie_db::Ask;
use regie_db::journal::Entry;

impl Period {
    pub fn window(&self, channel: Channel) -> Option<Window> {
        let (opens, closes) = match channel {
            Channel::Student => (self.student_opens, self.student_closes),
            Channel::Teacher => (self.teacher_opens, self.teacher_closes),
            Channel::Central => (self.central_opens, self.central_closes),
        };
        Some(Window { opens: opens?, closes: closes? })
    }

    /// The settings it keeps; those of the moment while it is a draft.
    pub fn rules(&self, now: Settings) -> Settings {
        let kept = self.rules.as_deref().and_then(|text| serde_json::from_str(text).ok());
        kept.unwrap_or(now)
    }
}

/// All periods, the newest first. Drafts are for who makes them.
pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<Period>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeePeriods).await?;
    let drafts = regie_access::here(&mut reader, caller, Action::EditPeriods).await.is_ok();
    let found = reader.all(store::list()).await?;
    Ok(found.into_iter().filter(|period| drafts || period.state != State::Draft).collect())
}

/// One period, with the version a later edit must name.
pub async fn see(db: &Db, caller: &Caller, id: ExamPeriodId) -> Result<Period, Error> {
    let all = list(db, caller).await?;
    all.into_iter().find(|period| period.id == id).ok_or(Error::NotFound(ExamPeriodId::KIND))
}

/// What happened to it, newest first.
pub async fn history(db: &Db, caller: &Caller, id: ExamPeriodId) -> Result<Vec<Entry>, Error> {
    see(db, caller, id).await?;
    Ok(db.reader(caller.institution).all(regie_db::journal::history(id.uuid(), 100)).await?)
}
