//! Enrolling a student, and changing an enrolment.

use super::{People, PersonEnrolments, PersonPage, id_of};
use crate::address::{Address, page as page_of};
use crate::error::Error;
use crate::filled::Filled;
use crate::house::House;
use crate::listing;
use crate::me::Me;
use crate::offering::Kind as OfferingKind;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Choice, Column, Faults, Field, Filter, List, Weight, Wish};
use crate::record::Shown;
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{FormView, ListView, to};
use axum::extract::{Path as At, Query, State};
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use regie_access::Action;
use regie_core::Weekdays;
use regie_core::id::{ProgramEnrolmentId, ProgramOfferingId, UnitId};
use regie_people::enrolment::{self, EditEnrolment, Enrol, Enrolment};
use regie_people::offering::{self, Path};
use regie_people::person::{self, Person};
use regie_people::{Paging, unit};
use serde::Deserialize;

urls! {
    pub EnrolPerson { id: String } = "/people/{id}/enrolments/new";
    pub EnrolmentEdit { id: String, enrolment: String } = "/people/{id}/enrolments/{enrolment}/edit";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(EnrolPerson::at(), new)
        .post(EnrolPerson::at(), add)
        .get(EnrolmentEdit::at(), edit)
        .post(EnrolmentEdit::at(), save)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    unit: String,
    /// Chosen: then only the dates are left to fill in.
    #[serde(default)]
    offering: String,
    page: Option<u32>,
}

async fn see(house: &House, me: &Me, id: &str) -> Result<Person, Stop> {
    me.must(Action::EditPeople)?;
    person::see(&house.db, me.caller(), id_of(id)?).await.map_err(|error| me.stop(error))
}

fn under(me: &Me, title: String, one: &Person) -> Page {
    let texts = me.texts();
    Page::new(me.viewer.clone(), title)
        .under(texts.t("nav-people"), People {})
        .under(one.display_name.clone(), PersonPage { id: one.id.to_string() })
}

async fn new(
    State(house): State<House>,
    me: Me,
    At(at): At<EnrolPerson>,
    Query(asked): Query<Asked>,
) -> Result<Response, Stop> {
    let one = see(&house, &me, &at.id).await?;
    match asked.offering.parse::<ProgramOfferingId>() {
        Err(_) => choose(&house, &me, &at, &one, &asked).await,
        Ok(offering) => {
            let chosen =
                offering::see(&house.db, me.caller(), offering).await.map_err(|error| me.stop(error))?;
            let begin = i16::try_from(chosen.cohort).ok().and_then(|year| Date::new(year, 8, 1).ok());
            let begins = begin.unwrap_or_else(|| me.caller().today());
            let filled = Filled::of([("begins", begins.to_string())]);
            let faults = Faults::none(me.texts());
            Ok(View::new(form(&house, &me, &at, &one, &chosen, &filled, faults)).into_response())
        }
    }
}

/// First what to enrol in: at first what the student's own team offers.
async fn choose(
    house: &House,
    me: &Me,
    at: &EnrolPerson,
    one: &Person,
    asked: &Asked,
) -> Result<Response, Stop> {
    let texts = me.texts();
    let unit = match asked.unit.as_str() {
        "" => one.unit,
        "all" => None,
        text => text.parse::<UnitId>().ok(),
    };
    let narrowed = offering::Filter {
        text: asked.q.chars().take(100).collect(),
        unit,
        paging: Paging { page: page_of(asked.page), size: 50 },
        ..offering::Filter::default()
    };
    let found = offering::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
    let units = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let here = at.to_string();
    let address = Address::new(&here).keep("q", &asked.q).keep("unit", &asked.unit);
    let own = one.unit_name.clone().unwrap_or_else(|| texts.t("person-unit-all").to_string());
    let mut places = vec![(String::new(), own), ("all".to_owned(), texts.t("person-unit-all").to_string())];
    places.extend(units.iter().map(|unit| (unit.id.to_string(), unit.name.clone())));
    let filter = Filter {
        action: here.clone(),
        wishes: vec![
            Wish::Words(texts.t("filter-show").to_string()),
            Wish::Choose {
                name: "unit".into(),
                label: texts.t("person-unit").to_string(),
                options: places,
                chosen: asked.unit.clone(),
            },
            Wish::Words(texts.t("filter-with").to_string()),
            Wish::Search {
                name: "q".into(),
                label: texts.t("program-search").to_string(),
                value: asked.q.clone(),
            },
        ],
    };
    let total = found.total;
    let mut list = List {
        filter: Some(filter),
        active: address.words().into_iter().collect(),
        clear: here.clone(),
        pager: address.pager(texts, narrowed.paging.page, narrowed.paging.size, total),
        ..listing::bare::<OfferingKind>(me, "offerings", found)
    };
    list.columns.push(Column::new(texts.t("list-do"), Weight::Main));
    for row in &mut list.rows {
        let href = with_query(&here, [("offering", row.id.as_str())]);
        let word = texts.t("enrolment-in").with("name", row.name.clone()).to_string();
        row.cells.push(Cell::Buttons(vec![Button::link(word, href).small()]));
    }
    let page = under(me, texts.t("enrolment-add").to_string(), one);
    Ok(View::new(ListView::new(page, list)).into_response())
}

