//! Who may do what. A use case asks here and gets `Allowed<T>` or a refusal that names the rule and who can lift it.

mod action;
mod allowed;
pub mod duty;
mod live;
mod mandate;
mod reach;
mod refusal;
mod setting;
mod table;

pub use action::Action;
pub use allowed::{Allowed, about, group, here, journal_refusal, list, person, platform, unit};
pub use live::kinds_for;
pub use reach::Reach;
pub use refusal::{Refusal, db_code, db_standing};
/// The front doors hold the database only to hand it on: without `Ask` and statements they cannot ask it anything.
pub use regie_db::Db;
pub use setting::{setting, settings, settings_at};
pub use table::{TABLE, Width, printed, who_may, width};
