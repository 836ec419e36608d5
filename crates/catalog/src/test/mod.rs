//! Tests: what a school or supplier delivers as one piece, and what planning must know of it.

mod add;
mod edit;
mod list;
mod store;
mod window;

pub use add::{AddTest, add};
pub use edit::{EditTest, edit};
pub use list::{Filter, Whole, list, see};
pub use store::{Test, TestLine, Window};
pub use window::{PutWindow, put_window, remove_window};

codes! {
    /// How it is taken.
    pub enum Kind {
        Written = "written",
        Digital = "digital",
        Oral = "oral",
        Practical = "practical",
        /// Set by the state, taken within its windows.
        Central = "central",
    }
}
