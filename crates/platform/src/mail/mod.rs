//! Mail that was dealt with: taken by a mail server, refused by it, or kept in the cabinet of a demo school.

mod settle;
mod store;

pub use settle::{Letter, is_settled, settle};
pub use store::{Mail, MailLine};

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::MailId;
use regie_db::Ask;

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A mail server took it on its own responsibility.
    Sent,
    /// The mail server will never take it: the address or the mail is wrong.
    Refused,
    /// In the cabinet of a demo school, where nothing leaves.
    Kept,
}

impl State {
    pub const ALL: [State; 3] = [State::Sent, State::Refused, State::Kept];

    pub const fn code(self) -> &'static str {
        match self {
            State::Sent => "sent",
            State::Refused => "refused",
            State::Kept => "kept",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

regie_db::coded!(State = State::Sent);

/// The latest mail, newest first.
pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<MailLine>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeMail).await?;
    Ok(reader.all(store::latest(200)).await?)
}

/// One mail; what it said is there only when it was kept.
pub async fn see(db: &Db, caller: &Caller, id: MailId) -> Result<Mail, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeMail).await?;
    reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound("mail"))
}
