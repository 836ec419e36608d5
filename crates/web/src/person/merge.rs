//! Two records of one person: find the other, compare, and let one go into the other.

use super::tab::said;
use super::{People, PersonPage, id_of};
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{
    Button, Cell, Choice, Column, Empty, Facts, Faults, Field, Filter, Form, List, Row, Weight, Wish,
};
use crate::told::{self, Stop};
use crate::url::{Url as _, with_query};
use crate::urls;
use askama::Template;
use axum::Form as Sent;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use regie_access::{Action, Refusal};
use regie_core::Caller;
use regie_core::id::RequestId;
use regie_people::person::{self, Filter as Narrowed, Merge, Person};
use serde::Deserialize;

urls! {
    pub MergePerson { id: String } = "/people/{id}/merge";
}

pub(super) fn door() -> crate::door::Door<House> {
    crate::door::Door::default().get(MergePerson::at(), ask).post(MergePerson::at(), merge)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    other: String,
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "person/find.html")]
struct FindPage {
    page: Page,
    list: List,
}

#[derive(Template)]
#[template(path = "person/merge.html")]
struct MergePage {
    page: Page,
    records: Vec<(String, Facts)>,
    form: Form,
}

async fn ask(
    State(house): State<House>,
    me: Me,
    Path(at): Path<MergePerson>,
    Query(asked): Query<Asked>,
) -> Result<Response, Stop> {
    may(&me)?;
    let one = see(&house, &me, &at.id).await?;
    if asked.other.is_empty() {
        return find(&house, &me, &one, &asked.q).await;
    }
    let other = see(&house, &me, &asked.other).await?;
    let sent = Wanted { keep: one.id.to_string(), ..Wanted::default() };
    let faults = Faults::none(me.texts());
    Ok(View::new(draw(&house, &me, [&one, &other], &sent, faults)).into_response())
}

fn may(me: &Me) -> Result<(), Stop> {
    if me.may(Action::MergePeople) {
        return Ok(());
    }
    Err(me.stop(Refusal::NotInRole { action: Action::MergePeople, role: me.caller().role }))
}

async fn see(house: &House, me: &Me, id: &str) -> Result<Person, Stop> {
    person::see(&house.db, me.caller(), id_of(id)?).await.map_err(|error| me.stop(error))
}

/// Who looks like the same person; or who is searched for.
async fn find(house: &House, me: &Me, one: &Person, q: &str) -> Result<Response, Stop> {
    let texts = me.texts();
    let mut found: Vec<(String, String, Option<String>, Option<String>)> = Vec::new();
    if q.is_empty() {
        let alike = person::alike(&house.db, me.caller(), one.id).await.map_err(|error| me.stop(error))?;
        found.extend(
            alike.into_iter().map(|it| (it.id.to_string(), it.display_name, it.number, it.unit_name)),
        );
    } else {
        let filter =
            Narrowed { text: q.chars().take(100).collect(), kind: Some(one.kind), ..Narrowed::default() };
        let page = person::list(&house.db, me.caller(), &filter).await.map_err(|error| me.stop(error))?;
        let others = page.lines.into_iter().filter(|it| it.id != one.id);
        found.extend(others.map(|it| (it.id.to_string(), it.display_name, it.number, it.unit_name)));
    }
    let here = MergePerson { id: one.id.to_string() }.to_string();
    let columns = vec![
        Column::new(texts.t("person-name"), Weight::Key),
        Column::new(texts.t("person-number"), Weight::Main),
        Column::new(texts.t("person-unit"), Weight::Usual),
    ];
    let rows: Vec<Row> = found
        .into_iter()
        .map(|(id, name, number, unit)| Row {
            cells: vec![
                Cell::link(name.clone(), with_query(&here, [("other", id.as_str())])),
                Cell::text(number.unwrap_or_default()),
                Cell::text(unit.unwrap_or_default()),
            ],
            id,
            name,
        })
        .collect();
    let empty = Empty::new("users", texts.t("merge-none"), texts.t("merge-none-text"));
    let search =
        Wish::Search { name: "q".into(), label: texts.t("filter-search").to_string(), value: q.to_owned() };
    let list = List {
        filter: Some(Filter {
            action: here.clone(),
            wishes: vec![Wish::Words(texts.t("merge-other").to_string()), search],
        }),
        clear: here,
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "others", texts.t("merge-others"), columns, empty)
    };
    Ok(View::new(FindPage { page: frame(me, one), list }).into_response())
}

