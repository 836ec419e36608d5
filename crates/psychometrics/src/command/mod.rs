//! The commands `regie stats …`, also shipped as `regie-stats …`.

mod agree;
mod analyse;
mod bench;
mod calibrate;
mod convert;
mod dif;
mod golden;

use clap::Subcommand;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Reads the wall clock and the processor clock, in seconds. The program that runs the commands owns both.
pub type Stopwatch<'a> = &'a dyn Fn() -> (f64, f64);

/// The statistics commands.
#[derive(Debug, Clone, Subcommand)]
pub enum StatsCommand {
    /// Test and item analysis of a response table.
    Analyse {
        /// Response table: person_id, optional booklet, group, gender, then one column per item.
        data: PathBuf,
        /// Key: item_id,key. Items named here hold options instead of scores.
        #[arg(long)]
        key: Option<PathBuf>,
        /// Item list: item_id and any of max, weight, domain.
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
        /// Language of the report: nl or en.
        #[arg(long, default_value = "nl")]
        language: String,
    },
    /// Item parameters and abilities.
    Calibrate {
        /// Response table.
        data: PathBuf,
        /// cml (Rasch, partial credit, OPLM), 1pl or 2pl.
        #[arg(long, default_value = "cml")]
        model: String,
        /// Key for columns with options.
        #[arg(long)]
        key: Option<PathBuf>,
        /// Item list with a column weight.
        #[arg(long)]
        weights: Option<PathBuf>,
        /// Fixed parameters: item_id,item_score,beta.
        #[arg(long)]
        anchors: Option<PathBuf>,
        /// What a blank means: wrong, not-reached (trailing blanks are no data) or no-data.
        #[arg(long, default_value = "wrong")]
        missing: String,
        /// Write the complete result as JSON to standard output.
        #[arg(long)]
        json: bool,
    },
    /// Differential item functioning between two groups.
    Dif {
        /// Response table.
        data: PathBuf,
        /// Column with the groups.
        #[arg(long)]
        group: String,
        /// Label of the focal group; the smaller of two groups if not given.
        #[arg(long)]
        focal: Option<String>,
        /// Key for columns with options.
        #[arg(long)]
        key: Option<PathBuf>,
        /// Write the complete result as JSON to standard output.
        #[arg(long)]
        json: bool,
    },
    /// Agreement and severity of markers.
    Agreement {
        /// Ratings: one row per object and one column per marker, or object,marker,score.
        ratings: PathBuf,
        /// Write the complete result as JSON to standard output.
        #[arg(long)]
        json: bool,
    },
    /// Grades for every score of a conversion.
    Grades {
        /// Conversion as JSON, for example {"kind":"n_term","length":60,"n":"0.8"}.
        table: PathBuf,
    },
    /// Compares every value of DIR/golden with ours.
    Golden {
        /// Folder with data and golden.
        dir: PathBuf,
        /// Write the complete comparison as JSON to standard output.
        #[arg(long)]
        json: bool,
    },
    /// Times our calculations on a table without identifiers: one JSON line per task.
    Bench {
        /// Response table of items only.
        csv: PathBuf,
        /// tia, cml, mml2pl, mh or stream; all of them if not given.
        #[arg(long)]
        task: Option<String>,
    },
}

/// Runs a command. `Ok(false)` means the command did its work and found something wrong (exit 1).
///
/// # Errors
/// A sentence that says what is wrong and what to do.
pub fn run(command: &StatsCommand, out: &mut dyn Write, clock: Stopwatch<'_>) -> Result<bool, String> {
    match command {
        StatsCommand::Analyse { data, key, items, cut, json, html, language } => {
            let asked = analyse::Asked { cut: *cut, json: *json, html: html.as_deref(), language };
            analyse::run(data, key.as_deref(), items.as_deref(), &asked, out)
        }
        StatsCommand::Calibrate { data, model, key, weights, anchors, missing, json } => calibrate::run(
            &calibrate::Asked {
                data,
                model,
                key: key.as_deref(),
                weights: weights.as_deref(),
                anchors: anchors.as_deref(),
                missing,
                json: *json,
            },
            out,
        ),
        StatsCommand::Dif { data, group, focal, key, json } => {
            dif::run(data, group, focal.as_deref(), key.as_deref(), *json, out)
        }
        StatsCommand::Agreement { ratings, json } => agree::run(ratings, *json, out),
        StatsCommand::Grades { table } => convert::run(table, out),
        StatsCommand::Golden { dir, json } => golden::run(dir, *json, out),
        StatsCommand::Bench { csv, task } => bench::run(csv, task.as_deref(), out, clock),
    }
}

fn open(path: &Path) -> Result<std::io::BufReader<std::fs::File>, String> {
    std::fs::File::open(path)
        .map(std::io::BufReader::new)
        .map_err(|e| format!("{} cannot be opened: {e}", path.display()))
}

fn load(data: &Path, key: Option<&Path>, labels: &[String]) -> Result<crate::Table, String> {
    use crate::table::read::{self, ReadOptions};
    let key = match key {
        Some(path) => Some(read::key(open(path)?).map_err(|e| format!("{}: {e}", path.display()))?),
        None => None,
    };
    read::responses(open(data)?, &ReadOptions { key, labels: labels.to_vec() })
        .map_err(|e| format!("{}: {e}", data.display()))
}

fn say(out: &mut dyn Write, line: &str) -> Result<(), String> {
    writeln!(out, "{line}").map_err(|e| format!("the output cannot be written: {e}"))
}

fn json(out: &mut dyn Write, value: &impl serde::Serialize) -> Result<(), String> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|e| format!("the result cannot be written as JSON: {e}"))?;
    say(out, &text)
}
