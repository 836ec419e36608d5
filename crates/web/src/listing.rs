//! Lists that are narrowed, looked through and taken away: one description of what stands in them, for the screen and for
//! the file alike.

use crate::address::{Address, page as page_of};
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{ActiveFilter, Button, Cell, Column, Empty, Filter, List, Notice, Row, Weight, Wish};
use crate::sheet::{self, Format, Table};
use crate::told::Stop;
use crate::view::ListView;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::civil::Date;
use regie_access::Action;
use regie_core::day::in_school_time;
use regie_people::{Page as Found, Paging, journal, unit};
use regie_sheets::Value;
use regie_texts::Texts;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A column: its head, and what stands in it on the screen and in the file.
pub(crate) struct Col<L> {
    head: String,
    /// Without one it stands in the file alone.
    weight: Option<Weight>,
    number: bool,
    on_screen: Box<dyn Fn(&L) -> Cell + Send + Sync>,
    in_file: InFile<L>,
}

type Reads<L> = Box<dyn Fn(&L) -> Option<Value> + Send + Sync>;

enum InFile<L> {
    /// The words that are on the screen.
    Same,
    Value(Reads<L>),
    /// Buttons, and what other columns of the file say.
    Never,
}

impl<L> Col<L> {
    pub fn new(
        head: impl Into<String>,
        weight: Weight,
        cell: impl Fn(&L) -> Cell + Send + Sync + 'static,
    ) -> Self {
        let head = head.into();
        Self { head, weight: Some(weight), number: false, on_screen: Box::new(cell), in_file: InFile::Same }
    }

    /// Words alone.
    pub fn text(
        head: impl Into<String>,
        weight: Weight,
        text: impl Fn(&L) -> String + Send + Sync + 'static,
    ) -> Self {
        Self::new(head, weight, move |line| Cell::text(text(line)))
    }

    /// A count.
    pub fn whole(
        texts: Texts,
        head: impl Into<String>,
        weight: Weight,
        number: impl Fn(&L) -> i64 + Send + Sync + Copy + 'static,
    ) -> Self {
        let column = Self::text(head, weight, move |line| texts.whole(number(line)));
        Self { number: true, ..column.value(move |line| Some(Value::Whole(number(line)))) }
    }

    /// What the file has beside the screen.
    pub fn filed(
        head: impl Into<String>,
        value: impl Fn(&L) -> Option<Value> + Send + Sync + 'static,
    ) -> Self {
        let column = Self::text(head, Weight::Extra, |_| String::new());
        Self { weight: None, ..column.value(value) }
    }

    #[must_use]
    pub fn value(mut self, value: impl Fn(&L) -> Option<Value> + Send + Sync + 'static) -> Self {
        self.in_file = InFile::Value(Box::new(value));
        self
    }

    #[must_use]
    pub fn on_screen_alone(mut self) -> Self {
        self.in_file = InFile::Never;
        self
    }

    /// Right-aligned, as numbers are.
    #[must_use]
    pub fn number(mut self) -> Self {
        self.number = true;
        self
    }

    fn filed_of(&self, line: &L) -> Option<Value> {
        match &self.in_file {
            InFile::Same => sheet::cell(words(&(self.on_screen)(line))),
            InFile::Value(value) => value(line),
            InFile::Never => None,
        }
    }
}

/// A day in a cell of a file.
pub(crate) fn day(date: Date) -> Option<Value> {
    Some(Value::Date(date))
}

/// What a cell says, without what it looks like.
fn words(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::Link { text, .. } | Cell::Two { text, .. } | Cell::Share { text, .. } => {
            text.clone()
        }
        Cell::Lines(lines) => lines.join("; "),
        Cell::Chip(chip) => chip.word.clone(),
        Cell::Chips(chips) => chips.iter().map(|chip| chip.word.as_str()).collect::<Vec<_>>().join(", "),
        Cell::Buttons(_) => String::new(),
    }
}

