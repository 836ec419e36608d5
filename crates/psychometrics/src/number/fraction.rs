//! Exact fractions for marks: one rounding, at the very end.

use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub, Signed, Zero};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// An exact fraction. Every operation says when the numbers grow past 128 bits instead of wrapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fraction(Ratio<i128>);

/// A fraction outgrew its 128 bits, or was divided by zero, or a text was no number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FractionError {
    /// Numerator or denominator outgrew 128 bits, or a division by zero.
    #[error("the numbers are too large to calculate with exactly, or something was divided by zero")]
    Range,
    /// The text is not a decimal number or a fraction.
    #[error("'{0}' is not a number: write it as 12, 12.5, 12,5 or 25/2")]
    Text(String),
}

impl Fraction {
    /// Zero.
    pub const ZERO: Fraction = Fraction(Ratio::new_raw(0, 1));
    /// One.
    pub const ONE: Fraction = Fraction(Ratio::new_raw(1, 1));

    /// A whole number.
    #[must_use]
    pub fn whole(value: i64) -> Self {
        Fraction(Ratio::from_integer(i128::from(value)))
    }

    /// Numerator over denominator; `None` for denominator zero.
    #[must_use]
    pub fn new(numerator: i64, denominator: i64) -> Option<Self> {
        if denominator == 0 {
            None
        } else {
            Some(Fraction(Ratio::new(i128::from(numerator), i128::from(denominator))))
        }
    }

    /// Reads `12`, `12.5`, `12,5` or `25/2` exactly.
    ///
    /// # Errors
    /// When the text is no such number.
    pub fn parse(text: &str) -> Result<Self, FractionError> {
        let bad = || FractionError::Text(text.to_owned());
        let trimmed = text.trim();
        if let Some((top, bottom)) = trimmed.split_once('/') {
            let top: i64 = top.trim().parse().map_err(|_| bad())?;
            let bottom: i64 = bottom.trim().parse().map_err(|_| bad())?;
            return Fraction::new(top, bottom).ok_or_else(bad);
        }
        let (sign, digits) = match trimmed.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, trimmed.strip_prefix('+').unwrap_or(trimmed)),
        };
        let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
        let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && part.is_empty()) || !plain(whole) || !plain(part) || part.len() > 18 {
            return Err(bad());
        }
        let joined: i128 = format!("0{whole}{part}").parse().map_err(|_| bad())?;
        let scale = 10_i128.checked_pow(u32::try_from(part.len()).map_err(|_| bad())?).ok_or_else(bad)?;
        Ok(Fraction(Ratio::new(sign * joined, scale)))
    }

    /// Sum.
    ///
    /// # Errors
    /// When the numbers outgrow 128 bits.
    pub fn plus(self, other: Self) -> Result<Self, FractionError> {
        self.0.checked_add(&other.0).map(Fraction).ok_or(FractionError::Range)
    }

    /// Difference.
    ///
    /// # Errors
    /// When the numbers outgrow 128 bits.
    pub fn minus(self, other: Self) -> Result<Self, FractionError> {
        self.0.checked_sub(&other.0).map(Fraction).ok_or(FractionError::Range)
    }

    /// Product.
    ///
    /// # Errors
    /// When the numbers outgrow 128 bits.
    pub fn times(self, other: Self) -> Result<Self, FractionError> {
        self.0.checked_mul(&other.0).map(Fraction).ok_or(FractionError::Range)
    }

    /// Quotient.
    ///
    /// # Errors
    /// When the divisor is zero or the numbers outgrow 128 bits.
    pub fn over(self, other: Self) -> Result<Self, FractionError> {
        if other.0.is_zero() {
            return Err(FractionError::Range);
        }
        self.0.checked_div(&other.0).map(Fraction).ok_or(FractionError::Range)
    }

    /// Rounds once, half away from zero ("5.45 becomes 5.5"), to `decimals` decimals. The answer is the
    /// number of units of that decimal place: 5.45 with one decimal gives 55.
    ///
    /// # Errors
    /// When the numbers outgrow 128 bits.
    pub fn round_units(self, decimals: u32) -> Result<i128, FractionError> {
        let scale = 10_i128.checked_pow(decimals).ok_or(FractionError::Range)?;
        let scaled = self.0.checked_mul(&Ratio::from_integer(scale)).ok_or(FractionError::Range)?;
        let half = Ratio::new(1, 2);
        let moved = scaled.abs().checked_add(&half).ok_or(FractionError::Range)?;
        Ok(scaled.signum().to_integer() * moved.floor().to_integer())
    }

    /// The nearest double.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        *self.0.numer() as f64 / *self.0.denom() as f64
    }

    /// Is it negative?
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.0.is_negative()
    }

    /// Numerator and denominator in lowest terms.
    #[must_use]
    pub fn parts(self) -> (i128, i128) {
        (*self.0.numer(), *self.0.denom())
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Fraction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_string().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Fraction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A JSON number is read through its shortest text, so 0.4 means four tenths and not the double near it.
        let value = serde_json::Value::deserialize(deserializer)?;
        let text = match &value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Number(number) => number.to_string(),
            other => other.to_string(),
        };
        Fraction::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_point_forty_five_rounds_up_and_just_below_rounds_down() {
        assert_eq!(Fraction::parse("5.45").unwrap().round_units(1), Ok(55));
        assert_eq!(Fraction::parse("5.4499").unwrap().round_units(1), Ok(54));
        assert_eq!(Fraction::parse("5,45").unwrap(), Fraction::parse("109/20").unwrap());
    }

    #[test]
    fn texts_that_are_no_numbers_are_refused() {
        for text in ["", ".", "a", "1.2.3", "1/0", "--1", "1e5", "12.5x"] {
            assert!(Fraction::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_that_grow_too_large_say_so() {
        let mut value = Fraction::whole(i64::MAX);
        value = value.times(value).unwrap();
        assert_eq!(value.times(value), Err(FractionError::Range));
        assert_eq!(Fraction::ONE.over(Fraction::ZERO), Err(FractionError::Range));
    }
}
