//! The school's own texts of mails. What stands here replaces the house's text of that mail in that language.

mod fail;
mod put;
mod remove;
mod store;

pub use fail::fail;
pub use put::{PutText, put};
pub use remove::remove;
pub use store::OwnText;

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::InstitutionId;
use regie_db::Ask;

/// All of the school's own texts.
pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<OwnText>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::EditTexts).await?;
    Ok(reader.all(store::all()).await?)
}

/// One of them, if the school wrote it.
pub async fn see(db: &Db, caller: &Caller, name: &str, language: &str) -> Result<Option<OwnText>, Error> {
    regie_access::here(&mut db.reader(caller.institution), caller, Action::EditTexts).await?;
    own(db, caller.institution, name, language).await
}

/// What a mail of this school says: asked when it is sent.
pub async fn own(
    db: &Db,
    institution: InstitutionId,
    name: &str,
    language: &str,
) -> Result<Option<OwnText>, Error> {
    Ok(db.reader(institution).opt(store::one(name, language)).await?)
}
