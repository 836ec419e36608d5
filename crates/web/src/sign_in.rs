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
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
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
    /// The providers of the schools in this house.
    providers: Vec<Button>,
    back: String,
}

#[derive(Debug, Default, Deserialize)]
struct Going {
    #[serde(default)]
    back: String,
    #[serde(default)]
    out: Option<String>,
    /// Through this provider one came in; there one may still be signed in.
    #[serde(default)]
    there: String,
}

/// Only places inside the house: never a link to elsewhere.
pub(crate) fn inside(back: &str) -> &str {
    let sound = back.starts_with('/') && !back.starts_with("//") && !back.contains(['\\', '\r', '\n']);
    if sound && !back.starts_with("/sign-") { back } else { "/" }
}

async fn show(
    State(house): State<House>,
    viewer: Viewer,
    Query(going): Query<Going>,
) -> Result<Response, Stop> {
    if viewer.signed_in.is_some() {
        return Ok(Redirect::to(inside(&going.back)).into_response());
    }
    let texts = viewer.texts();
    let notice = going.out.map(|_| match going.there.parse::<regie_core::id::IdentityProviderId>() {
        Ok(there) => {
            let on = crate::federation::WayOut { provider: there.to_string() };
            Notice::new(Tone::Warn, texts.t("sign-in-out-there"))
                .action(Button::link(texts.t("sign-in-out-on"), on))
                .loud()
        }
        Err(_) => Notice::new(Tone::Ok, texts.t("sign-in-out")).loud(),
    });
    let faults = Faults::none(texts);
    Ok(View::new(draw(&house, viewer, notice, faults, "", inside(&going.back)).await?).into_response())
}

/// The sign-in page with something to say.
pub(crate) async fn page_with(
    house: &House,
    viewer: Viewer,
    notice: Option<Notice>,
) -> Result<Response, Stop> {
    let faults = Faults::none(viewer.texts());
    Ok(View::invalid(draw(house, viewer, notice, faults, "", "/").await?).into_response())
}

async fn draw(
    house: &House,
    viewer: Viewer,
    notice: Option<Notice>,
    faults: Faults,
    mail: &str,
    back: &str,
) -> Result<SignInPage, Stop> {
    let texts = viewer.texts();
    let offered = regie_signin::federation::offered(&house.db).await.map_err(|error| told::stop(&error))?;
    let providers = offered.into_iter().map(|provider| {
        let leave = crate::federation::Leave { provider: provider.id.to_string() }.to_string();
        let label = texts.t("sign-in-with").with("name", provider.name);
        Button::link(label.to_string(), crate::url::with_query(&leave, [("back", back)])).wide()
    });
    Ok(SignInPage {
        providers: providers.collect(),
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
    })
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
        Ok(begun) => standing(&house, viewer, &headers, begun, &back).await,
        Err(error) => {
            let faults = told::fault(texts, error)?;
            let page = draw(&house, viewer, None, faults, &given.mail, &back).await?;
            Ok(View::invalid(page).into_response())
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

/// What comes after who it is was proved once.
pub(crate) async fn standing(
    house: &House,
    viewer: Viewer,
    headers: &HeaderMap,
    begun: Begun,
    back: &str,
) -> Result<Response, Stop> {
    let texts = viewer.texts();
    Ok(match begun {
        Begun::SignedIn(token) => signed_in(house, &token, inside(back)),
        Begun::FactorNeeded(token) => signed_in(house, &token, &crate::factor::SecondFactor {}.to_string()),
        Begun::CodeNeeded(half) => {
            let faults = Faults::none(texts);
            View::new(draw_code(house, viewer, headers, &half, faults, inside(back)).await?).into_response()
        }
    })
}

/// The address of this house as this browser knows it.
pub(crate) fn host_address(house: &House, headers: &HeaderMap) -> Result<String, Error> {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).ok_or(Error::Unreadable)?;
    Ok(format!("{}://{host}", if house.secure { "https" } else { "http" }))
}

pub(crate) fn with<'a>(house: &'a House, agent: &'a str) -> With<'a> {
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
#[template(path = "page/code.html")]
struct CodePage {
    page: Page,
    sub: Option<String>,
    notice: Option<Notice>,
    passkey: Option<crate::passkey::PasskeyForm>,
    form: Form,
}

/// The page for the second step: a passkey if there is one, else a code.
async fn draw_code(
    house: &House,
    viewer: Viewer,
    headers: &HeaderMap,
    half: &Token,
    faults: Faults,
    back: &str,
) -> Result<CodePage, Stop> {
    let origin = host_address(house, headers)?;
    let passkey = crate::passkey::asked(house, &viewer, &origin, half, back).await?;
    let texts = viewer.texts();
    // The half-way state travels as a form field: it is worth nothing without the code.
    let address = crate::url::with_query(
        &SecondStep {}.to_string(),
        [("half", half.secret().as_str()), ("back", back)],
    );
    Ok(CodePage {
        sub: Some(texts.t("code-sub").to_string()),
        notice: None,
        passkey,
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
    })
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
    let half = Token::read(&way.half).ok_or(Error::Unreadable)?;
    match second_step(with(&house, agent(&headers)), &half, &given.code).await {
        Ok(token) => Ok(signed_in(&house, &token, inside(&way.back))),
        Err(error) => code_again(&house, viewer, &headers, &half, &way.back, error).await,
    }
}

/// The second step once more, or from the beginning when it took too long or failed too often.
pub(crate) async fn code_again(
    house: &House,
    viewer: Viewer,
    headers: &HeaderMap,
    half: &Token,
    back: &str,
    error: regie_signin::Error,
) -> Result<Response, Stop> {
    let texts = viewer.texts();
    if error == regie_signin::Error::LinkExpired {
        let notice = Notice::new(Tone::Warn, texts.t("code-expired")).loud();
        let page = draw(house, viewer, Some(notice), Faults::none(texts), "", inside(back)).await?;
        return Ok(View::invalid(page).into_response());
    }
    let faults = told::fault(texts, error)?;
    let page = draw_code(house, viewer, headers, half, faults, inside(back)).await?;
    Ok(View::invalid(page).into_response())
}

pub(crate) fn signed_in(house: &House, token: &Token, to: &str) -> Response {
    let cookie = set_cookie(house, house.cookie(), &token.secret(), None);
    (AppendHeaders([cookie]), Redirect::to(to)).into_response()
}

/// A cookie for this house alone, out of reach of scripts; `seconds` is how long it lasts, else as long as the browser.
pub(crate) fn set_cookie(
    house: &House,
    name: &str,
    value: &str,
    seconds: Option<u32>,
) -> (HeaderName, HeaderValue) {
    let secure = if house.secure { "; Secure" } else { "" };
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}");
    // Names and values are ours: letters, digits, hyphens.
    (header::SET_COOKIE, HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("")))
}

async fn out(State(house): State<House>, HalfMe(me): HalfMe) -> Result<Response, Stop> {
    regie_signin::end(&house.db, &me.current).await.map_err(|error| me.stop(error))?;
    let cookie = set_cookie(&house, house.cookie(), "", Some(0));
    let through = regie_signin::federation::of_account(&house.db, me.current.account).await;
    let there = through.unwrap_or_default().first().map(|one| one.id.to_string()).unwrap_or_default();
    let to = crate::url::with_query(&SignIn {}.to_string(), [("out", "1"), ("there", there.as_str())]);
    Ok((AppendHeaders([cookie]), Redirect::to(&to)).into_response())
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
