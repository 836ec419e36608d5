//! Persons: find, see, add, change.

use crate::call::{Answer, Call, Reply};
use crate::coded::Coded;
use crate::door::{Door, Op};
use crate::journal::{Line, shown as line_shown};
use crate::organisation::{All, Made};
use crate::page::{Asking, Page};
use jiff::civil::Date;
use regie_core::id::{CompanyId, Id, PersonId, UnitId};
use regie_people::person::{self, AddPerson, EditPerson, Filter, IdCheck, Kind, State};
use regie_signin::client::ApiScope::{PeopleRead, PeopleWrite};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const ALL: &str = "/api/v1/persons";
const ONE: &str = "/api/v1/persons/{person}";

pub(crate) fn door() -> Door {
    let list_op =
        Op::get("listPersons", ALL, PeopleRead, "Persons in reach, by name or number, a page at a time.");
    let history = "/api/v1/persons/{person}/history";
    Door::default()
        .op(list_op, list)
        .op(Op::add("addPerson", ALL, PeopleWrite, "Adds a person."), add)
        .op(Op::get("getPerson", ONE, PeopleRead, "One person.").with_etag(), see)
        .op(
            Op::put(
                "putPerson",
                ONE,
                PeopleWrite,
                "Replaces a person's record; what is left out is emptied.",
            ),
            put,
        )
        .op(Op::get("getPersonHistory", history, PeopleRead, "What happened to a person's record."), past)
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    /// Words that must all occur in name, number or mail address; accents and capitals do not matter.
    #[schemars(length(max = 100))]
    q: Option<String>,
    kind: Option<Coded<Kind>>,
    /// This unit and all below it.
    unit: Option<Uuid>,
    /// `active` when left out.
    state: Option<Coded<State>>,
    /// By name when left out.
    sort: Option<Order>,
    /// From 1.
    #[schemars(range(min = 1, max = 100_000))]
    page_number: Option<u32>,
    /// 50 when left out.
    #[schemars(range(min = 1, max = 250))]
    page_size: Option<u32>,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum Order {
    Name,
    Number,
}

/// A person in a list.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PersonLine {
    id: Uuid,
    kind: Coded<Kind>,
    number: Option<String>,
    display_name: String,
    mail: Option<String>,
    unit_name: Option<String>,
    state: Coded<State>,
}

async fn list(call: Call<(), Asked>) -> Answer<Page<PersonLine>> {
    let asked = &call.query;
    let asking = Asking::of(asked.q.as_deref(), asked.page_number, asked.page_size)?;
    let filter = Filter {
        text: asking.text.clone(),
        kind: asked.kind.map(|kind| kind.0),
        unit: asked.unit.map(UnitId::from_uuid),
        state: asked.state.map_or(State::Active, |state| state.0),
        by_number: matches!(asked.sort, Some(Order::Number)),
        page: asking.paging.page,
        size: asking.paging.size,
    };
    let found = person::list(&call.house.db, &call.caller, &filter).await.map_err(call.told())?;
    Ok(Reply::new(asking.page(found, |line| PersonLine {
        id: line.id.uuid(),
        kind: Coded(line.kind),
        number: line.number,
        display_name: line.display_name,
        mail: line.mail,
        unit_name: line.unit_name,
        state: Coded(line.state),
    })))
}

/// A person inside this institution. Its version is the `ETag`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Person {
    id: Uuid,
    kind: Coded<Kind>,
    /// Student or staff number.
    number: Option<String>,
    given_name: String,
    prefix: Option<String>,
    family_name: String,
    /// The name as people read it.
    display_name: String,
    /// Against what an invigilator checks the identity card.
    id_check: Coded<IdCheck>,
    id_check_name: Option<String>,
    mail: Option<String>,
    phone: Option<String>,
    born: Option<Date>,
    unit: Option<Uuid>,
    unit_name: Option<String>,
    company: Option<Uuid>,
    state: Coded<State>,
    /// The record that holds this person's history since they were merged.
    merged_into: Option<Uuid>,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct PersonPath {
    pub person: Uuid,
}

