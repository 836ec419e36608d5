//! Content-addressed blobs: the edge between Regie and the place where files lie.
//!
//! [`Files::put`] reads a stream once, counts it against a cap, tells its kind by content and stores it under the SHA-256 of its
//! bytes; the same bytes are stored once. A blob is whole and on disk when `put` returns: it is written beside its place, synced, renamed
//! into it, and the folders are synced. [`Files::get`] checks the bytes against their name while they are read.
//!
//! Which blobs are in use stands in a ledger table elsewhere. Its sweeper takes [`Files::list`], leaves out what the ledger knows, and
//! calls [`Files::remove_unused`] with a moment safely in the past: a `put` always renews a blob's time, so that a blob uploaded again
//! while it is about to be swept survives. [`Files::sweep_incoming`] clears what a crash left half-written.
//!
//! The disk is always there; the feature `s3` adds S3-compatible storage. No database and no clock.

mod hash;
mod kind;
mod store;

pub use hash::{Hash, HashError};
pub use kind::sniff;
#[cfg(feature = "s3")]
pub use store::S3Settings;
pub use store::{Accept, Blob, Files, FilesError, Listed};
