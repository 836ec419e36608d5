//! Programmes and their offerings: what is taught, from which year, by whom.

use crate::call::{Answer, Call, Reply};
use crate::coded::Coded;
use crate::door::{Door, Op};
use crate::organisation::Made;
use crate::page::{Page, asked};
use regie_core::id::{CampusId, Id, ProgramId, ProgramOfferingId, UnitId};
use regie_people::offering::{self, AddOffering, EditOffering, Path};
use regie_people::program::{self, AddProgram, EditProgram};
use regie_signin::client::ApiScope::{ProgramsRead, ProgramsWrite};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const PROGRAMS: &str = "/api/v1/programs";
const PROGRAM: &str = "/api/v1/programs/{program}";
const OFFERINGS: &str = "/api/v1/programOfferings";
const OFFERING: &str = "/api/v1/programOfferings/{offering}";

pub(crate) fn door() -> Door {
    Door::default()
        .op(Op::get("listPrograms", PROGRAMS, ProgramsRead, "Programmes, a page at a time."), programs)
        .op(Op::add("addProgram", PROGRAMS, ProgramsWrite, "Adds a programme."), add_program)
        .op(Op::get("getProgram", PROGRAM, ProgramsRead, "One programme.").with_etag(), one_program)
        .op(Op::put("putProgram", PROGRAM, ProgramsWrite, "Replaces a programme's record."), put_program)
        .op(
            Op::get(
                "listProgramOfferings",
                OFFERINGS,
                ProgramsRead,
                "Offerings of programmes, a page at a time.",
            ),
            offerings,
        )
        .op(
            Op::add("addProgramOffering", OFFERINGS, ProgramsWrite, "Offers a programme to a cohort."),
            add_offering,
        )
        .op(Op::get("getProgramOffering", OFFERING, ProgramsRead, "One offering.").with_etag(), one_offering)
        .op(
            Op::put("putProgramOffering", OFFERING, ProgramsWrite, "Replaces an offering's record."),
            put_offering,
        )
}

asked! { ProgramsAsked {
    /// 1 to 4.
    #[schemars(range(min = 1, max = 4))]
    level: Option<u32>,
    /// `true` when left out.
    active: Option<bool>,
} }

/// A programme in a list.
#[derive(Serialize, JsonSchema)]
struct ProgramLine {
    id: Uuid,
    code: String,
    crebo: Option<String>,
    name: String,
    level: u32,
    active: bool,
    /// Offerings that are not closed.
    offerings: i64,
    /// Students enrolled today.
    students: i64,
}

async fn programs(call: Call<(), ProgramsAsked>) -> Answer<Page<ProgramLine>> {
    let asking = call.query.asking()?;
    let filter = program::Filter {
        text: asking.text.clone(),
        level: call.query.level,
        active: call.query.active.unwrap_or(true),
        paging: asking.paging,
    };
    let found = program::list(&call.house.db, &call.caller, &filter).await.map_err(call.told())?;
    Ok(Reply::new(asking.page(found, |it| ProgramLine {
        id: it.id.uuid(),
        code: it.code,
        crebo: it.crebo,
        name: it.name,
        level: it.level,
        active: it.active,
        offerings: it.offerings,
        students: it.students,
    })))
}

/// A programme: what one gets a diploma for. Its version is the `ETag`.
#[derive(Serialize, JsonSchema)]
struct Program {
    id: Uuid,
    code: String,
    /// The national code of the qualification.
    crebo: Option<String>,
    name: String,
    level: u32,
    active: bool,
}

#[derive(Deserialize, JsonSchema)]
struct ProgramPath {
    program: Uuid,
}

fn program_shown(it: program::Program) -> Reply<Program> {
    let version = it.version;
    let shown = Program {
        id: it.id.uuid(),
        code: it.code,
        crebo: it.crebo,
        name: it.name,
        level: it.level,
        active: it.active,
    };
    Reply::new(shown).version(version)
}

async fn one_program(call: Call<ProgramPath>) -> Answer<Program> {
    let id = ProgramId::from_uuid(call.path.program);
    Ok(program_shown(program::see(&call.house.db, &call.caller, id).await.map_err(call.told())?))
}

#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewProgram {
    /// The school's own, unique code.
    #[schemars(length(min = 1, max = 30))]
    code: String,
    /// Five digits.
    #[schemars(regex(pattern = r"^[0-9]{5}$"))]
    crebo: Option<String>,
    #[schemars(length(min = 1, max = 160))]
    name: String,
    #[schemars(range(min = 1, max = 4))]
    level: u32,
}

impl NewProgram {
    fn of(self, id: ProgramId) -> AddProgram {
        AddProgram { id, code: self.code, crebo: self.crebo, name: self.name, level: self.level }
    }
}

async fn add_program(call: Call<(), (), NewProgram>) -> Answer<Made> {
    let input = call.body.clone().of(call.house.new_id());
    let id = program::add(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(Reply::new(Made::new(id)).at(format!("{PROGRAMS}/{id}")))
}

#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChangedProgram {
    #[schemars(length(min = 1, max = 30))]
    code: String,
    #[schemars(regex(pattern = r"^[0-9]{5}$"))]
    crebo: Option<String>,
    #[schemars(length(min = 1, max = 160))]
    name: String,
    #[schemars(range(min = 1, max = 4))]
    level: u32,
    /// An inactive programme takes no new offerings.
    active: bool,
}

