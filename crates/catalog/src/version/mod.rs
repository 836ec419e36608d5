//! Versions of an instrument. A draft is written; once handed in it is what its hash says, for ever. A mistake is mended
//! by a next version.

mod content;
mod correct;
mod delivered;
mod document;
mod release;
mod see;
mod store;
mod submit;
mod variant;
mod write;

pub use content::{Condition, Content, ConversionRow, Result as ResultKind};
pub use correct::{Correct, correct};
pub use delivered::{Delivered, delivered};
pub use document::{AttachDocument, Audience, Moment, Purpose, attach, detach, keeps, open};
pub use release::{activate, resume, retire, suspend};
pub(crate) use see::whole;
pub use see::{Whole, see};
pub use store::{Document, Variant, Version};
pub(crate) use store::{approve, by_id, first, handed_in_by, reject};
pub use submit::{Lack, lacks, submit};
pub use variant::{PutVariant, put_variant, remove_variant, withdraw_variant};
pub use write::{Write, write};

codes! {
    pub enum State {
        Draft = "draft",
        Submitted = "submitted",
        /// The committee lets it be used.
        Approved = "approved",
        /// In use.
        Active = "active",
        Suspended = "suspended",
        Retired = "retired",
        /// The committee did not let it; its findings say why.
        Rejected = "rejected",
    }
}
