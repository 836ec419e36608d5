//! Connections: the programs that may ask on behalf of the school, and their secrets.

use crate::error::Error;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{
    Button, Cell, Chip, Choice, Column, Empty, Faults, Field, Form, List, Notice, Row, Tone, Weight,
};
use crate::told::{self, Stop};
use crate::url::Url as _;
use crate::urls;
use askama::Template;
use axum::extract::{Path, RawForm, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use regie_access::Action;
use regie_core::Role;
use regie_core::day::in_school_time;
use regie_core::id::ApiClientId;
use regie_signin::client::{self, AddClient, ApiClient, ApiScope, CLIENT_ROLES};
use regie_texts::Texts;

urls! {
    pub Connections = "/connections";
    pub NewConnection = "/connections/new";
    pub RotateConnection { id: String } = "/connections/{id}/rotate";
    pub RevokeConnection { id: String } = "/connections/{id}/revoke";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Connections::at(), show)
        .get(NewConnection::at(), new)
        .post(NewConnection::at(), add)
        .post(RotateConnection::at(), rotate)
        .post(RevokeConnection::at(), revoke)
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

async fn show(State(house): State<House>, me: Me) -> Result<View<ListPage>, Stop> {
    let texts = me.texts();
    let found = client::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let columns = vec![
        Column::new(texts.t("connection-name"), Weight::Key),
        Column::new(texts.t("connection-role"), Weight::Usual),
        Column::new(texts.t("connection-scopes"), Weight::Wide),
        Column::new(texts.t("connection-used"), Weight::Usual),
        Column::new(texts.t("connection-acts"), Weight::Main),
    ];
    let rows: Vec<Row> = found.into_iter().map(|client| row(texts, client, &me.viewer.csrf)).collect();
    let empty = Empty {
        icon: "link",
        title: texts.t("connection-none").to_string(),
        text: texts.t("connection-none-text").to_string(),
        actions: vec![Button::link(texts.t("connection-add"), NewConnection {})],
    };
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "connections", texts.t("nav-connections"), columns, empty)
    };
    let reference =
        Button::link(texts.t("reference-title"), crate::reference::Reference {}).icon("book-open-check");
    Ok(View::new(ListPage {
        acts: vec![reference],
        first: Some(Button::link(texts.t("connection-add"), NewConnection {}).icon("plus").primary()),
        notice: None,
        list,
        page: Page::new(me.viewer.clone(), texts.t("nav-connections")),
    }))
}

fn row(texts: Texts, client: ApiClient, csrf: &str) -> Row {
    let id = client.id.to_string();
    let never = || texts.t("connection-never").to_string();
    let used = client.used_at.map_or_else(never, |at| texts.moment(in_school_time(at).datetime()));
    let acts = if client.revoked_at.is_some() {
        Cell::Chip(Chip::new(Tone::Plain, texts.t("connection-revoked")))
    } else {
        Cell::Buttons(vec![
            Button::post(texts.t("connection-rotate"), RotateConnection { id: id.clone() }, csrf).small(),
            Button::post(texts.t("connection-revoke"), RevokeConnection { id: id.clone() }, csrf)
                .small()
                .danger_second(),
        ])
    };
    let scopes: Vec<&str> = client.scopes.iter().map(|scope| scope.code()).collect();
    Row {
        cells: vec![
            Cell::Two { text: client.name.clone(), sub: id.clone() },
            Cell::text(texts.of("role", client.role.code())),
            Cell::text(scopes.join(", ")),
            Cell::text(used),
            acts,
        ],
        id,
        name: client.name,
    }
}

#[derive(Template)]
#[template(path = "page/form.html")]
struct FormPage {
    page: Page,
    sub: Option<String>,
    notice: Option<Notice>,
    form: Form,
}

#[derive(Default)]
struct Wanted {
    name: String,
    role: String,
    scopes: Vec<String>,
}

impl Wanted {
    fn read(bytes: &[u8]) -> Self {
        let mut wanted = Wanted::default();
        for (name, value) in form_urlencoded::parse(bytes) {
            match &*name {
                "name" => wanted.name = value.into_owned(),
                "role" => wanted.role = value.into_owned(),
                "scopes" => wanted.scopes.push(value.into_owned()),
                _ => {}
            }
        }
        wanted
    }
}

