//! Needs: find who has which, grant them and withdraw them.

use crate::address::Address;
use crate::error::Error;
use crate::filled::{Filled, or_none};
use crate::house::House;
use crate::listing::{self, Col, Listing, Narrowing, asked_words, day};
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Cell, Chip, Choice, Empty, Faults, Field, Tone, Weight};
use crate::person::{People, PersonNeeds, PersonPage};
use crate::sheet::cell;
use crate::told::{Stop, fault};
use crate::url::Url as _;
use crate::urls;
use crate::view::{FormView, period, to};
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use regie_access::Action;
use regie_core::id::{AssignedNeedId, PersonId};
use regie_core::need::Extra;
use regie_people::need::{self, Filter as Narrowed, GrantNeed, Kind, Need, State as Standing};
use regie_people::{Page as Found, Paging, person};
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Needs = "/needs";
    pub ExportNeeds = "/needs/export";
    pub GrantOf { id: String } = "/people/{id}/needs/new";
    pub WithdrawOf { id: String, need: String } = "/people/{id}/needs/{need}/withdraw";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Needs::at(), listing::list::<Given>)
        .get(ExportNeeds::at(), listing::export::<Given>)
        .get(GrantOf::at(), new)
        .post(GrantOf::at(), grant)
        .get(WithdrawOf::at(), ask)
        .post(WithdrawOf::at(), withdraw)
}

/// `30 minuten extra, alleen voor rekenen`.
pub(crate) fn words(texts: Texts, one: &Need) -> String {
    let extra = one.extra();
    let mut parts = Vec::new();
    if extra != Extra::None {
        let text = texts.of("need-extra", extra.kind()).with("amount", i64::from(extra.amount()));
        parts.push(text.to_string());
    }
    if let Some(only) = &one.only_for {
        parts.push(texts.t("need-only-for").with("test", only.clone()).to_string());
    }
    if !one.description.is_empty() {
        parts.push(one.description.clone());
    }
    parts.join(", ")
}

pub(crate) fn chip(texts: Texts, one: &Need, today: Date) -> Chip {
    let state = one.state(today);
    let tone = match state {
        Standing::Valid => Tone::Ok,
        Standing::Expiring => Tone::Warn,
        Standing::Coming => Tone::Info,
        Standing::Expired | Standing::Withdrawn => Tone::Plain,
    };
    Chip::new(tone, texts.of("need-state", state.code()))
}

/// Who has which need.
pub(crate) struct Given;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    state: String,
}

impl Wanted {
    fn standing(&self) -> Standing {
        Standing::from_code(&self.state).unwrap_or(Standing::Valid)
    }
}

impl Listing for Given {
    type Asked = Wanted;
    type Line = Need;
    const NAME: &'static str = "needs";
    const TITLE: &'static str = "nav-needs";
    const PERSONAL: Option<Action> = Some(Action::SeeNeeds);

    fn place() -> String {
        Needs {}.to_string()
    }

    fn export_place() -> String {
        ExportNeeds {}.to_string()
    }

    fn keep(address: Address, asked: &Wanted) -> Address {
        address
            .keep("q", &asked.q)
            .keep("kind", &asked.kind)
            .keep("unit", &asked.unit)
            .keep("state", &asked.state)
    }

