//! Grade tables: our values beside the exact reference.

use super::expect::{Expectations, Tolerance};
use crate::grade::Conversion;
use crate::number::Fraction;
use serde_json::Value;

pub(super) fn expect(golden: &Value, all: &mut Expectations) {
    for (root, fields) in [
        ("n_term", ["L", "N", ""]),
        ("kinked", ["max_score", "cut", "grade_at_cut"]),
        ("linear_guess_corrected", ["max_score", "chance", ""]),
    ] {
        for (index, part) in golden.get(root).and_then(Value::as_array).into_iter().flatten().enumerate() {
            // The number as it is written: 0.4 means four tenths.
            let read = |name: &str| {
                part.get(name).map(ToString::to_string).and_then(|text| Fraction::parse(&text).ok())
            };
            for name in fields.iter().filter(|n| !n.is_empty()) {
                all.put(
                    format!("{root}/{index}/{name}"),
                    "conversion settings",
                    Tolerance::Exact,
                    read(name).map(Fraction::to_f64),
                );
            }
            let [first, second, third] = fields;
            let (Some(max), Some(value)) = (part.get(first).and_then(Value::as_i64), read(second)) else {
                continue;
            };
            let conversion = match root {
                "n_term" => Conversion::NTerm { length: max, n: value },
                "kinked" => match read(third) {
                    Some(grade_at_cut) => Conversion::Kinked { max_score: max, cut: value, grade_at_cut },
                    None => continue,
                },
                _ => Conversion::GuessCorrected { max_score: max, chance: value },
            };
            if let Ok(table) = conversion.table(1) {
                let grades = table.lines.iter().map(|(_, units)| Some(*units as f64 / 10.0));
                all.put_list(&format!("{root}/{index}/grades"), "grades", Tolerance::Exact, grades);
            }
        }
    }
}
