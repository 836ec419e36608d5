//! Which header of a file is which column of the program.

use crate::column::Column;
use crate::finding::Finding;
use crate::fold::fold;
use crate::sheet::Sheet;
use std::collections::BTreeMap;

/// Below this likeness a header is not suggested at all.
const LIKE_ENOUGH: f64 = 0.84;

/// Columns of the file by the keys of the program's columns. Each side is used once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    by_key: BTreeMap<String, u32>,
}

/// What is proposed for one header of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The file's column, counted from 0.
    pub column: u32,
    pub header: String,
    /// The program's column; `None` leaves the file's column out.
    pub key: Option<String>,
    pub why: Why,
}

/// Why a header was given its column, in order of trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The school mapped this header before, perhaps to nothing.
    Remembered,
    /// The header is the label, the key or an alias.
    Named,
    /// It is nearly so; the number is the likeness in percent.
    Like(u8),
    Unknown,
}

/// What a school chose before: folded header to key; `None` for a header that is to be left out.
pub type Remembered = BTreeMap<String, Option<String>>;

impl Mapping {
    /// The suggestions as they stand, for a user who changes nothing.
    pub fn accept(suggestions: &[Suggestion]) -> Self {
        let mut mapping = Self::default();
        for suggestion in suggestions {
            if let Some(key) = &suggestion.key {
                mapping.by_key.entry(key.clone()).or_insert(suggestion.column);
            }
        }
        mapping
    }

    /// The user's own choice. A column used twice is refused by [`Mapping::check`].
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, u32)>) -> Self {
        Self { by_key: pairs.into_iter().collect() }
    }

    pub fn column_of(&self, key: &str) -> Option<u32> {
        self.by_key.get(key).copied()
    }

    /// What to remember for the school's next file.
    pub fn to_remember(&self, sheet: &Sheet) -> Remembered {
        let mut remembered = Remembered::new();
        for (column, header) in (0u32..).zip(&sheet.headers) {
            if !header.is_empty() {
                let key =
                    self.by_key.iter().find(|(_, mapped)| **mapped == column).map(|(key, _)| key.clone());
                remembered.insert(fold(header), key);
            }
        }
        remembered
    }

    /// Everything that keeps this mapping from being used.
    pub fn check(&self, sheet: &Sheet, columns: &[Column]) -> Vec<Finding> {
        let mut findings = Vec::new();
        for column in columns.iter().filter(|column| column.required) {
            if !self.by_key.contains_key(&column.key) {
                findings.push(
                    Finding::new("sheet-column-missing")
                        .at(header_place(sheet, None))
                        .with("column", column.label.as_str()),
                );
            }
        }
        let mut used: BTreeMap<u32, &str> = BTreeMap::new();
        for (key, index) in &self.by_key {
            let Some(column) = columns.iter().find(|column| column.key == *key) else {
                findings.push(Finding::new("sheet-key-unknown").with("column", key.as_str()));
                continue;
            };
            let known = usize::try_from(*index).is_ok_and(|index| index < sheet.headers.len());
            if !known {
                findings.push(
                    Finding::new("sheet-mapped-column-missing")
                        .with("letters", crate::finding::letters(*index))
                        .with("column", column.label.as_str()),
                );
            }
            if used.insert(*index, key).is_some() {
                findings.push(Finding::new("sheet-column-used-twice").at(header_place(sheet, Some(*index))));
            }
        }
        findings
    }
}

/// A proposal for every header of the file, in their order.
pub fn suggest(sheet: &Sheet, columns: &[Column], remembered: &Remembered) -> Vec<Suggestion> {
    let mut suggestions: Vec<Suggestion> = (0u32..)
        .zip(&sheet.headers)
        .map(|(column, header)| Suggestion { column, header: header.clone(), key: None, why: Why::Unknown })
        .collect();
    let mut taken: Vec<&str> = Vec::new();
    for suggestion in &mut suggestions {
        let Some(key) = remembered.get(&fold(&suggestion.header)) else { continue };
        if suggestion.header.is_empty() {
            continue;
        }
        match key {
            None => suggestion.why = Why::Remembered,
            Some(key) => {
                let Some(column) = columns.iter().find(|column| column.key == *key) else { continue };
                if !taken.contains(&column.key.as_str()) {
                    taken.push(&column.key);
                    suggestion.key = Some(column.key.clone());
                    suggestion.why = Why::Remembered;
                }
            }
        }
    }
    let mut pairs = likenesses(&suggestions, columns);
    pairs.sort_by(|one, other| other.likeness.total_cmp(&one.likeness));
    for pair in pairs {
        let Some(suggestion) = suggestions.get_mut(pair.header) else { continue };
        if suggestion.key.is_none() && !taken.contains(&pair.key) {
            taken.push(pair.key);
            suggestion.key = Some(pair.key.to_owned());
            suggestion.why = match pair.likeness {
                likeness if likeness >= 1.0 => Why::Named,
                likeness => Why::Like((likeness * 100.0) as u8),
            };
        }
    }
    suggestions
}

/// Headers that say the same: only the first can be suggested, the others are named.
pub fn repeated_headers(sheet: &Sheet) -> Vec<Finding> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut findings = Vec::new();
    for (column, header) in (0u32..).zip(&sheet.headers) {
        let folded = fold(header);
        if folded.is_empty() {
            continue;
        }
        match seen.get(&folded) {
            Some(first) => findings.push(
                Finding::new("sheet-header-repeated")
                    .at(header_place(sheet, Some(column)))
                    .with("first", crate::finding::letters(*first)),
            ),
            None => {
                seen.insert(folded, column);
            }
        }
    }
    findings
}

