//! A list: a filter bar that reads as a sentence, what is chosen as chips, the count, rows with a
//! sticky header, things to do with several rows at once, export and saved views. Its address holds
//! all of it.

use super::{Button, Chip, Empty, Pager, draws_itself};
use askama::Template;
use regie_texts::Texts;

/// A piece of the sentence over a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Words between the choices.
    Words(String),
    /// One of several; the first option is *all*.
    Choose { name: String, label: String, options: Vec<(String, String)>, chosen: String },
    /// Free text.
    Search { name: String, label: String, value: String },
    /// Carried along unseen, such as the sort order.
    Keep { name: String, value: String },
}

/// The sentence and where it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    pub action: String,
    pub wishes: Vec<Wish>,
}

/// A choice in force, and the address without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveFilter {
    pub label: String,
    pub without: String,
}

/// On which widths a column is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// What the row is: always.
    Key,
    /// The second fact that matters: always.
    Main,
    /// Not on a phone.
    Usual,
    /// Where there is room.
    Wide,
    /// Where there is much room.
    Extra,
}

impl Weight {
    const fn class(self) -> &'static str {
        match self {
            Weight::Key => "col-key",
            Weight::Main => "col-main",
            Weight::Usual => "col-usual",
            Weight::Wide => "col-wide",
            Weight::Extra => "col-extra",
        }
    }
}

/// How a column is sorted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Not,
    Up,
    Down,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub weight: Weight,
    pub number: bool,
    /// The address that sorts by it, if it can be sorted.
    pub sort: Option<(Sort, String)>,
}

impl Column {
    pub fn new(name: impl Into<String>, weight: Weight) -> Self {
        Self { name: name.into(), weight, number: false, sort: None }
    }

    /// Right-aligned, as numbers are.
    #[must_use]
    pub fn number(mut self) -> Self {
        self.number = true;
        self
    }

    /// For `aria-sort`.
    fn order(&self) -> Option<&'static str> {
        match self.sort {
            Some((Sort::Up, _)) => Some("ascending"),
            Some((Sort::Down, _)) => Some("descending"),
            _ => None,
        }
    }

    #[must_use]
    pub fn sort(mut self, now: Sort, href: impl ToString) -> Self {
        self.sort = Some((now, href.to_string()));
        self
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    /// A name that leads to its page, with a line under it.
    Link {
        text: String,
        href: String,
        sub: Option<String>,
    },
    /// Text with a line under it.
    Two {
        text: String,
        sub: String,
    },
    /// Several short sentences, one below the other.
    Lines(Vec<String>),
    Chip(Chip),
    Chips(Vec<Chip>),
    /// A share of a whole, in percent, and its words.
    Share {
        percent: u8,
        text: String,
    },
    Buttons(Vec<Button>),
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Cell::Text(text.into())
    }

    pub fn link(text: impl Into<String>, href: impl ToString) -> Self {
        Cell::Link { text: text.into(), href: href.to_string(), sub: None }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What a tick sends; also names the row for who cannot see it.
    pub id: String,
    pub name: String,
    pub cells: Vec<Cell>,
}

/// What can be done with several rows: a form that leads to a preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulk {
    pub action: String,
    pub csrf: String,
    /// Buttons that submit, made with [`Button::submit_as`].
    pub buttons: Vec<Button>,
}

/// A file the list can be taken away in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    pub label: String,
    pub href: String,
    pub icon: &'static str,
}

/// A filter somebody kept under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    pub name: String,
    pub href: String,
    pub current: bool,
    pub count: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/list.html")]
pub struct List {
    pub texts: Texts,
    /// Unique on the page; htmx replaces it whole.
    pub id: String,
    /// What the rows are: *studenten*. Names the table.
    pub caption: String,
    pub views: Vec<SavedView>,
    /// Keeps the present filter under a name.
    pub save_view: Option<String>,
    pub filter: Option<Filter>,
    pub active: Vec<ActiveFilter>,
    /// The address without any filter.
    pub clear: String,
    pub total: u64,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    pub bulk: Option<Bulk>,
    pub exports: Vec<Export>,
    pub pager: Option<Pager>,
    pub empty: Empty,
}

draws_itself!(List);

impl List {
    /// A list with nothing around its rows yet.
    pub fn new(
        texts: Texts,
        id: &str,
        caption: impl Into<String>,
        columns: Vec<Column>,
        empty: Empty,
    ) -> Self {
        Self {
            texts,
            id: id.to_owned(),
            caption: caption.into(),
            views: Vec::new(),
            save_view: None,
            filter: None,
            active: Vec::new(),
            clear: String::new(),
            total: 0,
            columns,
            rows: Vec::new(),
            bulk: None,
            exports: Vec::new(),
            pager: None,
            empty,
        }
    }

    /// A row's cells beside the columns they stand in.
    fn cells<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = (&'a Column, &'a Cell)> {
        self.columns.iter().zip(&row.cells)
    }

    fn number(&self, count: &u64) -> String {
        self.texts.whole(i64::try_from(*count).unwrap_or(i64::MAX))
    }

    fn shown(&self) -> u64 {
        self.rows.len() as u64
    }
}
