//! Every route of the HTML door, asked by nobody, by a student, by the exam office and by another school. The routes
//! come from the router itself; what must happen is written by hand, from the handbook.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use regie_app::demo::{self, Size};
use regie_app::serve::router;
use regie_core::id::{ImportId, PersonId};
use regie_core::{Caller, Role};
use regie_people::import::{Begin, begin as begin_import};
use regie_people::institution::{Found, Kind as InstitutionKind, found};
use regie_people::person::{AddPerson, Filter, Kind, add, list};
use regie_signin::{Begun, Passwords, Policy, Token, With, begin, resolve};
use regie_testkit::{World, both};
use regie_web::House;
use regie_web::csrf::{Binding, Key};
use regie_web::front::Front;
use std::sync::Arc;
use tower::ServiceExt as _;

/// Nobody is sent to sign in.
const TO_SIGN_IN: u16 = 303;
/// Everybody may see it.
const OPEN: u16 = 200;

struct Expected {
    method: Method,
    pattern: &'static str,
    /// What is asked; `{person}` is a student of the school that is not the asking student.
    path: &'static str,
    nobody: u16,
    student: u16,
    office: u16,
    /// The exam office of another school: what is theirs alone does not exist for it.
    stranger: u16,
}

const fn get(pattern: &'static str, path: &'static str, answers: [u16; 4]) -> Expected {
    Expected {
        method: Method::GET,
        pattern,
        path,
        nobody: answers[0],
        student: answers[1],
        office: answers[2],
        stranger: answers[3],
    }
}

/// Sent with a valid token of the form; without one every change is refused, which is asserted for all of them.
const fn post(pattern: &'static str, path: &'static str, answers: [u16; 4]) -> Expected {
    Expected {
        method: Method::POST,
        pattern,
        path,
        nobody: answers[0],
        student: answers[1],
        office: answers[2],
        stranger: answers[3],
    }
}

