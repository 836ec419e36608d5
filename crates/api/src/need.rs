//! Assigned needs: what a student was granted, for what, until when.

use crate::call::{Answer, Call, Reply};
use crate::coded::Coded;
use crate::door::{Door, Op};
use crate::organisation::{All, Made};
use crate::page::{Page, asked};
use crate::person::PersonPath;
use crate::problem::Problem;
use jiff::Timestamp;
use jiff::civil::Date;
use regie_core::id::{AssignedNeedId, Id, UnitId};
use regie_core::need::Extra;
use regie_people::need::{self, GrantNeed, Kind, State};
use regie_signin::client::ApiScope::{NeedsRead, NeedsWrite};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(crate) fn door() -> Door {
    let of_person = "/api/v1/persons/{person}/needs";
    let withdraw_at = "/api/v1/needs/{need}/withdraw";
    Door::default()
        .op(
            Op::get("listNeeds", "/api/v1/needs", NeedsRead, "Needs of students in reach, a page at a time."),
            list,
        )
        .op(Op::get("listPersonNeeds", of_person, NeedsRead, "All needs of one student."), of_one)
        .op(Op::add("grantNeed", of_person, NeedsWrite, "Grants a student a need."), grant)
        .op(
            Op::act("withdrawNeed", withdraw_at, NeedsWrite, "Withdraws a need; it stays on record."),
            withdraw,
        )
}

asked! { Asked {
    kind: Option<Coded<Kind>>,
    unit: Option<Uuid>,
    /// `valid` holds what is expiring too.
    state: Option<Coded<State>>,
} }

/// What extra time is counted in.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum ExtraKind {
    /// The need is of another kind.
    None,
    Minutes,
    /// Of the duration of the test.
    Percent,
    Unlimited,
}

/// A granted need.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Need {
    id: Uuid,
    person: Uuid,
    person_name: String,
    number: Option<String>,
    unit_name: Option<String>,
    kind: Coded<Kind>,
    description: String,
    extra: ExtraKind,
    /// Minutes or percent.
    amount: Option<u32>,
    only_for: Option<String>,
    begins: Date,
    /// The last day.
    ends: Option<Date>,
    withdrawn_at: Option<Timestamp>,
    /// As it stands today.
    state: Coded<State>,
}

fn shown(it: need::Need, today: Date) -> Need {
    let state = it.state(today);
    let (extra, amount) = match it.extra() {
        Extra::None => (ExtraKind::None, None),
        Extra::Minutes(amount) => (ExtraKind::Minutes, Some(amount)),
        Extra::Percent(amount) => (ExtraKind::Percent, Some(amount)),
        Extra::Unlimited => (ExtraKind::Unlimited, None),
    };
    Need {
        id: it.id.uuid(),
        person: it.person.uuid(),
        person_name: it.person_name,
        number: it.number,
        unit_name: it.unit_name,
        kind: Coded(it.kind),
        description: it.description,
        extra,
        amount,
        only_for: it.only_for,
        begins: it.begins,
        ends: it.ends,
        withdrawn_at: it.withdrawn_at,
        state: Coded(state),
    }
}

async fn list(call: Call<(), Asked>) -> Answer<Page<Need>> {
    let asking = call.query.asking()?;
    let filter = need::Filter {
        text: asking.text.clone(),
        kind: call.query.kind.map(|kind| kind.0),
        unit: call.query.unit.map(UnitId::from_uuid),
        state: call.query.state.map(|state| state.0),
        paging: asking.paging,
    };
    let found = need::list(&call.house.db, &call.caller, &filter).await.map_err(call.told())?;
    let today = call.caller.today();
    Ok(Reply::new(asking.page(found, |it| shown(it, today))))
}

async fn of_one(call: Call<PersonPath>) -> Answer<All<Need>> {
    let found = need::of_person(&call.house.db, &call.caller, call.path.id()).await.map_err(call.told())?;
    let today = call.caller.today();
    Ok(Reply::new(All::of(found, |it| shown(it, today))))
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewNeed {
    kind: Coded<Kind>,
    /// What it means for who prepares the exam.
    #[schemars(length(max = 500))]
    description: Option<String>,
    /// Other than `none` exactly when `kind` is extra time.
    extra: Option<ExtraKind>,
    /// Exactly with `minutes` and `percent`.
    #[schemars(range(min = 1, max = 9999))]
    amount: Option<u32>,
    /// Only for this kind of test, such as numeracy; for all when empty.
    #[schemars(length(max = 60))]
    only_for: Option<String>,
    begins: Date,
    /// The last day.
    ends: Option<Date>,
    #[schemars(length(max = 500))]
    reason: Option<String>,
}

impl NewNeed {
    fn extra(&self) -> Result<Extra, Problem> {
        Ok(match (self.extra.unwrap_or(ExtraKind::None), self.amount) {
            (ExtraKind::None, None) => Extra::None,
            (ExtraKind::Minutes, Some(amount)) => Extra::Minutes(amount),
            (ExtraKind::Percent, Some(amount)) => Extra::Percent(amount),
            (ExtraKind::Unlimited, None) => Extra::Unlimited,
            _ => {
                let words = "`amount` is filled exactly when `extra` is `minutes` or `percent`.";
                return Err(Problem::value("/amount".into(), words));
            }
        })
    }
}

async fn grant(call: Call<PersonPath, (), NewNeed>) -> Answer<Made> {
    let body = &call.body;
    let input = GrantNeed {
        id: call.house.new_id(),
        person: call.path.id(),
        kind: body.kind.0,
        description: body.description.clone(),
        extra: body.extra()?,
        only_for: body.only_for.clone(),
        begins: body.begins,
        ends: body.ends,
        reason: body.reason.clone(),
    };
    let id = need::grant(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(Reply::new(Made::new(id)))
}

#[derive(Deserialize, JsonSchema)]
struct NeedPath {
    need: Uuid,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NeedReason {
    #[schemars(length(min = 1, max = 500))]
    reason: String,
}

async fn withdraw(call: Call<NeedPath, (), NeedReason>) -> Answer<()> {
    let id = AssignedNeedId::from_uuid(call.path.need);
    need::withdraw(&call.house.db, &call.caller, id, &call.body.reason).await.map_err(call.told())?;
    Ok(Reply::new(()))
}