async fn put_program(call: Call<ProgramPath, (), ChangedProgram>) -> Answer<Program> {
    let id = ProgramId::from_uuid(call.path.program);
    let ChangedProgram { code, crebo, name, level, active } = call.body.clone();
    let program = AddProgram { id, code, crebo, name, level };
    let input = EditProgram { program, version: call.version, active };
    program::edit(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(program_shown(program::see(&call.house.db, &call.caller, id).await.map_err(call.told())?))
}

asked! { OfferingsAsked {
    program: Option<Uuid>,
    #[schemars(range(min = 2000, max = 2100))]
    cohort: Option<u32>,
    path: Option<Coded<Path>>,
    /// Taught by this unit or one below it.
    unit: Option<Uuid>,
    /// `true` when left out.
    active: Option<bool>,
} }

/// An offering in a list.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct OfferingLine {
    id: Uuid,
    program: Uuid,
    program_name: String,
    level: u32,
    code: String,
    cohort: u32,
    path: Coded<Path>,
    campus_name: Option<String>,
    unit_name: String,
    active: bool,
    /// Enrolled today.
    students: i64,
}

async fn offerings(call: Call<(), OfferingsAsked>) -> Answer<Page<OfferingLine>> {
    let asking = call.query.asking()?;
    let asked = &call.query;
    let filter = offering::Filter {
        text: asking.text.clone(),
        program: asked.program.map(ProgramId::from_uuid),
        cohort: asked.cohort,
        path: asked.path.map(|path| path.0),
        unit: asked.unit.map(UnitId::from_uuid),
        active: asked.active.unwrap_or(true),
        paging: asking.paging,
    };
    let found = offering::list(&call.house.db, &call.caller, &filter).await.map_err(call.told())?;
    Ok(Reply::new(asking.page(found, |it| OfferingLine {
        id: it.id.uuid(),
        program: it.program.uuid(),
        program_name: it.program_name,
        level: it.level,
        code: it.code,
        cohort: it.cohort,
        path: Coded(it.path),
        campus_name: it.campus_name,
        unit_name: it.unit_name,
        active: it.active,
        students: it.students,
    })))
}

/// A programme as it is taught from one year on. Its version is the `ETag`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Offering {
    id: Uuid,
    program: Uuid,
    program_name: String,
    code: String,
    cohort: u32,
    path: Coded<Path>,
    campus: Option<Uuid>,
    campus_name: Option<String>,
    unit: Uuid,
    unit_name: String,
    active: bool,
}

#[derive(Deserialize, JsonSchema)]
struct OfferingPath {
    offering: Uuid,
}

fn offering_shown(it: offering::Offering) -> Reply<Offering> {
    let version = it.version;
    let shown = Offering {
        id: it.id.uuid(),
        program: it.program.uuid(),
        program_name: it.program_name,
        code: it.code,
        cohort: it.cohort,
        path: Coded(it.path),
        campus: it.campus.map(Id::uuid),
        campus_name: it.campus_name,
        unit: it.unit.uuid(),
        unit_name: it.unit_name,
        active: it.active,
    };
    Reply::new(shown).version(version)
}

async fn one_offering(call: Call<OfferingPath>) -> Answer<Offering> {
    let id = ProgramOfferingId::from_uuid(call.path.offering);
    Ok(offering_shown(offering::see(&call.house.db, &call.caller, id).await.map_err(call.told())?))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewOffering {
    program: Uuid,
    #[schemars(length(min = 1, max = 30))]
    code: String,
    /// The year in which it starts; fixes exam regulation and pass rule.
    #[schemars(range(min = 2000, max = 2100))]
    cohort: u32,
    path: Coded<Path>,
    campus: Option<Uuid>,
    /// The team that teaches it.
    unit: Uuid,
}

async fn add_offering(call: Call<(), (), NewOffering>) -> Answer<Made> {
    let body = &call.body;
    let input = AddOffering {
        id: call.house.new_id(),
        program: ProgramId::from_uuid(body.program),
        code: body.code.clone(),
        cohort: body.cohort,
        path: body.path.0,
        campus: body.campus.map(CampusId::from_uuid),
        unit: UnitId::from_uuid(body.unit),
    };
    let id = offering::add(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(Reply::new(Made::new(id)).at(format!("{OFFERINGS}/{id}")))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChangedOffering {
    #[schemars(length(min = 1, max = 30))]
    code: String,
    #[schemars(range(min = 2000, max = 2100))]
    cohort: u32,
    path: Coded<Path>,
    campus: Option<Uuid>,
    unit: Uuid,
    /// An inactive offering takes no new students.
    active: bool,
}

async fn put_offering(call: Call<OfferingPath, (), ChangedOffering>) -> Answer<Offering> {
    let id = ProgramOfferingId::from_uuid(call.path.offering);
    let body = &call.body;
    let offering = AddOffering {
        id,
        // An offering stays with its programme; what stands here is not looked at.
        program: ProgramId::NIL,
        code: body.code.clone(),
        cohort: body.cohort,
        path: body.path.0,
        campus: body.campus.map(CampusId::from_uuid),
        unit: UnitId::from_uuid(body.unit),
    };
    let input = EditOffering { offering, version: call.version, active: body.active };
    offering::edit(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(offering_shown(offering::see(&call.house.db, &call.caller, id).await.map_err(call.told())?))
}
