//! Mandates: the committee lets somebody else do a task for a while, and stays responsible.

mod give;
mod list;
mod store;
mod withdraw;

pub use give::{GiveMandate, give, possible};
pub use list::{list, of_person};
pub use store::Given;
pub use withdraw::withdraw;

use jiff::civil::Date;

impl Given {
    /// Whether it counts on this day.
    pub fn holds(&self, today: Date) -> bool {
        self.withdrawn_at.is_none() && regie_core::day::holds(self.begins, Some(self.ends), today)
    }
}