/// Written by hand. A route that is not here fails the test, and so does a line without a route.
fn expected() -> Vec<Expected> {
    vec![
        get("/", "/", [TO_SIGN_IN, 200, 200, 200]),
        get("/search", "/search?q=a", [TO_SIGN_IN, 200, 200, 200]),
        get("/notices", "/notices", [TO_SIGN_IN, 200, 200, 200]),
        get("/sign-in", "/sign-in", [OPEN, 303, 303, 303]),
        post("/sign-in", "/sign-in", [403, 422, 422, 422]),
        post("/sign-in/code", "/sign-in/code?half=x", [403, 422, 422, 422]),
        post("/role", "/role", [403, 422, 422, 422]),
        get("/password/forgot", "/password/forgot", [OPEN, 200, 200, 200]),
        post("/password/forgot", "/password/forgot", [403, 422, 422, 422]),
        get("/password/reset/{token}", "/password/reset/x", [OPEN, 200, 200, 200]),
        post("/password/reset/{token}", "/password/reset/x", [403, 422, 422, 422]),
        get("/invitation/{token}", "/invitation/x", [404, 404, 404, 404]),
        post("/invitation/{token}", "/invitation/x", [403, 422, 422, 422]),
        get("/account", "/account", [TO_SIGN_IN, 200, 200, 200]),
        get("/account/second-factor", "/account/second-factor", [TO_SIGN_IN, 200, 200, 200]),
        post("/account/second-factor", "/account/second-factor", [403, 422, 422, 422]),
        post("/account/sign-ins/{id}/end", UNKNOWN_SIGN_IN, [403, 422, 422, 422]),
        get("/account/passkeys", "/account/passkeys", [TO_SIGN_IN, 200, 200, 200]),
        post("/account/passkeys", "/account/passkeys", [403, 422, 422, 422]),
        post("/account/passkeys/{id}/remove", "/account/passkeys/AAAA/remove", [403, 422, 422, 422]),
        post("/sign-in/passkey", "/sign-in/passkey?half=x", [403, 422, 422, 422]),
        // A student's list holds the student alone; nobody else is there to be seen or changed.
        get("/people", "/people", [TO_SIGN_IN, 200, 200, 200]),
        get("/people/new", "/people/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/people/new", "/people/new", [403, 422, 422, 422]),
        get("/people/{id}", "/people/{person}", [TO_SIGN_IN, 403, 200, 404]),
        get("/people/{id}/second-factor", "/people/{person}/second-factor", [TO_SIGN_IN, 403, 403, 403]),
        post("/people/{id}/second-factor", "/people/{person}/second-factor", [403, 403, 403, 403]),
        get("/people/{id}/edit", "/people/{person}/edit", [TO_SIGN_IN, 403, 200, 404]),
        post("/people/{id}/edit", "/people/{person}/edit?version=1", [403, 403, 422, 404]),
        // What is known of one person: the student asks about somebody else.
        get("/people/{id}/enrolments", "/people/{person}/enrolments", [TO_SIGN_IN, 403, 200, 404]),
        get("/people/{id}/groups", "/people/{person}/groups", [TO_SIGN_IN, 403, 200, 404]),
        get("/people/{id}/needs", "/people/{person}/needs", [TO_SIGN_IN, 403, 200, 404]),
        get("/people/{id}/roles", "/people/{person}/roles", [TO_SIGN_IN, 403, 200, 404]),
        get("/people/{id}/history", "/people/{person}/history", [TO_SIGN_IN, 403, 200, 404]),
        get("/people/{id}/enrolments/new", "/people/{person}/enrolments/new", [TO_SIGN_IN, 403, 200, 404]),
        post("/people/{id}/enrolments/new", "/people/{person}/enrolments/new", [403, 403, 422, 404]),
        get("/people/{id}/enrolments/{enrolment}/edit", ENROLMENT, [TO_SIGN_IN, 403, 200, 404]),
        post("/people/{id}/enrolments/{enrolment}/edit", ENROLMENT, [403, 403, 422, 404]),
        // Needs are the committee's, roles the administrator's: whoever the person is.
        get("/people/{id}/needs/new", "/people/{person}/needs/new", [TO_SIGN_IN, 403, 403, 403]),
        post("/people/{id}/needs/new", "/people/{person}/needs/new", [403, 403, 403, 403]),
        get("/people/{id}/needs/{need}/withdraw", NEED, [TO_SIGN_IN, 403, 403, 403]),
        post("/people/{id}/needs/{need}/withdraw", NEED, [403, 403, 403, 404]),
        get("/people/{id}/roles/new", "/people/{person}/roles/new", [TO_SIGN_IN, 403, 403, 403]),
        post("/people/{id}/roles/new", "/people/{person}/roles/new", [403, 403, 403, 403]),
        get(
            "/people/{id}/roles/{role}/withdraw",
            "/people/{person}/roles/{person}/withdraw",
            [TO_SIGN_IN, 403, 403, 403],
        ),
        post(
            "/people/{id}/roles/{role}/withdraw",
            "/people/{person}/roles/{person}/withdraw",
            [403, 403, 403, 403],
        ),
        get("/needs", "/needs?state=expiring", [TO_SIGN_IN, 200, 200, 200]),
        // Everybody inside may find their way around what is taught.
        get("/programs", "/programs?q=a", [TO_SIGN_IN, 200, 200, 200]),
        get("/programs/new", "/programs/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/programs/new", "/programs/new", [403, 403, 422, 422]),
        get("/programs/{id}", "/programs/{program}", [TO_SIGN_IN, 200, 200, 404]),
        get("/programs/{id}/edit", "/programs/{program}/edit", [TO_SIGN_IN, 403, 200, 404]),
        post("/programs/{id}/edit", "/programs/{program}/edit?version=1", [403, 403, 422, 404]),
        get("/offerings", "/offerings?path=BBL", [TO_SIGN_IN, 200, 200, 200]),
        get("/offerings/new", "/offerings/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/offerings/new", "/offerings/new", [403, 403, 422, 422]),
        get("/offerings/{id}", "/offerings/{offering}", [TO_SIGN_IN, 200, 200, 404]),
        get("/offerings/{id}/edit", "/offerings/{offering}/edit", [TO_SIGN_IN, 403, 200, 404]),
        post("/offerings/{id}/edit", "/offerings/{offering}/edit?version=1", [403, 403, 422, 404]),
        // A group the student is not in.
        get("/groups", "/groups", [TO_SIGN_IN, 200, 200, 200]),
        get("/groups/new", "/groups/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/groups/new", "/groups/new", [403, 403, 422, 422]),
        get("/groups/{id}", "/groups/{group}", [TO_SIGN_IN, 403, 200, 404]),
        get("/groups/{id}/edit", "/groups/{group}/edit", [TO_SIGN_IN, 403, 200, 404]),
        post("/groups/{id}/edit", "/groups/{group}/edit?version=1", [403, 403, 422, 404]),
        get("/groups/{id}/members", "/groups/{group}/members?part=teacher", [TO_SIGN_IN, 403, 200, 404]),
        post("/groups/{id}/members", "/groups/{group}/members", [403, 403, 422, 404]),
        get(
            "/groups/{id}/members/{person}/leave",
            "/groups/{group}/members/{person}/leave",
            [TO_SIGN_IN, 403, 200, 404],
        ),
        post(
            "/groups/{id}/members/{person}/leave",
            "/groups/{group}/members/{person}/leave",
            [403, 403, 422, 404],
        ),
        get("/companies", "/companies", [TO_SIGN_IN, 200, 200, 200]),
        get("/companies/new", "/companies/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/companies/new", "/companies/new", [403, 403, 422, 422]),
        get("/companies/{id}", "/companies/{company}", [TO_SIGN_IN, 200, 200, 404]),
        get("/companies/{id}/edit", "/companies/{company}/edit", [TO_SIGN_IN, 403, 200, 404]),
        post("/companies/{id}/edit", "/companies/{company}/edit?version=1", [403, 403, 422, 404]),
        // The office sees mandates; only the chair of the committee gives them.
        get("/mandates", "/mandates", [TO_SIGN_IN, 403, 200, 200]),
        get("/mandates/new", "/mandates/new", [TO_SIGN_IN, 403, 403, 403]),
        post("/mandates/new", "/mandates/new", [403, 403, 403, 403]),
        get("/mandates/{id}/withdraw", "/mandates/{person}/withdraw", [TO_SIGN_IN, 403, 403, 403]),
        post("/mandates/{id}/withdraw", "/mandates/{person}/withdraw", [403, 403, 403, 403]),
        get("/people/export", "/people/export", [TO_SIGN_IN, 403, 200, 200]),
        get("/people/{id}/merge", "/people/{person}/merge", [TO_SIGN_IN, 403, 200, 404]),
        post("/people/{id}/merge", "/people/{person}/merge?other={person}", [403, 403, 422, 404]),
        // Removing personal data is the administrator's.
        get("/people/{id}/erase", "/people/{person}/erase", [TO_SIGN_IN, 403, 403, 403]),
        post("/people/{id}/erase", "/people/{person}/erase?version=1", [403, 403, 403, 403]),
        get("/rooms", "/rooms", [TO_SIGN_IN, 200, 200, 200]),
        get("/units", "/units", [TO_SIGN_IN, 200, 200, 200]),
        get("/imports", "/imports", [TO_SIGN_IN, 403, 200, 200]),
        get("/imports/new", "/imports/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/imports/new", "/imports/new", [403, 403, 422, 422]),
        get("/imports/template", "/imports/template?kind=students", [TO_SIGN_IN, 404, 200, 200]),
        // A file the exam office handed in, whose columns are still to be chosen.
        get("/imports/{id}", "/imports/{import}", [TO_SIGN_IN, 403, 303, 404]),
        get("/imports/{id}/columns", "/imports/{import}/columns", [TO_SIGN_IN, 403, 200, 404]),
        post("/imports/{id}/columns", "/imports/{import}/columns", [403, 403, 422, 404]),
        post("/imports/{id}/carry-out", "/imports/{import}/carry-out", [403, 403, 409, 404]),
        get("/imports/{id}/export", "/imports/{import}/export", [TO_SIGN_IN, 403, 200, 404]),
        post("/imports/{id}/cancel", "/imports/{import}/cancel", [403, 403, 303, 404]),
        get("/journal", "/journal", [TO_SIGN_IN, 403, 403, 403]),
        get("/connections", "/connections", [TO_SIGN_IN, 403, 403, 403]),
        get("/connections/new", "/connections/new", [TO_SIGN_IN, 403, 403, 403]),
        post("/connections/new", "/connections/new", [403, 403, 403, 403]),
        post(
            "/connections/{id}/rotate",
            "/connections/00000000-0000-7000-8000-000000000001/rotate",
            [403, 403, 403, 403],
        ),
        post(
            "/connections/{id}/revoke",
            "/connections/00000000-0000-7000-8000-000000000001/revoke",
            [403, 403, 403, 403],
        ),
        get("/api", "/api", [OPEN, 200, 200, 200]),
        get("/deliveries", "/deliveries", [TO_SIGN_IN, 403, 200, 200]),
        get("/deliveries/{id}", UNKNOWN_DELIVERY, [TO_SIGN_IN, 403, 404, 404]),
        post("/deliveries/{id}/retry", UNKNOWN_RETRY, [403, 403, 409, 409]),
        get("/deliveries/{id}/drop", UNKNOWN_DROP, [TO_SIGN_IN, 403, 404, 404]),
        post("/deliveries/{id}/drop", UNKNOWN_DROP, [403, 422, 422, 422]),
        // What was mailed to whom is for the administrator alone.
        get("/mail", "/mail", [TO_SIGN_IN, 403, 403, 403]),
        get("/mail/{id}", UNKNOWN_MAIL, [TO_SIGN_IN, 403, 403, 403]),
        get("/mail/{id}/body", UNKNOWN_MAIL_BODY, [TO_SIGN_IN, 403, 403, 403]),
        get("/mail/{id}/invite.ics", UNKNOWN_MAIL_CALENDAR, [TO_SIGN_IN, 403, 403, 403]),
        // Configuration is for who runs the school's exams; changing it is the administrator's or the committee's.
        get("/settings", "/settings", [TO_SIGN_IN, 403, 200, 200]),
        get("/settings/{key}", "/settings/sign-in-lock", [TO_SIGN_IN, 403, 200, 200]),
        post("/settings/{key}", "/settings/sign-in-lock?version=0", [403, 403, 403, 403]),
        get("/notices/bell", "/notices/bell", [TO_SIGN_IN, 200, 200, 200]),
        post("/notices/read", "/notices/read", [403, 303, 303, 303]),
        post("/notices/{id}/read", UNKNOWN_NOTICE, [403, 404, 404, 404]),
        get("/texts", "/texts", [TO_SIGN_IN, 403, 403, 403]),
        get("/texts/{name}/{language}", TEXT, [TO_SIGN_IN, 403, 403, 403]),
        post("/texts/{name}/{language}", TEXT, [403, 403, 403, 403]),
        get("/texts/{name}/{language}/preview", PREVIEW, [TO_SIGN_IN, 403, 403, 403]),
        post("/texts/{name}/{language}/preview", PREVIEW, [403, 403, 403, 403]),
        post("/texts/{name}/{language}/remove", "/texts/password-reset/nl/remove", [403, 422, 422, 422]),
        get("/brand", "/brand", [TO_SIGN_IN, 403, 200, 200]),
        post("/brand", "/brand", [403, 403, 403, 403]),
        // Everybody inside sees the school's colours; there is no mark to see.
        get("/brand/style.css", "/brand/style.css", [TO_SIGN_IN, 200, 200, 200]),
        get("/brand/logo", "/brand/logo", [TO_SIGN_IN, 404, 404, 404]),
        post("/brand/logo", "/brand/logo", [403, 400, 400, 400]),
        post("/brand/logo/remove", "/brand/logo/remove", [403, 403, 403, 403]),
        // The regulation is for everybody; writing it is the committee's.
        get("/regulation", "/regulation", [TO_SIGN_IN, 200, 200, 200]),
        get("/regulation/compare", "/regulation/compare", [TO_SIGN_IN, 404, 404, 404]),
        post("/regulation/draft", "/regulation/draft", [403, 403, 403, 403]),
        get(
            "/regulation/{id}",
            "/regulation/00000000-0000-7000-8000-000000000001",
            [TO_SIGN_IN, 404, 404, 404],
        ),
        get("/regulation/{id}/edit", EDIT_REGULATION, [TO_SIGN_IN, 403, 403, 403]),
        post("/regulation/{id}/edit", EDIT_REGULATION, [403, 422, 422, 422]),
        get("/regulation/{id}/publish", PUBLISH, [TO_SIGN_IN, 403, 403, 403]),
        post("/regulation/{id}/publish", PUBLISH, [403, 403, 403, 403]),
        get("/regulation/{id}/articles/{article}", ARTICLE, [TO_SIGN_IN, 403, 403, 403]),
        post("/regulation/{id}/articles/{article}", ARTICLE, [403, 403, 403, 403]),
        post("/regulation/{id}/articles/{article}/remove", REMOVE_ARTICLE, [403, 422, 422, 422]),
        // The way to a provider and back is for who is not known yet; a provider that does not exist says so.
        get("/sign-in/with/{provider}", UNKNOWN_PROVIDER, [422, 422, 422, 422]),
        get(
            "/sign-in/with/{provider}/return",
            "/sign-in/with/00000000-0000-7000-8000-000000000001/return",
            [422, 422, 422, 422],
        ),
        get("/sign-out/{provider}", "/sign-out/00000000-0000-7000-8000-000000000001", [422, 422, 422, 422]),
        get("/providers", "/providers", [TO_SIGN_IN, 403, 403, 403]),
        get("/providers/new", "/providers/new", [TO_SIGN_IN, 403, 403, 403]),
        post("/providers/new", "/providers/new", [403, 403, 403, 403]),
        post(
            "/providers/{id}/end",
            "/providers/00000000-0000-7000-8000-000000000001/end",
            [403, 403, 403, 403],
        ),
        get("/live", "/live", [TO_SIGN_IN, 200, 200, 200]),
    ]
}

