//! The institution, its units and campuses.

use crate::call::{Answer, Call, Reply};
use crate::coded::Coded;
use crate::door::{Door, Op};
use regie_core::id::{Id, UnitId};
use regie_people::{campus, institution, unit};
use regie_signin::client::ApiScope::{OrganisationRead, OrganisationWrite};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const UNITS: &str = "/api/v1/units";
const CAMPUSES: &str = "/api/v1/campuses";

pub(crate) fn door() -> Door {
    let own = "/api/v1/institution";
    Door::default()
        .op(
            Op::get("getInstitution", own, OrganisationRead, "The institution this client belongs to."),
            own_one,
        )
        .op(Op::get("listUnits", UNITS, OrganisationRead, "The tree of units, parents first."), units)
        .op(Op::add("addUnit", UNITS, OrganisationWrite, "Adds a college, team or office."), add_unit)
        .op(Op::get("getUnit", "/api/v1/units/{unit}", OrganisationRead, "One unit."), one_unit)
        .op(Op::get("listCampuses", CAMPUSES, OrganisationRead, "All campuses."), campuses)
        .op(Op::add("addCampus", CAMPUSES, OrganisationWrite, "Adds a campus."), add_campus)
}

/// What was made.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Made {
    pub id: Uuid,
}

impl Made {
    pub fn new<I: Id>(id: I) -> Self {
        Self { id: id.uuid() }
    }
}

/// All of a list that is never long.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "{T}List")]
pub(crate) struct All<T> {
    pub items: Vec<T>,
}

impl<T> All<T> {
    pub fn of<R>(rows: Vec<R>, shown: impl Fn(R) -> T) -> Self {
        Self { items: rows.into_iter().map(shown).collect() }
    }
}

/// A school, or an organisation above schools.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Institution {
    id: Uuid,
    /// The short name in addresses.
    slug: String,
    name: String,
    kind: Coded<institution::Kind>,
    state: Coded<institution::State>,
    brin: Option<String>,
    /// Its name in SURFconext.
    home_organization: Option<String>,
}

async fn own_one(call: Call) -> Answer<Institution> {
    let found = institution::see(&call.house.db, call.caller.institution).await.map_err(call.told())?;
    Ok(Reply::new(Institution {
        id: found.id.uuid(),
        slug: found.slug,
        name: found.name,
        kind: Coded(found.kind),
        state: Coded(found.state),
        brin: found.brin,
        home_organization: found.home_organization,
    }))
}

/// A college, a team, an office.
#[derive(Serialize, JsonSchema)]
struct Unit {
    id: Uuid,
    /// The unit it lies in.
    parent: Option<Uuid>,
    code: String,
    name: String,
    active: bool,
    /// How many units lie above it.
    depth: i64,
}

fn unit_shown(found: unit::Unit) -> Unit {
    let unit::Unit { id, parent, code, name, active, depth, .. } = found;
    Unit { id: id.uuid(), parent: parent.map(Id::uuid), code, name, active, depth }
}

async fn units(call: Call) -> Answer<All<Unit>> {
    let found = unit::list(&call.house.db, &call.caller).await.map_err(call.told())?;
    Ok(Reply::new(All::of(found, unit_shown)))
}

#[derive(Deserialize, JsonSchema)]
struct UnitPath {
    unit: Uuid,
}

async fn one_unit(call: Call<UnitPath>) -> Answer<Unit> {
    let id = UnitId::from_uuid(call.path.unit);
    let found = unit::see(&call.house.db, &call.caller, id).await.map_err(call.told())?;
    Ok(Reply::new(unit_shown(found)))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewUnit {
    parent: Option<Uuid>,
    /// Unique in the institution.
    #[schemars(length(min = 1, max = 20))]
    code: String,
    #[schemars(length(min = 1, max = 120))]
    name: String,
}

async fn add_unit(call: Call<(), (), NewUnit>) -> Answer<Made> {
    let input = unit::AddUnit {
        id: call.house.new_id(),
        parent: call.body.parent.map(UnitId::from_uuid),
        code: call.body.code.clone(),
        name: call.body.name.clone(),
    };
    let id = unit::add(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(Reply::new(Made::new(id)).at(format!("{UNITS}/{id}")))
}

/// A teaching site.
#[derive(Serialize, JsonSchema)]
struct Campus {
    id: Uuid,
    code: String,
    name: String,
    city: Option<String>,
    active: bool,
    /// How many rooms it has.
    rooms: i64,
}

async fn campuses(call: Call) -> Answer<All<Campus>> {
    let found = campus::list(&call.house.db, &call.caller).await.map_err(call.told())?;
    Ok(Reply::new(All::of(found, |found| Campus {
        id: found.id.uuid(),
        code: found.code,
        name: found.name,
        city: found.city,
        active: found.active,
        rooms: found.rooms,
    })))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewCampus {
    /// Unique in the institution.
    #[schemars(length(min = 1, max = 20))]
    code: String,
    #[schemars(length(min = 1, max = 120))]
    name: String,
    #[schemars(length(max = 120))]
    street: Option<String>,
    #[schemars(length(max = 80))]
    city: Option<String>,
}

async fn add_campus(call: Call<(), (), NewCampus>) -> Answer<Made> {
    let input = campus::AddCampus {
        id: call.house.new_id(),
        code: call.body.code.clone(),
        name: call.body.name.clone(),
        street: call.body.street.clone(),
        city: call.body.city.clone(),
    };
    let id = campus::add(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(Reply::new(Made::new(id)))
}
