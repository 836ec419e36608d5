//! Signing in through the school's own provider, and the page where an administrator sets it.

use crate::csrf::Exempt;
use crate::error::Error;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{
    Button, Cell, Chip, Choice, Column, Empty, Faults, Field, Form, List, Notice, Row, Tone, Weight,
};
use crate::sign_in::{agent, host_address, set_cookie, standing, with};
use crate::told::{self, Stop};
use crate::url::Url as _;
use crate::urls;
use crate::viewer::{Viewer, cookie};
use askama::Template;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use axum::{Extension, Form as Sent};
use regie_access::Action;
use regie_core::id::IdentityProviderId;
use regie_signin::Token;
use regie_signin::federation::{
    self, AddProvider, By, Federation, Link, Mapping, Provider, Returned, come_back, leave, told_out, way_out,
};
use serde::Deserialize;

urls! {
    pub Leave { provider: String } = "/sign-in/with/{provider}";
    pub Return { provider: String } = "/sign-in/with/{provider}/return";
    pub ToldOut { provider: String } = "/sign-in/with/{provider}/out";
    pub WayOut { provider: String } = "/sign-out/{provider}";
    pub Providers = "/providers";
    pub NewProvider = "/providers/new";
    pub EndProvider { id: String } = "/providers/{id}/end";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Leave::at(), out)
        .get(Return::at(), back)
        .post(ToldOut::at(), signed_out_there)
        .get(WayOut::at(), on)
        .get(Providers::at(), show)
        .get(NewProvider::at(), new)
        .post(NewProvider::at(), add)
        .post(EndProvider::at(), end)
}

/// The layer that lets a provider's own message pass: it proves itself by its signature, not by a form's token.
pub async fn exempt(mut request: Request, next: Next) -> Response {
    let parts: Vec<&str> = request.uri().path().split('/').collect();
    if matches!(parts.as_slice(), ["", "sign-in", "with", _, "out"]) {
        request.extensions_mut().insert(Exempt);
    }
    next.run(request).await
}

const COOKIE: &str = "regie-away";

fn away(house: &House) -> &'static str {
    if house.secure { "__Host-regie-away" } else { COOKIE }
}

fn id_of(text: &str) -> Result<IdentityProviderId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

#[derive(Debug, Default, Deserialize)]
struct Going {
    #[serde(default)]
    back: String,
}

async fn out(
    State(house): State<House>,
    Extension(federation): Extension<Federation>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(at): Path<Leave>,
    Query(going): Query<Going>,
) -> Result<Response, Stop> {
    let own = format!("{}{}", host_address(&house, &headers)?, Return { provider: at.provider.clone() });
    let left =
        leave(with(&house, agent(&headers)), &federation, id_of(&at.provider)?, &own, &going.back).await;
    match left {
        Ok(left) => {
            let kept = set_cookie(&house, away(&house), &left.token.secret(), Some(900));
            Ok((AppendHeaders([kept]), Redirect::to(&left.address)).into_response())
        }
        Err(error) => wrong(&house, viewer, error).await,
    }
}

/// What went wrong, on the sign-in page: there the other ways in are.
async fn wrong(house: &House, viewer: Viewer, error: regie_signin::Error) -> Result<Response, Stop> {
    use regie_core::Told as _;
    if error.standing() == regie_core::Standing::Bug {
        return Err(told::stop(&error));
    }
    let text = crate::telling::Telling::of(&error).sentence(viewer.texts());
    let notice = Notice::new(Tone::Warn, text).loud();
    crate::sign_in::page_with(house, viewer, Some(notice)).await
}

