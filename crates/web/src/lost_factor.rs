//! For who lost phone and recovery codes: an administrator takes the second factor away.

use crate::error::Error;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Faults, Field, Form, Notice};
use crate::told::{self, Stop};
use crate::url::Url as _;
use crate::urls;
use askama::Template;
use axum::Form as Sent;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use regie_access::Action;
use regie_core::id::PersonId;
use serde::Deserialize;

urls! {
    pub LostFactor { id: String } = "/people/{id}/second-factor";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default().get(LostFactor::at(), show).post(LostFactor::at(), send)
}

#[derive(Template)]
#[template(path = "page/form.html")]
struct FormPage {
    page: Page,
    sub: Option<String>,
    notice: Option<Notice>,
    form: Form,
}

fn id_of(text: &str) -> Result<PersonId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

async fn draw(house: &House, me: &Me, at: &LostFactor, faults: Faults) -> Result<FormPage, Stop> {
    let texts = me.texts();
    let one = regie_people::person::see(&house.db, me.caller(), id_of(&at.id)?).await;
    let one = one.map_err(|error| me.stop(error))?;
    let person = crate::person::PersonPage { id: at.id.clone() };
    Ok(FormPage {
        sub: Some(texts.t("lost-factor-sub").to_string()),
        notice: None,
        form: Form {
            action: at.to_string(),
            csrf: me.viewer.csrf.clone(),
            request: None,
            fields: vec![
                Field::area(texts, "reason", texts.t("field-reason"))
                    .hint(texts.t("lost-factor-hint"))
                    .checked(&faults),
            ],
            faults,
            submit: Button::submit(texts.t("lost-factor-submit")).danger(),
            others: vec![Button::link(texts.t("lost-factor-back"), person.clone()).quiet()],
        },
        page: Page::new(me.viewer.clone(), texts.t("lost-factor-title"))
            .under(texts.t("nav-people"), crate::person::People {})
            .under(one.display_name, person),
    })
}

async fn show(
    State(house): State<House>,
    me: Me,
    Path(at): Path<LostFactor>,
) -> Result<View<FormPage>, Stop> {
    if !me.may(Action::ManageAccounts) {
        // Nobody fills in a form that will be refused.
        let role = me.caller().role;
        return Err(me.stop(regie_access::Refusal::NotInRole { action: Action::ManageAccounts, role }));
    }
    Ok(View::new(draw(&house, &me, &at, Faults::none(me.texts())).await?))
}

#[derive(Debug, Deserialize)]
struct Why {
    #[serde(default)]
    reason: String,
}

async fn send(
    State(house): State<House>,
    me: Me,
    Path(at): Path<LostFactor>,
    Sent(why): Sent<Why>,
) -> Result<Response, Stop> {
    match regie_signin::reset_factor(&house.db, me.caller(), id_of(&at.id)?, &why.reason).await {
        Ok(()) => Ok(Redirect::to(&crate::person::PersonPage { id: at.id }.to_string()).into_response()),
        Err(error) => {
            let faults = told::fault(me.texts(), error)?;
            Ok(View::invalid(draw(&house, &me, &at, faults).await?).into_response())
        }
    }
}
