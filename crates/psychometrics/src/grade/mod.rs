//! From score to grade: exact fractions, one rounding.

mod convert;

pub use convert::{Conversion, GradeError, GradeTable, TableLine};