#[derive(Debug, Default, Deserialize)]
struct Brought {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

async fn back(
    State(house): State<House>,
    Extension(federation): Extension<Federation>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(at): Path<Return>,
    Query(brought): Query<Brought>,
) -> Result<Response, Stop> {
    let own = format!("{}{}", host_address(&house, &headers)?, at);
    let forgotten = set_cookie(&house, away(&house), "", Some(0));
    let Some(token) = cookie(&headers, away(&house)).and_then(Token::read) else {
        return wrong(&house, viewer, regie_signin::Error::LinkExpired).await;
    };
    let Brought { code, state, iss, error } = brought;
    let returned = Returned { code, state, iss, error };
    let with = with(&house, agent(&headers));
    match come_back(with, &federation, id_of(&at.provider)?, &own, &token, returned).await {
        Ok((begun, back)) => {
            Ok((AppendHeaders([forgotten]), standing(&house, viewer, &headers, begun, &back).await?)
                .into_response())
        }
        Err(error) => Ok((AppendHeaders([forgotten]), wrong(&house, viewer, error).await?).into_response()),
    }
}

#[derive(Debug, Deserialize)]
struct Message {
    logout_token: String,
}

/// From the provider's server, not from a browser.
async fn signed_out_there(
    State(house): State<House>,
    Extension(federation): Extension<Federation>,
    headers: HeaderMap,
    Path(at): Path<ToldOut>,
    Sent(message): Sent<Message>,
) -> Result<StatusCode, Stop> {
    let with = with(&house, agent(&headers));
    let told = told_out(with, &federation, id_of(&at.provider)?, &message.logout_token).await;
    match told {
        Ok(()) => Ok(StatusCode::OK),
        Err(regie_signin::Error::FederationFailed(_) | regie_signin::Error::LinkExpired) => {
            Ok(StatusCode::BAD_REQUEST)
        }
        Err(error) => Err(told::stop(&error)),
    }
}

async fn on(
    State(house): State<House>,
    Extension(federation): Extension<Federation>,
    headers: HeaderMap,
    Path(at): Path<WayOut>,
) -> Result<Redirect, Stop> {
    let own = format!("{}{}", host_address(&house, &headers)?, crate::sign_in::SignIn {});
    let way = way_out(with(&house, agent(&headers)), &federation, id_of(&at.provider)?, &own).await;
    let way = way.map_err(|error| told::stop(&error))?;
    Ok(Redirect::to(&way.unwrap_or_else(|| crate::sign_in::SignIn {}.to_string())))
}

#[derive(Template)]
#[template(path = "page/list.html")]
struct ListPage {
    page: Page,
    acts: Vec<Button>,
    first: Option<Button>,
    notice: Option<Notice>,
    list: List,
}

async fn show(State(house): State<House>, me: Me, headers: HeaderMap) -> Result<View<ListPage>, Stop> {
    let texts = me.texts();
    let found = federation::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let own = host_address(&house, &headers)?;
    let columns = vec![
        Column::new(texts.t("provider-name"), Weight::Key),
        Column::new(texts.t("provider-return"), Weight::Wide),
        Column::new(texts.t("connection-acts"), Weight::Main),
    ];
    let row = |one: Provider| {
        let id = one.id.to_string();
        Row {
            cells: vec![
                Cell::Two { text: one.name.clone(), sub: one.issuer },
                Cell::text(format!("{own}{}", Return { provider: id.clone() })),
                if one.active {
                    let end = EndProvider { id: id.clone() };
                    Cell::Buttons(vec![
                        Button::post(texts.t("provider-end"), end, &me.viewer.csrf).small().danger_second(),
                    ])
                } else {
                    Cell::Chip(Chip::new(Tone::Plain, texts.t("provider-ended")))
                },
            ],
            id,
            name: one.name,
        }
    };
    let rows: Vec<Row> = found.into_iter().map(row).collect();
    let empty = Empty {
        icon: "log-in",
        title: texts.t("provider-none").to_string(),
        text: texts.t("provider-none-text").to_string(),
        actions: vec![Button::link(texts.t("provider-add"), NewProvider {})],
    };
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "providers", texts.t("nav-providers"), columns, empty)
    };
    Ok(View::new(ListPage {
        acts: Vec::new(),
        first: Some(Button::link(texts.t("provider-add"), NewProvider {}).icon("plus").primary()),
        notice: None,
        list,
        page: Page::new(me.viewer.clone(), texts.t("nav-providers")),
    }))
}

#[derive(Template)]
#[template(path = "page/form.html")]
struct FormPage {
    page: Page,
    sub: Option<String>,
    notice: Option<Notice>,
    form: Form,
}

