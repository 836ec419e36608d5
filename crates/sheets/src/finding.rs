//! What is wrong, where, and with which words: a rule code and its arguments, rendered elsewhere.

use serde::Serialize;

/// One thing a user can act on. The code names a text in `locales/`, the arguments fill it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub place: Place,
    pub code: &'static str,
    pub args: Vec<(&'static str, Arg)>,
}

/// Numbers stay numbers, so that the text can choose its plural.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Arg {
    Text(String),
    Number(i64),
}

/// Where in the file. Rows and lines count from 1 as a spreadsheet shows them, columns from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    pub sheet: Option<String>,
    pub row: Option<u32>,
    pub column: Option<u32>,
    /// The text above the column.
    pub header: Option<String>,
    /// Of a CSV file: it differs from the row once a quoted cell holds a line end.
    pub line: Option<u32>,
}

impl Finding {
    pub fn new(code: &'static str) -> Self {
        Self { place: Place::default(), code, args: Vec::new() }
    }

    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, arg: impl Into<Arg>) -> Self {
        self.args.push((name, arg.into()));
        self
    }
}

impl Place {
    /// `A`, `Z`, `AA`: the letters a spreadsheet shows above the column.
    pub fn letters(&self) -> Option<String> {
        self.column.map(letters)
    }
}

/// The letters of a column counted from 0.
pub fn letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = u64::from(column) + 1;
    while left > 0 {
        left -= 1;
        letters.push(b'A' + u8::try_from(left % 26).unwrap_or(0));
        left /= 26;
    }
    letters.reverse();
    letters.into_iter().map(char::from).collect()
}

/// A cell's text short enough to stand in a message.
pub(crate) fn clip(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Arg::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Arg::Text(text)
    }
}

impl From<u64> for Arg {
    fn from(number: u64) -> Self {
        Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Arg {
    fn from(number: usize) -> Self {
        Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Arg::Number(i64::from(number))
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Arg::Number(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_a_spreadsheet_names_them() {
        let named: Vec<String> = [0, 25, 26, 51, 52, 701, 702, 16_383].into_iter().map(letters).collect();
        assert_eq!(named, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD"]);
    }

    #[test]
    fn a_long_value_is_shortened_on_a_character_and_not_inside_one() {
        assert_eq!(clip(&"é".repeat(200)).chars().count(), 60);
        assert_eq!(clip("kort"), "kort");
    }
}