struct Pair<'a> {
    header: usize,
    key: &'a str,
    likeness: f64,
}

fn likenesses<'a>(suggestions: &[Suggestion], columns: &'a [Column]) -> Vec<Pair<'a>> {
    let names: Vec<(&str, Vec<String>)> = columns
        .iter()
        .map(|column| {
            let names = [&column.label, &column.key].into_iter().chain(&column.aliases);
            (column.key.as_str(), names.map(|name| fold(name)).collect())
        })
        .collect();
    let mut pairs = Vec::new();
    for (header, suggestion) in suggestions.iter().enumerate() {
        let folded = fold(&suggestion.header);
        if suggestion.why != Why::Unknown || folded.is_empty() {
            continue;
        }
        for (key, names) in &names {
            let likeness = names.iter().map(|name| likeness(&folded, name)).fold(0.0, f64::max);
            if likeness >= LIKE_ENOUGH {
                pairs.push(Pair { header, key, likeness });
            }
        }
    }
    pairs
}

/// 1 for equal folded texts, less for each letter changed; very short words must be equal.
fn likeness(header: &str, name: &str) -> f64 {
    if header == name {
        return 1.0;
    }
    if header.chars().count().min(name.chars().count()) < 4 || header.len() > 80 {
        return 0.0;
    }
    strsim::normalized_damerau_levenshtein(header, name).min(0.99)
}

fn header_place(sheet: &Sheet, column: Option<u32>) -> crate::finding::Place {
    let header = column
        .and_then(|column| usize::try_from(column).ok())
        .and_then(|index| sheet.headers.get(index))
        .cloned();
    crate::finding::Place {
        sheet: sheet.name.clone(),
        row: Some(sheet.header_row),
        column,
        header,
        line: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Kind;

    fn column(key: &str, label: &str, aliases: &[&str], required: bool) -> Column {
        Column {
            key: key.to_owned(),
            label: label.to_owned(),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            kind: Kind::Text { most_chars: 50 },
            required,
            example: String::new(),
            help: String::new(),
        }
    }

    fn columns() -> Vec<Column> {
        vec![
            column("studentNumber", "Studentnummer", &["leerlingnummer", "OV-nummer"], true),
            column("givenName", "Voornaam", &["roepnaam"], true),
            column("surname", "Achternaam", &["geslachtsnaam"], true),
            column("surnamePrefix", "Tussenvoegsel", &["voorvoegsel"], false),
        ]
    }

    fn sheet(headers: &str) -> Sheet {
        crate::read::read(format!("{headers}\n1;2;3;4;5\n").as_bytes(), &crate::read::Ask::default()).unwrap()
    }

    fn suggested(headers: &str, remembered: &Remembered) -> Vec<(Option<String>, Why)> {
        suggest(&sheet(headers), &columns(), remembered).into_iter().map(|one| (one.key, one.why)).collect()
    }

    fn to(key: &str) -> Option<String> {
        Some(key.to_owned())
    }

    #[test]
    fn headers_are_known_by_name_alias_and_nearly() {
        assert_eq!(
            suggested("STUDENT-NUMMER;Roepnaam;Achternaamm;Kleur;tussenvoegsels", &Remembered::new()),
            [
                (to("studentNumber"), Why::Named),
                (to("givenName"), Why::Named),
                (to("surname"), Why::Like(90)),
                (None, Why::Unknown),
                (to("surnamePrefix"), Why::Like(92)),
            ]
        );
    }

    #[test]
    fn a_column_is_suggested_once_and_for_the_best_header() {
        let both = suggested("Achternaamm;Achternaam", &Remembered::new());
        assert_eq!(both, [(None, Why::Unknown), (to("surname"), Why::Named)]);
    }

    #[test]
    fn what_the_school_chose_before_wins_also_over_a_name() {
        let sheet = sheet("Nr;Voornaam;Achternaam;Kleur");
        let chosen = Mapping::from_pairs([("studentNumber".to_owned(), 0), ("surname".to_owned(), 1)]);
        let remembered = chosen.to_remember(&sheet);
        assert_eq!(
            suggested("Nr;Voornaam;Achternaam;Kleur", &remembered),
            [
                (to("studentNumber"), Why::Remembered),
                (to("surname"), Why::Remembered),
                (None, Why::Remembered),
                (None, Why::Remembered),
            ]
        );
    }

    #[test]
    fn a_mapping_that_cannot_work_says_all_of_why() {
        let sheet = sheet("Nr;Voornaam");
        let mapping = Mapping::from_pairs(
            [("studentNumber", 0), ("givenName", 0), ("surnamePrefix", 9), ("shoeSize", 1)]
                .map(|(key, column)| (key.to_owned(), column)),
        );
        let mut codes: Vec<_> =
            mapping.check(&sheet, &columns()).into_iter().map(|finding| finding.code).collect();
        codes.sort_unstable();
        assert_eq!(
            codes,
            [
                "sheet-column-missing",
                "sheet-column-used-twice",
                "sheet-key-unknown",
                "sheet-mapped-column-missing"
            ]
        );
    }

    #[test]
    fn a_repeated_header_is_named_with_the_first() {
        let findings = repeated_headers(&sheet("Naam;Kleur;naam"));
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].code, "sheet-header-repeated");
        assert_eq!(findings[0].place.letters().as_deref(), Some("C"));
    }
}
