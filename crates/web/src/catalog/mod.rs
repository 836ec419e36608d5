//! What is examined and with what: plans, tests, instruments, and the committee's treatment of them.

mod approval;
mod consent;
mod document;
mod instrument;
mod plan;
mod plan_form;
mod plan_import;
mod register;
mod step;
mod test;
mod version;

pub use approval::Approvals;
pub use consent::Construction;
pub use instrument::Instruments;
pub use plan::ExamPlans;
pub use register::{Decisions, Platforms, Suppliers};
pub use test::Tests;

use crate::house::House;
use crate::part::{Chip, Choice, Tone};
use crate::record::id_of;
use regie_catalog::version::State;
use regie_texts::Texts;

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .and(plan::door())
        .and(plan_form::door())
        .and(plan_import::door())
        .and(test::door())
        .and(instrument::door())
        .and(version::door())
        .and(step::door())
        .and(document::door())
        .and(approval::door())
        .and(register::door())
        .and(consent::door())
}

/// Codes as choices, in the words of their family.
fn choices(texts: Texts, family: &'static str, codes: impl IntoIterator<Item = &'static str>) -> Vec<Choice> {
    codes.into_iter().map(|code| Choice::new(code, texts.of(family, code))).collect()
}

fn dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".to_owned())
}

/// The first signs of a hash: enough to compare by eye, the rest is in the journal.
fn short(hash: &str) -> String {
    hash.chars().take(12).collect()
}

fn stage_chip(texts: Texts, state: State) -> Chip {
    let tone = match state {
        State::Draft | State::Retired => Tone::Plain,
        State::Submitted => Tone::Now,
        State::Approved => Tone::Info,
        State::Active => Tone::Ok,
        State::Suspended => Tone::Warn,
        State::Rejected => Tone::Danger,
    };
    Chip::new(tone, texts.of("stage", state.code()))
}
