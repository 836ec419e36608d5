//! Exam suppliers: who makes instruments that a school buys, and until when that maker is certified.

mod add;
mod edit;
mod list;
mod store;

pub use add::{AddSupplier, add};
pub use edit::{EditSupplier, edit};
pub use list::{list, see};
pub use store::Supplier;
