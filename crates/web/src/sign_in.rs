//! Signing in and out, and stepping into another role.

use crate::error::Error;
use crate::house::{DemoSignIn, House};
use crate::me::{HalfMe, Me};
use crate::page::{Page, View};
use crate::part::{Button, Faults, Field, Form, Notice, Tone};
use crate::told::{self, Stop};
use crate::url::Url as _;
use crate::urls;
use crate::viewer::Viewer;
use askama::Template;
use axum::Form as Sent;
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use regie_core::limit::Limits;
use regie_signin::{Begun, Token, With, begin, second_step};
use serde::Deserialize;
use std::sync::Arc;

urls! {
    pub SignIn = "/sign-in";
    pub SecondStep = "/sign-in/code";
    pub SignOut = "/sign-out";
    pub SwitchRole = "/role";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(SignIn::at(), show)
        .post(SignIn::at(), send)
        .post(SecondStep::at(), code)
        .post(SignOut::at(), out)
        .post(SwitchRole::at(), role)
}

#[derive(Template)]
#[template(path = "page/sign_in.html")]
struct SignInPage {
    page: Page,
    notice: Option<Notice>,
    form: Form,
    demo: Vec<DemoSignIn>,
    back: String,
}

#[derive(Debug, Default, Deserialize)]
struct Going {
    #[serde(default)]
    back: String,
    #[serde(default)]
    out: Option<String>,
}

/// Only places inside the house: never a link to elsewhere.
fn inside(back: &str) -> &str {
    let sound = back.starts_with('/') && !back.starts_with("//") && !back.contains(['\\', '\r', '\n']);
    if sound && !back.starts_with("/sign-") { back } else { "/" }
}

async fn show(State(house): State<House>, viewer: Viewer, Query(going): Query<Going>) -> Response {
    if viewer.signed_in.is_some() {
        return Redirect::to(inside(&going.back)).into_response();
    }
    let texts = viewer.texts();
    let notice = going.out.map(|_| Notice::new(Tone::Ok, texts.t("sign-in-out")).loud());
    let faults = Faults::none(texts);
    View::new(draw(&house, viewer, notice, faults, "", inside(&going.back))).into_response()
}

fn draw(
    house: &House,
    viewer: Viewer,
    notice: Option<Notice>,
    faults: Faults,
    mail: &str,
    back: &str,
) -> SignInPage {
    let texts = viewer.texts();
    SignInPage {
        notice,
        form: Form {
            action: crate::url::with_query(&SignIn {}.to_string(), [("back", back)]),
            csrf: viewer.csrf.clone(),
            request: None,
            fields: vec![
                Field::email(texts, "mail", texts.t("field-mail"))
                    .value(mail)
                    .autocomplete("username")
                    .checked(&faults),
                Field::password(texts, "password", texts.t("field-password"), "current-password")
                    .checked(&faults),
            ],
            faults,
            submit: Button::submit(texts.t("sign-in-submit")),
            others: vec![Button::link(texts.t("sign-in-forgot"), crate::password::Forgot {}).quiet()],
        },
        demo: house.demo.to_vec(),
        back: back.to_owned(),
        page: Page::new(viewer, texts.t("sign-in-title")),
    }
}

#[derive(Debug, Deserialize)]
struct Given {
    mail: String,
    password: String,
    #[serde(default)]
    back: String,
}

pub(crate) fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

async fn send(
    State(house): State<House>,
    viewer: Viewer,
    headers: HeaderMap,
    Query(going): Query<Going>,
    limits: Option<Extension<Arc<Limits>>>,
    Sent(given): Sent<Given>,
) -> Result<Response, Stop> {
    attempt(&house, limits, &given.mail)?;
    let back = inside(if going.back.is_empty() { &given.back } else { &going.back }).to_owned();
    let begun = begin(with(&house, agent(&headers)), &given.mail, &given.password).await;
    let texts = viewer.texts();
    match begun {
        Ok(Begun::SignedIn(token)) => Ok(signed_in(&house, &token, &back)),
        Ok(Begun::FactorNeeded(token)) => {
            Ok(signed_in(&house, &token, &crate::factor::SecondFactor {}.to_string()))
        }
        Ok(Begun::CodeNeeded(half)) => {
            Ok(View::new(draw_code(viewer, &half, Faults::none(texts), &back)).into_response())
        }
        Err(error) => {
            let faults = told::fault(texts, error)?;
            Ok(View::invalid(draw(&house, viewer, None, faults, &given.mail, &back)).into_response())
        }
    }
}

