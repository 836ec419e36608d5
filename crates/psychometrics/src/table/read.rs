//! Reads response tables and item lists from CSV; a mistake names its line and column.

use super::{Choices, Column, Grouping, Item, Mask, Names, Table, TableError};
use std::collections::HashMap;
use std::io::Read;

/// Columns that describe persons rather than answers, when the file has them.
pub const PERSON_COLUMNS: [&str; 5] = ["person_id", "booklet", "group", "gender", "sitting"];

/// The right options per item: `("item1", ["A", "C"])`.
pub type Key = Vec<(String, Vec<String>)>;

/// What an item list says about an item.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ItemLine {
    /// Item name.
    pub id: String,
    /// Maximum score.
    pub max: Option<u16>,
    /// Integer weight.
    pub weight: Option<u16>,
    /// Domain (columns `domain`, `aspect`, or the first column that is none of the others).
    pub domain: Option<String>,
    /// All options of a multiple choice item, also those that nobody chose.
    pub options: Vec<String>,
}

/// Which rows of a person who occurs more than once count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Attempts {
    /// The first one (per label of the column `sitting`, if there is one).
    #[default]
    First,
    /// Every row, as if by different persons.
    All,
}

/// How to read a response table.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Right options; items named here hold options instead of scores.
    pub key: Option<Key>,
    /// Extra columns with labels of persons, beside those of [`PERSON_COLUMNS`].
    pub labels: Vec<String>,
    /// What to do with persons who occur more than once.
    pub attempts: Attempts,
}

enum Role {
    Person,
    Booklet,
    Label(usize),
    Item(usize),
}

/// Reads a response table.
///
/// # Errors
/// Names the line and column of the first mistake.
pub fn responses(input: impl Read, options: &ReadOptions) -> Result<Table, TableError> {
    let mut reader = csv::ReaderBuilder::new().has_headers(true).flexible(true).from_reader(input);
    let header = reader.byte_headers().map_err(|e| csv_error(&e))?.clone();
    let mut builder = Builder::new(&header, options)?;
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(|e| csv_error(&e))? {
        builder.add(&record)?;
    }
    builder.finish()
}

struct OptionColumn {
    key: Vec<String>,
    index: HashMap<Vec<u8>, u8>,
    labels: Vec<String>,
    codes: Vec<u8>,
}

struct Builder {
    names: Vec<String>,
    roles: Vec<Role>,
    table: Table,
    options: Vec<Option<OptionColumn>>,
    seen: Vec<HashMap<Vec<u8>, u16>>,
    booklets: HashMap<Vec<u8>, u16>,
    attempts: Attempts,
}