const ENROLMENT: &str = "/people/{person}/enrolments/{enrolment}/edit";
const NEED: &str = "/people/{needy}/needs/{need}/withdraw";
const UNKNOWN_PROVIDER: &str = "/sign-in/with/00000000-0000-7000-8000-000000000001";
const UNKNOWN_SIGN_IN: &str = "/account/sign-ins/00000000-0000-7000-8000-000000000001/end";

const UNKNOWN_DELIVERY: &str = "/deliveries/00000000-0000-7000-8000-000000000001";
const UNKNOWN_RETRY: &str = "/deliveries/00000000-0000-7000-8000-000000000001/retry";
const UNKNOWN_DROP: &str = "/deliveries/00000000-0000-7000-8000-000000000001/drop";
const UNKNOWN_MAIL: &str = "/mail/00000000-0000-7000-8000-000000000001";
const UNKNOWN_MAIL_BODY: &str = "/mail/00000000-0000-7000-8000-000000000001/body";
const UNKNOWN_MAIL_CALENDAR: &str = "/mail/00000000-0000-7000-8000-000000000001/invite.ics";

const UNKNOWN_NOTICE: &str = "/notices/00000000-0000-7000-8000-000000000001/read";
const TEXT: &str = "/texts/password-reset/nl?version=0";
const PREVIEW: &str = "/texts/password-reset/nl/preview";
const EDIT_REGULATION: &str = "/regulation/00000000-0000-7000-8000-000000000001/edit?version=1";
const PUBLISH: &str = "/regulation/00000000-0000-7000-8000-000000000001/publish?version=1";
const ARTICLE: &str = "/regulation/00000000-0000-7000-8000-000000000001/articles/new?version=1";
const REMOVE_ARTICLE: &str = "/regulation/00000000-0000-7000-8000-000000000001/articles/new/remove";