/// Somebody tries to get in as this account, known or not: only so often, so that passwords are not guessed here and
/// mail boxes are not flooded from here.
pub(crate) fn attempt(
    house: &House,
    limits: Option<Extension<Arc<Limits>>>,
    mail: &str,
) -> Result<(), Error> {
    let Some(Extension(limits)) = limits else { return Ok(()) };
    limits.take(limits.name(mail), house.clock.now()).map_err(|seconds| Error::TooMany { seconds })
}

fn with<'a>(house: &'a House, agent: &'a str) -> With<'a> {
    With {
        db: &house.db,
        passwords: &house.passwords,
        policy: &house.policy,
        clock: &*house.clock,
        random: &*house.random,
        agent,
    }
}

#[derive(Template)]
#[template(path = "page/form.html")]
struct CodePage {
    page: Page,
    sub: Option<String>,
    notice: Option<Notice>,
    form: Form,
}

fn draw_code(viewer: Viewer, half: &Token, faults: Faults, back: &str) -> CodePage {
    let texts = viewer.texts();
    // The half-way state travels as a form field: it is worth nothing without the code.
    let address = crate::url::with_query(
        &SecondStep {}.to_string(),
        [("half", half.secret().as_str()), ("back", back)],
    );
    CodePage {
        sub: Some(texts.t("code-sub").to_string()),
        notice: None,
        form: Form {
            action: address,
            csrf: viewer.csrf.clone(),
            request: None,
            fields: vec![
                Field::text(texts, "code", texts.t("field-code"))
                    .hint(texts.t("code-hint"))
                    .autocomplete("one-time-code")
                    .short()
                    .checked(&faults),
            ],
            faults,
            submit: Button::submit(texts.t("sign-in-submit")),
            others: vec![Button::link(texts.t("code-back"), SignIn {}).quiet()],
        },
        page: Page::new(viewer, texts.t("code-title")),
    }
}

#[derive(Debug, Deserialize)]
struct HalfWay {
    half: String,
    #[serde(default)]
    back: String,
}

#[derive(Debug, Deserialize)]
struct Code {
    code: String,
}

async fn code(
    State(house): State<House>,
    viewer: Viewer,
    headers: HeaderMap,
    Query(way): Query<HalfWay>,
    Sent(given): Sent<Code>,
) -> Result<Response, Stop> {
    let texts = viewer.texts();
    let half = Token::read(&way.half).ok_or(Error::Unreadable)?;
    match second_step(with(&house, agent(&headers)), &half, &given.code).await {
        Ok(token) => Ok(signed_in(&house, &token, inside(&way.back))),
        Err(regie_signin::Error::LinkExpired) => {
            let notice = Notice::new(Tone::Warn, texts.t("code-expired")).loud();
            let faults = Faults::none(texts);
            Ok(View::invalid(draw(&house, viewer, Some(notice), faults, "", inside(&way.back)))
                .into_response())
        }
        Err(error) => {
            let faults = told::fault(texts, error)?;
            Ok(View::invalid(draw_code(viewer, &half, faults, inside(&way.back))).into_response())
        }
    }
}

fn signed_in(house: &House, token: &Token, to: &str) -> Response {
    let secure = if house.secure { "; Secure" } else { "" };
    let cookie = format!("{}={}; Path=/; HttpOnly; SameSite=Lax{secure}", house.cookie(), token.secret());
    with_cookie(Redirect::to(to).into_response(), &cookie)
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

async fn out(State(house): State<House>, HalfMe(me): HalfMe) -> Result<Response, Stop> {
    regie_signin::end(&house.db, &me.current).await.map_err(|error| me.stop(error))?;
    let secure = if house.secure { "; Secure" } else { "" };
    let cookie = format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}", house.cookie());
    let to = crate::url::with_query(&SignIn {}.to_string(), [("out", "1")]);
    Ok(with_cookie(Redirect::to(&to).into_response(), &cookie))
}

#[derive(Debug, Deserialize)]
struct Chosen {
    role: String,
}

/// The new role starts at its home: the page one came from may not be for it.
async fn role(State(house): State<House>, me: Me, Sent(chosen): Sent<Chosen>) -> Result<Redirect, Stop> {
    let hat = chosen.role.parse().map_err(|_| Error::Unreadable)?;
    regie_signin::switch(&house.db, &me.current, hat).await.map_err(|error| me.stop(error))?;
    Ok(Redirect::to("/"))
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn nobody_is_sent_elsewhere_after_signing_in() {
        for elsewhere in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "javascript:1",
            "",
            "/sign-out",
            "/a\r\nb",
        ] {
            assert_eq!(inside(elsewhere), "/", "{elsewhere:?}");
        }
        assert_eq!(inside("/people?q=noor"), "/people?q=noor");
    }
}
