//! The work list: what waits for the reader, until when, and the one thing to do about it.

use super::{Button, Chip, Empty, Tone, draws_itself};
use askama::Template;

/// One thing that waits. Areas contribute these; the home page of every role draws them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkItem {
    pub icon: &'static str,
    /// Colours the icon: [`Tone::Now`] for what cannot wait.
    pub tone: Tone,
    /// Verb first: *Teken 7 processen-verbaal*.
    pub title: String,
    /// One line: how many, where, since when.
    pub context: String,
    pub deadline: Option<Chip>,
    pub action: Button,
}

/// Items under one heading, such as *Vandaag*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkGroup {
    pub title: Option<String>,
    pub items: Vec<WorkItem>,
}

#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/work.html")]
pub struct WorkList {
    pub title: String,
    pub groups: Vec<WorkGroup>,
    /// Shown when nothing waits.
    pub empty: Empty,
}

draws_itself!(WorkList);

impl WorkList {
    fn count(&self) -> usize {
        self.groups.iter().map(|group| group.items.len()).sum()
    }
}