/// How a list is narrowed, as a sentence and as chips.
#[derive(Default)]
pub(crate) struct Narrowing {
    pub wishes: Vec<Wish>,
    pub active: Vec<ActiveFilter>,
}

/// One list.
pub(crate) trait Listing: Sized + Send + Sync + 'static {
    /// What it is narrowed to, as the address says it.
    type Asked: DeserializeOwned + Default + Send + Sync;
    type Line: Send + Sync;

    /// Its name on the page and in the journal, and the words on top of it.
    const NAME: &'static str;
    const TITLE: &'static str;
    /// For lists that name people: what one must be allowed to; that such a list left is in the journal.
    const PERSONAL: Option<Action> = None;

    fn place() -> String;
    fn export_place() -> String;
    fn keep(address: Address, asked: &Self::Asked) -> Address;
    fn found(
        house: &House,
        me: &Me,
        asked: &Self::Asked,
        paging: Paging,
    ) -> impl Future<Output = Result<Found<Self::Line>, Stop>> + Send;
    fn columns(me: &Me) -> Vec<Col<Self::Line>>;
    /// What a row is called, and the id that names it.
    fn row(line: &Self::Line) -> (String, String);
    fn empty(texts: Texts) -> Empty;
    fn narrowing(
        _house: &House,
        _me: &Me,
        _asked: &Self::Asked,
        _address: &Address,
    ) -> impl Future<Output = Result<Narrowing, Stop>> + Send {
        async { Ok(Narrowing::default()) }
    }
    fn first(_me: &Me) -> Option<Button> {
        None
    }
    fn acts(_me: &Me) -> Vec<Button> {
        Vec::new()
    }
    fn notice(_me: &Me) -> Option<Notice> {
        None
    }
}

/// What every list's address may say besides.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Shown {
    page: Option<u32>,
    #[serde(default)]
    format: Format,
}

/// Lines under their columns, with nothing around them.
pub(crate) fn bare<K: Listing>(me: &Me, id: &str, found: Found<K::Line>) -> List {
    drawn::<K>(me, id, &K::columns(me), found)
}

/// As [`bare`], with other columns.
pub(crate) fn drawn<K: Listing>(me: &Me, id: &str, columns: &[Col<K::Line>], found: Found<K::Line>) -> List {
    let texts = me.texts();
    let heads = columns.iter().filter_map(|column| {
        let head = Column::new(column.head.clone(), column.weight?);
        Some(if column.number { head.number() } else { head })
    });
    let rows = found.lines.iter().map(|line| {
        let (id, name) = K::row(line);
        let shown = columns.iter().filter(|column| column.weight.is_some());
        Row { id, name, cells: shown.map(|column| (column.on_screen)(line)).collect() }
    });
    List {
        total: found.total,
        rows: rows.collect(),
        ..List::new(texts, id, texts.t(K::TITLE), heads.collect(), K::empty(texts))
    }
}

/// The page.
pub(crate) async fn list<K: Listing>(
    State(house): State<House>,
    me: Me,
    Query(asked): Query<K::Asked>,
    Query(shown): Query<Shown>,
) -> Result<View<ListView>, Stop> {
    let texts = me.texts();
    let paging = Paging { page: page_of(shown.page), size: 50 };
    let found = K::found(&house, &me, &asked, paging).await?;
    let address = K::keep(Address::new(K::place()), &asked);
    let narrowing = K::narrowing(&house, &me, &asked, &address).await?;
    let total = found.total;
    let taken = K::keep(Address::new(K::export_place()), &asked);
    let wishes = narrowing.wishes;
    let list = List {
        filter: (!wishes.is_empty()).then(|| Filter { action: K::place(), wishes }),
        active: narrowing.active,
        clear: K::place(),
        pager: address.pager(texts, paging.page, paging.size, total),
        exports: sheet::exports(texts, |format| taken.clone().keep("format", format.code()).same()),
        ..bare::<K>(&me, K::NAME, found)
    };
    let page = Page::new(me.viewer.clone(), texts.t(K::TITLE));
    let mut view = ListView::new(page, list).first(K::first(&me)).notice(K::notice(&me));
    view.acts = K::acts(&me);
    Ok(View::new(view))
}

