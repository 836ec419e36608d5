//! Conversions of scores to grades. All in exact fractions; half goes up; only the grade itself is rounded.

use crate::number::Fraction;
use crate::number::fraction::FractionError;
use serde::{Deserialize, Serialize};

/// Why a conversion cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GradeError {
    /// A number is out of bounds.
    #[error("{0}")]
    Bounds(String),
    /// The table goes down somewhere.
    #[error(
        "the table gives score {score} a lower grade than score {before}; a higher score may never give a lower grade"
    )]
    NotMonotone {
        /// Score with the lower grade.
        score: i64,
        /// Score before it.
        before: i64,
    },
    /// A score is not in the table.
    #[error("score {0} is not in the table; give every score from 0 to the maximum a grade")]
    NotInTable(i64),
    /// Numbers too large.
    #[error(transparent)]
    Fraction(#[from] FractionError),
}

/// One line of a score–grade table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableLine {
    /// Score.
    pub score: i64,
    /// Grade.
    pub grade: Fraction,
}

/// How scores become grades.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Conversion {
    /// The N-term of the Dutch central examinations: 9 S/L + N between limiting lines.
    NTerm {
        /// Scale length L (maximum score).
        length: i64,
        /// The N-term.
        n: Fraction,
    },
    /// Two straight pieces that meet at the cut.
    Kinked {
        /// Maximum score M.
        max_score: i64,
        /// Cut c; may be fractional.
        cut: Fraction,
        /// Grade at the cut; 5.5 if nothing is said.
        #[serde(default = "pass_mark")]
        grade_at_cut: Fraction,
    },
    /// A straight line from the score expected by guessing to the maximum.
    GuessCorrected {
        /// Maximum score M.
        max_score: i64,
        /// Score expected by guessing.
        chance: Fraction,
    },
    /// Any list of scores and grades that never goes down.
    Table {
        /// The lines.
        lines: Vec<TableLine>,
    },
}

fn pass_mark() -> Fraction {
    Fraction::new(11, 2).unwrap_or(Fraction::ONE)
}

/// Grades for every score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GradeTable {
    /// Score and rounded grade in units of the last decimal: 55 is 5.5.
    pub lines: Vec<(i64, i64)>,
    /// Decimals of the grades.
    pub decimals: u32,
    /// Lowest score with at least the grade 5.5 (after rounding), if any.
    pub first_pass: Option<i64>,
}

impl Conversion {
    /// The exact, unrounded grade of a score.
    ///
    /// # Errors
    /// When the conversion or the score is out of bounds.
    pub fn exact(&self, score: i64) -> Result<Fraction, GradeError> {
        let f = Fraction::whole;
        let bounds = |text: String| GradeError::Bounds(text);
        let check = |max: i64| {
            if max <= 0 {
                Err(bounds(format!("the maximum score is {max}; it must be above 0")))
            } else if score < 0 || score > max {
                Err(bounds(format!("score {score} lies outside 0 to {max}")))
            } else {
                Ok(())
            }
        };
        match self {
            Conversion::NTerm { length, n } => {
                check(*length)?;
                if n.is_negative() || *n > f(2) {
                    return Err(bounds(format!("the N-term {n} lies outside 0 to 2")));
                }
                let (s, l) = (f(score), f(*length));
                let share = s.over(l)?;
                let rest = l.minus(s)?.over(l)?;
                let main = f(9).times(share)?.plus(*n)?;
                let nine_halves = f(9).over(f(2))?;
                let one = Fraction::ONE;
                Ok(if *n > one {
                    let steep = one.plus(f(18).times(share)?)?;
                    let shallow = f(10).minus(nine_halves.times(rest)?)?;
                    main.min(steep).min(shallow)
                } else if *n < one {
                    let shallow = one.plus(nine_halves.times(share)?)?;
                    let steep = f(10).minus(f(18).times(rest)?)?;
                    main.max(shallow).max(steep)
                } else {
                    main
                })
            }
            Conversion::Kinked { max_score, cut, grade_at_cut } => {
                check(*max_score)?;
                let (s, m, one) = (f(score), f(*max_score), Fraction::ONE);
                if *cut <= Fraction::ZERO || *cut >= m {
                    return Err(bounds(format!(
                        "the cut {cut} must lie between 0 and the maximum {max_score}"
                    )));
                }
                if *grade_at_cut < one || *grade_at_cut > f(10) {
                    return Err(bounds(format!(
                        "the grade at the cut, {grade_at_cut}, lies outside 1 to 10"
                    )));
                }
                if s <= *cut {
                    Ok(one.plus(grade_at_cut.minus(one)?.times(s)?.over(*cut)?)?)
                } else {
                    let rise = f(10).minus(*grade_at_cut)?.times(s.minus(*cut)?)?;
                    Ok(grade_at_cut.plus(rise.over(m.minus(*cut)?)?)?)
                }
            }
            Conversion::GuessCorrected { max_score, chance } => {
                check(*max_score)?;
                let (s, m) = (f(score), f(*max_score));
                if chance.is_negative() || *chance >= m {
                    return Err(bounds(format!(
                        "the chance score {chance} must lie from 0 to below {max_score}"
                    )));
                }
                let line = f(9).times(s.minus(*chance)?)?.over(m.minus(*chance)?)?.plus(Fraction::ONE)?;
                Ok(line.max(Fraction::ONE))
            }
            Conversion::Table { lines } => {
                check_table(lines)?;
                lines.iter().find(|l| l.score == score).map(|l| l.grade).ok_or(GradeError::NotInTable(score))
            }
        }
    }

