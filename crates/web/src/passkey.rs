//! Passkeys: making one, seeing them, and signing in with one as the second step.

use crate::error::Error;
use crate::house::House;
use crate::me::{Me, Missing, Proving};
use crate::page::{Page, View};
use crate::part::{Button, Cell, Column, Empty, List, Notice, Row, Tone, Weight};
use crate::sign_in::{agent, code_again, host_address, signed_in, with};
use crate::told::Stop;
use crate::url::Url as _;
use crate::urls;
use crate::viewer::Viewer;
use askama::Template;
use axum::Form as Sent;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use regie_core::day::in_school_time;
use regie_signin::Token;
use regie_signin::passkey::{self, Brought, Passkey, Signed, Site};
use serde::Deserialize;

urls! {
    pub Passkeys = "/account/passkeys";
    pub RemovePasskey { id: String } = "/account/passkeys/{id}/remove";
    pub PasskeyStep = "/sign-in/passkey";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Passkeys::at(), show)
        .post(Passkeys::at(), add)
        .post(RemovePasskey::at(), remove)
        .post(PasskeyStep::at(), step)
}

/// The form that a script fills in after asking the browser for a key; without script it is not there.
#[derive(Debug, Clone, Template)]
#[template(path = "part/passkey.html")]
pub struct PasskeyForm {
    pub action: String,
    pub csrf: String,
    /// `create` or `get`.
    pub act: &'static str,
    pub options: String,
    /// The label of the field for its name, when one is made.
    pub name: Option<String>,
    pub submit: Button,
    pub failed: String,
}

crate::part::draws_itself!(PasskeyForm);

/// The form that makes a key for this account.
pub(crate) async fn offered(
    house: &House,
    me: &Me,
    headers: &HeaderMap,
    missing: Option<Missing>,
) -> Result<PasskeyForm, Stop> {
    let texts = me.texts();
    let origin = host_address(house, headers)?;
    let options = passkey::offer(
        &house.db,
        &me.current,
        &*house.random,
        Site { origin: &origin },
        missing == Some(Missing::Passkey),
    )
    .await;
    Ok(PasskeyForm {
        action: Passkeys {}.to_string(),
        csrf: me.viewer.csrf.clone(),
        act: "create",
        options: options.map_err(|error| me.stop(error))?.to_string(),
        name: Some(texts.t("passkey-name").to_string()),
        submit: Button::submit(texts.t("passkey-add")),
        failed: texts.t("passkey-failed").to_string(),
    })
}

/// The form that asks for a key of who stands half-way, if they have one.
pub(crate) async fn asked(
    house: &House,
    viewer: &Viewer,
    origin: &str,
    half: &Token,
    back: &str,
) -> Result<Option<PasskeyForm>, Stop> {
    let texts = viewer.texts();
    let options = passkey::ask(with(house, ""), half, Site { origin }).await;
    let options = options.map_err(|error| crate::told::stop(&error))?;
    let address = crate::url::with_query(
        &PasskeyStep {}.to_string(),
        [("half", half.secret().as_str()), ("back", back)],
    );
    Ok(options.map(|options| PasskeyForm {
        action: address,
        csrf: viewer.csrf.clone(),
        act: "get",
        options: options.to_string(),
        name: None,
        submit: Button::submit(texts.t("passkey-use")),
        failed: texts.t("passkey-failed").to_string(),
    }))
}

#[derive(Template)]
#[template(path = "page/passkeys.html")]
struct PasskeysPage {
    page: Page,
    notice: Option<Notice>,
    form: PasskeyForm,
    list: List,
}

async fn draw(
    house: &House,
    me: &Me,
    headers: &HeaderMap,
    missing: Option<Missing>,
    notice: Option<Notice>,
) -> Result<PasskeysPage, Stop> {
    let texts = me.texts();
    let notice = match (notice, missing) {
        (None, Some(Missing::Passkey)) => Some(asking(house, me).await?),
        (notice, _) => notice,
    };
    let found = passkey::list(&house.db, me.current.account).await.map_err(|error| me.stop(error))?;
    let columns = vec![
        Column::new(texts.t("passkey-name"), Weight::Key),
        Column::new(texts.t("passkey-used"), Weight::Usual),
        Column::new(texts.t("connection-acts"), Weight::Main),
    ];
    let moment = |at| texts.moment(in_school_time(at).datetime());
    let row = |one: Passkey| {
        let remove = RemovePasskey { id: one.id.clone() };
        Row {
            cells: vec![
                Cell::Two {
                    text: one.name.clone(),
                    sub: match one.bound {
                        true => format!("{}, {}", moment(one.created_at), texts.t("passkey-bound")),
                        false => moment(one.created_at),
                    },
                },
                Cell::text(one.used_at.map_or_else(|| texts.t("connection-never").to_string(), moment)),
                Cell::Buttons(vec![
                    Button::post(texts.t("passkey-remove"), remove, &me.viewer.csrf).small().danger_second(),
                ]),
            ],
            id: one.id,
            name: one.name,
        }
    };
    let rows: Vec<Row> = found.into_iter().map(row).collect();
    let empty = Empty {
        icon: "key-round",
        title: texts.t("passkey-none").to_string(),
        text: texts.t("passkey-none-text").to_string(),
        actions: Vec::new(),
    };
    Ok(PasskeysPage {
        notice,
        form: offered(house, me, headers, missing).await?,
        list: List {
            total: rows.len() as u64,
            rows,
            ..List::new(texts, "passkeys", texts.t("passkey-title"), columns, empty)
        },
        page: Page::new(me.viewer.clone(), texts.t("passkey-title"))
            .under(texts.t("account-title"), crate::account::Account {}),
    })
}