impl Builder {
    fn new(header: &csv::ByteRecord, options: &ReadOptions) -> Result<Self, TableError> {
        let mut names: Vec<String> = Vec::new();
        for (index, field) in header.iter().enumerate() {
            let field = if index == 0 { field.strip_prefix(b"\xef\xbb\xbf").unwrap_or(field) } else { field };
            let name = std::str::from_utf8(field).map_err(|_| TableError::Cell {
                line: 1,
                column: (index + 1).to_string(),
                problem: "the column name is not UTF-8 text; save the file as UTF-8".to_owned(),
            })?;
            let name = name.trim().to_owned();
            let problem = if name.is_empty() {
                Some("the column has no name; give every column a name in the first line")
            } else if names.contains(&name) {
                Some("the column name occurs twice; every column needs its own name")
            } else {
                None
            };
            if let Some(problem) = problem {
                return Err(TableError::Cell {
                    line: 1,
                    column: place(index, &name),
                    problem: problem.to_owned(),
                });
            }
            names.push(name);
        }
        check_separator(&names)?;
        let mut table = Table {
            persons: 0,
            person_ids: None,
            items: Vec::new(),
            columns: Vec::new(),
            blanks: Vec::new(),
            choices: Vec::new(),
            groupings: Vec::new(),
            booklets: None,
            repeated: 0,
        };
        let mut roles = Vec::new();
        let mut option_columns = Vec::new();
        let mut seen = Vec::new();
        for name in &names {
            let listed = options.labels.contains(name);
            let grouping = || Grouping { name: name.clone(), labels: Vec::new(), codes: Vec::new() };
            roles.push(match name.as_str() {
                "person_id" => {
                    table.person_ids = Some(Names::default());
                    Role::Person
                }
                "booklet" => {
                    table.booklets = Some(grouping());
                    Role::Booklet
                }
                known if listed || PERSON_COLUMNS.contains(&known) => {
                    table.groupings.push(grouping());
                    seen.push(HashMap::new());
                    Role::Label(table.groupings.len() - 1)
                }
                _ => {
                    table.items.push(Item { id: name.clone(), max: 1, max_known: false, domain: None });
                    table.columns.push(Column::default());
                    table.blanks.push(None);
                    let key = options.key.as_ref().and_then(|k| k.iter().find(|(id, _)| id == name));
                    option_columns.push(key.map(|(_, key)| OptionColumn {
                        key: key.clone(),
                        index: HashMap::new(),
                        labels: Vec::new(),
                        codes: Vec::new(),
                    }));
                    Role::Item(table.items.len() - 1)
                }
            });
        }
        let listed = options.key.iter().flatten();
        if let Some((id, _)) = listed.into_iter().find(|(id, _)| !table.items.iter().any(|i| &i.id == id)) {
            return Err(TableError::File(format!(
                "the key names item '{id}', which is not a column of the answers; check the spelling in both files"
            )));
        }
        let attempts = options.attempts;
        Ok(Builder { names, roles, table, options: option_columns, seen, booklets: HashMap::new(), attempts })
    }

