//! Setting the second factor: scan, type the code, keep the recovery codes.

use crate::house::House;
use crate::me::Proving;
use crate::page::{Page, View};
use crate::part::{Button, Faults, Field, Form};
use crate::told::{self, Stop};
use crate::url::Url as _;
use crate::urls;
use crate::viewer::Viewer;
use askama::Template;
use axum::Form as Sent;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use regie_signin::Enrolment;
use serde::Deserialize;

urls! {
    pub SecondFactor = "/account/second-factor";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default().get(SecondFactor::at(), show).post(SecondFactor::at(), send)
}

#[derive(Template)]
#[template(path = "page/factor.html")]
struct FactorPage {
    page: Page,
    square: String,
    secret: String,
    passkey: crate::passkey::PasskeyForm,
    form: Form,
}

#[derive(Template)]
#[template(path = "page/recovery.html")]
struct RecoveryPage {
    page: Page,
    codes: Vec<String>,
    on: Button,
}

/// The codes for the day the phone is lost; nobody sees them again.
pub(crate) fn recovery(me: &crate::me::Me, codes: Vec<String>) -> View<impl Template + use<>> {
    let texts = me.texts();
    View::new(RecoveryPage {
        codes,
        on: Button::link(texts.t("recovery-on"), crate::home::Home {}).primary(),
        page: Page::new(me.viewer.clone(), texts.t("recovery-title")),
    })
}

/// Every visit makes a new secret; only the last one shown can be confirmed.
async fn show(
    State(house): State<House>,
    Proving(me, missing): Proving,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let set = regie_signin::has_app(&house.db, me.current.account).await;
    if set.map_err(|error| me.stop(error))? {
        return Ok(Redirect::to(&crate::account::Account {}.to_string()).into_response());
    }
    let made = enrol(&house, &me).await?;
    let faults = Faults::none(me.texts());
    let passkey = crate::passkey::offered(&house, &me, &headers, missing).await?;
    Ok(View::new(draw(me.viewer, &made, passkey, faults)).into_response())
}

async fn enrol(house: &House, me: &crate::me::Me) -> Result<Enrolment, Stop> {
    regie_signin::enrol(&house.db, &me.current, house.passwords.vault(), &*house.random)
        .await
        .map_err(|error| me.stop(error))
}

fn draw(
    viewer: Viewer,
    made: &Enrolment,
    passkey: crate::passkey::PasskeyForm,
    faults: Faults,
) -> FactorPage {
    let texts = viewer.texts();
    let square = qrcode::QrCode::new(&made.address)
        .map(|code| code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(200, 200).build())
        .unwrap_or_default();
    // The declaration belongs to a file, not to a page.
    let square = square.find("<svg").map_or(String::new(), |at| square.split_at(at).1.to_owned());
    FactorPage {
        square,
        secret: made.secret.clone(),
        passkey,
        form: Form {
            action: SecondFactor {}.to_string(),
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
            submit: Button::submit(texts.t("factor-submit")),
            others: Vec::new(),
        },
        page: Page::new(viewer, texts.t("factor-title")),
    }
}

#[derive(Debug, Deserialize)]
struct Code {
    code: String,
}

async fn send(
    State(house): State<House>,
    Proving(me, missing): Proving,
    headers: HeaderMap,
    Sent(given): Sent<Code>,
) -> Result<Response, Stop> {
    let texts = me.texts();
    match regie_signin::confirm(&house.db, &me.current, house.passwords.vault(), &given.code, &*house.random)
        .await
    {
        Ok(codes) => Ok(recovery(&me, codes).into_response()),
        Err(error) => {
            let faults = told::fault(texts, error)?;
            let made = enrol(&house, &me).await?;
            let passkey = crate::passkey::offered(&house, &me, &headers, missing).await?;
            Ok(View::invalid(draw(me.viewer, &made, passkey, faults)).into_response())
        }
    }
}