    async fn found(house: &House, me: &Me, asked: &Wanted, paging: Paging) -> Result<Found<Need>, Stop> {
        let narrowed = Narrowed {
            text: asked_words(&asked.q),
            kind: Kind::from_code(&asked.kind),
            unit: asked.unit.parse().ok(),
            state: Some(asked.standing()),
            paging,
        };
        need::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))
    }

    fn columns(me: &Me) -> Vec<Col<Need>> {
        let (texts, today) = (me.texts(), me.caller().today());
        vec![
            Col::new(texts.t("person-name"), Weight::Key, |line: &Need| Cell::Link {
                text: line.person_name.clone(),
                href: PersonNeeds { id: line.person.to_string() }.to_string(),
                sub: line.number.clone(),
            }),
            Col::filed(texts.t("person-number"), |line: &Need| line.number.clone().and_then(cell)),
            Col::new(texts.t("need-what"), Weight::Main, move |line: &Need| Cell::Two {
                text: texts.of("need", line.kind.code()).to_string(),
                sub: words(texts, line),
            }),
            Col::filed(texts.t("field-description"), move |line: &Need| cell(words(texts, line))),
            Col::text(texts.t("person-unit"), Weight::Wide, |line: &Need| or_none(&line.unit_name)),
            Col::text(texts.t("enrolment-period"), Weight::Usual, move |line: &Need| {
                period(texts, line.begins, line.ends)
            })
            .on_screen_alone(),
            Col::filed(texts.t("field-begins"), |line: &Need| day(line.begins)),
            Col::filed(texts.t("field-ends"), |line: &Need| line.ends.and_then(day)),
            Col::new(texts.t("person-state"), Weight::Usual, move |line: &Need| {
                Cell::Chip(chip(texts, line, today))
            }),
        ]
    }

    fn row(line: &Need) -> (String, String) {
        (line.id.to_string(), line.person_name.clone())
    }

    fn empty(texts: Texts) -> Empty {
        Empty::new("clock-plus", texts.t("need-none"), texts.t("list-none-text"))
    }

    async fn narrowing(house: &House, me: &Me, asked: &Wanted, address: &Address) -> Result<Narrowing, Stop> {
        let texts = me.texts();
        let word_of = |kind: Kind| texts.of("need", kind.code()).to_string();
        let mut kinds = vec![(String::new(), texts.t("need-all").to_string())];
        kinds.extend(Kind::ALL.map(|kind| (kind.code().to_owned(), word_of(kind))));
        let states = Standing::ALL.map(|state| {
            (state.code().to_owned(), texts.of("need-state", state.code()).to_string().to_lowercase())
        });
        let (unit, chosen) = listing::of_unit(house, me, &asked.unit, address).await;
        let mut active: Vec<_> = address.words().into_iter().collect();
        active.extend(Kind::from_code(&asked.kind).map(|kind| address.chosen("kind", word_of(kind))));
        active.extend(chosen);
        let wishes = vec![
            listing::word(texts, "filter-show"),
            listing::choose(texts, "kind", "need-what", kinds, &asked.kind),
            listing::word(texts, "filter-of"),
            unit,
            listing::choose(texts, "state", "person-state", states.into(), asked.standing().code()),
            listing::word(texts, "filter-of-whom"),
            listing::search(texts, "filter-search", &asked.q),
        ];
        Ok(Narrowing { wishes, active })
    }
}

fn person_of(text: &str) -> Result<PersonId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

/// By one's own role or by mandate; who may not is told before filling anything in.
async fn may_grant(house: &House, me: &Me, id: PersonId) -> Result<(), Stop> {
    let mut reader = house.db.reader(me.caller().institution);
    let asked = regie_access::person(&mut reader, me.caller(), Action::GrantNeeds, id).await;
    asked.map(drop).map_err(|refusal| me.stop(refusal))
}

fn under(me: &Me, title: String, person: &person::Person) -> Page {
    let texts = me.texts();
    Page::new(me.viewer.clone(), title)
        .under(texts.t("nav-people"), People {})
        .under(person.display_name.clone(), PersonPage { id: person.id.to_string() })
}

