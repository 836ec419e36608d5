//! From demand to seat: periods, entitlements and registrations.

use crate::call::{Answer, Call, Reply};
use crate::coded::Coded;
use crate::door::{Door, Op};
use crate::organisation::{All, Made};
use crate::person::PersonPath;
use jiff::Timestamp;
use jiff::civil::Date;
use regie_core::Told as _;
use regie_core::id::{
    CampusId, EntitlementId, ExamPeriodId, Id, PersonId, ProgramEnrolmentId, RegistrationId, TestId,
};
use regie_core::period::{Channel, State as PeriodState, Window as Open};
use regie_planning::registration::{self, Decision, Register, State as RegistrationState};
use regie_planning::ruling::{self, What};
use regie_planning::{demand, entitlement, period};
use regie_signin::client::ApiScope::{PlanningRead, PlanningWrite};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const PERIODS: &str = "/api/v1/periods";
const PERIOD: &str = "/api/v1/periods/{period}";
const REGISTRATIONS: &str = "/api/v1/periods/{period}/registrations";

pub(crate) fn door() -> Door {
    let advance_at = "/api/v1/periods/{period}/advance";
    let demand_at = "/api/v1/periods/{period}/demand";
    let withdraw_at = "/api/v1/registrations/{registration}/withdraw";
    let decide_at = "/api/v1/registrations/{registration}/decide";
    let of_person = "/api/v1/persons/{person}/entitlements";
    let cancel_at = "/api/v1/entitlements/{entitlement}/cancel";
    let count_at = "/api/v1/entitlements/{entitlement}/attempts";
    let achieved_at = "/api/v1/persons/{person}/achievements";
    Door::default()
        .op(Op::get("listPeriods", PERIODS, PlanningRead, "All exam periods, the newest first."), list)
        .op(Op::add("addPeriod", PERIODS, PlanningWrite, "Adds a period, as a draft."), add)
        .op(Op::get("getPeriod", PERIOD, PlanningRead, "One period.").with_etag(), see)
        .op(Op::put("putPeriod", PERIOD, PlanningWrite, "Changes a period that is not closed."), put)
        .op(
            Op::act(
                "advancePeriod",
                advance_at,
                PlanningWrite,
                "Takes a period to its next state: opening keeps the rules, closing makes demand.",
            ),
            advance,
        )
        .op(
            Op::get("listDemand", demand_at, PlanningRead, "Demand per campus and test, needs apart."),
            demanded,
        )
        .op(
            Op::get("listRegistrations", REGISTRATIONS, PlanningRead, "The registrations of a period."),
            registered,
        )
        .op(
            Op::add(
                "registerStudents",
                REGISTRATIONS,
                PlanningWrite,
                "Registers students for a test: says who is, who is not, and why.",
            ),
            register,
        )
        .op(
            Op::act("withdrawRegistration", withdraw_at, PlanningWrite, "Takes a registration back."),
            withdraw,
        )
        .op(
            Op::act(
                "decideRegistration",
                decide_at,
                PlanningWrite,
                "Approves a late request, or rejects it.",
            ),
            decide,
        )
        .op(
            Op::add(
                "takeInEntitlements",
                "/api/v1/entitlements",
                PlanningWrite,
                "Takes in rights to attempts: all or none. The same source and code again is the same right.",
            ),
            take_in,
        )
        .op(Op::get("listPersonEntitlements", of_person, PlanningRead, "What one student may sit."), entitled)
        .op(
            Op::act(
                "cancelEntitlement",
                cancel_at,
                PlanningWrite,
                "Takes a right back, with what hangs on it.",
            ),
            cancel,
        )
        .op(
            Op::act("countAttempt", count_at, PlanningWrite, "Counts an attempt that was sat or lost."),
            count,
        )
        .op(
            Op::act(
                "noteAchievement",
                achieved_at,
                PlanningWrite,
                "Notes a unit or test that was sat before.",
            ),
            achieve,
        )
}

/// From when to when a channel may register; the moment of closing is late.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Window {
    opens: Timestamp,
    closes: Timestamp,
}

impl From<Open> for Window {
    fn from(open: Open) -> Self {
        Self { opens: open.opens, closes: open.closes }
    }
}

impl From<Window> for Open {
    fn from(window: Window) -> Self {
        Self { opens: window.opens, closes: window.closes }
    }
}

