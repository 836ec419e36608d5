//! Mandates: who may do which task of the committee, and until when.

use crate::address::Address;
use crate::error::Error;
use crate::filled::{Filled, units as unit_choices};
use crate::house::House;
use crate::listing::{self, Col, Listing, day};
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Chip, Choice, Empty, Faults, Field, List, Tone, Weight};
use crate::person::PersonRoles;
use crate::sheet::cell;
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{FormView, period, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use regie_access::Action;
use regie_core::Scope;
use regie_core::id::{MandateId, PersonId, UnitId};
use regie_people::mandate::{self, GiveMandate, Given};
use regie_people::person::{self, Kind};
use regie_people::{Page as Found, Paging, unit};
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Mandates = "/mandates";
    pub ExportMandates = "/mandates/export";
    pub NewMandate = "/mandates/new";
    pub MandateWithdraw { id: String } = "/mandates/{id}/withdraw";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Mandates::at(), listing::list::<Kept>)
        .get(ExportMandates::at(), listing::export::<Kept>)
        .get(NewMandate::at(), new)
        .post(NewMandate::at(), give)
        .get(MandateWithdraw::at(), ask)
        .post(MandateWithdraw::at(), withdraw)
}

/// Who may do which task of the committee.
pub(crate) struct Kept;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Anything {}

impl Listing for Kept {
    type Asked = Anything;
    type Line = Given;
    const NAME: &'static str = "mandates";
    const TITLE: &'static str = "nav-mandates";
    const PERSONAL: Option<Action> = Some(Action::SeeRoles);

    fn place() -> String {
        Mandates {}.to_string()
    }

    fn export_place() -> String {
        ExportMandates {}.to_string()
    }

    fn keep(address: Address, _: &Anything) -> Address {
        address
    }

    async fn found(house: &House, me: &Me, _: &Anything, paging: Paging) -> Result<Found<Given>, Stop> {
        let all = mandate::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
        Ok(listing::sliced(all, "", paging, |_| String::new()))
    }

    fn columns(me: &Me) -> Vec<Col<Given>> {
        let mut columns = columns(me);
        let holder = Col::new(me.texts().t("field-holder"), Weight::Main, |it: &Given| {
            Cell::link(it.holder_name.clone(), PersonRoles { id: it.holder.to_string() })
        });
        columns.insert(1, holder);
        columns
    }

    fn row(it: &Given) -> (String, String) {
        (it.id.to_string(), it.holder_name.clone())
    }

    fn empty(texts: Texts) -> Empty {
        Empty::new("shield-check", texts.t("mandate-none"), texts.t("mandate-none-text"))
    }

    fn first(me: &Me) -> Option<Button> {
        me.may(Action::GiveMandates)
            .then(|| Button::link(me.texts().t("mandate-give"), NewMandate {}).icon("plus").primary())
    }
}

/// Everything but who holds it.
fn columns(me: &Me) -> Vec<Col<Given>> {
    let (texts, today) = (me.texts(), me.caller().today());
    let task = move |it: &Given| texts.of("action", &it.action).to_string();
    let mut columns = vec![
        Col::new(texts.t("mandate-task"), Weight::Key, move |it: &Given| Cell::Two {
            text: task(it),
            sub: it.reason.clone(),
        }),
        Col::text(texts.t("field-scope"), Weight::Usual, move |it: &Given| {
            it.scope_name.clone().unwrap_or_else(|| texts.t("scope-institution").to_string())
        }),
        Col::text(texts.t("enrolment-period"), Weight::Usual, move |it: &Given| {
            period(texts, it.begins, Some(it.ends))
        })
        .on_screen_alone(),
        Col::filed(texts.t("field-begins"), |it: &Given| day(it.begins)),
        Col::filed(texts.t("field-ends"), |it: &Given| day(it.ends)),
        Col::new(texts.t("person-state"), Weight::Main, move |it: &Given| {
            Cell::Chip(dated(texts, it.withdrawn_at.is_some(), it.begins, it.ends, today))
        }),
        Col::filed(texts.t("field-reason"), |it: &Given| cell(it.reason.clone())),
    ];
    if me.may(Action::GiveMandates) {
        let over = move |it: &Given| it.withdrawn_at.is_some() || it.ends < today;
        let buttons = Col::new(texts.t("list-do"), Weight::Usual, move |it: &Given| {
            let button = Button::link(texts.t("mandate-withdraw"), MandateWithdraw { id: it.id.to_string() });
            Cell::Buttons(if over(it) { Vec::new() } else { vec![button.quiet().small()] })
        });
        columns.push(buttons.on_screen_alone());
    }
    columns
}

/// Whether something dated and revocable counts today.
pub(crate) fn dated(texts: Texts, ended: bool, begins: Date, ends: Date, today: Date) -> Chip {
    if ended {
        Chip::new(Tone::Plain, texts.t("role-withdrawn"))
    } else if today < begins {
        Chip::new(Tone::Info, texts.t("dated-coming"))
    } else if today <= ends {
        Chip::new(Tone::Ok, texts.t("dated-now"))
    } else {
        Chip::new(Tone::Plain, texts.t("dated-over"))
    }
}

/// The mandates of one person.
pub(crate) fn held(me: &Me, given: Vec<Given>) -> List {
    let found = listing::sliced(given, "", Paging::ALL, |_| String::new());
    listing::drawn::<Kept>(me, "mandates", &columns(me), found)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    /// Part of the holder's name; without it the form asks for it first.
    #[serde(default)]
    q: String,
}

