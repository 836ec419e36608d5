//! Where you are: steps of a long form, tabs of a large page, pages of a list.

use super::draws_itself;
use askama::Template;
use regie_texts::Texts;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    Done,
    Current,
    Ahead,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub name: String,
    pub state: StepState,
    /// Back to a step that is done.
    pub href: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/steps.html")]
pub struct Steps {
    pub texts: Texts,
    pub label: String,
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    pub name: String,
    pub href: String,
    pub current: bool,
    pub count: Option<u64>,
}

/// Tabs are links: each has its own address and works without script.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/tabs.html")]
pub struct Tabs {
    pub label: String,
    pub tabs: Vec<Tab>,
}

/// Pages of a list.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/pager.html")]
pub struct Pager {
    pub texts: Texts,
    /// From 1.
    pub page: u64,
    pub pages: u64,
    /// The address of a page, with `{page}` where its number goes.
    pub pattern: String,
    /// Names the pages when a page has several lists.
    pub label: String,
}

draws_itself!(Steps, Tabs, Pager);

impl Pager {
    pub fn new(texts: Texts, page: u64, pages: u64, pattern: impl Into<String>) -> Self {
        Self { texts, page, pages, pattern: pattern.into(), label: texts.t("pager-label").into() }
    }

    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    fn href(&self, page: &u64) -> String {
        self.pattern.replace("{page}", &page.to_string())
    }

    fn previous(&self) -> Option<String> {
        (self.page > 1).then(|| self.href(&(self.page - 1)))
    }

    fn next(&self) -> Option<String> {
        (self.page < self.pages).then(|| self.href(&(self.page + 1)))
    }

    fn is_current(&self, page: &u64) -> bool {
        self.page == *page
    }

    /// The first, the last, and the neighbours of the current page; `None` is a gap.
    fn shown(&self) -> Vec<Option<u64>> {
        let mut shown = Vec::new();
        let mut last = 0;
        for page in 1..=self.pages.max(1) {
            if page == 1 || page == self.pages || page.abs_diff(self.page) <= 1 {
                if page > last + 1 {
                    shown.push(None);
                }
                shown.push(Some(page));
                last = page;
            }
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pager_shows_its_ends_and_the_neighbours() {
        let shown = |page, pages| Pager::new(Texts::default(), page, pages, "?page={page}").shown();
        assert_eq!(shown(1, 1), [Some(1)]);
        assert_eq!(shown(5, 240), [Some(1), None, Some(4), Some(5), Some(6), None, Some(240)]);
        assert_eq!(shown(2, 4), [Some(1), Some(2), Some(3), Some(4)]);
    }
}
