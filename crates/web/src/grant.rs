//! Grants: which other organisation may act here, in which role, and until when.

use crate::address::Address;
use crate::error::Error;
use crate::filled::{Filled, units as unit_choices};
use crate::house::House;
use crate::listing::{self, Col, Listing, day};
use crate::mandate::{Anything, dated};
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Choice, Empty, Faults, Field, Weight};
use crate::sheet::cell;
use crate::told::{Stop, fault};
use crate::url::Url as _;
use crate::urls;
use crate::view::{FormView, period, to};
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_core::id::{GrantId, InstitutionId, UnitId};
use regie_core::{Role, Scope};
use regie_people::grant::{self, GiveGrant, Granted};
use regie_people::{Page as Found, Paging, institution, unit};
use regie_texts::Texts;

urls! {
    pub Grants = "/grants";
    pub ExportGrants = "/grants/export";
    pub NewGrant = "/grants/new";
    pub GrantRevoke { id: String } = "/grants/{id}/revoke";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Grants::at(), listing::list::<Kind>)
        .get(ExportGrants::at(), listing::export::<Kind>)
        .get(NewGrant::at(), new)
        .post(NewGrant::at(), give)
        .get(GrantRevoke::at(), ask)
        .post(GrantRevoke::at(), revoke)
}

pub(crate) struct Kind;

impl Listing for Kind {
    type Asked = Anything;
    type Line = Granted;
    const NAME: &'static str = "grants";
    const TITLE: &'static str = "nav-grants";

    fn place() -> String {
        Grants {}.to_string()
    }

    fn export_place() -> String {
        ExportGrants {}.to_string()
    }

    fn keep(address: Address, _: &Anything) -> Address {
        address
    }

    async fn found(house: &House, me: &Me, _: &Anything, paging: Paging) -> Result<Found<Granted>, Stop> {
        let all = grant::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
        Ok(listing::sliced(all, "", paging, |_| String::new()))
    }

    fn columns(me: &Me) -> Vec<Col<Granted>> {
        let (texts, today) = (me.texts(), me.caller().today());
        vec![
            Col::new(texts.t("field-to"), Weight::Key, |it: &Granted| Cell::Two {
                text: it.to_name.clone(),
                sub: it.reason.clone(),
            }),
            Col::text(texts.t("field-role"), Weight::Usual, move |it: &Granted| {
                texts.of("role", it.role.code()).to_string()
            }),
            Col::text(texts.t("field-scope"), Weight::Wide, move |it: &Granted| {
                it.scope_name.clone().unwrap_or_else(|| texts.t("scope-institution").to_string())
            }),
            Col::text(texts.t("enrolment-period"), Weight::Usual, move |it: &Granted| {
                period(texts, it.begins, Some(it.ends))
            })
            .on_screen_alone(),
            Col::filed(texts.t("field-begins"), |it: &Granted| day(it.begins)),
            Col::filed(texts.t("field-ends"), |it: &Granted| day(it.ends)),
            Col::new(texts.t("person-state"), Weight::Main, move |it: &Granted| {
                Cell::Chip(dated(texts, it.revoked_at.is_some(), it.begins, it.ends, today))
            }),
            Col::filed(texts.t("field-reason"), |it: &Granted| cell(it.reason.clone())),
            Col::new(texts.t("list-do"), Weight::Usual, move |it: &Granted| {
                let over = it.revoked_at.is_some() || it.ends < today;
                let button = Button::link(texts.t("grant-revoke"), GrantRevoke { id: it.id.to_string() });
                Cell::Buttons(if over { Vec::new() } else { vec![button.quiet().small()] })
            })
            .on_screen_alone(),
        ]
    }

    fn row(it: &Granted) -> (String, String) {
        (it.id.to_string(), it.to_name.clone())
    }

    fn empty(texts: Texts) -> Empty {
        Empty::new("key-round", texts.t("grant-none"), texts.t("grant-none-text"))
    }

    fn first(me: &Me) -> Option<Button> {
        me.may(Action::GrantAccess)
            .then(|| Button::link(me.texts().t("grant-give"), NewGrant {}).icon("plus").primary())
    }
}

