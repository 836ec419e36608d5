//! What the frame of every page asks.

use crate::Error;
use regie_access::Db;
use regie_core::Caller;
use regie_core::id::{Id as _, InstitutionId, NoticeId, PersonId};
use regie_db::{Ask, row, statements};
use std::sync::Arc;

row! {
    /// How a school's own look is called.
    pub struct Look {
        /// Its version, in the address of the style sheet.
        pub version: i64,
        /// Whether it has a mark.
        pub logo: bool,
    }
}

/// Around every page.
#[derive(Debug, Clone)]
pub struct Shell {
    /// Notices that the caller has not read.
    pub unread: u32,
    /// Nothing when the school looks as the house does.
    pub look: Arc<Option<Look>>,
}

statements! {
    fn look() -> Look = "SELECT version, logo IS NOT NULL AS logo FROM brand WHERE institution = $1";
}

/// Notices not yet read, as what is kept of one person.
struct Unread(u32);

/// For this caller, in the school where it acts now. Kept until something of it changes.
pub async fn shell_of(db: &Db, caller: &Caller) -> Result<Shell, Error> {
    let (institution, person) = (caller.institution, caller.person.unwrap_or(PersonId::NIL));
    let looking = async { Ok::<_, Error>(db.reader(institution).opt(look()).await?) };
    let look = db.kept(institution, institution.uuid(), &[InstitutionId::KIND], looking).await?;
    let counting = async { Ok::<_, Error>(Unread(crate::notice::unread(db, caller).await?)) };
    let unread = db.kept(institution, person.uuid(), &[NoticeId::KIND], counting).await?;
    Ok(Shell { unread: unread.0, look })
}