async fn form(
    house: &House,
    me: &Me,
    asked: &Asked,
    filled: &Filled,
    faults: Faults,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let filter = person::Filter {
        text: asked.q.chars().take(100).collect(),
        kind: Some(Kind::Staff),
        size: 1_000,
        ..person::Filter::default()
    };
    let staff = person::list(&house.db, me.caller(), &filter).await.map_err(|error| me.stop(error))?;
    let units = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let mut people = vec![Choice::new("", texts.t("choose-one"))];
    people.extend(staff.lines.into_iter().map(|line| {
        let team = line.unit_name.map(|unit| format!(", {unit}")).unwrap_or_default();
        Choice::new(line.id.to_string(), format!("{}{team}", line.display_name))
    }));
    let mut tasks = vec![Choice::new("", texts.t("choose-one"))];
    if let Some(role) = me.caller().role {
        tasks.extend(
            mandate::possible(role).map(|task| Choice::new(task.code(), texts.of("action", task.code()))),
        );
    }
    let mut places = Vec::new();
    if me.caller().scope == Scope::Institution {
        places.push(Choice::new("", texts.t("scope-institution")));
    }
    places.extend(unit_choices(&units));
    let fields = vec![
        filled.put(Field::select(texts, "holder", texts.t("field-holder"), people)),
        filled.put(
            Field::select(texts, "action", texts.t("mandate-task"), tasks).hint(texts.t("mandate-task-hint")),
        ),
        filled.put(
            Field::select(texts, "scope", texts.t("field-scope"), places)
                .hint(texts.t("scope-hint"))
                .optional(),
        ),
        filled.put(Field::date(texts, "begins", texts.t("field-begins"))),
        filled.put(Field::date(texts, "ends", texts.t("field-ends")).hint(texts.t("mandate-ends-hint"))),
        filled
            .put(Field::area(texts, "reason", texts.t("field-reason")).hint(texts.t("question-reason-hint"))),
    ];
    let page =
        Page::new(me.viewer.clone(), texts.t("mandate-give")).under(texts.t("nav-mandates"), Mandates {});
    let action = with_query(&NewMandate {}.to_string(), [("q", asked.q.as_str())]);
    Ok(FormView::new(house, me, page, action, Mandates {}, fields, faults)
        .submit(texts.t("mandate-give"), false))
}

async fn new(State(house): State<House>, me: Me, Query(asked): Query<Asked>) -> Result<View<FormView>, Stop> {
    me.must(Action::GiveMandates)?;
    let filled = Filled::of([("begins", me.caller().today().to_string())]);
    Ok(View::new(form(&house, &me, &asked, &filled, Faults::none(me.texts())).await?))
}

async fn give(
    State(house): State<House>,
    me: Me,
    Query(asked): Query<Asked>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::GiveMandates)?;
    let mut reading = filled.reading(me.texts());
    let holder: Option<PersonId> = reading.chosen("holder");
    let action = reading.code("action", Action::from_code);
    let unit: Option<UnitId> = reading.maybe_chosen("scope");
    let (begins, ends) = (reading.date("begins"), reading.date("ends"));
    let whole =
        holder.zip(action).zip(begins.zip(ends)).map(|((holder, action), (begins, ends))| GiveMandate {
            id: house.new_id(),
            holder,
            action,
            scope: unit.map_or(Scope::Institution, Scope::Unit),
            begins,
            ends,
            reason: filled.text("reason").into(),
        });
    let faults = match reading.end(whole) {
        Ok(input) => match mandate::give(&house.db, &filled.caller(&me), input).await {
            Ok(_) => return Ok(to(Mandates {})),
            Err(error) => fault(me.texts(), error)?,
        },
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &asked, &filled, faults).await?).into_response())
}

async fn question(
    house: &House,
    me: &Me,
    at: &MandateWithdraw,
    filled: &Filled,
    faults: Faults,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let id: MandateId = at.id.parse().map_err(|_| Error::NotFound)?;
    let all = mandate::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let one = all.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    let field = Field::area(texts, "reason", texts.t("field-reason")).hint(texts.t("question-reason-hint"));
    let page =
        Page::new(me.viewer.clone(), texts.t("mandate-withdraw")).under(texts.t("nav-mandates"), Mandates {});
    Ok(FormView::new(house, me, page, at, Mandates {}, vec![filled.put(field)], faults)
        .about(format!("{}: {}", one.holder_name, texts.of("action", &one.action)))
        .submit(texts.t("mandate-withdraw"), true))
}

async fn ask(
    State(house): State<House>,
    me: Me,
    Path(at): Path<MandateWithdraw>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::GiveMandates)?;
    Ok(View::new(question(&house, &me, &at, &Filled::default(), Faults::none(me.texts())).await?))
}

async fn withdraw(
    State(house): State<House>,
    me: Me,
    Path(at): Path<MandateWithdraw>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::GiveMandates)?;
    let id: MandateId = at.id.parse().map_err(|_| Error::NotFound)?;
    let faults = match mandate::withdraw(&house.db, &filled.caller(&me), id, filled.text("reason")).await {
        Ok(()) => return Ok(to(Mandates {})),
        Err(error) => fault(me.texts(), error)?,
    };
    Ok(View::invalid(question(&house, &me, &at, &filled, faults).await?).into_response())
}