/// Routes with nothing of a school in them: the style guide and the reader's own preferences.
const WITHOUT_A_SCHOOL: &[&str] = &["/style", "/preferences", "/language", "/theme"];

/// A browser of somebody: its cookie and the token for its forms.
#[derive(Clone)]
struct Browser {
    cookie: String,
    csrf: String,
}

struct Stage {
    app: axum::Router,
    nobody: Browser,
    student: Browser,
    office: Browser,
    stranger: Browser,
    /// What stands in braces in a path, and what it is in this school.
    things: Vec<(&'static str, String)>,
}

async fn browser(world: &World, house: &House, key: &Key, mail: &str) -> Browser {
    let with = With {
        db: &world.db,
        passwords: &house.passwords,
        policy: &house.policy,
        clock: &*house.clock,
        random: &*house.random,
        agent: "test",
    };
    let Ok(Begun::SignedIn(token)) = begin(with, mail, demo::PASSWORD).await else {
        panic!("{mail} could not sign in")
    };
    let current = resolve(&world.db, &*house.clock, &token).await.unwrap().unwrap();
    Browser {
        cookie: format!("regie={}", token.secret()),
        csrf: key.token(&Binding(format!("sign-in {}", current.sign_in))).0,
    }
}

async fn stage(world: &World) -> Stage {
    demo::fill(&world.db, Size::Tiny, 7).await.unwrap();
    let clock: Arc<dyn regie_core::Clock> = world.clock.clone();
    let random: Arc<dyn regie_core::Random> = world.random.clone();
    let key = Key::new([7; 32]);
    let house = House {
        db: world.db.clone(),
        clock: clock.clone(),
        random: random.clone(),
        passwords: Passwords::standard(&*random).unwrap(),
        policy: Policy { second_factor_for_staff: false, ..Policy::default() },
        files: regie_files::Files::on_disk(&world.dir.path().join("imports")).unwrap(),
        secure: false,
        demo: Arc::new([]),
    };
    stranger(world, &house).await;
    let delta = regie_people::institution::by_slug(&world.db, demo::SLUG).await.unwrap().unwrap().id;
    let system = Caller::system(delta, world.db.now());
    let filter = Filter { kind: Some(Kind::Student), text: "4000".into(), ..Filter::default() };
    let person = list(&world.db, &system, &filter).await.unwrap().lines[0].id;
    let import = handed_in(world, &house, &system).await;
    let mut things = things(world, &system, person).await;
    things.push(("import", import.to_string()));
    let front = Front { clock, random, key: key.clone(), secure: false, body_limit: 1 << 20 };
    Stage {
        nobody: Browser { cookie: String::new(), csrf: String::new() },
        student: browser(world, &house, &key, "student@delta.example").await,
        office: browser(world, &house, &key, "examoffice@delta.example").await,
        stranger: browser(world, &house, &key, "office@other.example").await,
        app: router(world.db.clone(), house, front),
        things,
    }
}

/// One of everything, all of our school.
async fn things(world: &World, system: &Caller, person: PersonId) -> Vec<(&'static str, String)> {
    use regie_people::{company, enrolment, group, need};
    let db = &world.db;
    let filter = Filter { text: "demo-01".into(), ..Filter::default() };
    let asking = list(db, system, &filter).await.unwrap().lines[0].id;
    let enrolled = enrolment::of_person(db, system, person).await.unwrap().remove(0);
    let theirs = group::of_person(db, system, asking).await.unwrap();
    let groups = group::list(db, system, &group::Filter::default()).await.unwrap().lines;
    let group = groups.into_iter().find(|group| theirs.iter().all(|own| own.id != group.id)).unwrap();
    let need = need::list(db, system, &need::Filter::default()).await.unwrap().lines;
    let need = need.into_iter().find(|need| need.person != asking).unwrap();
    let companies = company::list(db, system, &company::Filter::default()).await.unwrap();
    vec![
        ("person", person.to_string()),
        ("enrolment", enrolled.id.to_string()),
        ("offering", enrolled.offering.to_string()),
        ("program", enrolled.program.to_string()),
        ("group", group.id.to_string()),
        ("needy", need.person.to_string()),
        ("need", need.id.to_string()),
        ("company", companies.lines[0].id.to_string()),
    ]
}

/// A file with two students, of which the columns are still to be chosen.
async fn handed_in(world: &World, house: &House, system: &Caller) -> ImportId {
    let bytes = "Nummer;Roepnaam;Achternaam\n0500001;Noor;Vries\n0500002;Ali;Kaya\n";
    let accept = regie_files::Accept { most_bytes: 1000, kinds: None };
    let blob = house.files.put_bytes(bytes, accept, &*house.random).await.unwrap();
    let input = Begin {
        id: world.id(),
        kind: regie_people::import::Kind::Students,
        file_name: "studenten.csv".into(),
        file: blob.hash.to_string(),
        sheet: None,
        header_row: 1,
        headers: ["Nummer", "Roepnaam", "Achternaam"].map(String::from).into(),
        rows: 2,
    };
    begin_import(&world.db, system, input).await.unwrap()
}

/// Another school with an exam office of its own.
async fn stranger(world: &World, house: &House) {
    let system = Caller::system(world.twin, world.db.now());
    let allowed = regie_access::platform(&mut world.db.reader(world.twin), &system).await.unwrap();
    let school = Found {
        id: world.twin,
        slug: "other".into(),
        name: "Other".into(),
        kind: InstitutionKind::School,
        brin: None,
        home_organization: None,
    };
    found(&world.db, &allowed, school).await.unwrap();
    let id: PersonId = world.id();
    add(&world.db, &system, AddPerson::named(id, Kind::Staff, "Otto", None, "Anders")).await.unwrap();
    let role = regie_people::role::AssignRole {
        id: world.id(),
        person: id,
        role: Role::ExamOffice,
        scope: regie_core::Scope::Institution,
        begins: jiff::civil::date(2026, 8, 1),
        ends: None,
        reason: None,
    };
    regie_people::role::assign(&world.db, &system, role).await.unwrap();
    let account = regie_signin::NewAccount {
        id: world.id(),
        mail: "office@other.example".into(),
        password: Some(house.passwords.hash_now(demo::PASSWORD, &*house.random).unwrap()),
        person: id,
    };
    regie_signin::create(&world.db, &allowed, account).await.unwrap();
}

async fn ask(stage: &Stage, browser: &Browser, expected: &Expected, with_token: bool) -> StatusCode {
    let path = stage
        .things
        .iter()
        .fold(expected.path.to_owned(), |path, (name, id)| path.replace(&format!("{{{name}}}"), id));
    let request = Request::builder()
        .method(expected.method.clone())
        .uri(path)
        .header(header::HOST, "regie.example")
        .header(header::COOKIE, &browser.cookie);
    let request = if expected.method == Method::POST {
        // A body in which every field of a form is missing but the token.
        let token = if with_token { browser.csrf.as_str() } else { "" };
        request
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("csrf={token}")))
    } else {
        request.body(Body::empty())
    };
    stage.app.clone().oneshot(request.unwrap()).await.unwrap().status()
}

