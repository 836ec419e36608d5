//! `analyse DATA.csv`

use super::{Read, items_of, json, language_of, load, open, say, write_page};
use crate::item::advise::Thresholds;
use crate::item::analyse::{Analysis, Settings};
use crate::number::Stat;
use crate::rasch::{Design, Missing, calibrate};
use crate::report::{Request, TestReport, analysis_page};
use crate::table::read::Attempts;
use crate::table::score::Neutralised;
use crate::table::times::times;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// What to analyse, and what to make of it.
#[derive(Debug, Clone, Args)]
pub struct Analyse {
    /// Response table: person_id, optional booklet, group, gender, sitting, then one column per item.
    data: PathBuf,
    /// Key: item_id,key. Items named here hold options instead of scores.
    #[arg(long)]
    key: Option<PathBuf>,
    /// Item list: item_id and any of max, weight, domain, options (separated by |).
    #[arg(long)]
    items: Option<PathBuf>,
    /// Lowest passing score.
    #[arg(long)]
    cut: Option<u64>,
    /// Write the complete result as JSON to standard output.
    #[arg(long)]
    json: bool,
    /// Write a report as a web page.
    #[arg(long)]
    html: Option<PathBuf>,
    /// Language of the report and the advice: nl or en.
    #[arg(long, default_value = "nl")]
    language: String,
    /// Answer times in seconds: person_id and the columns of the items.
    #[arg(long)]
    times: Option<PathBuf>,
    /// Column for pass rates and domain profiles per group.
    #[arg(long)]
    group: Option<String>,
    /// Group the others are compared with; the largest if not given.
    #[arg(long)]
    reference: Option<String>,
    /// Take this item out of score and maximum (can be given more than once).
    #[arg(long)]
    drop: Vec<String>,
    /// Give everybody full marks for this item (can be given more than once).
    #[arg(long)]
    full_marks: Vec<String>,
    /// Number of items to which alpha is also expressed.
    #[arg(long)]
    norm_length: Option<u32>,
    /// Limits of the flags as JSON, for example {"low_rir":0.15}.
    #[arg(long)]
    limits: Option<PathBuf>,
    /// Count every row of a person who occurs more than once, not only the first.
    #[arg(long)]
    all_attempts: bool,
}

pub(super) fn run(asked: &Analyse, out: &mut dyn Write) -> Result<bool, String> {
    let language = language_of(&asked.language)?;
    let thresholds = match &asked.limits {
        None => Thresholds::default(),
        Some(path) => serde_json::from_reader(open(path)?).map_err(|e| format!("{}: {e}", path.display()))?,
    };
    let labels: Vec<String> = asked.group.iter().cloned().collect();
    let attempts = if asked.all_attempts { Attempts::All } else { Attempts::First };
    let mut table = load(&asked.data, &Read { key: asked.key.as_deref(), labels: &labels, attempts })?;
    // Times are read before any item goes: their columns may name it.
    let mut clocked = match &asked.times {
        None => None,
        Some(path) => Some(times(open(path)?, &table).map_err(|e| format!("{}: {e}", path.display()))?),
    };
    items_of(asked.items.as_deref(), &mut table)?;
    if let Some(group) = &asked.group {
        let grouping = table
            .grouping(group)
            .ok_or_else(|| format!("{}: there is no column '{group}' to group by", asked.data.display()))?;
        if let Some(reference) = asked.reference.as_ref().filter(|r| !grouping.labels.contains(r)) {
            return Err(format!(
                "column '{group}' has no label '{reference}'; the labels are: {}",
                grouping.labels.join(", ")
            ));
        }
    }
    let mut neutralised = Vec::new();
    let choices = [(&asked.full_marks, Neutralised::FullMarks), (&asked.drop, Neutralised::Dropped)];
    for (item, how) in choices.into_iter().flat_map(|(list, how)| list.iter().map(move |i| (i, how))) {
        let Some(at) = table.items().iter().position(|i| &i.id == item) else {
            return Err(format!("there is no item '{item}' to neutralise; check the spelling"));
        };
        if !table.neutralise(item, how) {
            return Err(format!("item '{item}' cannot be neutralised"));
        }
        if let (Some(times), Neutralised::Dropped) = (&mut clocked, how) {
            times.forget(at);
        }
        neutralised.push((item.clone(), how));
    }
    table.require_data().map_err(|e| e.to_string())?;
    let settings = Settings { cut: asked.cut, norm_length: asked.norm_length, thresholds, curves: true };
    let request = Request {
        settings,
        group: asked.group.clone(),
        reference: asked.reference.clone(),
        times: clocked,
        neutralised,
        language,
    };
    // A table that cannot be calibrated still gets its report, without the scale.
    let wanted = asked.html.is_some() || table.items().iter().any(|i| i.domain.is_some());
    let calibration = if wanted { calibrate(&Design::of(&table, Missing::Wrong), &[]).ok() } else { None };
    let report = TestReport::of(&table, &request, calibration.as_ref());
    if let Some(path) = &asked.html {
        let name = asked.data.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        write_page(path, &analysis_page(name, &report, calibration.as_ref(), language))?;
    }
    if asked.json {
        json(out, &report)?;
    } else if asked.html.is_none() {
        if report.repeated_rows > 0 {
            say(out, &format!("{} later rows of the same persons left out", report.repeated_rows))?;
        }
        for booklet in &report.booklets {
            text(&booklet.analysis, out)?;
        }
    }
    Ok(true)
}

fn text(a: &Analysis, out: &mut dyn Write) -> Result<(), String> {
    let show = |s: Stat| s.value().map_or_else(|| "-".to_owned(), |v| format!("{v:.3}"));
    let t = &a.test;
    say(out, &format!("booklet {}: {} persons, {} items, maximum {}", a.booklet, t.n, t.k, t.max_possible))?;
    say(
        out,
        &format!(
            "mean {}  sd {}  alpha {}  lambda2 {}  SEM {}",
            show(t.mean),
            show(t.sd),
            show(t.alpha),
            show(t.lambda2),
            show(t.sem)
        ),
    )?;
    if let Some(cut) = t.cut {
        say(out, &format!("cut {cut}: pass rate {}", show(t.pass_rate)))?;
    }
    say(
        out,
        &format!("{:<20} {:>7} {:>7} {:>7} {:>7} {:>7}  flags", "item", "p", "rit", "rir", "alpha-", "D"),
    )?;
    for i in &a.items {
        let flags: Vec<String> = i
            .flags
            .iter()
            .filter_map(|f| serde_json::to_value(f).ok()?.get("flag")?.as_str().map(str::to_owned))
            .collect();
        say(
            out,
            &format!(
                "{:<20} {:>7} {:>7} {:>7} {:>7} {:>7}  {}",
                i.id,
                show(i.p),
                show(i.rit),
                show(i.rir),
                show(i.alpha_if_dropped),
                show(i.d_index),
                flags.join(", ")
            ),
        )?;
    }
    Ok(())
}
