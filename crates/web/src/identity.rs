//! Through which provider somebody comes in, and linking them by hand when they were not found.

use crate::error::Error;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Column, Empty, Faults, Field, Form, List, Row, Weight};
use crate::person::{People, PersonPage, id_of};
use crate::sign_in::{agent, with};
use crate::told::{self, Stop};
use crate::url::Url as _;
use crate::urls;
use crate::view::to;
use askama::Template;
use axum::Form as Sent;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_core::day::in_school_time;
use regie_signin::federation::{Linked, link_by_hand, links, unlink};
use serde::Deserialize;

urls! {
    pub Identity { id: String } = "/people/{id}/identity";
    pub EndIdentity { id: String, provider: String } = "/people/{id}/identity/{provider}/end";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Identity::at(), show)
        .post(Identity::at(), link)
        .post(EndIdentity::at(), end)
}

#[derive(Template)]
#[template(path = "person/identity.html")]
struct IdentityPage {
    page: Page,
    form: Form,
    list: List,
}

async fn draw(
    house: &House,
    me: &Me,
    at: &Identity,
    typed: &str,
    faults: Faults,
) -> Result<IdentityPage, Stop> {
    let texts = me.texts();
    let id = id_of(&at.id)?;
    let one = regie_people::person::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let found = links(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let columns = vec![
        Column::new(texts.t("identity-provider"), Weight::Key),
        Column::new(texts.t("identity-since"), Weight::Usual),
        Column::new(texts.t("list-do"), Weight::Main),
    ];
    let row = |it: Linked| {
        let end = EndIdentity { id: at.id.clone(), provider: it.provider.to_string() };
        Row {
            id: it.provider.to_string(),
            cells: vec![
                Cell::Two { text: it.name.clone(), sub: texts.of("identity-by", &it.linked_by).to_string() },
                Cell::text(texts.moment(in_school_time(it.linked_at).datetime())),
                Cell::Buttons(vec![
                    Button::post(texts.t("identity-end"), end, &me.viewer.csrf).small().danger_second(),
                ]),
            ],
            name: it.name,
        }
    };
    let rows: Vec<Row> = found.into_iter().map(row).collect();
    let empty = Empty::new("log-in", texts.t("identity-none"), texts.t("identity-none-text"));
    let person = PersonPage { id: at.id.clone() };
    Ok(IdentityPage {
        form: Form {
            action: at.to_string(),
            csrf: me.viewer.csrf.clone(),
            request: None,
            fields: vec![
                Field::text(texts, "code", texts.t("identity-code"))
                    .hint(texts.t("identity-code-hint"))
                    .value(typed)
                    .short()
                    .checked(&faults),
            ],
            faults,
            submit: Button::submit(texts.t("identity-submit")),
            others: vec![Button::link(texts.t("form-cancel"), person.clone()).quiet()],
        },
        list: List {
            total: rows.len() as u64,
            rows,
            ..List::new(texts, "identities", texts.t("identity-caption"), columns, empty)
        },
        page: Page::new(me.viewer.clone(), texts.t("identity-title"))
            .under(texts.t("nav-people"), People {})
            .under(one.display_name, person),
    })
}

async fn show(
    State(house): State<House>,
    me: Me,
    Path(at): Path<Identity>,
) -> Result<View<IdentityPage>, Stop> {
    me.must(Action::ManageAccounts)?;
    Ok(View::new(draw(&house, &me, &at, "", Faults::none(me.texts())).await?))
}

#[derive(Debug, Deserialize)]
struct Told {
    #[serde(default)]
    code: String,
}

async fn link(
    State(house): State<House>,
    me: Me,
    headers: HeaderMap,
    Path(at): Path<Identity>,
    Sent(told): Sent<Told>,
) -> Result<Response, Stop> {
    let with = with(&house, agent(&headers));
    match link_by_hand(with, me.caller(), id_of(&at.id)?, &told.code).await {
        Ok(()) => Ok(to(at)),
        Err(error) => {
            let faults = told::fault(me.texts(), error)?;
            Ok(View::invalid(draw(&house, &me, &at, &told.code, faults).await?).into_response())
        }
    }
}

async fn end(State(house): State<House>, me: Me, Path(at): Path<EndIdentity>) -> Result<Response, Stop> {
    let provider = at.provider.parse().map_err(|_| Error::NotFound)?;
    unlink(&house.db, me.caller(), id_of(&at.id)?, provider).await.map_err(|error| me.stop(error))?;
    Ok(to(Identity { id: at.id }))
}
