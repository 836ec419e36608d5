//! Compares our values with the stored outputs of the reference packages, number by number.
//!
//! Every number of every golden file must be either expected (we calculate it, with a tolerance) or
//! excluded by name with a reason. A number that is neither counts as a failure, so nothing is passed over
//! in silence.

mod classical;
mod difference;
mod expect;
mod grading;
mod marginal;
mod marking;
mod options;
mod scaling;

pub use expect::{EXCLUSIONS, Exclusion, Expectations, Expected, Tolerance};

use crate::table::read::{self, Attempts, ReadOptions};
use crate::table::{Table, TableError};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

/// The comparison of one statistic over all files.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Line {
    /// Numbers compared.
    pub compared: usize,
    /// Of these within tolerance.
    pub within: usize,
    /// Largest difference, measured as the tolerance is (absolute or relative).
    pub largest: f64,
    /// Tolerance in words.
    pub tolerance: String,
}

/// A number that falls out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Miss {
    /// File.
    pub file: String,
    /// Path inside it.
    pub path: String,
    /// What the package says.
    pub golden: String,
    /// What we say.
    pub ours: String,
    /// Why it counts as a miss.
    pub why: String,
}

/// The whole comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Comparison {
    /// Numbers in the golden files.
    pub numbers: usize,
    /// Numbers compared.
    pub compared: usize,
    /// Numbers excluded, by reason.
    pub excluded: BTreeMap<String, usize>,
    /// Undefined or infinite values that both sides agree about.
    pub undefined_agreed: usize,
    /// Per statistic.
    pub statistics: BTreeMap<String, Line>,
    /// Per file: numbers, compared, within.
    pub files: BTreeMap<String, (usize, usize, usize)>,
    /// What falls out.
    pub misses: Vec<Miss>,
}

/// A problem with the folder itself.
#[derive(Debug, thiserror::Error)]
pub enum GoldenError {
    /// A file cannot be read.
    #[error("{file}: {problem}")]
    File {
        /// Which.
        file: String,
        /// What is wrong.
        problem: String,
    },
    /// A table is malformed.
    #[error("{file}: {source}")]
    Table {
        /// Which.
        file: String,
        /// What is wrong.
        source: TableError,
    },
}

/// Compares every golden file of `dir/golden` with what we calculate from `dir/data`.
///
/// # Errors
/// When the folder or a file in it cannot be read.
pub fn compare(dir: &Path) -> Result<Comparison, GoldenError> {
    let folder = dir.join("golden");
    let mut files: Vec<std::path::PathBuf> = std::fs::read_dir(&folder)
        .map_err(|e| file_error(&folder, &e.to_string()))?
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    let mut comparison = Comparison::default();
    for path in files {
        let text = std::fs::read_to_string(&path).map_err(|e| file_error(&path, &e.to_string()))?;
        let golden: Value = serde_json::from_str(&text).map_err(|e| file_error(&path, &e.to_string()))?;
        let name = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
        let expectations = expectations(dir, &name, &golden)?;
        comparison.add(&name, &golden, &expectations);
    }
    Ok(comparison)
}

fn file_error(path: &Path, problem: &str) -> GoldenError {
    GoldenError::File { file: path.display().to_string(), problem: problem.to_owned() }
}

/// Everything we say about one golden file.
fn expectations(dir: &Path, name: &str, golden: &Value) -> Result<Expectations, GoldenError> {
    let mut all = Expectations::default();
    // Each file names its data set; several files may belong to one.
    let named = golden.get("dataset").and_then(Value::as_str).unwrap_or(name);
    let base = data_set(dir, named.trim_end_matches(".csv"), name);
    if golden.get("n_term").is_some() {
        grading::expect(golden, &mut all);
    } else if golden.get("pairs").is_some()
        || golden.get("severity").is_some()
        || golden.get("sklearn_kappa").is_some()
        || golden.get("krippendorff_alpha_nominal").is_some()
    {
        let path = dir.join("data").join(format!("{base}.csv"));
        let file = File::open(&path).map_err(|e| file_error(&path, &e.to_string()))?;
        let ratings = crate::marker::Ratings::read(file)
            .map_err(|source| GoldenError::Table { file: path.display().to_string(), source })?;
        marking::expect(golden, &ratings, &mut all);
    } else {
        let table = load(dir, base)?;
        let counted = table.clone().blanks_as_answers();
        if let Some(ctt) = golden.get("ctt") {
            classical::expect(ctt, "ctt", &counted, &mut all);
        }
        if let Some(edge) = golden.get("missing_as_zero") {
            classical::expect(edge, "missing_as_zero", &counted, &mut all);
        }
        if let Some(available) = golden.get("available") {
            classical::expect_available(available, &table, &mut all);
        }
        if golden.get("exact_ctt").is_some() {
            classical::expect_exact(golden, &counted, &mut all);
        }
        if golden.get("cml").is_some() || golden.get("exact_cml").is_some() {
            scaling::expect(golden, &counted, &mut all);
        }
        if let Some(mml) = golden.get("mml") {
            marginal::expect(mml, &counted, &mut all);
        }
        if let Some(distractors) = golden.get("distractors") {
            options::expect(distractors, &counted, &mut all);
        }
        if golden.get("oplm").is_some() {
            scaling::expect_anchor(golden, dir, &table, &mut all)?;
        }
        difference::expect(golden, &counted, &mut all);
    }
    Ok(all)
}

