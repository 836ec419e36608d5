//! A new password: by who knows the present one, or by a link in a mail; and an account by an invitation.

use crate::error::Error;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Faults, Field, Form, Notice, Tone};
use crate::told::{self, Stop};
use crate::url::Url as _;
use crate::urls;
use crate::viewer::Viewer;
use askama::Template;
use axum::Form as Sent;
use axum::extract::{Extension, Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use regie_core::limit::Limits;
use regie_signin::Token;
use serde::Deserialize;
use std::sync::Arc;

urls! {
    pub ChangePassword = "/account/password";
    pub Forgot = "/password/forgot";
    pub Reset { token: String } = "/password/reset/{token}";
    pub Invitation { token: String } = "/invitation/{token}";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(ChangePassword::at(), change)
        .post(ChangePassword::at(), changed)
        .get(Forgot::at(), ask)
        .post(Forgot::at(), asked)
        .get(Reset::at(), choose)
        .post(Reset::at(), chosen)
        .get(Invitation::at(), welcome)
        .post(Invitation::at(), joined)
}

#[derive(Template)]
#[template(path = "page/form.html")]
struct FormPage {
    page: Page,
    sub: Option<String>,
    notice: Option<Notice>,
    form: Form,
}

#[derive(Debug, Deserialize)]
struct Mail {
    mail: String,
}

#[derive(Debug, Deserialize)]
struct Password {
    password: String,
}

async fn ask(viewer: Viewer) -> View<FormPage> {
    View::new(draw_ask(viewer, None))
}

/// Says the same whether or not there is such an account.
async fn asked(
    State(house): State<House>,
    viewer: Viewer,
    limits: Option<Extension<Arc<Limits>>>,
    Sent(given): Sent<Mail>,
) -> Result<View<FormPage>, Stop> {
    crate::sign_in::attempt(&house, limits, &given.mail)?;
    let texts = viewer.texts();
    regie_signin::request_reset(&house.db, &*house.clock, &*house.random, &given.mail)
        .await
        .map_err(|error| told::stop(&error))?;
    Ok(View::new(draw_ask(viewer, Some(Notice::new(Tone::Ok, texts.t("forgot-sent")).loud()))))
}

fn draw_ask(viewer: Viewer, notice: Option<Notice>) -> FormPage {
    let texts = viewer.texts();
    FormPage {
        sub: Some(texts.t("forgot-sub").to_string()),
        notice,
        form: Form {
            action: Forgot {}.to_string(),
            csrf: viewer.csrf.clone(),
            request: None,
            faults: Faults::none(texts),
            fields: vec![Field::email(texts, "mail", texts.t("field-mail"))],
            submit: Button::submit(texts.t("forgot-submit")),
            others: vec![Button::link(texts.t("code-back"), crate::sign_in::SignIn {}).quiet()],
        },
        page: Page::new(viewer, texts.t("forgot-title")),
    }
}

fn draw_choose(viewer: Viewer, action: String, title: String, sub: String, faults: Faults) -> FormPage {
    let texts = viewer.texts();
    FormPage {
        sub: Some(sub),
        notice: None,
        form: Form {
            action,
            csrf: viewer.csrf.clone(),
            request: None,
            fields: vec![
                Field::password(texts, "password", texts.t("field-new-password"), "new-password")
                    .hint(texts.t("password-hint"))
                    .checked(&faults),
            ],
            faults,
            submit: Button::submit(texts.t("password-submit")),
            others: Vec::new(),
        },
        page: Page::new(viewer, title),
    }
}

fn draw_change(me: &Me, notice: Option<Notice>, faults: Faults) -> FormPage {
    let texts = me.texts();
    FormPage {
        sub: Some(texts.t("change-password-sub").to_string()),
        notice,
        form: Form {
            action: ChangePassword {}.to_string(),
            csrf: me.viewer.csrf.clone(),
            request: None,
            fields: vec![
                Field::password(texts, "present", texts.t("field-present-password"), "current-password")
                    .checked(&faults),
                Field::password(texts, "password", texts.t("field-new-password"), "new-password")
                    .hint(texts.t("password-hint"))
                    .checked(&faults),
            ],
            faults,
            submit: Button::submit(texts.t("password-submit")),
            others: vec![Button::link(texts.t("form-cancel"), crate::account::Account {}).quiet()],
        },
        page: Page::new(me.viewer.clone(), texts.t("change-password-title"))
            .under(texts.t("account-title"), crate::account::Account {}),
    }
}

async fn change(State(house): State<House>, me: Me) -> Result<Response, Stop> {
    let has = regie_signin::has_password(&house.db, &me.current).await.map_err(|error| me.stop(error))?;
    if !has {
        // Who always comes through a provider changes it there.
        return Ok(Redirect::to(&crate::account::Account {}.to_string()).into_response());
    }
    Ok(View::new(draw_change(&me, None, Faults::none(me.texts()))).into_response())
}

#[derive(Debug, Deserialize)]
struct Changing {
    #[serde(default)]
    present: String,
    #[serde(default)]
    password: String,
}

async fn changed(
    State(house): State<House>,
    me: Me,
    headers: HeaderMap,
    Sent(given): Sent<Changing>,
) -> Result<Response, Stop> {
    let with = crate::sign_in::with(&house, crate::sign_in::agent(&headers));
    let Changing { present, password } = given;
    match regie_signin::change_password(with, &house.random, &me.current, &present, &password).await {
        Ok(()) => {
            let done = Notice::new(Tone::Ok, me.texts().t("change-password-done")).loud();
            Ok(View::new(draw_change(&me, Some(done), Faults::none(me.texts()))).into_response())
        }
        Err(error) => {
            let faults = told::fault(me.texts(), error)?;
            Ok(View::invalid(draw_change(&me, None, faults)).into_response())
        }
    }
}

async fn choose(viewer: Viewer, Path(at): Path<Reset>) -> View<FormPage> {
    let texts = viewer.texts();
    let (title, sub) = (texts.t("reset-title").to_string(), texts.t("reset-sub").to_string());
    View::new(draw_choose(viewer, at.to_string(), title, sub, Faults::none(texts)))
}

async fn chosen(
    State(house): State<House>,
    viewer: Viewer,
    Path(at): Path<Reset>,
    Sent(given): Sent<Password>,
) -> Result<Response, Stop> {
    let texts = viewer.texts();
    let token = Token::read(&at.token).ok_or(Error::NotFound)?;
    match regie_signin::reset(&house.db, &house.passwords, &house.random, &token, &given.password).await {
        Ok(()) => Ok(Redirect::to(&crate::sign_in::SignIn {}.to_string()).into_response()),
        Err(error) => {
            let faults = told::fault(texts, error)?;
            let (title, sub) = (texts.t("reset-title").to_string(), texts.t("reset-sub").to_string());
            Ok(View::invalid(draw_choose(viewer, at.to_string(), title, sub, faults)).into_response())
        }
    }
}

async fn welcome(
    State(house): State<House>,
    viewer: Viewer,
    Path(at): Path<Invitation>,
) -> Result<View<FormPage>, Stop> {
    let texts = viewer.texts();
    let token = Token::read(&at.token).ok_or(Error::NotFound)?;
    let (name, mail) = regie_signin::invited(&house.db, &token).await.map_err(|_| Error::NotFound)?;
    let title = texts.t("invitation-title").with("name", name).to_string();
    let sub = texts.t("invitation-sub").with("mail", mail).to_string();
    Ok(View::new(draw_choose(viewer, at.to_string(), title, sub, Faults::none(texts))))
}

async fn joined(
    State(house): State<House>,
    viewer: Viewer,
    Path(at): Path<Invitation>,
    Sent(given): Sent<Password>,
) -> Result<Response, Stop> {
    let texts = viewer.texts();
    let token = Token::read(&at.token).ok_or(Error::NotFound)?;
    let made = regie_signin::accept(
        &house.db,
        &house.passwords,
        &*house.clock,
        &house.random,
        &token,
        &given.password,
    );
    match made.await {
        Ok(_) => Ok(Redirect::to(&crate::sign_in::SignIn {}.to_string()).into_response()),
        Err(error) => {
            let faults = told::fault(texts, error)?;
            let (name, mail) = regie_signin::invited(&house.db, &token).await.map_err(|_| Error::NotFound)?;
            let title = texts.t("invitation-title").with("name", name).to_string();
            let sub = texts.t("invitation-sub").with("mail", mail).to_string();
            Ok(View::invalid(draw_choose(viewer, at.to_string(), title, sub, faults)).into_response())
        }
    }
}