both! {
    async fn every_route_answers_each_as_it_must(world: World) {
        let stage = stage(&world).await;
        let list = expected();
        let mut wrong = Vec::new();
        for route in &list {
            let asked = [
                ("nobody", &stage.nobody, route.nobody),
                ("student", &stage.student, route.student),
                ("office", &stage.office, route.office),
                ("stranger", &stage.stranger, route.stranger),
            ];
            for (who, browser, must) in asked {
                let status = ask(&stage, browser, route, true).await.as_u16();
                if status != must {
                    wrong.push(format!("{} {} as {who}: {status}, must be {must}", route.method, route.pattern));
                }
            }
            if route.method == Method::POST {
                let status = ask(&stage, &stage.office, route, false).await.as_u16();
                if status != 403 {
                    wrong.push(format!("{} {} without the form's token: {status}", route.method, route.pattern));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        // Signing out comes last: it ends the browser that asked.
        let out = post("/sign-out", "/sign-out", [403, 303, 303, 303]);
        assert_eq!(ask(&stage, &stage.nobody, &out, true).await, 403);
        assert_eq!(ask(&stage, &stage.student, &out, false).await, 403);
        assert_eq!(ask(&stage, &stage.student, &out, true).await, 303);
        let home = get("/", "/", [0; 4]);
        assert_eq!(ask(&stage, &stage.student, &home, true).await, TO_SIGN_IN, "the cookie is worth nothing now");

        for entry in regie_web::door().entries() {
            let known = list.iter().any(|route| route.method == entry.method && route.pattern == entry.pattern)
                || (entry.method == Method::POST && entry.pattern == "/sign-out")
                // A provider's server asks it, with a signed message instead of a cookie: tests/federation.rs.
                || (entry.method == Method::POST && entry.pattern == "/sign-in/with/{provider}/out")
                || WITHOUT_A_SCHOOL.iter().any(|free| entry.pattern.starts_with(free));
            assert!(known, "{} {} is not in the list: say who may ask it", entry.method, entry.pattern);
        }
        for route in &list {
            let there = regie_web::door().entries().iter().any(|e| e.method == route.method && e.pattern == route.pattern);
            assert!(there, "{} {} is in the list but not in the house", route.method, route.pattern);
        }
    }
}

#[test]
fn a_cookie_that_is_no_token_of_ours_is_nobody() {
    assert!(Token::read("'; DROP TABLE sign_in; --").is_none());
}
