//! Giving somebody a role, and withdrawing it.

use super::{People, PersonPage, PersonRoles, id_of};
use crate::error::Error;
use crate::filled::{Filled, units as unit_choices};
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Choice, Faults, Field};
use crate::told::{Stop, fault};
use crate::url::Url as _;
use crate::urls;
use crate::view::{FormView, to};
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_core::id::{RoleAssignmentId, UnitId};
use regie_core::{Role, Scope};
use regie_people::person::{self, Person};
use regie_people::role::{self, AssignRole};
use regie_people::unit;

urls! {
    pub RoleNew { id: String } = "/people/{id}/roles/new";
    pub RoleWithdraw { id: String, role: String } = "/people/{id}/roles/{role}/withdraw";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(RoleNew::at(), new)
        .post(RoleNew::at(), assign)
        .get(RoleWithdraw::at(), ask)
        .post(RoleWithdraw::at(), withdraw)
}

async fn see(house: &House, me: &Me, id: &str) -> Result<Person, Stop> {
    me.must(Action::AssignRoles)?;
    person::see(&house.db, me.caller(), id_of(id)?).await.map_err(|error| me.stop(error))
}

fn under(me: &Me, title: String, one: &Person) -> Page {
    let texts = me.texts();
    Page::new(me.viewer.clone(), title)
        .under(texts.t("nav-people"), People {})
        .under(one.display_name.clone(), PersonPage { id: one.id.to_string() })
}

async fn form(
    house: &House,
    me: &Me,
    at: &RoleNew,
    one: &Person,
    filled: &Filled,
    faults: Faults,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let units = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let mut roles = vec![Choice::new("", texts.t("choose-one"))];
    roles.extend(
        Role::ALL
            .iter()
            .filter(|role| **role != Role::SuperAdministrator)
            .map(|role| Choice::new(role.code(), texts.of("role", role.code()))),
    );
    let mut places = vec![Choice::new("", texts.t("scope-institution"))];
    places.extend(unit_choices(&units));
    let fields = vec![
        filled.put(Field::select(texts, "role", texts.t("field-role"), roles)),
        filled.put(
            Field::select(texts, "scope", texts.t("field-scope"), places)
                .hint(texts.t("scope-hint"))
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
    let page = under(me, texts.t("role-assign").to_string(), one);
    Ok(FormView::new(house, me, page, at, PersonRoles { id: at.id.clone() }, fields, faults)
        .about(one.display_name.clone()))
}

async fn new(State(house): State<House>, me: Me, Path(at): Path<RoleNew>) -> Result<View<FormView>, Stop> {
    let one = see(&house, &me, &at.id).await?;
    let filled = Filled::of([("begins", me.caller().today().to_string())]);
    Ok(View::new(form(&house, &me, &at, &one, &filled, Faults::none(me.texts())).await?))
}

async fn assign(
    State(house): State<House>,
    me: Me,
    Path(at): Path<RoleNew>,
    filled: Filled,
) -> Result<Response, Stop> {
    let one = see(&house, &me, &at.id).await?;
    let mut reading = filled.reading(me.texts());
    let role = reading.code("role", Role::from_code);
    let unit: Option<UnitId> = reading.maybe_chosen("scope");
    let (begins, ends) = (reading.date("begins"), reading.maybe_date("ends"));
    let whole = role.zip(begins).map(|(role, begins)| AssignRole {
        id: house.new_id(),
        person: one.id,
        role,
        scope: unit.map_or(Scope::Institution, Scope::Unit),
        begins,
        ends,
        reason: filled.maybe("reason"),
    });
    let faults = match reading.end(whole) {
        Ok(input) => match role::assign(&house.db, &filled.caller(&me), input).await {
            Ok(_) => return Ok(to(PersonRoles { id: at.id })),
            Err(error) => fault(me.texts(), error)?,
        },
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &at, &one, &filled, faults).await?).into_response())
}

async fn question(
    house: &House,
    me: &Me,
    at: &RoleWithdraw,
    filled: &Filled,
    faults: Faults,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let one = see(house, me, &at.id).await?;
    let id: RoleAssignmentId = at.role.parse().map_err(|_| Error::NotFound)?;
    let all = role::of_person(&house.db, me.caller(), one.id).await.map_err(|error| me.stop(error))?;
    let held = all.into_iter().find(|held| held.id == id).ok_or(Error::NotFound)?;
    let field = Field::area(texts, "reason", texts.t("field-reason")).hint(texts.t("question-reason-hint"));
    let place = held.scope_name.unwrap_or_else(|| texts.t("scope-institution").to_string());
    let what = format!("{}: {}, {place}", one.display_name, texts.of("role", held.role.code()));
    let page = under(me, texts.t("role-withdraw").to_string(), &one);
    let back = PersonRoles { id: at.id.clone() };
    Ok(FormView::new(house, me, page, at, back, vec![filled.put(field)], faults)
        .about(what)
        .submit(texts.t("role-withdraw"), true))
}

async fn ask(
    State(house): State<House>,
    me: Me,
    Path(at): Path<RoleWithdraw>,
) -> Result<View<FormView>, Stop> {
    Ok(View::new(question(&house, &me, &at, &Filled::default(), Faults::none(me.texts())).await?))
}

async fn withdraw(
    State(house): State<House>,
    me: Me,
    Path(at): Path<RoleWithdraw>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::AssignRoles)?;
    let id: RoleAssignmentId = at.role.parse().map_err(|_| Error::NotFound)?;
    let faults = match role::withdraw(&house.db, &filled.caller(&me), id, filled.text("reason")).await {
        Ok(()) => return Ok(to(PersonRoles { id: at.id })),
        Err(error) => fault(me.texts(), error)?,
    };
    Ok(View::invalid(question(&house, &me, &at, &filled, faults).await?).into_response())
}
