//! `calibrate DATA.csv --model cml|1pl|2pl`

use super::{Read, json, load, open, say};
use crate::item::advise::Thresholds;
use crate::mml::{FitSettings, Model, Patterns, fit};
use crate::rasch::ability::{Ability, Method, Model as AbilityModel, ability_table};
use crate::rasch::calibrate::{Anchor, Calibration, calibrate};
use crate::rasch::{Design, Missing};
use crate::table::TableError;
use crate::table::read::{column, items, text_rows};
use serde::Serialize;
use std::io::Write;
use std::path::Path;

pub(super) struct Asked<'a> {
    pub data: &'a Path,
    pub model: &'a str,
    pub key: Option<&'a Path>,
    pub weights: Option<&'a Path>,
    pub anchors: Option<&'a Path>,
    pub missing: &'a str,
    pub json: bool,
}

#[derive(Serialize)]
struct BookletAbilities {
    booklet: String,
    mle: Vec<Ability>,
    wle: Vec<Ability>,
    eap: Vec<Ability>,
}

#[derive(Serialize)]
struct Found {
    calibration: Calibration,
    abilities: Vec<BookletAbilities>,
}

pub(super) fn run(asked: &Asked<'_>, out: &mut dyn Write) -> Result<bool, String> {
    let missing = match asked.missing {
        "wrong" => Missing::Wrong,
        "not-reached" => Missing::NotReachedIsNoData,
        "no-data" => Missing::NoData,
        other => return Err(format!("--missing {other}: use wrong, not-reached or no-data")),
    };
    let mut table = load(asked.data, &Read { key: asked.key, ..Read::default() })?;
    if let Some(path) = asked.weights {
        // The list may serve more forms than this one: items of other forms are passed over.
        let place = |e: TableError| format!("{}: {e}", path.display());
        let lines = items(open(path)?).map_err(place)?;
        let weights: Vec<(String, u16)> = lines.into_iter().filter_map(|l| Some((l.id, l.weight?))).collect();
        table.weigh(&weights).map_err(place)?;
    }
    match asked.model {
        "cml" => {
            let anchors = match asked.anchors {
                Some(path) => read_anchors(path)?,
                None => Vec::new(),
            };
            let calibration = calibrate(&Design::of(&table, missing), &anchors).map_err(|e| e.to_string())?;
            let abilities = table
                .booklets()
                .into_iter()
                .map(|b| {
                    let names: Vec<String> =
                        b.items.iter().filter_map(|i| table.items().get(*i)).map(|i| i.id.clone()).collect();
                    let model = AbilityModel::of(&calibration, &names);
                    BookletAbilities {
                        booklet: b.id,
                        mle: ability_table(&model, Method::Mle),
                        wle: ability_table(&model, Method::Wle),
                        eap: ability_table(&model, Method::Eap),
                    }
                })
                .collect();
            let found = Found { calibration, abilities };
            if asked.json {
                json(out, &found)?;
            } else {
                for note in &found.calibration.notes {
                    say(out, note)?;
                }
                say(out, "item,score,beta,se,fixed")?;
                for p in &found.calibration.parameters {
                    say(out, &format!("{},{},{:.6},{:.6},{}", p.item, p.score, p.beta, p.se, p.fixed))?;
                }
            }
        }
        "1pl" | "2pl" => {
            if asked.anchors.is_some() {
                return Err(
                    "anchors go with --model cml; the 1PL and 2PL models are fitted freely".to_owned()
                );
            }
            let model = if asked.model == "1pl" { Model::OneParameter } else { Model::TwoParameter };
            let patterns = Patterns::of(&table, missing)?;
            let mut fitted = fit(&patterns, &FitSettings::new(model)).map_err(|e| e.to_string())?;
            let limit = Thresholds::default().two_parameter_from;
            if asked.model == "2pl" && patterns.n < limit as f64 {
                fitted.notes.push(format!(
                    "{} persons are too few for the 2PL (from {limit} on): its slopes vary too much; use --model cml",
                    patterns.n
                ));
            }
            if asked.json {
                json(out, &fitted)?;
            } else {
                for note in &fitted.notes {
                    say(out, note)?;
                }
                say(out, "item,a,se_a,d,se_d,difficulty")?;
                let show = |v: Option<f64>| v.map_or_else(String::new, |v| format!("{v:.6}"));
                for i in &fitted.items {
                    say(
                        out,
                        &format!(
                            "{},{:.6},{},{:.6},{},{:.6}",
                            i.item,
                            i.a,
                            show(i.se_a),
                            i.d,
                            show(i.se_d),
                            i.difficulty
                        ),
                    )?;
                }
                say(out, &format!("log-likelihood {:.6}", fitted.log_likelihood))?;
            }
        }
        other => return Err(format!("--model {other}: use cml, 1pl or 2pl")),
    }
    Ok(true)
}

fn read_anchors(path: &Path) -> Result<Vec<Anchor>, String> {
    let table_error = |e: TableError| format!("{}: {e}", path.display());
    let (header, rows) = text_rows(open(path)?).map_err(table_error)?;
    let item = column(&header, "item_id").map_err(table_error)?;
    let score = column(&header, "item_score").map_err(table_error)?;
    let beta = column(&header, "beta").map_err(table_error)?;
    rows.into_iter()
        .map(|(line, row)| {
            let get = |at: usize| row.get(at).map_or("", String::as_str);
            let bad = |at: usize, what: &str| {
                format!("{}: line {line}, column {}: '{}' is not {what}", path.display(), at + 1, get(at))
            };
            Ok(Anchor {
                item: get(item).to_owned(),
                score: get(score).parse().map_err(|_| bad(score, "a whole score"))?,
                beta: get(beta)
                    .parse::<f64>()
                    .ok()
                    .filter(|b| b.is_finite())
                    .ok_or_else(|| bad(beta, "a number"))?,
            })
        })
        .collect()
}
