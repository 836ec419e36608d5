//! One's own account: where it is signed in, and its second factor.

use crate::error::Error;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Chip, Column, Empty, List, Notice, Row, Tone, Weight};
use crate::told::Stop;
use crate::url::Url as _;
use crate::urls;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Redirect;
use regie_core::day::in_school_time;

urls! {
    pub Account = "/account";
    pub EndSignIn { id: String } = "/account/sign-ins/{id}/end";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default().get(Account::at(), show).post(EndSignIn::at(), end)
}

#[derive(Template)]
#[template(path = "page/list.html")]
struct AccountPage {
    page: Page,
    acts: Vec<Button>,
    first: Option<Button>,
    notice: Option<Notice>,
    list: List,
}

async fn show(State(house): State<House>, me: Me) -> Result<View<AccountPage>, Stop> {
    let texts = me.texts();
    let lines = regie_signin::list(&house.db, &me.current).await.map_err(|error| me.stop(error))?;
    let strong = regie_signin::has_second_factor(&house.db, me.current.account).await;
    let strong = strong.map_err(|error| me.stop(error))?;
    let columns = vec![
        Column::new(texts.t("account-browser"), Weight::Key),
        Column::new(texts.t("account-seen"), Weight::Usual),
        Column::new(texts.t("account-since"), Weight::Wide),
        Column::new(texts.t("account-end-column"), Weight::Main),
    ];
    let empty = Empty {
        icon: "key-round",
        title: texts.t("account-none").to_string(),
        text: String::new(),
        actions: Vec::new(),
    };
    let moment = |at| texts.moment(in_school_time(at).datetime());
    let rows = lines
        .into_iter()
        .map(|line| Row {
            id: line.id.to_string(),
            name: line.agent.clone(),
            cells: vec![
                Cell::Two {
                    text: browser(&line.agent),
                    sub: if line.this { texts.t("account-this").to_string() } else { String::new() },
                },
                Cell::text(moment(line.seen_at)),
                Cell::text(moment(line.begun_at)),
                if line.this {
                    Cell::Chip(Chip::new(Tone::Ok, texts.t("account-here")))
                } else {
                    let end = EndSignIn { id: line.id.to_string() };
                    Cell::Buttons(vec![Button::post(texts.t("account-end"), end, &me.viewer.csrf).small()])
                },
            ],
        })
        .collect::<Vec<_>>();
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "sign-ins", texts.t("account-caption"), columns, empty)
    };
    let notice = if strong {
        Notice::new(Tone::Ok, texts.t("account-strong"))
    } else {
        Notice::new(Tone::Info, texts.t("account-weak"))
            .action(Button::link(texts.t("account-set-factor"), crate::factor::SecondFactor {}))
    };
    let title = texts.t("account-title");
    let mut acts =
        vec![Button::link(texts.t("passkey-title"), crate::passkey::Passkeys {}).icon("key-round")];
    if regie_signin::has_password(&house.db, &me.current).await.map_err(|error| me.stop(error))? {
        let change = crate::password::ChangePassword {};
        acts.push(Button::link(texts.t("change-password-title"), change).icon("lock"));
    }
    Ok(View::new(AccountPage {
        acts,
        first: None,
        notice: Some(notice),
        list,
        page: Page::new(me.viewer.clone(), title),
    }))
}

/// *Firefox, Linux* out of what a browser says of itself.
fn browser(agent: &str) -> String {
    let pick = |names: &[(&str, &str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map_or("?", |(_, name)| *name).to_owned()
    };
    let name = pick(&[
        ("Firefox", "Firefox"),
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("Chrom", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = pick(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    format!("{name}, {system}")
}

async fn end(State(house): State<House>, me: Me, Path(at): Path<EndSignIn>) -> Result<Redirect, Stop> {
    let id = at.id.parse().map_err(|_| Error::NotFound)?;
    regie_signin::end_one(&house.db, &me.current, id).await.map_err(|error| me.stop(error))?;
    Ok(Redirect::to(&Account {}.to_string()))
}
