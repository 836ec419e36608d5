//! Why an import cannot go on.

use super::State;
use regie_core::{Standing, Told};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("this import is {}", .0.code())]
    NotNow(State),
    /// What stands has changed since the rows were judged.
    #[error("the school changed since this preview was made")]
    Stale,
    #[error("no row of this import changes anything")]
    Nothing,
    #[error("the column {0} was not chosen")]
    ColumnMissing(&'static str),
    /// Another attempt took over, or somebody cancelled it.
    #[error("this attempt at judging is over")]
    Overtaken,
}

impl Told for Problem {
    fn standing(&self) -> Standing {
        match self {
            Problem::NotNow(_) | Problem::Stale | Problem::Overtaken => Standing::Conflict,
            Problem::Nothing | Problem::ColumnMissing(_) => Standing::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Problem::NotNow(_) => "import-not-now",
            Problem::Stale => "import-stale",
            Problem::Nothing => "import-nothing",
            Problem::ColumnMissing(_) => "import-column-missing",
            Problem::Overtaken => "changed-meanwhile",
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Problem::NotNow(state) => vec![("state", state.code().into())],
            Problem::ColumnMissing(key) => vec![("column", (*key).into())],
            _ => Vec::new(),
        }
    }
}