#[derive(Debug, Default, Deserialize)]
struct Wanted {
    #[serde(default)]
    name: String,
    #[serde(default)]
    shape: String,
    #[serde(default)]
    home: String,
    #[serde(default)]
    issuer: String,
    #[serde(default)]
    client: String,
    #[serde(default)]
    secret: String,
    #[serde(default)]
    strong: String,
    #[serde(default)]
    mail: String,
}

impl Wanted {
    fn mapping(&self) -> Mapping {
        let mut mapping = match self.shape.as_str() {
            "entree" => Mapping::entree(self.home.trim()),
            _ => Mapping::surfconext(self.home.trim()),
        };
        mapping.strong = self.strong.split_whitespace().map(str::to_owned).collect();
        if !self.mail.is_empty() {
            let claim = if self.shape == "entree" { "mail" } else { "email" };
            mapping.links.push(Link { by: By::Mail, claim: claim.into(), prefix: String::new(), at: None });
        }
        mapping
    }
}

fn draw(me: &Me, wanted: &Wanted, faults: Faults) -> FormPage {
    let texts = me.texts();
    let shapes = ["surfconext", "entree"]
        .map(|shape| Choice::new(shape, texts.of("provider-shape", shape).to_string()));
    let text = |name: &'static str, key: &'static str, value: &str| {
        Field::text(texts, name, texts.t(key)).value(value).checked(&faults)
    };
    let mut fields = vec![
        text("name", "provider-name", &wanted.name).hint(texts.t("provider-name-hint")),
        Field::select(texts, "shape", texts.t("provider-shape"), shapes.into()).value(&wanted.shape),
        text("home", "provider-home", &wanted.home).hint(texts.t("provider-home-hint")),
        text("issuer", "provider-issuer", &wanted.issuer).hint(texts.t("provider-issuer-hint")),
        text("client", "provider-client", &wanted.client),
        Field::password(texts, "secret", texts.t("provider-secret"), "off").optional().checked(&faults),
        text("strong", "provider-strong", &wanted.strong).hint(texts.t("provider-strong-hint")).optional(),
    ];
    fields.push(Field::check(texts, "mail", texts.t("provider-mail")).hint(texts.t("provider-mail-hint")));
    FormPage {
        sub: Some(texts.t("provider-new-sub").to_string()),
        notice: None,
        form: Form {
            action: NewProvider {}.to_string(),
            csrf: me.viewer.csrf.clone(),
            request: None,
            fields,
            faults,
            submit: Button::submit(texts.t("provider-submit")),
            others: vec![Button::link(texts.t("provider-back"), Providers {}).quiet()],
        },
        page: Page::new(me.viewer.clone(), texts.t("provider-add"))
            .under(texts.t("nav-providers"), Providers {}),
    }
}

async fn new(me: Me) -> Result<View<FormPage>, Stop> {
    if !me.may(Action::ManageAccounts) {
        // Nobody fills in a form that will be refused.
        let role = me.caller().role;
        return Err(me.stop(regie_access::Refusal::NotInRole { action: Action::ManageAccounts, role }));
    }
    Ok(View::new(draw(&me, &Wanted::default(), Faults::none(me.texts()))))
}

async fn add(State(house): State<House>, me: Me, Sent(wanted): Sent<Wanted>) -> Result<Response, Stop> {
    let input = AddProvider {
        id: house.new_id(),
        name: wanted.name.clone(),
        issuer: wanted.issuer.clone(),
        client: wanted.client.clone(),
        secret: Some(wanted.secret.clone()),
        mapping: wanted.mapping(),
    };
    let vault = house.passwords.vault();
    match federation::add(&house.db, me.caller(), vault, &*house.random, input).await {
        Ok(_) => Ok(Redirect::to(&Providers {}.to_string()).into_response()),
        Err(error) => {
            let faults = told::fault(me.texts(), error)?;
            Ok(View::invalid(draw(&me, &wanted, faults)).into_response())
        }
    }
}

async fn end(State(house): State<House>, me: Me, Path(at): Path<EndProvider>) -> Result<Redirect, Stop> {
    federation::end(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    Ok(Redirect::to(&Providers {}.to_string()))
}
