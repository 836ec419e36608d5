//! Things that people look at, add and change one at a time: one description per kind, and the pages come from it.

use crate::error::Error;
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Chip, Choice, Faults, Field, Notice, Tone};
use crate::told::{Stop, fault};
use crate::url::with_query;
use crate::view::{Block, DetailView, FormView, history, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::{Action, Db};
use regie_core::id::Id;
use regie_core::{Caller, Told as _};
use regie_people::journal::{self, Entry};
use regie_texts::Texts;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::str::FromStr;

type Answer<T> = Result<T, regie_people::Error>;

/// The places of one kind of thing.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Spot<'a> {
    List,
    New,
    One(&'a str),
    Edit(&'a str),
}

/// What the address of a form may say beforehand: the campus of a new room.
pub(crate) type Asked = BTreeMap<String, String>;

/// One kind of thing: its places, its form, and the use cases behind both.
pub(crate) trait Record: Sized + Send + Sync + 'static {
    type Id: Id + FromStr;
    /// As it stands.
    type Now: Send + Sync;
    /// As somebody wants it.
    type Input: Send;

    /// Who may add and change it.
    const ACTION: Action;
    /// The words on its list, and on the page that adds one.
    const LIST: &'static str;
    const ADD: &'static str;

    fn place(spot: Spot<'_>) -> String;
    fn name(now: &Self::Now) -> String;
    /// The one that a later edit must name.
    fn version(now: &Self::Now) -> i64;
    /// Whether it is in use; `None` for kinds that end by a date instead.
    fn active(now: &Self::Now) -> Option<bool>;

    /// How it stands, beside its name.
    fn chip(texts: Texts, now: &Self::Now) -> Option<Chip> {
        Self::active(now).map(|active| in_use_chip(texts, active))
    }

    /// What the form shows of one that stands, and of a new one.
    fn shown(now: &Self::Now) -> Filled;
    fn fresh(_me: &Me, _asked: &Asked) -> Filled {
        Filled::default()
    }
    /// `known` is the one that is changed.
    fn fields(
        house: &House,
        me: &Me,
        known: Option<&Self::Now>,
    ) -> impl Future<Output = Result<Vec<Field>, Stop>> + Send;
    fn read(
        texts: Texts,
        filled: &Filled,
        id: Self::Id,
        known: Option<&Self::Now>,
    ) -> Result<Self::Input, Faults>;

    fn see(db: &Db, caller: &Caller, id: Self::Id) -> impl Future<Output = Answer<Self::Now>> + Send;
    fn add(db: &Db, caller: &Caller, input: Self::Input) -> impl Future<Output = Answer<Self::Id>> + Send;
    fn edit(
        db: &Db,
        caller: &Caller,
        input: Self::Input,
        version: i64,
        active: bool,
    ) -> impl Future<Output = Answer<()>> + Send;

    /// What stands on its page.
    fn blocks(
        house: &House,
        me: &Me,
        id: &str,
        now: &Self::Now,
        asked: &Asked,
    ) -> impl Future<Output = Result<Vec<Block>, Stop>> + Send;
    /// The way to its page.
    fn under(page: Page, _now: Option<&Self::Now>) -> Page {
        let list = page.t(Self::LIST).to_string();
        page.under(list, Self::place(Spot::List))
    }
    fn acts(_me: &Me, _id: &str, _now: &Self::Now) -> Vec<Button> {
        Vec::new()
    }
    /// Whether this reader may know what happened to it.
    fn remembers(me: &Me) -> bool {
        me.may(Self::ACTION)
    }
    fn history(db: &Db, caller: &Caller, id: Self::Id) -> impl Future<Output = Answer<Vec<Entry>>> + Send {
        journal::history(db, caller, Self::ACTION, id)
    }
}

/// The part of an address that says which.
#[derive(Debug, Deserialize)]
pub(crate) struct One {
    pub id: String,
}

/// The version that was on screen when the form was drawn.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Shown {
    #[serde(default)]
    pub version: i64,
}

pub(crate) fn id_of<I: FromStr>(text: &str) -> Result<I, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

/// The page of one thing.
pub(crate) async fn show<R: Record>(
    State(house): State<House>,
    me: Me,
    Path(at): Path<One>,
    Query(asked): Query<Asked>,
) -> Result<View<DetailView>, Stop> {
    let texts = me.texts();
    let id: R::Id = id_of(&at.id)?;
    let now = R::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let blocks = R::blocks(&house, &me, &at.id, &now, &asked).await?;
    let history = match R::remembers(&me) {
        true => {
            let lines = R::history(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
            Some(history(&house, &me, &lines).await?)
        }
        false => None,
    };
    let edit = R::place(Spot::Edit(&at.id));
    let first =
        me.may(R::ACTION).then(|| Button::link(texts.t("person-edit"), edit).icon("pencil").primary());
    Ok(View::new(DetailView {
        chip: R::chip(texts, &now),
        acts: R::acts(&me, &at.id, &now),
        first,
        history,
        ..DetailView::new(R::under(Page::new(me.viewer.clone(), R::name(&now)), Some(&now)), blocks)
    }))
}

/// The form, with what was typed in it.
async fn form<R: Record>(
    house: &House,
    me: &Me,
    filled: &Filled,
    faults: Faults,
    known: Option<(&str, &R::Now)>,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let now = known.map(|(_, now)| now);
    let mut fields = R::fields(house, me, now).await?;
    let (title, action, back) = match known {
        Some((id, now)) => {
            if R::active(now).is_some() {
                fields.push(in_use_field(texts));
            }
            let version = R::version(now).to_string();
            (
                texts.t("person-edit-title").with("name", R::name(now)).to_string(),
                with_query(&R::place(Spot::Edit(id)), [("version", version.as_str())]),
                R::place(Spot::One(id)),
            )
        }
        None => (texts.t(R::ADD).to_string(), R::place(Spot::New), R::place(Spot::List)),
    };
    let fields = fields.into_iter().map(|field| filled.put(field)).collect();
    let page = R::under(Page::new(me.viewer.clone(), title), now);
    Ok(FormView::new(house, me, page, action, back, fields, faults))
}

pub(crate) async fn new<R: Record>(
    State(house): State<House>,
    me: Me,
    Query(asked): Query<Asked>,
) -> Result<View<FormView>, Stop> {
    me.must(R::ACTION)?;
    let filled = R::fresh(&me, &asked);
    Ok(View::new(form::<R>(&house, &me, &filled, Faults::none(me.texts()), None).await?))
}

pub(crate) async fn add<R: Record>(
    State(house): State<House>,
    me: Me,
    filled: Filled,
) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(R::ACTION)?;
    let faults = match R::read(texts, &filled, house.new_id(), None) {
        Ok(input) => match R::add(&house.db, &filled.caller(&me), input).await {
            Ok(id) => return Ok(to(R::place(Spot::One(&id.to_string())))),
            Err(error) => fault(texts, error)?,
        },
        Err(faults) => faults,
    };
    Ok(View::invalid(form::<R>(&house, &me, &filled, faults, None).await?).into_response())
}

pub(crate) async fn edit<R: Record>(
    State(house): State<House>,
    me: Me,
    Path(at): Path<One>,
) -> Result<View<FormView>, Stop> {
    me.must(R::ACTION)?;
    let now = R::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    let mut filled = R::shown(&now);
    if let Some(active) = R::active(&now) {
        filled = filled.and("state", [if active { "active" } else { "inactive" }.to_owned()]);
    }
    Ok(View::new(form::<R>(&house, &me, &filled, Faults::none(me.texts()), Some((&at.id, &now))).await?))
}

pub(crate) async fn save<R: Record>(
    State(house): State<House>,
    me: Me,
    Path(at): Path<One>,
    Query(shown): Query<Shown>,
    filled: Filled,
) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(R::ACTION)?;
    let id: R::Id = id_of(&at.id)?;
    let before = R::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let mut overtaken = false;
    let faults = match R::read(texts, &filled, id, Some(&before)) {
        Ok(input) => {
            let active = filled.text("state") != "inactive";
            match R::edit(&house.db, &filled.caller(&me), input, shown.version, active).await {
                Ok(()) => return Ok(to(R::place(Spot::One(&at.id)))),
                Err(error) => {
                    overtaken = error.code() == "changed-meanwhile";
                    fault(texts, error)?
                }
            }
        }
        Err(faults) => faults,
    };
    // Who was overtaken sees what the other did and keeps what was typed; saving again is then a choice.
    let now = R::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let mut view = form::<R>(&house, &me, &filled, faults, Some((&at.id, &now))).await?;
    if overtaken {
        view.notice =
            Some(Notice::new(Tone::Warn, texts.t("overtaken-text")).title(texts.t("overtaken-title")));
        view.meanwhile = meanwhile::<R>(&house, &me, id, shown.version, &now).await?;
    }
    Ok(View::invalid(view).into_response())
}

