//! `analyse DATA.csv`

use super::{json, load, open, say};
use crate::item::analyse::{Analysis, BookletAverages, Settings, analyse_booklets};
use crate::number::Stat;
use crate::rasch::{Design, Missing, calibrate};
use crate::report::{Language, analysis_page};
use crate::table::read::items;
use serde::Serialize;
use std::io::Write;
use std::path::Path;

pub(super) struct Asked<'a> {
    pub cut: Option<u64>,
    pub json: bool,
    pub html: Option<&'a Path>,
    pub language: &'a str,
}

#[derive(Serialize)]
struct Found<'a> {
    booklets: &'a [Analysis],
    averages: &'a BookletAverages,
}

pub(super) fn run(
    data: &Path,
    key: Option<&Path>,
    item_list: Option<&Path>,
    asked: &Asked<'_>,
    out: &mut dyn Write,
) -> Result<bool, String> {
    let mut table = load(data, key, &[])?;
    if let Some(path) = item_list {
        let lines = items(open(path)?).map_err(|e| format!("{}: {e}", path.display()))?;
        table.describe(&lines).map_err(|e| e.to_string())?;
        let weights: Vec<(String, u16)> = lines.into_iter().filter_map(|l| Some((l.id, l.weight?))).collect();
        table.weigh(&weights).map_err(|e| e.to_string())?;
    }
    let settings = Settings { cut: asked.cut, ..Settings::default() };
    let (booklets, averages) = analyse_booklets(&table, &settings);
    if let Some(path) = asked.html {
        let language = Language::parse(asked.language)
            .ok_or_else(|| format!("--language {}: use nl or en", asked.language))?;
        let name = data.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        // A table that cannot be calibrated still gets its report, without the scale.
        let calibration = calibrate(&Design::of(&table, Missing::Wrong), &[]).ok();
        let page = analysis_page(name, &booklets, calibration.as_ref(), language);
        std::fs::write(path, page).map_err(|e| format!("{} cannot be written: {e}", path.display()))?;
    }
    if asked.json {
        json(out, &Found { booklets: &booklets, averages: &averages })?;
    }
    if !asked.json && asked.html.is_none() {
        for analysis in &booklets {
            text(analysis, out)?;
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
