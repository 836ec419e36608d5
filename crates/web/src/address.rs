//! The address of a list with what it is narrowed to: every filter is a link, and pages can be kept and sent on.

use crate::part::{ActiveFilter, Pager, Sort};
use crate::url::with_query;
use regie_texts::Texts;

#[derive(Debug, Clone)]
pub struct Address {
    base: String,
    kept: Vec<(&'static str, String)>,
}

impl Address {
    pub fn new(base: impl ToString) -> Self {
        Self { base: base.to_string(), kept: Vec::new() }
    }

    #[must_use]
    pub fn keep(mut self, name: &'static str, value: &str) -> Self {
        self.kept.push((name, value.to_owned()));
        self
    }

    /// The same list with one thing different, from its first page.
    pub fn with(&self, name: &str, value: &str) -> String {
        let pairs =
            self.kept.iter().map(|(key, kept)| (*key, if *key == name { value } else { kept.as_str() }));
        with_query(&self.base, pairs.filter(|(_, value)| !value.is_empty()))
    }

    /// As it is now.
    pub fn same(&self) -> String {
        self.with("", "")
    }

    /// A choice in force, which a click takes away.
    pub fn chosen(&self, name: &'static str, label: impl Into<String>) -> ActiveFilter {
        ActiveFilter { label: label.into(), without: self.with(name, "") }
    }

    /// The words in force, if there are any.
    pub fn words(&self) -> Option<ActiveFilter> {
        let (name, words) = self.kept.iter().find(|(name, words)| *name == "q" && !words.is_empty())?;
        Some(self.chosen(name, format!("“{words}”")))
    }

    pub fn pager(&self, texts: Texts, page: u32, size: u32, total: u64) -> Option<Pager> {
        let pages = total.div_ceil(u64::from(size.max(1)));
        let same = self.same();
        let glue = if same.contains('?') { '&' } else { '?' };
        (pages > 1).then(|| Pager::new(texts, page.into(), pages, format!("{same}{glue}page={{page}}")))
    }
}

/// Which page was asked for, kept within reason.
pub fn page(asked: Option<u32>) -> u32 {
    asked.unwrap_or(1).clamp(1, 100_000)
}

pub const fn order(on: bool) -> Sort {
    if on { Sort::Up } else { Sort::Not }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_changes_and_the_rest_stays() {
        let address = Address::new("/groups").keep("q", "a b").keep("unit", "").keep("on", "x");
        assert_eq!(address.same(), "/groups?q=a+b&on=x");
        assert_eq!(address.with("q", ""), "/groups?on=x");
        assert_eq!(address.with("unit", "7"), "/groups?q=a+b&unit=7&on=x");
        assert_eq!(address.words().map(|active| active.without).as_deref(), Some("/groups?on=x"));
        assert!(address.pager(Texts::default(), 1, 50, 50).is_none());
        let pager = address.pager(Texts::default(), 2, 50, 120).map(|pager| (pager.pages, pager.pattern));
        assert_eq!(pager, Some((3, "/groups?q=a+b&on=x&page={page}".to_owned())));
    }
}