/// Why somebody stands here before anything else.
async fn asking(house: &House, me: &Me) -> Result<Notice, Stop> {
    let texts = me.texts();
    let has = passkey::has_bound(&house.db, me.current.account).await.map_err(|error| me.stop(error))?;
    let text = texts.t(if has { "passkey-asked-again" } else { "passkey-asked" });
    Ok(Notice::new(Tone::Info, text))
}

async fn show(
    State(house): State<House>,
    Proving(me, missing): Proving,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    if missing == Some(Missing::SecondFactor) {
        return Ok(Redirect::to(&crate::factor::SecondFactor {}.to_string()).into_response());
    }
    Ok(View::new(draw(&house, &me, &headers, missing, None).await?).into_response())
}

#[derive(Debug, Deserialize)]
struct Sealed {
    #[serde(default)]
    name: String,
    client_data: String,
    attestation: String,
}

/// Also open to who must still set a second factor; who has one must have shown it first.
async fn add(
    State(house): State<House>,
    Proving(me, missing): Proving,
    headers: HeaderMap,
    Sent(sealed): Sent<Sealed>,
) -> Result<Response, Stop> {
    let origin = host_address(&house, &headers)?;
    let has = regie_signin::has_second_factor(&house.db, me.current.account).await;
    if has.map_err(|error| me.stop(error))? && !me.current.strong {
        return Ok(Redirect::to(&crate::factor::SecondFactor {}.to_string()).into_response());
    }
    let Sealed { name, client_data, attestation } = sealed;
    let brought = Brought { name, client_data, attestation };
    let site = Site { origin: &origin };
    match passkey::add(
        &house.db,
        &me.current,
        &*house.random,
        &brought,
        site,
        missing == Some(Missing::Passkey),
    )
    .await
    {
        Ok(codes) if codes.is_empty() => Ok(Redirect::to(&Passkeys {}.to_string()).into_response()),
        Ok(codes) => Ok(crate::factor::recovery(&me, codes).into_response()),
        Err(error) => {
            let notice = refusal(me.viewer.texts(), &error)?;
            Ok(View::invalid(draw(&house, &me, &headers, missing, Some(notice)).await?).into_response())
        }
    }
}

fn refusal(texts: regie_texts::Texts, error: &regie_signin::Error) -> Result<Notice, Stop> {
    use regie_core::Told as _;
    if error.standing() != regie_core::Standing::Invalid {
        return Err(crate::told::stop(error));
    }
    Ok(Notice::new(Tone::Warn, crate::telling::Telling::of(error).sentence(texts)).loud())
}

async fn remove(State(house): State<House>, me: Me, Path(at): Path<RemovePasskey>) -> Result<Redirect, Stop> {
    passkey::remove(&house.db, &me.current, &at.id).await.map_err(|error| me.stop(error))?;
    Ok(Redirect::to(&Passkeys {}.to_string()))
}

#[derive(Debug, Deserialize)]
struct HalfWay {
    half: String,
    #[serde(default)]
    back: String,
}

#[derive(Debug, Deserialize)]
struct Brings {
    credential: String,
    client_data: String,
    data: String,
    signature: String,
}

async fn step(
    State(house): State<House>,
    viewer: Viewer,
    headers: HeaderMap,
    Query(way): Query<HalfWay>,
    Sent(brings): Sent<Brings>,
) -> Result<Response, Stop> {
    let half = Token::read(&way.half).ok_or(Error::Unreadable)?;
    let origin = host_address(&house, &headers)?;
    let Brings { credential, client_data, data, signature } = brings;
    let signed = Signed { credential, client_data, data, signature };
    let with = with(&house, agent(&headers));
    match passkey::second_step(with, &half, &signed, Site { origin: &origin }).await {
        Ok(token) => Ok(signed_in(&house, &token, crate::sign_in::inside(&way.back))),
        Err(error) => code_again(&house, viewer, &headers, &half, &way.back, error).await,
    }
}