impl PersonPath {
    pub fn id(&self) -> PersonId {
        PersonId::from_uuid(self.person)
    }
}

async fn see(call: Call<PersonPath>) -> Answer<Person> {
    let found = person::see(&call.house.db, &call.caller, call.path.id()).await.map_err(call.told())?;
    Ok(shown(found))
}

fn shown(found: person::Person) -> Reply<Person> {
    let version = found.version;
    Reply::new(Person {
        id: found.id.uuid(),
        kind: Coded(found.kind),
        number: found.number,
        given_name: found.given_name,
        prefix: found.prefix,
        family_name: found.family_name,
        display_name: found.display_name,
        id_check: Coded(found.id_check),
        id_check_name: found.id_check_name,
        mail: found.mail,
        phone: found.phone,
        born: found.born,
        unit: found.unit.map(Id::uuid),
        unit_name: found.unit_name,
        company: found.company.map(Id::uuid),
        state: Coded(found.state),
        merged_into: found.merged_into.map(Id::uuid),
    })
    .version(version)
}

/// The two messages share their fields; neither takes a field it does not know.
macro_rules! said {
    ($($(#[$doc:meta])* $name:ident { $($(#[$own:meta])* $extra:ident : $type:ty),* })+) => { $(
        $(#[$doc])*
        #[derive(Clone, Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct $name {
            $($(#[$own])* $extra: $type,)*
            /// Student or staff number; unique among persons of one kind.
            #[schemars(length(max = 40))]
            number: Option<String>,
            #[schemars(length(min = 1, max = 80))]
            given_name: String,
            #[schemars(length(max = 20))]
            prefix: Option<String>,
            #[schemars(length(min = 1, max = 80))]
            family_name: String,
            id_check: Coded<IdCheck>,
            /// Filled exactly when `idCheck` is `name`.
            #[schemars(length(max = 160))]
            id_check_name: Option<String>,
            #[schemars(length(max = 254))]
            mail: Option<String>,
            #[schemars(length(max = 30))]
            phone: Option<String>,
            born: Option<Date>,
            unit: Option<Uuid>,
        }

        impl $name {
            fn of(&self, id: PersonId, kind: Kind, company: Option<CompanyId>) -> AddPerson {
                let said = self.clone();
                AddPerson {
                    id,
                    kind,
                    number: said.number,
                    given_name: said.given_name,
                    prefix: said.prefix,
                    family_name: said.family_name,
                    id_check: said.id_check.0,
                    id_check_name: said.id_check_name,
                    mail: said.mail,
                    phone: said.phone,
                    born: said.born,
                    unit: said.unit.map(UnitId::from_uuid),
                    company,
                }
            }
        }
    )+ };
}

said! {
    /// A person to add.
    NewPerson { kind: Coded<Kind>, company: Option<Uuid> }
    /// A person's record as it should be. Kind and company stay what they are.
    ChangedPerson {
        /// Inactive people stay in old records and appear in no new list.
        active: bool
    }
}

async fn add(call: Call<(), (), NewPerson>) -> Answer<Made> {
    let company = call.body.company.map(CompanyId::from_uuid);
    let input = call.body.of(call.house.new_id(), call.body.kind.0, company);
    let id = person::add(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(Reply::new(Made::new(id)).at(format!("{ALL}/{id}")))
}

async fn put(call: Call<PersonPath, (), ChangedPerson>) -> Answer<Person> {
    let id = call.path.id();
    // Editing leaves the kind as it is; what stands here is not looked at.
    let input = EditPerson {
        person: call.body.of(id, Kind::Student, None),
        version: call.version,
        active: call.body.active,
    };
    person::edit(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    let found = person::see(&call.house.db, &call.caller, id).await.map_err(call.told())?;
    Ok(shown(found))
}

async fn past(call: Call<PersonPath>) -> Answer<All<Line>> {
    let found = person::history(&call.house.db, &call.caller, call.path.id()).await.map_err(call.told())?;
    Ok(Reply::new(All::of(found, |entry| line_shown(entry, None))))
}
