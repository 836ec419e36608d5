//! `facets JUDGEMENTS.csv`: persons, criteria and markers on one scale.

use super::{json, open, say};
use crate::rasch::facets::{Element, Judgement, facets};
use crate::table::TableError;
use crate::table::read::text_rows;
use serde::Serialize;
use std::collections::HashMap;
use std::io::{Read, Write};
use std::path::Path;

#[derive(Serialize)]
struct Named {
    name: String,
    /// Nothing where no finite measure exists.
    #[serde(flatten)]
    element: Option<Element>,
}

#[derive(Serialize)]
struct Found {
    persons: Vec<Named>,
    criteria: Vec<Named>,
    markers: Vec<Named>,
    thresholds: Vec<f64>,
    rounds: usize,
}

pub(super) fn run(path: &Path, as_json: bool, out: &mut dyn Write) -> Result<bool, String> {
    let (names, list) = read(open(path)?).map_err(|e| format!("{}: {e}", path.display()))?;
    let fitted = facets(&list).map_err(|e| format!("{}: {e}", path.display()))?;
    let [persons, criteria, markers] = names;
    let named = |names: Vec<String>, elements: Vec<Option<Element>>| -> Vec<Named> {
        names.into_iter().zip(elements).map(|(name, element)| Named { name, element }).collect()
    };
    let found = Found {
        persons: named(persons, fitted.persons),
        criteria: named(criteria, fitted.criteria),
        markers: named(markers, fitted.markers),
        thresholds: fitted.thresholds,
        rounds: fitted.rounds,
    };
    if as_json {
        json(out, &found)?;
        return Ok(true);
    }
    say(out, "facet,name,measure,se,judgements")?;
    for (facet, list) in
        [("marker", &found.markers), ("criterion", &found.criteria), ("person", &found.persons)]
    {
        for n in list {
            match n.element {
                Some(e) => say(out, &format!("{facet},{},{:.4},{:.4},{}", n.name, e.measure, e.se, e.n))?,
                None => say(out, &format!("{facet},{},,,", n.name))?,
            }
        }
    }
    Ok(true)
}

/// Names per facet, and the judgements.
type Judgements = ([Vec<String>; 3], Vec<Judgement>);

fn read(input: impl Read) -> Result<Judgements, TableError> {
    let (header, rows) = text_rows(input)?;
    let at = |start: &str| {
        header.iter().position(|h| h.starts_with(start)).ok_or_else(|| {
            TableError::File(format!(
                "column '{start}' is missing; expected person, criterion, marker, score; the file has: {}",
                header.join(", ")
            ))
        })
    };
    let facets = [at("person")?, at("criterion")?, at("marker")?];
    let score_at = at("score")?;
    let mut names: [Vec<String>; 3] = Default::default();
    let mut known: [HashMap<String, usize>; 3] = Default::default();
    let mut list = Vec::new();
    for (line, row) in rows {
        let cell = |at: usize| row.get(at).map_or("", String::as_str);
        let mut places = [0_usize; 3];
        for (((place, at), names), known) in places.iter_mut().zip(facets).zip(&mut names).zip(&mut known) {
            let next = names.len();
            *place = *known.entry(cell(at).to_owned()).or_insert_with(|| {
                names.push(cell(at).to_owned());
                next
            });
        }
        let text = cell(score_at);
        // Scores become categories with thresholds between them: a thousand of them is a mistake.
        let score = text.parse::<u16>().ok().filter(|s| *s <= 100).ok_or_else(|| TableError::Cell {
            line,
            column: format!("{} (score)", score_at + 1),
            problem: format!("'{text}' is not a whole score from 0 to 100"),
        })?;
        let [person, criterion, marker] = places;
        list.push(Judgement { person, criterion, marker, score });
    }
    Ok((names, list))
}
