//! What an import or a list knows about its columns.

use crate::fold::fold;
use jiff::civil::{Date, Time};

/// One column an import can use. The texts come rendered, in the language of the one who asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The name in the program.
    pub key: String,
    /// The header in templates and lists.
    pub label: String,
    /// Other headers schools use for it, in any language.
    pub aliases: Vec<String>,
    pub kind: Kind,
    /// The header must be there and every row must fill it.
    pub required: bool,
    /// How a filled cell looks, in the template's example row.
    pub example: String,
    /// One sentence for the template's explanation sheet.
    pub help: String,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Text {
        most_chars: usize,
    },
    Whole {
        least: i64,
        most: i64,
    },
    Decimal {
        least: Decimal,
        most: Decimal,
        /// Digits behind the comma.
        places: u8,
    },
    YesNo,
    Date {
        first: Date,
        last: Date,
    },
    Time,
    Code(Vec<Choice>),
}

/// One allowed value of a code list; a cell may say the code, the label or an alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub code: String,
    pub label: String,
    pub aliases: Vec<String>,
}

/// What a cell says, once it is understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(String),
    Whole(i64),
    Decimal(Decimal),
    YesNo(bool),
    Date(Date),
    Time(Time),
    /// The code, however the cell named it.
    Code(String),
}

/// An exact decimal number: grades must not pass through binary fractions.
#[derive(Debug, Clone, Copy)]
pub struct Decimal {
    units: i64,
    places: u8,
}

impl Column {
    /// A column as an area wrote it down, with its words in the language of the one who asks. `word` gives the word for a
    /// code of a list, when there is one.
    pub fn of(
        column: &regie_core::column::Column,
        label: String,
        help: String,
        word: impl Fn(&str) -> Option<String>,
    ) -> Self {
        use regie_core::column::Shape;
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let kind = match column.shape {
            Shape::Text(most_chars) => Kind::Text { most_chars },
            Shape::Whole(least, most) => Kind::Whole { least, most },
            Shape::YesNo => Kind::YesNo,
            Shape::Date => Kind::date(),
            Shape::Time => Kind::Time,
            Shape::Code(choices) => Kind::Code(
                choices
                    .iter()
                    .map(|choice| Choice {
                        code: choice.code.to_owned(),
                        label: word(choice.code).unwrap_or_else(|| choice.code.to_owned()),
                        aliases: owned(choice.aliases),
                    })
                    .collect(),
            ),
        };
        Self {
            key: column.key.to_owned(),
            label,
            aliases: owned(column.aliases),
            kind,
            required: column.required,
            example: column.example.to_owned(),
            help,
        }
    }
}

impl Value {
    /// As it travels to the areas: the same text however the cell was written.
    pub fn plain(&self) -> String {
        match self {
            Value::Text(text) | Value::Code(text) => text.clone(),
            Value::Whole(number) => number.to_string(),
            Value::Decimal(number) => number.to_string(),
            Value::YesNo(yes) => yes.to_string(),
            Value::Date(date) => date.to_string(),
            Value::Time(time) => format!("{:02}:{:02}", time.hour(), time.minute()),
        }
    }
}

impl Kind {
    /// Any calendar date a school can mean.
    pub fn date() -> Self {
        Kind::Date { first: Date::constant(1900, 1, 1), last: Date::constant(2199, 12, 31) }
    }
}

impl Choice {
    pub fn new(code: &str, label: &str, aliases: &[&str]) -> Self {
        Self {
            code: code.to_owned(),
            label: label.to_owned(),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        }
    }

    pub(crate) fn named(&self, folded: &str) -> bool {
        fold(&self.code) == folded
            || fold(&self.label) == folded
            || self.aliases.iter().any(|alias| fold(alias) == folded)
    }
}

impl Decimal {
    /// `Decimal::new(75, 1)` is 7,5. At most 15 places.
    pub const fn new(units: i64, places: u8) -> Self {
        Self { units, places: if places > 15 { 15 } else { places } }
    }

    /// From digits with a point, such as `-7.50`; an exponent is refused.
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let part = part.trim_end_matches('0');
        let all = format!("{whole}{part}");
        if all.is_empty() && !digits.contains('0') || !all.chars().all(|sign| sign.is_ascii_digit()) {
            return None;
        }
        let places = u8::try_from(part.len()).ok().filter(|places| *places <= 15)?;
        let units: i64 = if all.is_empty() { 0 } else { all.parse().ok()? };
        Some(Self { units: sign * units, places })
    }

    pub fn to_f64(self) -> f64 {
        // Through text, so that 7,5 is the float nearest to 7.5 at any scale.
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The number times a power of ten, such as a grade in tenths; `None` when that loses digits.
    pub fn in_units(self, places: u8) -> Option<i64> {
        let least = self.trimmed();
        let more = places.checked_sub(least.places)?;
        least.units.checked_mul(10i64.checked_pow(u32::from(more))?)
    }

    /// Digits behind the point that are needed.
    pub fn places(self) -> u8 {
        self.trimmed().places
    }

    /// With a comma, as the Netherlands write it.
    pub fn with_comma(self) -> String {
        self.to_string().replace('.', ",")
    }

    fn trimmed(self) -> Self {
        let mut least = self;
        while least.places > 0 && least.units % 10 == 0 {
            least.units /= 10;
            least.places -= 1;
        }
        least
    }

    fn at_places(self, places: u8) -> i128 {
        i128::from(self.units) * 10i128.pow(u32::from(places.saturating_sub(self.places)))
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scale = 10u64.pow(u32::from(self.places));
        let units = self.units.unsigned_abs();
        let sign = if self.units < 0 { "-" } else { "" };
        write!(f, "{sign}{}", units / scale)?;
        if self.places > 0 {
            write!(f, ".{:0width$}", units % scale, width = usize::from(self.places))?;
        }
        Ok(())
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let places = self.places.max(other.places);
        self.at_places(places).cmp(&other.at_places(places))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        let read = |text: &str| Decimal::parse(text).map(|number| number.to_string());
        assert_eq!(read("7.5").as_deref(), Some("7.5"));
        assert_eq!(read("-0.05").as_deref(), Some("-0.05"));
        assert_eq!(read("8").as_deref(), Some("8"));
        assert_eq!(read("7.50").as_deref(), Some("7.5"));
        assert_eq!(read("0.0").as_deref(), Some("0"));
        for wrong in ["", "-", ".", "1e5", "7,5", "1.2.3", "99999999999999999999", "0.0000000000000001"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(Decimal::new(75, 1), Decimal::new(750, 2));
        assert!(Decimal::new(55, 1) < Decimal::new(56, 1));
        assert_eq!(Decimal::new(75, 1).in_units(2), Some(750));
        assert_eq!(Decimal::new(755, 2).in_units(1), None);
        assert_eq!(Decimal::new(-75, 1).with_comma(), "-7,5");
    }
}
