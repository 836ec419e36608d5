//! Groups: classes and learning groups, with dated members.

mod add;
mod edit;
mod join;
mod leave;
mod list;
mod store;

pub use add::{AddGroup, add};
pub use edit::{EditGroup, edit};
pub use join::{Join, join};
pub use leave::{Leave, leave};
pub use list::{Filter, list, members, of_person, teachers};
pub use store::{Group, GroupLine, Member, Membership};
pub(crate) use store::{Stay, insert_member, set_end};

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{GroupId, Id};
use regie_db::Ask;
use regie_db::journal::Entry;

/// What a member is in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Student,
    Teacher,
}

impl Part {
    pub const ALL: [Part; 2] = [Part::Student, Part::Teacher];

    pub const fn code(self) -> &'static str {
        match self {
            Part::Student => "student",
            Part::Teacher => "teacher",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.code() == code)
    }
}

regie_db::coded!(Part = Part::Student);

/// Every group and every stay, for an import to look through.
pub(crate) fn all_query() -> regie_db::Query<Group> {
    store::all()
}

pub(crate) fn stays_query() -> regie_db::Query<Stay> {
    store::stays()
}

/// One group, with the version a later edit must name.
pub async fn see(db: &Db, caller: &Caller, id: GroupId) -> Result<Group, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::group(&mut reader, caller, Action::SeePeople, id).await?;
    reader.opt(store::by_id(allowed.id())).await?.ok_or(Error::NotFound(GroupId::KIND))
}

/// What happened to it, newest first. Who came and went stands in the history of each person.
pub async fn history(db: &Db, caller: &Caller, id: GroupId) -> Result<Vec<Entry>, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::group(&mut reader, caller, Action::SeePeople, id).await?;
    Ok(reader.all(regie_db::journal::history(allowed.id().uuid(), 100)).await?)
}
