//! The register of platforms on which the school lets exams be taken. Who knows the systems enters them; the committee
//! permits them, for a while and on grounds.

mod add;
mod list;
mod permit;
mod store;

pub use add::{AddPlatform, add};
pub use list::{list, see};
pub use permit::{Permit, permit};
pub use store::Platform;

use jiff::civil::Date;

impl Platform {
    /// Whether exams may be taken on it on this day.
    pub fn permitted_on(&self, day: Date) -> bool {
        self.permitted_from.is_some_and(|from| from <= day)
            && self.permitted_until.is_none_or(|until| until >= day)
    }
}