/// What others did since a version was on screen: every edit has one line in the journal and makes one version.
async fn meanwhile<R: Record>(
    house: &House,
    me: &Me,
    id: R::Id,
    shown: i64,
    now: &R::Now,
) -> Result<Option<crate::part::History>, Stop> {
    let lines = R::history(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let behind = usize::try_from(R::version(now) - shown).unwrap_or_default();
    let edits: Vec<Entry> =
        lines.into_iter().filter(|line| line.action.ends_with(".edited")).take(behind).collect();
    let mut found = history(house, me, &edits).await?;
    found.title = me.texts().t("overtaken-changes").to_string();
    Ok(Some(found))
}

pub(crate) fn in_use_chip(texts: Texts, active: bool) -> Chip {
    if active {
        Chip::new(Tone::Ok, texts.t("in-use-yes"))
    } else {
        Chip::new(Tone::Plain, texts.t("in-use-no"))
    }
}

/// The field with which an edit form takes something out of use.
pub(crate) fn in_use_field(texts: Texts) -> Field {
    let choices =
        vec![Choice::new("active", texts.t("in-use-yes")), Choice::new("inactive", texts.t("in-use-no"))];
    Field::radios(texts, "state", texts.t("in-use"), choices)
}

/// The routes of a kind: its list, its form, its page.
#[macro_export]
#[doc(hidden)]
macro_rules! record_door {
    ($kind:ty: $list:ident, $new:ident, $one:ident, $edit:ident, $export:ident) => {
        $crate::door::Door::default()
            .get($list::at(), $crate::listing::list::<$kind>)
            .get($export::at(), $crate::listing::export::<$kind>)
            .get($new::at(), $crate::record::new::<$kind>)
            .post($new::at(), $crate::record::add::<$kind>)
            .get($one::at(), $crate::record::show::<$kind>)
            .get($edit::at(), $crate::record::edit::<$kind>)
            .post($edit::at(), $crate::record::save::<$kind>)
    };
}
