//! What a school sets, writes and hears. One module per noun, one file per verb.

pub mod brand;
pub mod delivery;
mod error;
mod journal;
pub mod mail;
pub mod mail_text;
pub mod notice;
pub mod regulation;
pub mod setting;
mod shell;

pub use error::Error;
pub use shell::{Look, Shell, shell_of};