    fn add(&mut self, record: &csv::ByteRecord) -> Result<(), TableError> {
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != self.names.len() {
            let at = record.len().min(self.names.len());
            return Err(TableError::Cell {
                line,
                column: self.names.get(at).map_or_else(|| (at + 1).to_string(), |n| place(at, n)),
                problem: format!(
                    "the line has {} values where the header names {} columns; check for a missing or extra comma",
                    record.len(),
                    self.names.len()
                ),
            });
        }
        let row = self.table.persons;
        for (index, (field, role)) in record.iter().zip(&self.roles).enumerate() {
            let bad = |problem: String| TableError::Cell {
                line,
                column: self.names.get(index).map_or_else(String::new, |n| place(index, n)),
                problem,
            };
            match role {
                Role::Person => {
                    let text = std::str::from_utf8(field)
                        .map_err(|_| bad("the text is not UTF-8; save the file as UTF-8".to_owned()))?;
                    let full = self.table.person_ids.as_mut().is_some_and(|names| !names.push(text));
                    if full {
                        return Err(bad("the identifiers take more than 4 GB; shorten them".to_owned()));
                    }
                }
                Role::Booklet => {
                    if field.trim_ascii().is_empty() {
                        return Err(bad("the booklet is blank; name the booklet this person got".to_owned()));
                    }
                    if let Some(grouping) = &mut self.table.booklets {
                        label(grouping, &mut self.booklets, field).map_err(bad)?;
                    }
                }
                Role::Label(at) => {
                    if let (Some(grouping), Some(seen)) =
                        (self.table.groupings.get_mut(*at), self.seen.get_mut(*at))
                    {
                        label(grouping, seen, field).map_err(bad)?;
                    }
                }
                Role::Item(at) => {
                    let (Some(column), Some(blank), Some(option)) = (
                        self.table.columns.get_mut(*at),
                        self.table.blanks.get_mut(*at),
                        self.options.get_mut(*at),
                    ) else {
                        continue;
                    };
                    let text = field.trim_ascii();
                    if text.is_empty() {
                        blank.get_or_insert_with(Mask::default).set(row);
                    }
                    let score = match option {
                        Some(option) => choose(option, text).map_err(bad)?,
                        None => score(text).map_err(bad)?,
                    };
                    column.push(row, score);
                }
            }
        }
        self.table.persons += 1;
        if u32::try_from(self.table.persons).is_err() {
            return Err(TableError::File("more than 4 thousand million persons; split the file".to_owned()));
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Table, TableError> {
        self.table.choices = self.options.into_iter().map(|o| o.map(sorted_choices)).collect();
        self.table.require_data()?;
        let mut table = match self.attempts {
            Attempts::First => self.table.first_attempts(),
            Attempts::All => self.table,
        };
        table.observe_maxima();
        Ok(table)
    }
}

fn score(text: &[u8]) -> Result<u16, String> {
    // The common case first: one digit.
    if let [digit @ b'0'..=b'9'] = text {
        return Ok(u16::from(digit - b'0'));
    }
    if text.is_empty() {
        return Ok(0);
    }
    std::str::from_utf8(text).ok().and_then(|t| t.parse::<u16>().ok()).ok_or_else(|| {
        format!(
            "'{}' is not a whole score from 0 to 65535; leave the cell blank for no answer, or give a key if the column holds options",
            String::from_utf8_lossy(text)
        )
    })
}

fn choose(option: &mut OptionColumn, text: &[u8]) -> Result<u16, String> {
    if text.is_empty() {
        option.codes.push(0);
        return Ok(0);
    }
    let code = match option.index.get(text) {
        Some(code) => *code,
        None => {
            let label = std::str::from_utf8(text).map_err(|_| "the option is not UTF-8 text".to_owned())?;
            let code = u8::try_from(option.labels.len() + 1).map_err(|_| {
                "the item has more than 255 different options; is this an open question? leave it out of the key"
                    .to_owned()
            })?;
            option.index.insert(text.to_vec(), code);
            option.labels.push(label.to_owned());
            code
        }
    };
    option.codes.push(code);
    let right = option.labels.get(usize::from(code) - 1).is_some_and(|l| option.key.contains(l));
    Ok(u16::from(right))
}

/// Options in sorted order, the right ones among them even when nobody chose them.
fn sorted_choices(column: OptionColumn) -> Choices {
    let mut labels = column.labels.clone();
    for right in &column.key {
        if !labels.contains(right) && labels.len() < 255 {
            labels.push(right.clone());
        }
    }
    labels.sort();
    let place_of =
        |label: &String| labels.iter().position(|l| l == label).and_then(|p| u8::try_from(p + 1).ok());
    let new_code: Vec<u8> =
        std::iter::once(0).chain(column.labels.iter().map(|l| place_of(l).unwrap_or(0))).collect();
    let codes = column.codes.iter().map(|c| new_code.get(usize::from(*c)).copied().unwrap_or(0)).collect();
    let key = labels.iter().map(|l| column.key.contains(l)).collect();
    Choices { labels, key, codes }
}

fn label(grouping: &mut Grouping, seen: &mut HashMap<Vec<u8>, u16>, field: &[u8]) -> Result<(), String> {
    let field = field.trim_ascii();
    if field.is_empty() {
        grouping.codes.push(u16::MAX);
        return Ok(());
    }
    let code = match seen.get(field) {
        Some(code) => *code,
        None => {
            let text = std::str::from_utf8(field).map_err(|_| "the label is not UTF-8 text".to_owned())?;
            let code =
                u16::try_from(grouping.labels.len()).ok().filter(|c| *c < u16::MAX).ok_or_else(|| {
                    "more than 65534 different labels; is this really a group column?".to_owned()
                })?;
            seen.insert(field.to_vec(), code);
            grouping.labels.push(text.to_owned());
            code
        }
    };
    grouping.codes.push(code);
    Ok(())
}

/// Reads a key: columns `item_id` and `key`; several right options are separated by `|`.
///
/// # Errors
/// Names the line and column of the first mistake.
pub fn key(input: impl Read) -> Result<Key, TableError> {
    let (header, rows) = text_rows(input)?;
    let item = column(&header, "item_id")?;
    let right = column(&header, "key")?;
    let mut key = Key::new();
    for (line, row) in rows {
        let id = cell(&row, item);
        let options: Vec<String> =
            cell(&row, right).split('|').map(|o| o.trim().to_owned()).filter(|o| !o.is_empty()).collect();
        let problem = if id.is_empty() {
            Some((item, "item_id", "the item has no name"))
        } else if options.is_empty() {
            Some((right, "key", "the item has no right option; leave the line out to score the item by hand"))
        } else if key.iter().any(|(known, _)| known == id) {
            Some((item, "item_id", "the item occurs twice in the key"))
        } else {
            None
        };
        if let Some((at, name, problem)) = problem {
            return Err(TableError::Cell { line, column: place(at, name), problem: problem.to_owned() });
        }
        key.push((id.to_owned(), options));
    }
    Ok(key)
}

/// A single column with another separator in its name is a file saved with that separator.
fn check_separator(header: &[String]) -> Result<(), TableError> {
    let [only] = header else { return Ok(()) };
    let found = [(';', "semicolons"), ('\t', "tabs")].into_iter().find(|(sign, _)| only.contains(*sign));
    found.map_or(Ok(()), |(_, name)| {
        Err(TableError::Cell {
            line: 1,
            column: "1".to_owned(),
            problem: format!("the columns are separated by {name}; save the file with commas between them"),
        })
    })
}

/// Reads an item list: column `item_id`, and any of `max` (or `max_score`), `weight`, `domain`, and `options`
/// (separated by `|`).
///
/// # Errors
/// Names the line and column of the first mistake.
pub fn items(input: impl Read) -> Result<Vec<ItemLine>, TableError> {
    let (header, rows) = text_rows(input)?;
    let item = column(&header, "item_id")?;
    let find = |names: &[&str]| header.iter().position(|h| names.contains(&h.as_str()));
    let max = find(&["max", "max_score"]);
    let weight = find(&["weight"]);
    let options = find(&["options"]);
    let domain = find(&["domain", "aspect"]).or_else(|| {
        header.iter().position(|h| {
            !["item_id", "max", "max_score", "weight", "key", "true_beta", "options"].contains(&h.as_str())
        })
    });
    let mut lines = Vec::new();
    for (line, row) in rows {
        let number = |at: Option<usize>| -> Result<Option<u16>, TableError> {
            let Some(at) = at else { return Ok(None) };
            let text = cell(&row, at);
            if text.is_empty() {
                return Ok(None);
            }
            match text.parse::<u16>() {
                Ok(value) if value > 0 => Ok(Some(value)),
                _ => Err(TableError::Cell {
                    line,
                    column: header.get(at).map_or_else(String::new, |h| place(at, h)),
                    problem: format!("'{text}' is not a whole number from 1 to 65535"),
                }),
            }
        };
        let (max, weight) = (number(max)?, number(weight)?);
        lines.push(ItemLine {
            id: cell(&row, item).to_owned(),
            max,
            weight,
            domain: domain.map(|at| cell(&row, at).to_owned()).filter(|d| !d.is_empty()),
            options: options
                .map_or("", |at| cell(&row, at))
                .split('|')
                .map(|o| o.trim().to_owned())
                .filter(|o| !o.is_empty())
                .collect(),
        });
    }
    Ok(lines)
}

/// Header and numbered lines of a small CSV as text.
///
/// # Errors
/// When the CSV is malformed or a line has the wrong number of values.
#[allow(clippy::type_complexity)] // Header and numbered rows: a named type would say no more.
pub fn text_rows(input: impl Read) -> Result<(Vec<String>, Vec<(u64, Vec<String>)>), TableError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let header: Vec<String> = reader
        .headers()
        .map_err(|e| csv_error(&e))?
        .iter()
        .map(|h| h.trim_start_matches('\u{feff}').trim().to_owned())
        .collect();
    check_separator(&header)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| csv_error(&e))?;
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != header.len() {
            let at = record.len().min(header.len());
            return Err(TableError::Cell {
                line,
                column: header.get(at).map_or_else(|| (at + 1).to_string(), |h| place(at, h)),
                problem: format!(
                    "the line has {} values where the header names {} columns",
                    record.len(),
                    header.len()
                ),
            });
        }
        rows.push((line, record.iter().map(|f| f.trim().to_owned()).collect()));
    }
    Ok((header, rows))
}

