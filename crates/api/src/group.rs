//! Groups and who is in them, from when to when.

use crate::call::{Answer, Call, Reply};
use crate::coded::Coded;
use crate::door::{Door, Op};
use crate::organisation::{All, Made};
use crate::page::{Page, asked};
use jiff::civil::Date;
use regie_core::id::{GroupId, Id, PersonId, UnitId};
use regie_people::group::{self, AddGroup, EditGroup, Join, Leave, Part};
use regie_signin::client::ApiScope::{PeopleRead, PeopleWrite};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const ALL: &str = "/api/v1/groups";
const ONE: &str = "/api/v1/groups/{group}";
const MEMBERS: &str = "/api/v1/groups/{group}/members";
const LEAVE: &str = "/api/v1/groups/{group}/members/{person}/leave";

pub(crate) fn door() -> Door {
    Door::default()
        .op(Op::get("listGroups", ALL, PeopleRead, "Groups in reach, a page at a time."), list)
        .op(Op::add("addGroup", ALL, PeopleWrite, "Adds a group."), add)
        .op(Op::get("getGroup", ONE, PeopleRead, "One group.").with_etag(), one)
        .op(Op::put("putGroup", ONE, PeopleWrite, "Replaces a group's record."), put)
        .op(
            Op::get(
                "listMembers",
                MEMBERS,
                PeopleRead,
                "Who is, was and will be in a group, as far as in reach.",
            ),
            members,
        )
        .op(Op::add("joinGroup", MEMBERS, PeopleWrite, "Puts persons in a group."), join)
        .op(Op::act("leaveGroup", LEAVE, PeopleWrite, "Ends somebody's stay in a group."), leave)
}

asked! { Asked {
    /// Of this unit or one below it.
    unit: Option<Uuid>,
    /// Only those that exist on this day.
    on: Option<Date>,
} }

/// A group in a list.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct GroupLine {
    id: Uuid,
    code: String,
    name: String,
    unit_name: String,
    begins: Date,
    ends: Option<Date>,
    /// In it today.
    students: i64,
    teachers: i64,
}

async fn list(call: Call<(), Asked>) -> Answer<Page<GroupLine>> {
    let asking = call.query.asking()?;
    let filter = group::Filter {
        text: asking.text.clone(),
        unit: call.query.unit.map(UnitId::from_uuid),
        on: call.query.on,
        paging: asking.paging,
    };
    let found = group::list(&call.house.db, &call.caller, &filter).await.map_err(call.told())?;
    Ok(Reply::new(asking.page(found, |it| GroupLine {
        id: it.id.uuid(),
        code: it.code,
        name: it.name,
        unit_name: it.unit_name,
        begins: it.begins,
        ends: it.ends,
        students: it.students,
        teachers: it.teachers,
    })))
}

/// A class, a course group. Its version is the `ETag`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Group {
    id: Uuid,
    code: String,
    name: String,
    unit: Uuid,
    unit_name: String,
    begins: Date,
    /// The last day.
    ends: Option<Date>,
}

#[derive(Deserialize, JsonSchema)]
struct GroupPath {
    group: Uuid,
}

fn shown(it: group::Group) -> Reply<Group> {
    let version = it.version;
    let shown = Group {
        id: it.id.uuid(),
        code: it.code,
        name: it.name,
        unit: it.unit.uuid(),
        unit_name: it.unit_name,
        begins: it.begins,
        ends: it.ends,
    };
    Reply::new(shown).version(version)
}

async fn one(call: Call<GroupPath>) -> Answer<Group> {
    let id = GroupId::from_uuid(call.path.group);
    Ok(shown(group::see(&call.house.db, &call.caller, id).await.map_err(call.told())?))
}

/// A group as it should be.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GroupSaid {
    #[schemars(length(min = 1, max = 30))]
    code: String,
    #[schemars(length(min = 1, max = 120))]
    name: String,
    unit: Uuid,
    begins: Date,
    /// The last day.
    ends: Option<Date>,
}

impl GroupSaid {
    fn of(&self, id: GroupId) -> AddGroup {
        AddGroup {
            id,
            code: self.code.clone(),
            name: self.name.clone(),
            unit: UnitId::from_uuid(self.unit),
            begins: self.begins,
            ends: self.ends,
        }
    }
}

async fn add(call: Call<(), (), GroupSaid>) -> Answer<Made> {
    let input = call.body.of(call.house.new_id());
    let id = group::add(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(Reply::new(Made::new(id)).at(format!("{ALL}/{id}")))
}

async fn put(call: Call<GroupPath, (), GroupSaid>) -> Answer<Group> {
    let id = GroupId::from_uuid(call.path.group);
    let input = EditGroup { group: call.body.of(id), version: call.version };
    group::edit(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(shown(group::see(&call.house.db, &call.caller, id).await.map_err(call.told())?))
}

/// One stay of one person in a group.
#[derive(Serialize, JsonSchema)]
struct Member {
    person: Uuid,
    name: String,
    number: Option<String>,
    part: Coded<Part>,
    begins: Date,
    /// The last day.
    ends: Option<Date>,
}

async fn members(call: Call<GroupPath>) -> Answer<All<Member>> {
    let id = GroupId::from_uuid(call.path.group);
    let found = group::members(&call.house.db, &call.caller, id).await.map_err(call.told())?;
    Ok(Reply::new(All::of(found, |it| Member {
        person: it.person.uuid(),
        name: it.name,
        number: it.number,
        part: Coded(it.part),
        begins: it.begins,
        ends: it.ends,
    })))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Joining {
    #[schemars(length(min = 1, max = 500))]
    persons: Vec<Uuid>,
    part: Coded<Part>,
    begins: Date,
    /// The last day; without one, as long as the group lasts.
    ends: Option<Date>,
}

/// How many came in.
#[derive(Serialize, JsonSchema)]
struct Joined {
    joined: u64,
}

async fn join(call: Call<GroupPath, (), Joining>) -> Answer<Joined> {
    let body = &call.body;
    if body.persons.len() > 500 {
        let problem = "At most 500 persons at once.";
        return Err(crate::problem::Problem::value("/persons".into(), problem));
    }
    let input = Join {
        group: GroupId::from_uuid(call.path.group),
        persons: body.persons.iter().copied().map(PersonId::from_uuid).collect(),
        part: body.part.0,
        begins: body.begins,
        ends: body.ends,
    };
    let joined = group::join(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(Reply::new(Joined { joined }))
}

#[derive(Deserialize, JsonSchema)]
struct MemberPath {
    group: Uuid,
    person: Uuid,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Leaving {
    last_day: Date,
    #[schemars(length(max = 500))]
    reason: Option<String>,
}

async fn leave(call: Call<MemberPath, (), Leaving>) -> Answer<()> {
    let input = Leave {
        group: GroupId::from_uuid(call.path.group),
        person: PersonId::from_uuid(call.path.person),
        last_day: call.body.last_day,
        reason: call.body.reason.clone(),
    };
    group::leave(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(Reply::new(()))
}