    /// The grade rounded to `decimals`, in units of the last decimal: 5.45 gives 55.
    ///
    /// # Errors
    /// When the conversion or the score is out of bounds.
    pub fn grade(&self, score: i64, decimals: u32) -> Result<i64, GradeError> {
        let units = self.exact(score)?.round_units(decimals)?;
        i64::try_from(units).map_err(|_| GradeError::Fraction(FractionError::Range))
    }

    /// The grades of all scores.
    ///
    /// # Errors
    /// When the conversion is out of bounds.
    pub fn table(&self, decimals: u32) -> Result<GradeTable, GradeError> {
        let scores: Vec<i64> = match self {
            Conversion::NTerm { length: max, .. }
            | Conversion::Kinked { max_score: max, .. }
            | Conversion::GuessCorrected { max_score: max, .. } => {
                if *max > 1_000_000 {
                    return Err(GradeError::Bounds(format!(
                        "a table of {max} scores is too long to write out"
                    )));
                }
                (0..=*max).collect()
            }
            Conversion::Table { lines } => lines.iter().map(|l| l.score).collect(),
        };
        let lines = scores
            .into_iter()
            .map(|s| Ok((s, self.grade(s, decimals)?)))
            .collect::<Result<Vec<_>, GradeError>>()?;
        let pass = pass_mark().round_units(decimals)?;
        let first_pass = lines.iter().find(|(_, g)| i128::from(*g) >= pass).map(|(s, _)| *s);
        Ok(GradeTable { lines, decimals, first_pass })
    }
}

fn check_table(lines: &[TableLine]) -> Result<(), GradeError> {
    for pair in lines.windows(2) {
        if let [before, after] = pair {
            if after.score <= before.score {
                return Err(GradeError::Bounds(format!(
                    "score {} stands after score {}; list the scores upward, each once",
                    after.score, before.score
                )));
            }
            if after.grade < before.grade {
                return Err(GradeError::NotMonotone { score: after.score, before: before.score });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fraction(text: &str) -> Fraction {
        Fraction::parse(text).unwrap()
    }

    #[test]
    fn the_ends_of_an_n_term_scale_are_one_and_ten() {
        for n in ["0", "0.3", "1", "1.4", "2"] {
            let c = Conversion::NTerm { length: 63, n: fraction(n) };
            assert_eq!((c.grade(0, 1), c.grade(63, 1)), (Ok(10), Ok(100)));
        }
    }

    #[test]
    fn a_kinked_scale_gives_the_pass_mark_at_the_cut() {
        let c = Conversion::Kinked { max_score: 40, cut: fraction("22"), grade_at_cut: fraction("5.5") };
        assert_eq!(c.grade(22, 1), Ok(55));
        assert_eq!(c.table(1).unwrap().first_pass, Some(22));
    }

    #[test]
    fn a_table_that_goes_down_is_refused() {
        let line = |score, grade: &str| TableLine { score, grade: fraction(grade) };
        let c = Conversion::Table { lines: vec![line(0, "1"), line(1, "6"), line(2, "5.9")] };
        assert_eq!(c.exact(1), Err(GradeError::NotMonotone { score: 2, before: 1 }));
    }

    #[test]
    fn conversions_outside_their_bounds_are_refused_in_words() {
        assert!(Conversion::NTerm { length: 0, n: Fraction::ONE }.exact(0).is_err());
        assert!(Conversion::NTerm { length: 10, n: fraction("2.1") }.exact(0).is_err());
        assert!(Conversion::NTerm { length: 10, n: Fraction::ONE }.exact(11).is_err());
        let c = Conversion::Kinked { max_score: 40, cut: fraction("40"), grade_at_cut: fraction("5.5") };
        assert!(c.exact(3).unwrap_err().to_string().contains("the cut 40"));
    }

    proptest! {
        #[test]
        fn a_higher_score_never_gives_a_lower_grade(length in 1_i64..200, tenths in 0_i64..=20) {
            let c = Conversion::NTerm { length, n: Fraction::new(tenths, 10).unwrap() };
            let lines = c.table(1).unwrap().lines;
            prop_assert!(lines.windows(2).all(|w| w[0].1 <= w[1].1));
            prop_assert!(lines.iter().all(|(_, g)| (10..=100).contains(g)));
        }
    }
}
