//! `equate OLD.csv NEW.csv`: from the old form to the new one.

use super::{Read, items_of, json, load, say};
use crate::cut::equipercentile::Equivalent;
use crate::cut::{ScoreCounts, equipercentile};
use crate::item::Tally;
use crate::rasch::ability::Model;
use crate::rasch::equate::{CutTransfer, Drift, anchored, drift, score_table, transfer};
use crate::rasch::{Calibration, Design, Missing, calibrate};
use crate::table::Table;
use clap::Args;
use serde::Serialize;
use std::io::Write;
use std::path::PathBuf;

/// Two forms and how to equate them.
#[derive(Debug, Clone, Args)]
pub struct Equate {
    /// Answers to the old form.
    old: PathBuf,
    /// Answers to the new form; common items have the same name.
    new: PathBuf,
    /// rasch (over common items) or equipercentile (equal groups).
    #[arg(long, default_value = "rasch")]
    method: String,
    /// Lowest passing score of the old form.
    #[arg(long)]
    cut: Option<u64>,
    /// Key for columns with options, for both forms.
    #[arg(long)]
    key: Option<PathBuf>,
    /// Item list with weights of the old form.
    #[arg(long)]
    old_items: Option<PathBuf>,
    /// Item list with weights of the new form.
    #[arg(long)]
    new_items: Option<PathBuf>,
    /// Keep common items as anchors even when they drifted.
    #[arg(long)]
    keep_drifted: bool,
    /// Write the complete result as JSON to standard output.
    #[arg(long)]
    json: bool,
}

/// An equating over common items.
#[derive(Serialize)]
struct Anchored {
    /// Every common category in both calibrations.
    drift: Vec<Drift>,
    /// Items left out of the anchors because they drifted.
    drifted: Vec<String>,
    /// The new form on the scale of the old one.
    calibration: Calibration,
    /// The cut on the new form.
    cut: Option<CutTransfer>,
    /// Expected score on the new form for every score on the old one.
    scores: Vec<Equivalent>,
}

pub(super) fn run(asked: &Equate, out: &mut dyn Write) -> Result<bool, String> {
    let read = Read { key: asked.key.as_deref(), ..Read::default() };
    let (mut old, mut new) = (load(&asked.old, &read)?, load(&asked.new, &read)?);
    items_of(asked.old_items.as_deref(), &mut old)?;
    items_of(asked.new_items.as_deref(), &mut new)?;
    match asked.method.as_str() {
        "rasch" => by_anchors(asked, &old, &new, out)?,
        "equipercentile" => {
            let counts = |table: &Table| {
                let tally = Tally::of(table);
                let top = tally.max_total().min(1_000_000);
                let n = |score| tally.groups.get(&score).map_or(0, |g| g.n.unsigned_abs());
                ScoreCounts::new(&(0..=top).map(n).collect::<Vec<u64>>())
            };
            let empty = || "nobody answered anything on one of the forms".to_owned();
            let (from, to) = (counts(&old).ok_or_else(empty)?, counts(&new).ok_or_else(empty)?);
            let scores = equipercentile(&from, &to);
            if asked.json {
                json(out, &scores)?;
            } else {
                lines(&scores, out)?;
            }
        }
        other => return Err(format!("--method {other}: use rasch or equipercentile")),
    }
    Ok(true)
}

fn by_anchors(asked: &Equate, old: &Table, new: &Table, out: &mut dyn Write) -> Result<(), String> {
    let sentence = |form: &'static str| move |e: crate::rasch::CalibrationError| format!("{form}: {e}");
    let old_scale = calibrate(&Design::of(old, Missing::Wrong), &[]).map_err(sentence("old form"))?;
    let design = Design::of(new, Missing::Wrong);
    let free = calibrate(&design, &[]).map_err(sentence("new form"))?;
    let drift = drift(&old_scale, &free);
    if drift.is_empty() {
        return Err("the forms have no common items; name the same item the same in both files".to_owned());
    }
    let mut drifted: Vec<String> = drift.iter().filter(|d| d.drifted).map(|d| d.item.clone()).collect();
    drifted.dedup();
    let without: &[String] = if asked.keep_drifted { &[] } else { &drifted };
    let calibration =
        anchored(&old_scale, &design, without).map_err(sentence("new form on the old scale"))?;
    let names = |table: &Table| table.items().iter().map(|i| i.id.clone()).collect::<Vec<String>>();
    let (from, to) = (Model::of(&old_scale, &names(old)), Model::of(&calibration, &names(new)));
    let cut = match asked.cut {
        None => None,
        Some(cut) => Some(transfer(&from, &to, cut).ok_or_else(|| {
            format!(
                "the cut {cut} lies outside the scores of the old form (0 to {})",
                from.base + from.perfect() as u64
            )
        })?),
    };
    let scores = score_table(&from, &to)
        .into_iter()
        .map(|(score, equivalent)| Equivalent { score, equivalent })
        .collect();
    let found = Anchored { drift, drifted, calibration, cut, scores };
    if asked.json {
        return json(out, &found);
    }
    for d in found.drift.iter().filter(|d| d.drifted) {
        say(out, &format!("item {} drifted: {:.3} was {:.3} (z {:.1})", d.item, d.new, d.old, d.z))?;
    }
    if let Some(cut) = &found.cut {
        say(
            out,
            &format!(
                "cut {} on the old form is {} on the new one (expected {:.3})",
                cut.old_cut, cut.new_cut, cut.expected
            ),
        )?;
    }
    lines(&found.scores, out)
}

fn lines(scores: &[Equivalent], out: &mut dyn Write) -> Result<(), String> {
    say(out, "old,new")?;
    scores.iter().try_for_each(|s| say(out, &format!("{},{:.4}", s.score, s.equivalent)))
}
