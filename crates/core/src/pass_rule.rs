//! When a unit of an exam plan is passed, as data: what is enough is decided per cohort, never in a program.

use serde::{Deserialize, Serialize};

/// A judgement in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Letter {
    #[serde(rename = "O")]
    Insufficient,
    #[serde(rename = "V")]
    Sufficient,
    #[serde(rename = "G")]
    Good,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "judged")]
pub enum PassRule {
    /// A grade, rounded to a whole one at the end; at least this many.
    Grade {
        least: u32,
    },
    Letter {
        least: Letter,
    },
    /// It must be done ("voldaan"); no grade.
    Done,
    /// It stands on the transcript and decides nothing.
    Listed,
}

impl PassRule {
    /// As somebody writes it in a form or a sheet: `6`, `V`, `voldaan`, `telt niet mee`.
    pub fn read(text: &str) -> Option<Self> {
        let word = text.trim().to_lowercase();
        Some(match word.as_str() {
            "o" => PassRule::Letter { least: Letter::Insufficient },
            "v" | "voldoende" | "sufficient" => PassRule::Letter { least: Letter::Sufficient },
            "g" | "goed" | "good" => PassRule::Letter { least: Letter::Good },
            "done" | "voldaan" => PassRule::Done,
            "listed" | "telt niet" | "telt niet mee" => PassRule::Listed,
            _ => PassRule::Grade { least: word.parse().ok().filter(|grade| (1..=10).contains(grade))? },
        })
    }

    /// In its shortest spelling, which `read` reads back.
    pub fn short(self) -> String {
        match self {
            PassRule::Grade { least } => least.to_string(),
            PassRule::Letter { least: Letter::Insufficient } => "O".into(),
            PassRule::Letter { least: Letter::Sufficient } => "V".into(),
            PassRule::Letter { least: Letter::Good } => "G".into(),
            PassRule::Done => "done".into(),
            PassRule::Listed => "listed".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        for text in ["1", "6", "10", "O", "V", "G", "done", "listed"] {
            assert_eq!(PassRule::read(text).map(PassRule::short).as_deref(), Some(text));
        }
        assert_eq!(PassRule::read(" Voldaan "), Some(PassRule::Done));
        assert_eq!(PassRule::read("voldoende"), PassRule::read("v"));
        for none in ["", "0", "11", "5.5", "X", "-3"] {
            assert_eq!(PassRule::read(none), None, "{none}");
        }
    }

    #[test]
    fn it_travels_as_data() {
        let text = serde_json::to_string(&PassRule::Letter { least: Letter::Sufficient }).unwrap();
        assert_eq!(text, r#"{"judged":"letter","least":"V"}"#);
        assert_eq!(
            serde_json::from_str::<PassRule>(r#"{"judged":"grade","least":6}"#).unwrap(),
            PassRule::Grade { least: 6 }
        );
    }
}
