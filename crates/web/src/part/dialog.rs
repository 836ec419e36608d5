//! A question before something with consequences. Its page and its dialog are the same part.

use super::{Button, draws_itself};
use askama::Template;
use regie_texts::Texts;

/// Asks once, and names the consequence. Drawn as a link to the page that asks (which works without
/// script) and, with script, as a dialog on top of this page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/question.html")]
pub struct Question {
    pub texts: Texts,
    /// Unique on the page.
    pub id: String,
    /// Leads to the page that asks the same.
    pub link: Button,
    /// *Zitting annuleren?*
    pub title: String,
    /// What will happen and what cannot be undone.
    pub consequences: Vec<String>,
    /// Asks for a reason, which the journal keeps.
    pub reason: bool,
    pub action: String,
    pub csrf: String,
    /// The word on the button that does it.
    pub confirm: String,
    pub fields: Vec<(String, String)>,
    /// Draws the question itself instead of the link: for the page that asks, and the style guide.
    pub open: bool,
}

draws_itself!(Question);