/// The index of a column that must exist.
///
/// # Errors
/// Names the missing column and the ones there are.
pub fn column(header: &[String], name: &str) -> Result<usize, TableError> {
    header.iter().position(|h| h == name).ok_or_else(|| {
        TableError::File(format!("column '{name}' is missing; the file has: {}", header.join(", ")))
    })
}

fn cell(row: &[String], at: usize) -> &str {
    row.get(at).map_or("", String::as_str)
}

fn place(index: usize, name: &str) -> String {
    format!("{} ({name})", index + 1)
}

fn csv_error(error: &csv::Error) -> TableError {
    match error.position() {
        Some(position) => TableError::Cell {
            line: position.line(),
            column: "1".to_owned(),
            problem: format!("the text cannot be read as CSV ({error}); check quotes and encoding"),
        },
        None => TableError::File(format!("the file cannot be read: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Table, TableError> {
        responses(text.as_bytes(), &ReadOptions::default())
    }

    #[test]
    fn a_table_with_persons_groups_and_blanks_is_read() {
        let t = read("person_id,gender,a,b\np1,f,1,2\np2,m,,0\n").unwrap();
        assert_eq!(t.persons(), 2);
        assert_eq!((t.score(0, 1), t.score(1, 0), t.score(1, 1)), (Some(2), None, Some(0)));
        assert_eq!(t.grouping("gender").unwrap().labels, ["f", "m"]);
        assert_eq!(t.person(1), "p2");
    }

    #[test]
    fn a_mistake_names_its_line_and_column() {
        let e = read("person_id,a,b\np1,1,0\np2,1,x\n").unwrap_err().to_string();
        assert!(e.starts_with("line 3, column 3 (b): 'x' is not a whole score"), "{e}");
        let e = read("person_id,a,b\np1,1\n").unwrap_err().to_string();
        assert!(e.starts_with("line 2, column 3 (b): the line has 2 values"), "{e}");
        assert!(read("person_id,a,a\np1,1,1\n").unwrap_err().to_string().contains("twice"));
        assert!(read("person_id,a\np1,-1\n").is_err());
        assert!(read("person_id,a\n").unwrap_err().to_string().contains("no persons"));
        assert!(read("").is_err());
    }

    #[test]
    fn options_are_scored_by_the_key() {
        let key = key("item_id,key\na,B|C\n".as_bytes()).unwrap();
        let options = ReadOptions { key: Some(key), ..ReadOptions::default() };
        let t = responses("person_id,a\n1,B\n2,A\n3,\n4,C\n".as_bytes(), &options).unwrap();
        let scores: Vec<_> = (0..4).map(|p| t.score(p, 0)).collect();
        assert_eq!(scores, [Some(1), Some(0), None, Some(1)]);
        let choices = t.choices(0).unwrap();
        assert_eq!(choices.labels, ["A", "B", "C"]);
        assert_eq!(choices.codes, [2, 1, 0, 3]);
        assert_eq!(choices.key, [false, true, true]);
    }

    #[test]
    fn only_the_first_attempt_of_a_person_in_a_sitting_counts() {
        let text = "person_id,sitting,a,b\np1,june,0,1\np2,june,1,1\np1,june,3,1\np1,august,1,0\n,june,0,0\n,june,1,1\n";
        let t = read(text).unwrap();
        assert_eq!((t.persons(), t.repeated()), (5, 1));
        assert_eq!((t.score(0, 0), t.score(2, 1)), (Some(0), Some(0)), "the later june row is gone");
        assert_eq!(t.items()[0].max, 1, "nor does its score set the maximum");
        let all = ReadOptions { attempts: Attempts::All, ..ReadOptions::default() };
        assert_eq!(responses(text.as_bytes(), &all).unwrap().persons(), 6);
    }

    #[test]
    fn a_key_for_an_unknown_item_is_refused() {
        let options =
            ReadOptions { key: Some(vec![("z".into(), vec!["A".into()])]), ..ReadOptions::default() };
        assert!(responses("a\n1\n".as_bytes(), &options).unwrap_err().to_string().contains("'z'"));
    }
}
