//! Messages in the page: notices, the empty state, progress of long work.

use super::{Button, Tone, draws_itself};
use askama::Template;
use regie_texts::Texts;

/// A message above or between the content.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/notice.html")]
pub struct Notice {
    pub tone: Tone,
    pub title: Option<String>,
    pub text: String,
    pub action: Option<Button>,
    /// Read out at once: for what happened just now. Not for notices a page always has.
    pub loud: bool,
}

draws_itself!(Notice, Empty, Progress);

impl Notice {
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, title: None, text: text.into(), action: None, loud: false }
    }

    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    #[must_use]
    pub fn action(mut self, action: Button) -> Self {
        self.action = Some(action);
        self
    }

    #[must_use]
    pub fn loud(mut self) -> Self {
        self.loud = true;
        self
    }

    const fn kind(&self) -> &'static str {
        match self.tone {
            Tone::Ok => "ok",
            Tone::Warn | Tone::Now => "warning",
            Tone::Danger => "error",
            Tone::Info | Tone::Plain => "info",
        }
    }

    const fn icon(&self) -> &'static str {
        match self.tone {
            Tone::Ok => "circle-check",
            Tone::Warn | Tone::Now => "triangle-alert",
            Tone::Danger => "octagon-alert",
            Tone::Info | Tone::Plain => "info",
        }
    }
}

/// Nothing here: one friendly sentence and the action that fills it.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/empty.html")]
pub struct Empty {
    pub icon: &'static str,
    pub title: String,
    pub text: String,
    pub actions: Vec<Button>,
}

impl Empty {
    pub fn new(icon: &'static str, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { icon, title: title.into(), text: text.into(), actions: Vec::new() }
    }

    #[must_use]
    pub fn action(mut self, action: Button) -> Self {
        self.actions.push(action);
        self
    }
}

/// Long work: a bar, what it is doing, and that the page can be left.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/progress.html")]
pub struct Progress {
    pub texts: Texts,
    /// Unique on the page: the bar is named by it.
    pub id: String,
    pub title: String,
    /// What it is doing at this moment.
    pub doing: String,
    pub done: u64,
    /// Unknown while the work is still being counted.
    pub total: Option<u64>,
    /// Whether the reader may leave.
    pub can_leave: bool,
}

impl Progress {
    fn percent(&self) -> String {
        let total = self.total.unwrap_or(0).max(1);
        #[allow(clippy::cast_precision_loss, reason = "a percentage for the eye")]
        self.texts.percent((self.done.min(total)) as f64 / total as f64)
    }
}