/// The data set of a golden file: the one it names, otherwise its own name without what tells the kind of golden.
fn data_set<'a>(dir: &Path, named: &'a str, name: &'a str) -> &'a str {
    let exists = |base: &str| {
        [".csv", "_raw.csv"].iter().any(|end| dir.join("data").join(format!("{base}{end}")).exists())
    };
    let plain = ["_py", "_dif"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    [named, name, plain].into_iter().find(|base| exists(base)).unwrap_or(named)
}

/// The response table of a data set: raw options with a key if there is one, otherwise scores.
fn load(dir: &Path, base: &str) -> Result<Table, GoldenError> {
    let data = dir.join("data");
    let raw = data.join(format!("{base}_raw.csv"));
    // The reference packages take every row.
    let every_row = ReadOptions { attempts: Attempts::All, ..ReadOptions::default() };
    let open = |path: &Path| File::open(path).map_err(|e| file_error(path, &e.to_string()));
    let table_error = |path: &Path| {
        let file = path.display().to_string();
        move |source| GoldenError::Table { file, source }
    };
    if raw.exists() {
        let key_path = data.join(format!("{base}_key.csv"));
        let key = read::key(open(&key_path)?).map_err(table_error(&key_path))?;
        let options = ReadOptions { key: Some(key), ..every_row };
        return read::responses(open(&raw)?, &options).map_err(table_error(&raw));
    }
    let path = data.join(format!("{base}.csv"));
    read::responses(open(&path)?, &every_row).map_err(table_error(&path))
}

impl Comparison {
    /// Did every number come out right?
    #[must_use]
    pub fn passed(&self) -> bool {
        self.misses.is_empty() && self.numbers > 0
    }

    fn add(&mut self, file: &str, golden: &Value, expectations: &Expectations) {
        let mut leaves = Vec::new();
        flatten(golden, String::new(), &mut leaves);
        let mut own = (0, 0, 0);
        for (path, leaf) in leaves {
            let expected = expectations.find(&path);
            if let Leaf::Number(value) = leaf {
                self.numbers += 1;
                own.0 += 1;
                let Some(expected) = expected else {
                    match expect::excluded(file, &path) {
                        Some(reason) => *self.excluded.entry(reason.to_owned()).or_default() += 1,
                        None => self.miss(
                            file,
                            &path,
                            &value.to_string(),
                            "nothing",
                            "we calculate no such value",
                        ),
                    }
                    continue;
                };
                self.compared += 1;
                own.1 += 1;
                if self.judge(file, &path, value, expected) {
                    own.2 += 1;
                }
            } else if let Some(expected) = expected {
                let agreed = match (&leaf, expected.value) {
                    (Leaf::Null, None) => true,
                    (Leaf::Infinity(sign), Some(v)) => v.is_infinite() && v.signum() == *sign,
                    _ => false,
                };
                if agreed {
                    self.undefined_agreed += 1;
                } else {
                    let ours = expected.value.map_or("undefined".to_owned(), |v| v.to_string());
                    self.miss(file, &path, &format!("{leaf:?}"), &ours, "one side is undefined");
                }
            }
        }
        self.files.insert(file.to_owned(), own);
    }

    fn judge(&mut self, file: &str, path: &str, golden: f64, expected: &Expected) -> bool {
        let line = self.statistics.entry(expected.statistic.to_owned()).or_default();
        line.tolerance = expected.tolerance.to_string();
        line.compared += 1;
        let Some(ours) = expected.value.filter(|v| v.is_finite()) else {
            self.miss(
                file,
                path,
                &golden.to_string(),
                "undefined",
                "we have no number where the package has one",
            );
            return false;
        };
        let (size, within) = expected.tolerance.measure(ours, golden);
        line.largest = line.largest.max(size);
        if within {
            line.within += 1;
        } else {
            let why = format!("{} differs by {size:.3e}, allowed {}", expected.statistic, expected.tolerance);
            self.miss(file, path, &format!("{golden:.17e}"), &format!("{ours:.17e}"), &why);
        }
        within
    }

    fn miss(&mut self, file: &str, path: &str, golden: &str, ours: &str, why: &str) {
        self.misses.push(Miss {
            file: file.to_owned(),
            path: path.to_owned(),
            golden: golden.to_owned(),
            ours: ours.to_owned(),
            why: why.to_owned(),
        });
    }
}

#[derive(Debug, Clone)]
enum Leaf {
    Number(f64),
    Null,
    Infinity(f64),
    Other,
}

fn flatten(value: &Value, path: String, out: &mut Vec<(String, Leaf)>) {
    let join = |part: &str| if path.is_empty() { part.to_owned() } else { format!("{path}/{part}") };
    match value {
        Value::Object(map) => map.iter().for_each(|(k, v)| flatten(v, join(k), out)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(i, v)| flatten(v, join(&i.to_string()), out))
        }
        Value::Number(n) => out.push((path, n.as_f64().map_or(Leaf::Other, Leaf::Number))),
        Value::Null => out.push((path, Leaf::Null)),
        Value::String(s) if s == "Infinity" => out.push((path, Leaf::Infinity(1.0))),
        Value::String(s) if s == "-Infinity" => out.push((path, Leaf::Infinity(-1.0))),
        Value::String(_) | Value::Bool(_) => {}
    }
}

/// The texts of a JSON list, or of a single text that stands for a list of one.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(list)) => {
            list.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect()
        }
        Some(Value::String(one)) => vec![one.clone()],
        Some(other) => vec![other.to_string()],
        None => Vec::new(),
    }
}
