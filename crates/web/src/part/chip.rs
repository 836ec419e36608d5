//! A status: always a word, with a dot or an icon. Colour never says it alone.

use super::draws_itself;
use askama::Template;

/// What a colour stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Plain,
    Ok,
    Info,
    Warn,
    Danger,
    /// Happening now, or for you: the only use of the signal colour.
    Now,
}

impl Tone {
    pub const ALL: &'static [Tone] =
        &[Tone::Plain, Tone::Ok, Tone::Info, Tone::Warn, Tone::Danger, Tone::Now];

    pub const fn code(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Ok => "ok",
            Tone::Info => "info",
            Tone::Warn => "warn",
            Tone::Danger => "danger",
            Tone::Now => "now",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/chip.html")]
pub struct Chip {
    pub tone: Tone,
    pub word: String,
    pub icon: Option<&'static str>,
}

draws_itself!(Chip);

impl Chip {
    pub fn new(tone: Tone, word: impl Into<String>) -> Self {
        Self { tone, word: word.into(), icon: None }
    }

    #[must_use]
    pub fn icon(mut self, icon: &'static str) -> Self {
        self.icon = Some(icon);
        self
    }
}
