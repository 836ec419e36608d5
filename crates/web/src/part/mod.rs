//! The parts pages are made of: values a handler fills and a template prints with `{{ part }}`.
//!
//! Each part draws itself from its own small template, compiled once, so a page only says what it
//! holds. Parts that have words of their own (*vorige*, *volgende*) take [`Texts`](regie_texts::Texts).

mod button;
mod chart;
mod chip;
mod detail;
mod dialog;
mod form;
mod list;
mod notice;
mod refusal;
mod step;
mod timeline;
mod work;

pub use button::{Button, Look, To};
pub use chart::{Bars, Columns, Curve, Figure, Figures, Point, Share};
pub use chip::{Chip, Tone};
pub use detail::{Change, Fact, Facts, History, HistoryEntry};
pub use dialog::Question;
pub use form::{Choice, Fault, Faults, Field, Form};
pub use list::{ActiveFilter, Bulk, Cell, Column, Export, Filter, List, Row, SavedView, Sort, Weight, Wish};
pub use notice::{Empty, Notice, Progress};
pub use refusal::Refusal;
pub use step::{Pager, Step, StepState, Steps, Tab, Tabs};
pub use timeline::{Block, Lane, Timeline};
pub use work::{WorkGroup, WorkItem, WorkList};

/// A part prints its own HTML, escaped inside already.
macro_rules! draws_itself {
    ($($part:ty),+ $(,)?) => { $( impl askama::filters::HtmlSafe for $part {} )+ };
}
pub(crate) use draws_itself;
