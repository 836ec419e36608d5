//! Removing personal data: a page that says what goes, what stays, and asks why.

use super::{People, PersonPage, id_of};
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Notice, Question, Tone};
use crate::telling::Telling;
use crate::told::Stop;
use crate::url::{Url as _, with_query};
use crate::urls;
use askama::Template;
use axum::Form as Sent;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use regie_access::{Action, Refusal};
use regie_core::id::RequestId;
use regie_core::{Caller, Standing, Told as _};
use regie_people::person::{self, Erase, Person};
use serde::Deserialize;

urls! {
    pub ErasePerson { id: String } = "/people/{id}/erase";
}

pub(super) fn door() -> crate::door::Door<House> {
    crate::door::Door::default().get(ErasePerson::at(), ask).post(ErasePerson::at(), erase)
}

#[derive(Template)]
#[template(path = "person/erase.html")]
struct ErasePage {
    page: Page,
    notice: Option<Notice>,
    question: Question,
    back: Button,
}

fn may(me: &Me) -> Result<(), Stop> {
    if me.may(Action::ErasePeople) {
        return Ok(());
    }
    Err(me.stop(Refusal::NotInRole { action: Action::ErasePeople, role: me.caller().role }))
}

fn draw(house: &House, me: &Me, one: &Person, notice: Option<Notice>) -> ErasePage {
    let texts = me.texts();
    let id = one.id.to_string();
    let here = ErasePerson { id: id.clone() }.to_string();
    let consequences = ["erase-what-goes", "erase-what-stays", "erase-no-way-back"];
    ErasePage {
        notice,
        question: Question {
            texts,
            id: "erase".into(),
            link: Button::link(texts.t("erase-do"), here.clone()),
            title: texts.t("erase-title").with("name", one.display_name.clone()).to_string(),
            consequences: consequences.map(|key| texts.stored(key).to_string()).into(),
            reason: true,
            action: with_query(&here, [("version", one.version.to_string().as_str())]),
            csrf: me.viewer.csrf.clone(),
            confirm: texts.t("erase-do").to_string(),
            fields: vec![("request".into(), house.new_id::<RequestId>().to_string())],
            open: true,
        },
        back: Button::link(texts.t("form-cancel"), PersonPage { id: id.clone() }).quiet(),
        page: Page::new(me.viewer.clone(), texts.t("erase-do"))
            .under(texts.t("nav-people"), People {})
            .under(one.display_name.clone(), PersonPage { id }),
    }
}

async fn see(house: &House, me: &Me, id: &str) -> Result<Person, Stop> {
    may(me)?;
    person::see(&house.db, me.caller(), id_of(id)?).await.map_err(|error| me.stop(error))
}

async fn ask(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ErasePerson>,
) -> Result<View<ErasePage>, Stop> {
    let one = see(&house, &me, &at.id).await?;
    Ok(View::new(draw(&house, &me, &one, None)))
}

#[derive(Debug, Default, Deserialize)]
struct Shown {
    #[serde(default)]
    version: i64,
}

#[derive(Debug, Default, Deserialize)]
struct Wanted {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    request: String,
}

async fn erase(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ErasePerson>,
    Query(shown): Query<Shown>,
    Sent(sent): Sent<Wanted>,
) -> Result<Response, Stop> {
    let one = see(&house, &me, &at.id).await?;
    let input = Erase { id: one.id, version: shown.version, reason: sent.reason };
    let caller = Caller { request: sent.request.parse().ok(), ..me.caller().clone() };
    match person::erase(&house.db, &caller, input).await {
        Ok(()) => Ok(Redirect::to(&People {}.to_string()).into_response()),
        Err(error) if matches!(error.standing(), Standing::Invalid | Standing::Conflict) => {
            let sentence = Telling::of(&error).sentence(me.texts());
            let notice = Notice::new(Tone::Danger, sentence).loud();
            Ok(View::invalid(draw(&house, &me, &one, Some(notice))).into_response())
        }
        Err(error) => Err(me.stop(error)),
    }
}
