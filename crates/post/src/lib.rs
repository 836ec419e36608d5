//! Mail: the edge between Regie and people's mailboxes.
//!
//! A [`Mail`] is a value to one person that an outbox row can hold; its message id is made of the row's id, so that a retry
//! is recognisable and sends the same bytes. An [`Invitation`] adds a calendar part that later mails can move or withdraw.
//! [`Smtp`] delivers over TLS and says of each [`Refusal`] what follows: try again, bounce, or repair the settings.
//! [`Post`] holds the house's texts and renders them, or a school's own, from a small and safe part of the template language:
//! printing, `if` and `for`, with a fuel limit and a cap on what comes out. A school's text that fails never stops a mail: the house text
//! goes out and the fault is reported.
//!
//! The crate keeps nothing and knows no clock: what was sent, when to retry and whom to tell are the caller's.

mod calendar;
mod mail;
mod smtp;
mod subset;
mod template;

pub use calendar::{CalendarError, Invitation, Method};
pub use mail::{Address, Attachment, Mail, MailError};
pub use smtp::{Refusal, Security, SettingsError, Smtp, SmtpSettings, Then};
pub use template::{CODES, Code, Fault, HouseText, Part, Post, PostError, Rendered, Sent, Template};
