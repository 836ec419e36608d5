//! `cut PANEL.json`: a recommended cut from judgements or results.

use super::{json, open};
use crate::cut::{angoff, borderline, cohen_schotanus, contrasting_groups, direct_consensus, ebel, hofstee};
use crate::rasch::ability::Model;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::Path;

/// What a panel or a table of results says.
#[derive(Deserialize)]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
enum Asked {
    Angoff {
        max: Vec<f64>,
        judges: Vec<Vec<f64>>,
    },
    Ebel {
        points: Vec<f64>,
        judges: Vec<Vec<f64>>,
    },
    DirectConsensus {
        clusters: Vec<Vec<Category>>,
        judges: Vec<Vec<f64>>,
    },
    Borderline {
        scores: Vec<u64>,
    },
    ContrastingGroups {
        failing: Vec<u64>,
        passing: Vec<u64>,
    },
    Hofstee {
        scores: Vec<u64>,
        cuts: (f64, f64),
        fail_rates: (f64, f64),
    },
    CohenSchotanus {
        scores: Vec<u64>,
        chance: f64,
        #[serde(default = "usual")]
        share: f64,
    },
}

fn usual() -> f64 {
    0.6
}

/// A calibrated category of an item, as `calibrate --json` writes it.
#[derive(Deserialize)]
struct Category {
    item: String,
    score: u16,
    beta: f64,
}

#[derive(Serialize)]
struct Panel<T: Serialize> {
    #[serde(flatten)]
    result: T,
    /// Lowest whole score at or above the cut.
    lowest_pass: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    abilities: Vec<f64>,
}

pub(super) fn run(path: &Path, out: &mut dyn Write) -> Result<bool, String> {
    let asked: Asked = serde_json::from_reader(open(path)?).map_err(|e| {
        format!(
            "{}: {e}; expected for example {{\"method\":\"angoff\",\"max\":[1,2],\"judges\":[[0.6,1.2],[0.5,1]]}} (methods: angoff, ebel, direct_consensus, borderline, contrasting_groups, hofstee, cohen_schotanus)",
            path.display()
        )
    })?;
    let panel = |result: crate::cut::JudgePanel, abilities: Vec<f64>| {
        let lowest_pass = (result.cut - 1e-9).ceil().max(0.0) as u64;
        Panel { result, lowest_pass, abilities }
    };
    let none = |why: &str| format!("{}: no cut follows from this: {why}", path.display());
    let sentence = |e: crate::cut::judge::PanelError| format!("{}: {e}", path.display());
    match asked {
        Asked::Angoff { max, judges } => {
            json(out, &panel(angoff(&judges, &max).map_err(sentence)?, Vec::new()))?;
        }
        Asked::Ebel { points, judges } => {
            json(out, &panel(ebel(&judges, &points).map_err(sentence)?, Vec::new()))?;
        }
        Asked::DirectConsensus { clusters, judges } => {
            let models: Vec<Model> = clusters.iter().map(|c| model(c)).collect();
            let whole = Model {
                base: models.iter().map(|m| m.base).sum(),
                items: models.iter().flat_map(|m| m.items.iter().cloned()).collect(),
            };
            let (result, abilities) = direct_consensus(&judges, &models, &whole).map_err(sentence)?;
            json(out, &panel(result, abilities))?;
        }
        Asked::Borderline { scores } => {
            json(out, &borderline(&scores).ok_or_else(|| none("there are no borderline candidates"))?)?;
        }
        Asked::ContrastingGroups { failing, passing } => json(
            out,
            &contrasting_groups(&failing, &passing).ok_or_else(|| {
                none("the curves of the two groups do not cross between their means; the failing group must score lower")
            })?,
        )?,
        Asked::Hofstee { scores, cuts, fail_rates } => json(
            out,
            &hofstee(&scores, cuts, fail_rates).ok_or_else(|| {
                none("the line of the panel does not meet the fail curve; widen the acceptable cuts or fail rates")
            })?,
        )?,
        Asked::CohenSchotanus { scores, chance, share } => json(
            out,
            &cohen_schotanus(&scores, chance, share).ok_or_else(|| none("there are no scores"))?,
        )?,
    }
    Ok(true)
}

/// The items of a cluster; categories of one item stand together, from low to high.
fn model(categories: &[Category]) -> Model {
    let items = categories
        .chunk_by(|a, b| a.item == b.item)
        .map(|own| Model::categories(0, own.iter().map(|c| (c.score, c.beta))))
        .collect();
    Model { items, base: 0 }
}