fn draw(me: &Me, wanted: &Wanted, faults: Faults) -> FormPage {
    let texts = me.texts();
    let roles = CLIENT_ROLES.map(|role| Choice::new(role.code(), texts.of("role", role.code()).to_string()));
    let scopes = ApiScope::ALL
        .iter()
        .map(|scope| {
            let key = scope.code().replace(':', "-");
            Choice::new(scope.code(), texts.of("scope", &key).to_string()).note(scope.code())
        })
        .collect();
    let mut ticks = Field::checks(texts, "scopes", texts.t("connection-scopes"), scopes);
    for scope in &wanted.scopes {
        ticks = ticks.value(scope);
    }
    FormPage {
        sub: Some(texts.t("connection-new-sub").to_string()),
        notice: None,
        form: Form {
            action: NewConnection {}.to_string(),
            csrf: me.viewer.csrf.clone(),
            request: None,
            fields: vec![
                Field::text(texts, "name", texts.t("connection-name"))
                    .hint(texts.t("connection-name-hint"))
                    .value(&wanted.name)
                    .checked(&faults),
                Field::select(texts, "role", texts.t("connection-role"), roles.into())
                    .hint(texts.t("connection-role-hint"))
                    .value(&wanted.role)
                    .checked(&faults),
                ticks.checked(&faults),
            ],
            faults,
            submit: Button::submit(texts.t("connection-submit")),
            others: vec![Button::link(texts.t("connection-back"), Connections {}).quiet()],
        },
        page: Page::new(me.viewer.clone(), texts.t("connection-add"))
            .under(texts.t("nav-connections"), Connections {}),
    }
}

async fn new(me: Me) -> Result<View<FormPage>, Stop> {
    if !me.may(Action::ManageApiClients) {
        // Nobody fills in a form that will be refused.
        let role = me.caller().role;
        return Err(me.stop(regie_access::Refusal::NotInRole { action: Action::ManageApiClients, role }));
    }
    Ok(View::new(draw(&me, &Wanted::default(), Faults::none(me.texts()))))
}

#[derive(Template)]
#[template(path = "page/secret.html")]
struct SecretPage {
    page: Page,
    client: String,
    secret: String,
    token: String,
    old: bool,
    on: Button,
}

/// The one page that ever shows the secret.
fn secret(me: &Me, client: String, secret: &regie_signin::Token, old: bool) -> Response {
    let texts = me.texts();
    View::new(SecretPage {
        client,
        secret: secret.secret(),
        token: "/oauth/token".to_owned(),
        old,
        on: Button::link(texts.t("connection-kept"), Connections {}).primary(),
        page: Page::new(me.viewer.clone(), texts.t("connection-secret-title")),
    })
    .into_response()
}

async fn add(State(house): State<House>, me: Me, RawForm(bytes): RawForm) -> Result<Response, Stop> {
    let texts = me.texts();
    let wanted = Wanted::read(&bytes);
    let input = AddClient {
        id: house.new_id(),
        name: wanted.name.clone(),
        // A role that does not exist cannot be given either.
        role: Role::from_code(&wanted.role).unwrap_or(Role::Student),
        scopes: wanted.scopes.iter().filter_map(|code| ApiScope::from_code(code)).collect(),
    };
    match client::add(&house.db, me.caller(), &*house.random, input).await {
        Ok((id, token)) => Ok(secret(&me, id.to_string(), &token, false)),
        Err(error) => {
            let faults = told::fault(texts, error)?;
            Ok(View::invalid(draw(&me, &wanted, faults)).into_response())
        }
    }
}

fn id_of(text: &str) -> Result<ApiClientId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

async fn rotate(
    State(house): State<House>,
    me: Me,
    Path(at): Path<RotateConnection>,
) -> Result<Response, Stop> {
    let token = client::rotate(&house.db, me.caller(), &*house.random, id_of(&at.id)?).await;
    Ok(secret(&me, at.id, &token.map_err(|error| me.stop(error))?, true))
}

async fn revoke(
    State(house): State<House>,
    me: Me,
    Path(at): Path<RevokeConnection>,
) -> Result<Redirect, Stop> {
    client::revoke(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    Ok(Redirect::to(&Connections {}.to_string()))
}