/// A period of exams.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Period {
    id: Uuid,
    code: String,
    name: String,
    begins: Date,
    /// The last day.
    ends: Date,
    state: Coded<PeriodState>,
    /// Empty: this channel is shut.
    student: Option<Window>,
    teacher: Option<Window>,
    central: Option<Window>,
    frozen_at: Option<Timestamp>,
}

fn shown(one: period::Period) -> Period {
    Period {
        student: one.window(Channel::Student).map(Into::into),
        teacher: one.window(Channel::Teacher).map(Into::into),
        central: one.window(Channel::Central).map(Into::into),
        id: one.id.uuid(),
        code: one.code,
        name: one.name,
        begins: one.begins,
        ends: one.ends,
        state: Coded(one.state),
        frozen_at: one.frozen_at,
    }
}

async fn list(call: Call) -> Answer<All<Period>> {
    let found = period::list(&call.house.db, &call.caller).await.map_err(call.told())?;
    Ok(Reply::new(All::of(found, shown)))
}

#[derive(Deserialize, JsonSchema)]
struct PeriodPath {
    period: Uuid,
}

impl PeriodPath {
    fn id(&self) -> ExamPeriodId {
        ExamPeriodId::from_uuid(self.period)
    }
}

async fn see(call: Call<PeriodPath>) -> Answer<Period> {
    let one = period::see(&call.house.db, &call.caller, call.path.id()).await.map_err(call.told())?;
    let version = one.version;
    Ok(Reply::new(shown(one)).version(version))
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewPeriod {
    #[schemars(length(min = 1, max = 20))]
    code: String,
    #[schemars(length(min = 1, max = 120))]
    name: String,
    begins: Date,
    /// The last day.
    ends: Date,
    student: Option<Window>,
    teacher: Option<Window>,
    central: Option<Window>,
}

impl NewPeriod {
    fn input(&self, id: ExamPeriodId) -> period::AddPeriod {
        period::AddPeriod {
            id,
            code: self.code.clone(),
            name: self.name.clone(),
            begins: self.begins,
            ends: self.ends,
            student: self.student.map(Into::into),
            teacher: self.teacher.map(Into::into),
            central: self.central.map(Into::into),
        }
    }
}

async fn add(call: Call<(), (), NewPeriod>) -> Answer<Made> {
    let input = call.body.input(call.house.new_id());
    let id = period::add(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(Reply::new(Made::new(id)).at(format!("{PERIODS}/{id}")))
}

async fn put(call: Call<PeriodPath, (), NewPeriod>) -> Answer<Period> {
    let input =
        period::EditPeriod { period: call.body.input(call.path.id()), version: call.version, reason: None };
    period::edit(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    let one = period::see(&call.house.db, &call.caller, call.path.id()).await.map_err(call.told())?;
    let version = one.version;
    Ok(Reply::new(shown(one)).version(version))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Advance {
    /// The state it goes to: the one after its own.
    to: Coded<PeriodState>,
}

async fn advance(call: Call<PeriodPath, (), Advance>) -> Answer<()> {
    let one = period::see(&call.house.db, &call.caller, call.path.id()).await.map_err(call.told())?;
    period::advance(&call.house.db, &call.caller, one.id, call.body.to.0, one.version)
        .await
        .map_err(call.told())?;
    Ok(Reply::new(()))
}

/// How many want one test on one campus.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Demand {
    campus: Option<Uuid>,
    campus_name: Option<String>,
    test: Uuid,
    test_code: String,
    test_name: String,
    total: i64,
    /// With any need that counts for the test.
    needs: i64,
    sound: i64,
    own_room: i64,
    unlimited: i64,
    /// As it was at closing; empty before.
    frozen: Option<i64>,
}

async fn demanded(call: Call<PeriodPath>) -> Answer<All<Demand>> {
    let found = demand::of_period(&call.house.db, &call.caller, call.path.id()).await.map_err(call.told())?;
    Ok(Reply::new(All::of(found, |line| Demand {
        frozen: line.frozen,
        campus: line.now.campus.map(Id::uuid),
        campus_name: line.now.campus_name,
        test: line.now.test.uuid(),
        test_code: line.now.test_code,
        test_name: line.now.test_name,
        total: line.now.total,
        needs: line.now.needs,
        sound: line.now.sound,
        own_room: line.now.own_room,
        unlimited: line.now.unlimited,
    })))
}

/// The wish of one student to sit a test in a period.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Registration {
    id: Uuid,
    person: Uuid,
    person_name: String,
    number: Option<String>,
    test: Uuid,
    test_code: String,
    entitlement: Uuid,
    campus: Option<Uuid>,
    unit: Uuid,
    state: Coded<RegistrationState>,
    channel: Coded<Channel>,
    made_at: Timestamp,
    late: bool,
    reason: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RegistrationQuery {
    test: Option<Uuid>,
    campus: Option<Uuid>,
    state: Option<Coded<RegistrationState>>,
    /// From which line, from 0.
    skip: Option<u32>,
    /// How many at most: 50, up to 1000.
    most: Option<u32>,
}

/// A part of the registrations, and how many there are in all.
#[derive(Serialize, JsonSchema)]
struct RegistrationPage {
    items: Vec<Registration>,
    total: u64,
}

async fn registered(call: Call<PeriodPath, RegistrationQuery>) -> Answer<RegistrationPage> {
    let query = &call.query;
    let filter = registration::Filter {
        test: query.test.map(TestId::from_uuid),
        campus: query.campus.map(CampusId::from_uuid),
        state: query.state.map(|state| state.0),
        skip: query.skip.unwrap_or_default(),
        most: query.most.unwrap_or_default(),
    };
    period::see(&call.house.db, &call.caller, call.path.id()).await.map_err(call.told())?;
    let found = registration::list(&call.house.db, &call.caller, call.path.id(), &filter);
    let found = found.await.map_err(call.told())?;
    let items = found.lines.into_iter().map(|line| Registration {
        id: line.id.uuid(),
        person: line.person.uuid(),
        person_name: line.person_name,
        number: line.number,
        test: line.test.uuid(),
        test_code: line.test_code,
        entitlement: line.entitlement.uuid(),
        campus: line.campus.map(Id::uuid),
        unit: line.unit.uuid(),
        state: Coded(line.state),
        channel: Coded(line.channel),
        made_at: line.made_at,
        late: line.late,
        reason: line.reason,
    });
    Ok(Reply::new(RegistrationPage { items: items.collect(), total: found.total }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewRegistrations {
    test: Uuid,
    #[schemars(length(min = 1, max = 500))]
    persons: Vec<Uuid>,
    /// Under which right, for one student with several.
    entitlement: Option<Uuid>,
    /// Why after closing.
    #[schemars(length(max = 500))]
    reason: Option<String>,
}

/// Who is registered now, and who is not.
#[derive(Serialize, JsonSchema)]
struct Outcome {
    /// Of those that were registered.
    state: Coded<RegistrationState>,
    registered: Vec<Registered>,
    refused: Vec<Refused>,
}

#[derive(Serialize, JsonSchema)]
struct Registered {
    id: Uuid,
    person: Uuid,
}

#[derive(Serialize, JsonSchema)]
struct Refused {
    person: Uuid,
    /// The rule: `no-attempts`.
    code: String,
    /// The values of the rule.
    values: Vec<String>,
}

async fn register(call: Call<PeriodPath, (), NewRegistrations>) -> Answer<Outcome> {
    let body = &call.body;
    let input = Register {
        period: call.path.id(),
        test: TestId::from_uuid(body.test),
        persons: body.persons.iter().map(|id| (call.house.new_id(), PersonId::from_uuid(*id))).collect(),
        entitlement: body.entitlement.map(EntitlementId::from_uuid),
        reason: body.reason.clone(),
    };
    let done = registration::register(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    let registered =
        done.registered.iter().map(|(id, person, _)| Registered { id: id.uuid(), person: person.uuid() });
    let refused = done.refused.iter().map(|one| Refused {
        person: one.person.uuid(),
        code: one.why.code().into(),
        values: one.why.arguments().into_iter().map(|(_, value)| value).collect(),
    });
    Ok(Reply::new(Outcome {
        state: Coded(done.state),
        registered: registered.collect(),
        refused: refused.collect(),
    }))
}

#[derive(Deserialize, JsonSchema)]
struct RegistrationPath {
    registration: Uuid,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WithdrawRegistration {
    /// Needed after closing.
    #[schemars(length(max = 500))]
    reason: Option<String>,
}

async fn withdraw(call: Call<RegistrationPath, (), WithdrawRegistration>) -> Answer<()> {
    let id = RegistrationId::from_uuid(call.path.registration);
    let reason = call.body.reason.as_deref();
    registration::withdraw(&call.house.db, &call.caller, id, reason).await.map_err(call.told())?;
    Ok(Reply::new(()))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DecideRegistration {
    decision: Coded<Decision>,
    /// Needed to reject.
    #[schemars(length(max = 500))]
    reason: Option<String>,
}

async fn decide(call: Call<RegistrationPath, (), DecideRegistration>) -> Answer<()> {
    let id = RegistrationId::from_uuid(call.path.registration);
    let (decision, reason) = (call.body.decision.0, call.body.reason.as_deref());
    registration::decide(&call.house.db, &call.caller, id, decision, reason).await.map_err(call.told())?;
    Ok(Reply::new(()))
}

/// A right as the student system gives it.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewEntitlement {
    person: Uuid,
    enrolment: Uuid,
    test: Uuid,
    /// Which system gives it, and its name there.
    #[schemars(length(min = 1, max = 40))]
    source: String,
    #[schemars(length(min = 1, max = 80))]
    code: String,
    attempts_used: u32,
    /// Beyond the first; empty is no limit.
    attempts_left: Option<u32>,
    due: Option<Date>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewEntitlements {
    #[schemars(length(min = 1, max = 1000))]
    items: Vec<NewEntitlement>,
}

/// How many there were.
#[derive(Serialize, JsonSchema)]
struct Taken {
    count: u64,
}

async fn take_in(call: Call<(), (), NewEntitlements>) -> Answer<Taken> {
    let given = call.body.items.iter().map(|one| entitlement::Given {
        id: call.house.new_id(),
        person: PersonId::from_uuid(one.person),
        enrolment: ProgramEnrolmentId::from_uuid(one.enrolment),
        test: TestId::from_uuid(one.test),
        source: one.source.clone(),
        code: one.code.clone(),
        attempts_used: one.attempts_used,
        attempts_left: one.attempts_left,
        due: one.due,
    });
    let count =
        entitlement::take_in(&call.house.db, &call.caller, given.collect()).await.map_err(call.told())?;
    Ok(Reply::new(Taken { count }))
}

/// The right of a student to attempts at a test, under one enrolment.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Entitlement {
    id: Uuid,
    enrolment: Uuid,
    program_name: String,
    test: Uuid,
    test_code: String,
    source: String,
    code: String,
    attempts_used: u32,
    attempts_left: Option<u32>,
    due: Option<Date>,
    /// Not taken back.
    valid: bool,
}

async fn entitled(call: Call<PersonPath>) -> Answer<All<Entitlement>> {
    let found =
        entitlement::of_person(&call.house.db, &call.caller, call.path.id()).await.map_err(call.told())?;
    Ok(Reply::new(All::of(found, |one| Entitlement {
        id: one.id.uuid(),
        enrolment: one.enrolment.uuid(),
        program_name: one.program_name,
        test: one.test.uuid(),
        test_code: one.test_code,
        source: one.source,
        code: one.code,
        attempts_used: one.attempts_used,
        attempts_left: one.attempts_left,
        due: one.due,
        valid: one.state == "valid",
    })))
}

#[derive(Deserialize, JsonSchema)]
struct EntitlementPath {
    entitlement: Uuid,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CancelEntitlement {
    #[schemars(length(min = 1, max = 500))]
    reason: String,
}

async fn cancel(call: Call<EntitlementPath, (), CancelEntitlement>) -> Answer<()> {
    let id = EntitlementId::from_uuid(call.path.entitlement);
    entitlement::cancel(&call.house.db, &call.caller, id, &call.body.reason).await.map_err(call.told())?;
    Ok(Reply::new(()))
}

async fn count(call: Call<EntitlementPath>) -> Answer<()> {
    let id = EntitlementId::from_uuid(call.path.entitlement);
    entitlement::count_attempt(&call.house.db, &call.caller, id).await.map_err(call.told())?;
    Ok(Reply::new(()))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewAchievement {
    what: Coded<What>,
    /// The unit or the test.
    subject: Uuid,
    passed: bool,
    /// Where it is known from.
    #[schemars(length(min = 1, max = 40))]
    source: String,
}

async fn achieve(call: Call<PersonPath, (), NewAchievement>) -> Answer<()> {
    let input = ruling::Achieved {
        person: call.path.id(),
        what: call.body.what.0,
        subject: call.body.subject,
        passed: call.body.passed,
        source: call.body.source.clone(),
    };
    ruling::note(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(Reply::new(()))
}