fn frame(me: &Me, one: &Person) -> Page {
    let texts = me.texts();
    let title = texts.t("merge-title").with("name", one.display_name.clone()).to_string();
    Page::new(me.viewer.clone(), title)
        .under(texts.t("nav-people"), People {})
        .under(one.display_name.clone(), PersonPage { id: one.id.to_string() })
}

#[derive(Debug, Default, Deserialize)]
struct Wanted {
    /// Which of the two stays.
    #[serde(default)]
    keep: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    request: String,
}

fn draw(house: &House, me: &Me, [one, other]: [&Person; 2], sent: &Wanted, faults: Faults) -> MergePage {
    let texts = me.texts();
    let choice = |it: &Person| {
        let note = [it.number.clone(), it.mail.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        Choice::new(it.id.to_string(), it.display_name.clone()).note(note)
    };
    let fields = vec![
        Field::cards(texts, "keep", texts.t("merge-keep"), vec![choice(one), choice(other)])
            .hint(texts.t("merge-keep-hint"))
            .value(&sent.keep),
        Field::area(texts, "reason", texts.t("field-reason"))
            .hint(texts.t("merge-reason-hint"))
            .value(&sent.reason),
    ];
    let here = MergePerson { id: one.id.to_string() }.to_string();
    let action = with_query(
        &here,
        [
            ("other", other.id.to_string().as_str()),
            ("version", one.version.to_string().as_str()),
            ("other_version", other.version.to_string().as_str()),
        ],
    );
    MergePage {
        records: [one, other].map(|it| (it.display_name.clone(), Facts { facts: said(texts, it) })).into(),
        form: Form {
            action,
            csrf: me.viewer.csrf.clone(),
            request: Some(house.new_id::<RequestId>().to_string()),
            fields: fields.into_iter().map(|field| field.checked(&faults)).collect(),
            faults,
            submit: Button::submit(texts.t("merge-do")),
            others: vec![Button::link(texts.t("form-cancel"), PersonPage { id: one.id.to_string() }).quiet()],
        },
        page: frame(me, one),
    }
}

/// The versions that were on screen.
#[derive(Debug, Default, Deserialize)]
struct Shown {
    #[serde(default)]
    other: String,
    #[serde(default)]
    version: i64,
    #[serde(default)]
    other_version: i64,
}

async fn merge(
    State(house): State<House>,
    me: Me,
    Path(at): Path<MergePerson>,
    Query(shown): Query<Shown>,
    Sent(sent): Sent<Wanted>,
) -> Result<Response, Stop> {
    may(&me)?;
    let one = see(&house, &me, &at.id).await?;
    let other = see(&house, &me, &shown.other).await?;
    let texts = me.texts();
    let mut faults = Faults::none(texts);
    let stays = [
        (&one, shown.version, &other, shown.other_version),
        (&other, shown.other_version, &one, shown.version),
    ];
    let Some((keep, keep_version, lose, lose_version)) =
        stays.into_iter().find(|(keep, ..)| keep.id.to_string() == sent.keep)
    else {
        faults.add("keep", texts.t("told-choose-one"));
        return Ok(View::invalid(draw(&house, &me, [&one, &other], &sent, faults)).into_response());
    };
    let input =
        Merge { keep: keep.id, keep_version, lose: lose.id, lose_version, reason: sent.reason.clone() };
    let caller = Caller { request: sent.request.parse().ok(), ..me.caller().clone() };
    match person::merge(&house.db, &caller, input).await {
        Ok(id) => Ok(Redirect::to(&PersonPage { id: id.to_string() }.to_string()).into_response()),
        Err(error) => {
            let faults = told::fault(texts, error)?;
            Ok(View::invalid(draw(&house, &me, [&one, &other], &sent, faults)).into_response())
        }
    }
}