async fn form(
    house: &House,
    me: &Me,
    at: &GrantOf,
    filled: &Filled,
    faults: Faults,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let who =
        person::see(&house.db, me.caller(), person_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    let kinds = Kind::ALL.map(|kind| Choice::new(kind.code(), texts.of("need", kind.code())));
    let extras = ["none", "minutes", "percent", "unlimited"]
        .map(|extra| Choice::new(extra, texts.of("need-extra-of", extra)));
    let fields = vec![
        filled.put(Field::radios(texts, "kind", texts.t("need-what"), kinds.into())),
        filled.put(
            Field::radios(texts, "extra", texts.t("need-extra"), extras.into())
                .hint(texts.t("need-extra-hint")),
        ),
        filled.put(Field::number(texts, "amount", texts.t("need-amount")).optional()),
        filled.put(
            Field::text(texts, "only_for", texts.t("field-only_for"))
                .hint(texts.t("need-only-for-hint"))
                .optional(),
        ),
        filled.put(
            Field::area(texts, "description", texts.t("field-description"))
                .hint(texts.t("need-description-hint"))
                .optional(),
        ),
        filled.put(Field::date(texts, "begins", texts.t("field-begins"))),
        filled.put(Field::date(texts, "ends", texts.t("field-ends")).hint(texts.t("ends-hint")).optional()),
        filled.put(
            Field::text(texts, "reason", texts.t("field-reason"))
                .hint(texts.t("question-reason-hint"))
                .optional(),
        ),
    ];
    let page = under(me, texts.t("need-grant").to_string(), &who);
    let back = PersonNeeds { id: at.id.clone() };
    Ok(FormView::new(house, me, page, at, back, fields, faults)
        .about(who.display_name)
        .submit(texts.t("need-grant"), false))
}

fn read(texts: Texts, filled: &Filled, id: AssignedNeedId, person: PersonId) -> Result<GrantNeed, Faults> {
    let mut reading = filled.reading(texts);
    let kind = reading.code("kind", Kind::from_code);
    let extra = match filled.text("extra") {
        "minutes" => reading.number("amount").map(Extra::Minutes),
        "percent" => reading.number("amount").map(Extra::Percent),
        "unlimited" => Some(Extra::Unlimited),
        _ => Some(Extra::None),
    };
    let (begins, ends) = (reading.date("begins"), reading.maybe_date("ends"));
    let whole = kind.zip(extra).zip(begins).map(|((kind, extra), begins)| GrantNeed {
        id,
        person,
        kind,
        description: filled.maybe("description"),
        extra,
        only_for: filled.maybe("only_for"),
        begins,
        ends,
        reason: filled.maybe("reason"),
    });
    reading.end(whole)
}

async fn new(State(house): State<House>, me: Me, Path(at): Path<GrantOf>) -> Result<View<FormView>, Stop> {
    may_grant(&house, &me, person_of(&at.id)?).await?;
    let filled = Filled::of([
        ("kind", Kind::ExtraTime.code().into()),
        ("extra", "minutes".into()),
        ("amount", "30".into()),
        ("begins", me.caller().today().to_string()),
    ]);
    Ok(View::new(form(&house, &me, &at, &filled, Faults::none(me.texts())).await?))
}

async fn grant(
    State(house): State<House>,
    me: Me,
    Path(at): Path<GrantOf>,
    filled: Filled,
) -> Result<Response, Stop> {
    let texts = me.texts();
    let person = person_of(&at.id)?;
    may_grant(&house, &me, person).await?;
    let faults = match read(texts, &filled, house.new_id(), person) {
        Ok(input) => match need::grant(&house.db, &filled.caller(&me), input).await {
            Ok(_) => return Ok(to(PersonNeeds { id: at.id })),
            Err(error) => fault(texts, error)?,
        },
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &at, &filled, faults).await?).into_response())
}

async fn question(
    house: &House,
    me: &Me,
    at: &WithdrawOf,
    filled: &Filled,
    faults: Faults,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let person = person_of(&at.id)?;
    may_grant(house, me, person).await?;
    let id: AssignedNeedId = at.need.parse().map_err(|_| Error::NotFound)?;
    let all = need::of_person(&house.db, me.caller(), person).await.map_err(|error| me.stop(error))?;
    let one = all.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    let who = person::see(&house.db, me.caller(), person).await.map_err(|error| me.stop(error))?;
    let field = Field::area(texts, "reason", texts.t("field-reason")).hint(texts.t("question-reason-hint"));
    let page = under(me, texts.t("need-withdraw").to_string(), &who);
    let back = PersonNeeds { id: at.id.clone() };
    let what = format!("{}: {} {}", who.display_name, texts.of("need", one.kind.code()), words(texts, &one));
    Ok(FormView::new(house, me, page, at, back, vec![filled.put(field)], faults)
        .about(what)
        .submit(texts.t("need-withdraw"), true))
}

async fn ask(State(house): State<House>, me: Me, Path(at): Path<WithdrawOf>) -> Result<View<FormView>, Stop> {
    Ok(View::new(question(&house, &me, &at, &Filled::default(), Faults::none(me.texts())).await?))
}

async fn withdraw(
    State(house): State<House>,
    me: Me,
    Path(at): Path<WithdrawOf>,
    filled: Filled,
) -> Result<Response, Stop> {
    let id: AssignedNeedId = at.need.parse().map_err(|_| Error::NotFound)?;
    let faults = match need::withdraw(&house.db, &filled.caller(&me), id, filled.text("reason")).await {
        Ok(()) => return Ok(to(PersonNeeds { id: at.id })),
        Err(error) => fault(me.texts(), error)?,
    };
    Ok(View::invalid(question(&house, &me, &at, &filled, faults).await?).into_response())
}