fn fields(me: &Me, path: Path, filled: &Filled) -> Vec<Field> {
    let texts = me.texts();
    let mut fields = vec![
        filled.put(Field::date(texts, "begins", texts.t("field-begins"))),
        filled.put(Field::date(texts, "ends", texts.t("field-ends")).hint(texts.t("ends-hint")).optional()),
    ];
    if path == Path::Bbl {
        let days = Weekdays::WORKING.map(|day| {
            let number = day.to_monday_one_offset().to_string();
            let name = texts.of("weekday", &number).to_string();
            Choice::new(number, name)
        });
        fields.push(
            filled
                .put(Field::checks(texts, "school_days", texts.t("enrolment-days"), days.into()).optional()),
        );
    }
    let only = vec![Choice::new("yes", texts.t("enrolment-exam-only-hint"))];
    fields
        .push(filled.put(Field::checks(texts, "exam_only", texts.t("enrolment-exam-only"), only).optional()));
    fields
}

/// What is read: first and last day, days at school, exams only.
type Read = (Date, Option<Date>, Weekdays, bool);

fn read(me: &Me, filled: &Filled) -> Result<Read, Faults> {
    let mut reading = filled.reading(me.texts());
    let (begins, ends) = (reading.date("begins"), reading.maybe_date("ends"));
    let days: String = filled.all("school_days").collect();
    let days = Weekdays::from_code(&days).unwrap_or_default();
    let only = filled.has("exam_only");
    reading.end(begins.map(|begins| (begins, ends, days, only)))
}

fn form(
    house: &House,
    me: &Me,
    at: &EnrolPerson,
    one: &Person,
    chosen: &offering::Offering,
    filled: &Filled,
    faults: Faults,
) -> FormView {
    let texts = me.texts();
    let action = with_query(&at.to_string(), [("offering", chosen.id.to_string().as_str())]);
    let page = under(me, texts.t("enrolment-add").to_string(), one);
    let fields = fields(me, chosen.path, filled);
    FormView::new(house, me, page, action, PersonEnrolments { id: at.id.clone() }, fields, faults)
        .about(format!("{}, {}", chosen.program_name, chosen.code))
        .submit(texts.t("enrolment-do"), false)
}

async fn add(
    State(house): State<House>,
    me: Me,
    At(at): At<EnrolPerson>,
    Query(asked): Query<Asked>,
    filled: Filled,
) -> Result<Response, Stop> {
    let one = see(&house, &me, &at.id).await?;
    let Ok(offering) = asked.offering.parse::<ProgramOfferingId>() else {
        return Err(Error::Unreadable.into());
    };
    let chosen = offering::see(&house.db, me.caller(), offering).await.map_err(|error| me.stop(error))?;
    let faults = match read(&me, &filled) {
        Ok((begins, ends, school_days, exam_only)) => {
            let (id, person) = (house.new_id(), one.id);
            let input = Enrol { id, person, offering, begins, ends, school_days, exam_only };
            match enrolment::enrol(&house.db, &filled.caller(&me), input).await {
                Ok(_) => return Ok(to(PersonEnrolments { id: at.id })),
                Err(error) => fault(me.texts(), error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &at, &one, &chosen, &filled, faults)).into_response())
}

async fn found(house: &House, me: &Me, at: &EnrolmentEdit) -> Result<(Person, Enrolment), Stop> {
    let one = see(house, me, &at.id).await?;
    let id: ProgramEnrolmentId = at.enrolment.parse().map_err(|_| Error::NotFound)?;
    let held = enrolment::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    if held.person != one.id {
        return Err(Error::NotFound.into());
    }
    Ok((one, held))
}

fn edit_form(
    house: &House,
    me: &Me,
    at: &EnrolmentEdit,
    (one, held): (&Person, &Enrolment),
    filled: &Filled,
    faults: Faults,
) -> FormView {
    let texts = me.texts();
    let action = with_query(&at.to_string(), [("version", held.version.to_string().as_str())]);
    let title = texts.t("person-edit-title").with("name", held.program_name.clone()).to_string();
    let mut fields = fields(me, held.path, filled);
    fields.push(
        filled.put(
            Field::text(texts, "reason", texts.t("field-reason"))
                .hint(texts.t("question-reason-hint"))
                .optional(),
        ),
    );
    let back = PersonEnrolments { id: at.id.clone() };
    FormView::new(house, me, under(me, title, one), action, back, fields, faults)
        .about(format!("{}, {}", one.display_name, held.offering_code))
}

async fn edit(State(house): State<House>, me: Me, At(at): At<EnrolmentEdit>) -> Result<View<FormView>, Stop> {
    let (one, held) = found(&house, &me, &at).await?;
    let filled = Filled::of([
        ("begins", held.begins.to_string()),
        ("ends", held.ends.map(|ends| ends.to_string()).unwrap_or_default()),
    ])
    .and("school_days", held.days().days().map(|day| day.to_monday_one_offset().to_string()))
    .and("exam_only", held.exam_only.then(|| "yes".to_owned()));
    let faults = Faults::none(me.texts());
    Ok(View::new(edit_form(&house, &me, &at, (&one, &held), &filled, faults)))
}

async fn save(
    State(house): State<House>,
    me: Me,
    At(at): At<EnrolmentEdit>,
    Query(shown): Query<Shown>,
    filled: Filled,
) -> Result<Response, Stop> {
    let (one, held) = found(&house, &me, &at).await?;
    let faults = match read(&me, &filled) {
        Ok((begins, ends, school_days, exam_only)) => {
            let reason = filled.maybe("reason");
            let (id, version) = (held.id, shown.version);
            let input = EditEnrolment { id, version, begins, ends, school_days, exam_only, reason };
            match enrolment::edit(&house.db, &filled.caller(&me), input).await {
                Ok(_) => return Ok(to(PersonEnrolments { id: at.id })),
                Err(error) => fault(me.texts(), error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(edit_form(&house, &me, &at, (&one, &held), &filled, faults)).into_response())
}
