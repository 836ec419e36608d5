//! Checks on submitted answers: what a candidate could not have answered on our page, or not yet enough.
//! Answers are scored all the same; the remarks are for whoever looks.

use super::{Raw, Responses};
use crate::item::{Interaction, Item, Kind};
use crate::program::xsd_regex;
use crate::value::Cardinality;
use std::collections::HashMap;

/// Remarks on the answers to an item; empty when all is well.
pub fn check_responses(item: &Item, responses: &Responses) -> Vec<String> {
    let mut remarks = Vec::new();
    for (name, _) in responses.iter().filter(|(name, _)| !name.ends_with(crate::safe::TYPED)) {
        if item.variables.named(name).is_none_or(|(_, v)| v.role != crate::item::Role::Response) {
            remarks.push(format!("{name} is answered but not asked"));
        }
    }
    for interaction in &item.interactions {
        let values = values(responses.get(&interaction.identifier));
        let single = interaction
            .slot
            .and_then(|s| item.variables.get(s))
            .is_none_or(|v| v.cardinality == Cardinality::Single);
        if single && values.len() > 1 {
            remarks.push(format!("{} takes one answer and has {}", interaction.identifier, values.len()));
        }
        counts(interaction, single, &values, &mut remarks);
        if interaction.kind.names_choices() {
            names(interaction, &values, &mut remarks);
        } else if interaction.kind.pairs_choices() {
            pairs(interaction, &values, &mut remarks);
        } else {
            forms(interaction, &values, &mut remarks);
        }
    }
    remarks
}

/// Whether anything at all was answered.
pub fn is_answered(responses: &Responses) -> bool {
    responses.iter().any(|(_, raw)| !values(Some(raw)).is_empty())
}

fn values(raw: Option<&Raw>) -> Vec<&str> {
    match raw {
        None | Some(Raw::Null) => Vec::new(),
        Some(Raw::One(text)) => vec![text.as_str()].into_iter().filter(|t| !t.is_empty()).collect(),
        Some(Raw::Many(many)) => many.iter().map(String::as_str).filter(|t| !t.is_empty()).collect(),
        Some(Raw::Record(fields)) => {
            fields.iter().map(|(_, v)| v.as_str()).filter(|t| !t.is_empty()).collect()
        }
    }
}

fn counts(interaction: &Interaction, single: bool, values: &[&str], remarks: &mut Vec<String>) {
    let name = &interaction.identifier;
    let countable = interaction.kind.names_choices()
        || interaction.kind.pairs_choices()
        || matches!(interaction.kind, Kind::SelectPoint | Kind::PositionObject | Kind::ExtendedText);
    if !countable {
        return;
    }
    // A maximum that leaves no room for the declared cardinality is a slip of the maker.
    let most = if single { 1 } else { interaction.maximum };
    if most > 0 && values.len() > most {
        remarks.push(format!("{name} has {} answers and takes {most}", values.len()));
    }
    if values.len() < interaction.minimum {
        remarks.push(format!("{name} has {} answers and needs {}", values.len(), interaction.minimum));
    }
}

fn names(interaction: &Interaction, values: &[&str], remarks: &mut Vec<String>) {
    for value in values {
        if !interaction.choices.iter().any(|c| c.identifier == value.trim()) {
            remarks.push(format!("{} has no choice {value}", interaction.identifier));
        }
    }
}

fn pairs(interaction: &Interaction, values: &[&str], remarks: &mut Vec<String>) {
    let mut used: HashMap<&str, usize> = HashMap::new();
    let directed = matches!(interaction.kind, Kind::Match | Kind::GapMatch | Kind::GraphicGapMatch);
    for value in values {
        let mut words = value.split_whitespace();
        let (Some(a), Some(b), None) = (words.next(), words.next(), words.next()) else {
            remarks.push(format!("{}: \u{201c}{value}\u{201d} is not a pair", interaction.identifier));
            continue;
        };
        for (word, side) in [(a, 0), (b, 1)] {
            match interaction.choices.iter().find(|c| c.identifier == word) {
                None => remarks.push(format!("{} has no choice {word}", interaction.identifier)),
                Some(choice) if directed && choice.side != side => {
                    remarks.push(format!(
                        "{}: {word} stands on the wrong side of a pair",
                        interaction.identifier
                    ));
                }
                Some(_) => *used.entry(word).or_default() += 1,
            }
        }
    }
    for choice in &interaction.choices {
        let count = used.get(choice.identifier.as_str()).copied().unwrap_or(0);
        if choice.match_max > 0 && count > choice.match_max {
            remarks.push(format!(
                "{}: {} is used {count} times and may be {}",
                interaction.identifier, choice.identifier, choice.match_max
            ));
        }
        if count < choice.match_min {
            remarks.push(format!(
                "{}: {} is used {count} times and must be {}",
                interaction.identifier, choice.identifier, choice.match_min
            ));
        }
    }
}

fn forms(interaction: &Interaction, values: &[&str], remarks: &mut Vec<String>) {
    if let Some((low, high)) = interaction.bounds {
        for value in values {
            match crate::value::parse_float(value.trim()) {
                Some(number) if number >= low && number <= high => {}
                _ => remarks
                    .push(format!("{}: {value} is not between {low} and {high}", interaction.identifier)),
            }
        }
    }
    if let Some(regex) = interaction.pattern.as_deref().and_then(|p| xsd_regex(p, true).ok()) {
        for value in values {
            if !regex.is_match(value) {
                remarks.push(format!(
                    "{}: \u{201c}{value}\u{201d} does not have the wanted form",
                    interaction.identifier
                ));
            }
        }
    }
}