async fn form(house: &House, me: &Me, filled: &Filled, faults: Faults) -> Result<FormView, Stop> {
    let texts = me.texts();
    let others = institution::others(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let units = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let mut to = vec![Choice::new("", texts.t("choose-one"))];
    to.extend(others.into_iter().map(|one| {
        let kind = texts.of("institution-kind", one.kind.code());
        Choice::new(one.id.to_string(), format!("{} ({kind})", one.name))
    }));
    let mut roles = vec![Choice::new("", texts.t("choose-one"))];
    roles.extend(grant::possible().map(|role| Choice::new(role.code(), texts.of("role", role.code()))));
    let mut places = vec![Choice::new("", texts.t("scope-institution"))];
    places.extend(unit_choices(&units));
    let fields = vec![
        filled.put(Field::select(texts, "to", texts.t("field-to"), to).hint(texts.t("grant-to-hint"))),
        filled
            .put(Field::select(texts, "role", texts.t("field-role"), roles).hint(texts.t("grant-role-hint"))),
        filled.put(Field::select(texts, "scope", texts.t("field-scope"), places).optional()),
        filled.put(Field::date(texts, "begins", texts.t("field-begins"))),
        filled.put(Field::date(texts, "ends", texts.t("field-ends")).hint(texts.t("grant-ends-hint"))),
        filled
            .put(Field::area(texts, "reason", texts.t("field-reason")).hint(texts.t("question-reason-hint"))),
    ];
    let page = Page::new(me.viewer.clone(), texts.t("grant-give")).under(texts.t("nav-grants"), Grants {});
    Ok(FormView::new(house, me, page, NewGrant {}, Grants {}, fields, faults)
        .submit(texts.t("grant-give"), false))
}

async fn new(State(house): State<House>, me: Me) -> Result<View<FormView>, Stop> {
    me.must(Action::GrantAccess)?;
    let filled = Filled::of([("begins", me.caller().today().to_string())]);
    Ok(View::new(form(&house, &me, &filled, Faults::none(me.texts())).await?))
}

async fn give(State(house): State<House>, me: Me, filled: Filled) -> Result<Response, Stop> {
    me.must(Action::GrantAccess)?;
    let mut reading = filled.reading(me.texts());
    let whom: Option<InstitutionId> = reading.chosen("to");
    let role = reading.code("role", Role::from_code);
    let unit: Option<UnitId> = reading.maybe_chosen("scope");
    let dates = reading.date("begins").zip(reading.date("ends"));
    let whole = whom.zip(role).zip(dates).map(|((whom, role), (begins, ends))| GiveGrant {
        id: house.new_id(),
        to: whom,
        role,
        scope: unit.map_or(Scope::Institution, Scope::Unit),
        begins,
        ends,
        reason: filled.text("reason").into(),
    });
    let faults = match reading.end(whole) {
        Ok(input) => match grant::give(&house.db, &filled.caller(&me), input).await {
            Ok(_) => return Ok(to(Grants {})),
            Err(error) => fault(me.texts(), error)?,
        },
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &filled, faults).await?).into_response())
}

fn id_of(text: &str) -> Result<GrantId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

async fn question(
    house: &House,
    me: &Me,
    at: &GrantRevoke,
    filled: &Filled,
    faults: Faults,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let id = id_of(&at.id)?;
    let all = grant::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let one = all.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    let field = Field::area(texts, "reason", texts.t("field-reason")).hint(texts.t("question-reason-hint"));
    let page = Page::new(me.viewer.clone(), texts.t("grant-revoke")).under(texts.t("nav-grants"), Grants {});
    let about = texts
        .t("grant-revoke-about")
        .with("name", one.to_name)
        .with("role", texts.of("role", one.role.code()).to_string());
    Ok(FormView::new(house, me, page, at, Grants {}, vec![filled.put(field)], faults)
        .about(about.to_string())
        .submit(texts.t("grant-revoke"), true))
}

async fn ask(
    State(house): State<House>,
    me: Me,
    Path(at): Path<GrantRevoke>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::GrantAccess)?;
    Ok(View::new(question(&house, &me, &at, &Filled::default(), Faults::none(me.texts())).await?))
}

async fn revoke(
    State(house): State<House>,
    me: Me,
    Path(at): Path<GrantRevoke>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::GrantAccess)?;
    let id = id_of(&at.id)?;
    let faults = match grant::revoke(&house.db, &filled.caller(&me), id, filled.text("reason")).await {
        Ok(()) => return Ok(to(Grants {})),
        Err(error) => fault(me.texts(), error)?,
    };
    Ok(View::invalid(question(&house, &me, &at, &filled, faults).await?).into_response())
}
