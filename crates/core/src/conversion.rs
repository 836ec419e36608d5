//! From score to grade: by the table of an instrument, or straight lines through its cut.

/// Grades in tenths for the scores from 0 to `most`: 1.0 at nothing, 5.5 at the cut, 10.0 at all, straight in between,
/// one decimal, half up. `None` when the cut is not inside.
pub fn linear(most: u32, cut: u32) -> Option<Vec<u32>> {
    if cut == 0 || cut >= most || most > 10_000 {
        return None;
    }
    let between = |low: u32, high: u32, part: u32, whole: u32| {
        // Half up: twice the fraction, plus one whole, cut off.
        low + (2 * (high - low) * part + whole) / (2 * whole)
    };
    Some(
        (0..=most)
            .map(|score| match score <= cut {
                true => between(10, 55, score, cut),
                false => between(55, 100, score - cut, most - cut),
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn f53_linear_conversion_by_example() {
        let grades = linear(50, 30).unwrap();
        assert_eq!((grades[30], grades[29], grades[50], grades[0]), (55, 54, 100, 10));
        assert_eq!((linear(50, 0), linear(50, 50), linear(0, 0)), (None, None, None));
    }

    proptest! {
        #[test]
        fn more_points_never_give_a_lower_grade(most in 2u32..500, part in 1u32..99) {
            let cut = (most * part / 100).max(1);
            let grades = linear(most, cut).unwrap();
            prop_assert!(grades.windows(2).all(|pair| pair[0] <= pair[1]));
            prop_assert_eq!((grades[cut as usize], grades[most as usize], grades.len()), (55, 100, most as usize + 1));
        }
    }
}
