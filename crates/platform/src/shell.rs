//! What the frame of every page asks: one question for all of it.

use crate::Error;
use regie_access::Db;
use regie_core::Caller;
use regie_core::id::PersonId;
use regie_db::{Ask, row, statements};

row! {
    pub struct Shell {
        /// Notices that the caller has not read.
        pub unread: i64,
        /// The version of the school's own look, if it has one.
        pub brand: Option<i64>,
        /// Whether it has a mark.
        pub logos: i64,
    }
}

statements! {
    fn shell(person: PersonId) -> Shell =
        "SELECT (SELECT count(*) FROM notice n WHERE n.institution = $1 AND n.person = $2 AND n.read_at IS NULL) AS unread,
            (SELECT b.version FROM brand b WHERE b.institution = $1) AS brand,
            (SELECT count(*) FROM brand b WHERE b.institution = $1 AND b.logo IS NOT NULL) AS logos";
}

/// For this caller, in the school where it acts now.
pub async fn shell_of(db: &Db, caller: &Caller) -> Result<Shell, Error> {
    let person = caller.person.unwrap_or(PersonId::NIL);
    Ok(db.reader(caller.institution).one(shell(person)).await?)
}
