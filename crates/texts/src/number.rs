//! Numbers as they are written: a thousands mark from four digits up, a comma or point for decimals.

use crate::Language;

pub fn whole(language: Language, number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", group(language, &number.unsigned_abs().to_string()))
}

/// Halves go away from zero, as grades are rounded: 7.45 becomes 7,5.
pub fn decimal(language: Language, number: f64, digits: usize) -> String {
    if !number.is_finite() {
        return "–".to_owned();
    }
    let digits = digits.min(9);
    let scale = 10_f64.powi(i32::try_from(digits).unwrap_or(0));
    // The smallest nudge undoes what binary fractions cost: 7.45 is stored just below itself.
    let scaled = (number * scale).abs();
    let rounded = (scaled * (1.0 + f64::EPSILON)).round() / scale;
    let text = format!("{rounded:.digits$}");
    let (before, behind) = text.split_once('.').unwrap_or((&text, ""));
    let sign = if number < 0.0 && rounded != 0.0 { "-" } else { "" };
    let before = group(language, before);
    if behind.is_empty() {
        format!("{sign}{before}")
    } else {
        let mark = match language {
            Language::Nl => ',',
            Language::En => '.',
        };
        format!("{sign}{before}{mark}{behind}")
    }
}

pub fn bytes(language: Language, size: u64) -> String {
    let mut amount = size as f64;
    let mut unit = "B";
    for next in ["kB", "MB", "GB", "TB"] {
        if amount < 1000.0 {
            break;
        }
        amount /= 1000.0;
        unit = next;
    }
    let digits = usize::from(unit != "B" && amount < 10.0);
    format!("{} {unit}", decimal(language, amount, digits))
}

fn group(language: Language, digits: &str) -> String {
    let mark = match language {
        Language::Nl => '.',
        Language::En => ',',
    };
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn taking_the_marks_out_gives_the_number_back(number: i64) {
            prop_assert_eq!(whole(Language::Nl, number).replace('.', "").parse::<i64>(), Ok(number));
            prop_assert_eq!(whole(Language::En, number).replace(',', "").parse::<i64>(), Ok(number));
        }

        #[test]
        fn any_float_can_be_written(number: f64, digits in 0usize..20) {
            prop_assert!(!decimal(Language::Nl, number, digits).is_empty());
        }
    }

    #[test]
    fn nothing_is_written_as_minus_nothing() {
        assert_eq!(decimal(Language::Nl, -0.04, 1), "0,0");
    }
}
