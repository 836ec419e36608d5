//! The commands `regie stats …`, also shipped as `regie-stats …`.

mod agree;
mod analyse;
mod bench;
mod calibrate;
mod convert;
mod cut;
mod dif;
mod equate;
mod facet;
mod golden;

pub use analyse::Analyse;
pub use equate::Equate;

use crate::report::Language;
use crate::table::read::Attempts;
use clap::Subcommand;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Reads the wall clock and the processor clock, in seconds. The program that runs the commands owns both.
pub type Stopwatch<'a> = &'a dyn Fn() -> (f64, f64);

/// The statistics commands.
#[derive(Debug, Clone, Subcommand)]
pub enum StatsCommand {
    /// Test and item analysis of a response table.
    Analyse(Box<Analyse>),
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
        /// Write a report as a web page.
        #[arg(long)]
        html: Option<PathBuf>,
        /// Language of the report: nl or en.
        #[arg(long, default_value = "nl")]
        language: String,
    },
    /// Agreement and severity of markers.
    Agreement {
        /// Ratings: one row per object and one column per marker, or object,marker,score.
        ratings: PathBuf,
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
    /// Grades for every score of a conversion.
    Grades {
        /// Conversion as JSON, for example {"kind":"n_term","length":60,"n":"0.8"}.
        table: PathBuf,
    },
    /// A recommended cut from judgements (Angoff, Ebel, direct consensus) or results (borderline and
    /// contrasting groups, Hofstee, Cohen-Schotanus), as JSON.
    Cut {
        /// Judgements or results as JSON, for example {"method":"angoff","max":[1,2],"judges":[[0.6,1.2]]}.
        panel: PathBuf,
    },
    /// Scores and a cut of an old form on a new one.
    Equate(Box<Equate>),
    /// Persons, criteria and markers on one scale (many-facet Rasch).
    Facets {
        /// Judgements: columns person, criterion, marker, score.
        judgements: PathBuf,
        /// Write the complete result as JSON to standard output.
        #[arg(long)]
        json: bool,
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
        StatsCommand::Analyse(asked) => analyse::run(asked, out),
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
        StatsCommand::Dif { data, group, focal, key, json, html, language } => {
            let page = html.as_deref().map(|path| (path, language.as_str()));
            dif::run(data, (group, focal.as_deref()), key.as_deref(), (*json, page), out)
        }
        StatsCommand::Agreement { ratings, json, html, language } => {
            agree::run(ratings, *json, html.as_deref().map(|path| (path, language.as_str())), out)
        }
        StatsCommand::Cut { panel } => cut::run(panel, out),
        StatsCommand::Equate(asked) => equate::run(asked, out),
        StatsCommand::Facets { judgements, json } => facet::run(judgements, *json, out),
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

/// How a command reads its answers.
#[derive(Default)]
struct Read<'a> {
    key: Option<&'a Path>,
    labels: &'a [String],
    attempts: Attempts,
}

fn load(data: &Path, asked: &Read<'_>) -> Result<crate::Table, String> {
    use crate::table::read::{self, ReadOptions};
    let key = match asked.key {
        Some(path) => Some(read::key(open(path)?).map_err(|e| format!("{}: {e}", path.display()))?),
        None => None,
    };
    let options = ReadOptions { key, labels: asked.labels.to_vec(), attempts: asked.attempts };
    read::responses(open(data)?, &options).map_err(|e| format!("{}: {e}", data.display()))
}

/// Applies an item list: maxima, options, domains and weights.
fn items_of(path: Option<&Path>, table: &mut crate::Table) -> Result<(), String> {
    let Some(path) = path else { return Ok(()) };
    let place = |e: crate::TableError| format!("{}: {e}", path.display());
    let lines = crate::table::read::items(open(path)?).map_err(place)?;
    table.describe(&lines).map_err(place)?;
    let weights: Vec<(String, u16)> = lines.into_iter().filter_map(|l| Some((l.id, l.weight?))).collect();
    table.weigh(&weights).map_err(place)
}

fn language_of(code: &str) -> Result<Language, String> {
    Language::parse(code).ok_or_else(|| format!("--language {code}: use nl or en"))
}

fn write_page(path: &Path, page: &str) -> Result<(), String> {
    std::fs::write(path, page).map_err(|e| format!("{} cannot be written: {e}", path.display()))
}

fn say(out: &mut dyn Write, line: &str) -> Result<(), String> {
    writeln!(out, "{line}").map_err(|e| format!("the output cannot be written: {e}"))
}

fn json(out: &mut dyn Write, value: &impl serde::Serialize) -> Result<(), String> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|e| format!("the result cannot be written as JSON: {e}"))?;
    say(out, &text)
}