/// The whole of the list as it is narrowed, as a file.
pub(crate) async fn export<K: Listing>(
    State(house): State<House>,
    me: Me,
    Query(asked): Query<K::Asked>,
    Query(shown): Query<Shown>,
) -> Result<Response, Stop> {
    let texts = me.texts();
    let found = K::found(&house, &me, &asked, Paging::ALL).await?;
    if let Some(action) = K::PERSONAL {
        journal::taken_away(&house.db, me.caller(), action, K::NAME, found.lines.len())
            .await
            .map_err(|error| me.stop(error))?;
    }
    let mut columns = K::columns(&me);
    columns.retain(|column| !matches!(column.in_file, InFile::Never));
    let table = Table {
        title: texts.t(K::TITLE).to_string(),
        heads: columns.iter().map(|column| column.head.clone()).collect(),
        rows: found
            .lines
            .iter()
            .map(|line| columns.iter().map(|column| column.filed_of(line)).collect())
            .collect(),
    };
    let made_at = in_school_time(house.clock.now()).datetime();
    Ok(table.download(texts, shown.format, made_at).await?)
}

/// The slice of a list that is never long, narrowed by words.
pub(crate) fn sliced<L>(all: Vec<L>, asked: &str, paging: Paging, said: impl Fn(&L) -> String) -> Found<L> {
    let words = regie_core::name::folded(asked);
    let fits = |line: &L| {
        let text = regie_core::name::folded(&said(line));
        words.split(' ').all(|word| text.contains(word))
    };
    let kept: Vec<L> = all.into_iter().filter(|line| words.is_empty() || fits(line)).collect();
    let total = kept.len() as u64;
    let skip = usize::try_from(paging.page.saturating_sub(1)).unwrap_or(usize::MAX);
    let size = usize::try_from(paging.size).unwrap_or(usize::MAX);
    Found { lines: kept.into_iter().skip(skip.saturating_mul(size)).take(size).collect(), total }
}

/// A word of the sentence above a list.
pub(crate) fn word(texts: Texts, key: &'static str) -> Wish {
    Wish::Words(texts.t(key).to_string())
}

pub(crate) fn choose(
    texts: Texts,
    name: &str,
    label: &'static str,
    options: Vec<(String, String)>,
    chosen: &str,
) -> Wish {
    Wish::Choose { name: name.into(), label: texts.t(label).to_string(), options, chosen: chosen.into() }
}

pub(crate) fn search(texts: Texts, label: &'static str, value: &str) -> Wish {
    Wish::Search { name: "q".into(), label: texts.t(label).to_string(), value: value.into() }
}

/// In use, or not any more.
pub(crate) fn in_use(texts: Texts, chosen: &str) -> Wish {
    let option = |value: &str, key| (value.to_owned(), texts.t(key).to_string().to_lowercase());
    choose(texts, "state", "in-use", vec![option("", "in-use-yes"), option("inactive", "in-use-no")], chosen)
}

/// The choice of a team, and the chip of the one that is chosen.
pub(crate) async fn of_unit(
    house: &House,
    me: &Me,
    chosen: &str,
    address: &Address,
) -> (Wish, Option<ActiveFilter>) {
    let texts = me.texts();
    let units = unit::list(&house.db, me.caller()).await.unwrap_or_default();
    let mut places = vec![(String::new(), texts.t("person-unit-all").to_string())];
    places.extend(units.iter().map(|unit| (unit.id.to_string(), unit.name.clone())));
    let found = units.iter().find(|unit| unit.id.to_string() == chosen);
    let active = found.map(|unit| address.chosen("unit", unit.name.clone()));
    (choose(texts, "unit", "person-unit", places, chosen), active)
}

/// The words asked for, kept within reason.
pub(crate) fn asked_words(q: &str) -> String {
    q.chars().take(100).collect()
}
