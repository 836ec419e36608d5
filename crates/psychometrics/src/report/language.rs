//! Dutch and English: numbers and short words.

use crate::number::{Reason, Stat};
use serde::Serialize;

/// Language of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Dutch.
    Nl,
    /// English.
    En,
}

impl Language {
    /// From a language code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "nl" => Some(Language::Nl),
            "en" => Some(Language::En),
            _ => None,
        }
    }

    /// The language code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Language::Nl => "nl",
            Language::En => "en",
        }
    }

    /// One of two texts.
    #[must_use]
    pub fn pick<'a>(self, nl: &'a str, en: &'a str) -> &'a str {
        match self {
            Language::Nl => nl,
            Language::En => en,
        }
    }

    /// A number with so many decimals; a comma in Dutch, and a real minus sign.
    #[must_use]
    pub fn number(self, value: f64, decimals: usize) -> String {
        let text = format!("{value:.decimals$}");
        let zero = text.trim_start_matches('-').bytes().all(|b| b == b'0' || b == b'.');
        let text = if zero { text.trim_start_matches('-').to_owned() } else { text.replace('-', "−") };
        match self {
            Language::Nl => text.replace('.', ","),
            Language::En => text,
        }
    }

    /// A statistic, or a dash when undefined.
    #[must_use]
    pub fn stat(self, stat: Stat, decimals: usize) -> String {
        stat.value().map_or_else(|| "–".to_owned(), |v| self.number(v, decimals))
    }

    /// Why a statistic does not exist.
    #[must_use]
    pub fn reason(self, reason: Reason) -> &'static str {
        if self == Language::En {
            return reason.sentence();
        }
        match reason {
            Reason::TooFewPersons => "er zijn te weinig kandidaten",
            Reason::TooFewItems => "minder dan twee vragen hebben spreiding",
            Reason::NoVariance => "iedereen heeft dezelfde score",
            Reason::NoRestVariance => "de score zonder deze vraag heeft geen spreiding",
            Reason::Singular => "de covariantiematrix is singulier",
            Reason::GroupsOverlap => "de lage en de hoge groep delen een score",
            Reason::ZeroDenominator => "de noemer is nul",
            Reason::ConstantRatings => "beide beoordelaars gebruikten één en dezelfde categorie",
            Reason::NoData => "er zijn geen gegevens",
            Reason::NotDichotomous => "bestaat alleen voor vragen met score 0 of 1",
            Reason::NoFiniteEstimate => "er is geen eindige schatting",
            Reason::TooShort => "minder dan vijf vragen dragen geen uitspraak over betrouwbaarheid",
            Reason::OutOfRange => "de berekening viel buiten het bereik van getallen",
        }
    }

    /// A share as a percentage.
    #[must_use]
    pub fn percent(self, share: f64) -> String {
        let space = "\u{202f}";
        format!("{}{space}%", self.number(100.0 * share, 0))
    }
}

/// Text made safe for HTML and SVG.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Control characters are not allowed in XML at all.
            c if c.is_control() && c != '\n' && c != '\t' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dutch_numbers_have_a_comma_and_no_negative_zero() {
        assert_eq!(Language::Nl.number(-0.237, 2), "−0,24");
        assert_eq!(Language::Nl.number(-0.001, 2), "0,00");
        assert_eq!(Language::En.number(12.5, 1), "12.5");
    }

    #[test]
    fn names_cannot_break_out_of_the_page() {
        assert_eq!(escape("<b a='x'>&\u{7}"), "&lt;b a=&#39;x&#39;&gt;&amp;\u{fffd}");
    }
}
