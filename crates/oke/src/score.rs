//! How a score is written for each result type.

use crate::message::ResultValueType;

/// Whether the text is a score of this type.
#[must_use]
pub fn fits(kind: ResultValueType, score: &str) -> bool {
    match kind {
        ResultValueType::PassOrFail => matches!(score, "passed" | "failed"),
        ResultValueType::InsufficientSatisfactoryGood => {
            matches!(score, "insufficient" | "satisfactory" | "good")
        }
        ResultValueType::UsLetter => is_letter(score, b"ABCDF"),
        ResultValueType::UkLetter => score == "A*" || (score.len() == 1 && is_letter(score, b"ABCDEFGU")),
        ResultValueType::DeGrade => is_decimal(score, 1.0, 6.0),
        ResultValueType::Hundred => is_whole(score, 100),
        ResultValueType::Ten => is_whole(score, 10),
        ResultValueType::TenPoint => is_decimal(score, 0.0, 10.0),
        ResultValueType::ReferenceRktr => !score.trim().is_empty(),
        ResultValueType::ReferenceErk => matches!(score, "A1" | "A2" | "B1" | "B2" | "C1" | "C2"),
    }
}

/// A letter of the list, perhaps with a plus or minus.
fn is_letter(score: &str, letters: &[u8]) -> bool {
    match score.as_bytes() {
        [letter] => letters.contains(letter),
        [letter, b'+' | b'-'] => letters.contains(letter) && *letter != b'F',
        _ => false,
    }
}

fn is_whole(score: &str, highest: u32) -> bool {
    !score.is_empty()
        && score.len() <= 3
        && score.bytes().all(|digit| digit.is_ascii_digit())
        && score.parse::<u32>().is_ok_and(|score| score <= highest)
}

fn is_decimal(score: &str, lowest: f64, highest: f64) -> bool {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
    let is_number = match score.split_once('.') {
        Some((whole, decimals)) => is_digits(whole) && is_digits(decimals) && decimals.len() <= 2,
        None => is_digits(score),
    };
    is_number && score.parse::<f64>().is_ok_and(|score| (lowest..=highest).contains(&score))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_written_as_their_type_says() {
        for (kind, good, bad) in [
            (ResultValueType::PassOrFail, &["passed", "failed"][..], &["Passed", "1", ""][..]),
            (ResultValueType::InsufficientSatisfactoryGood, &["good"], &["goed"]),
            (ResultValueType::UsLetter, &["A", "A+", "C-", "F"], &["F+", "E", "A*"]),
            (ResultValueType::UkLetter, &["A*", "A", "U"], &["A+", "H"]),
            (ResultValueType::DeGrade, &["1.0", "5.7", "6"], &["0.9", "6.1"]),
            (ResultValueType::Hundred, &["0", "100"], &["101", "5.5", "-1"]),
            (ResultValueType::Ten, &["0", "9", "10"], &["11", "9.5"]),
            (ResultValueType::TenPoint, &["5.5", "9", "10.0"], &["5,5", "10.1", "NaN", "."]),
            (ResultValueType::ReferenceRktr, &["3F", "Op weg naar 1F"], &[" "]),
            (ResultValueType::ReferenceErk, &["B2"], &["D1"]),
        ] {
            for score in good {
                assert!(fits(kind, score), "{kind:?} takes {score}");
            }
            for score in bad {
                assert!(!fits(kind, score), "{kind:?} refuses {score}");
            }
        }
    }
}
