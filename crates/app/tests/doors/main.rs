//! Every route of the HTML door, asked by nobody, by a student, by the exam office and by another school. The routes
//! come from the router itself; what must happen is written by hand, from the handbook, in a file per area.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod account;
mod examined;
mod expected;
mod import;
mod learning;
mod operating;
mod organisation;
mod pages;
mod person;
mod planning;
mod school;

use crate::expected::{Expected, TO_SIGN_IN, get, post};
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
    things.extend(examined::things(world, &system).await);
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
    use regie_people::{campus, company, enrolment, group, need, room, unit};
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
    let period = regie_planning::period::AddPeriod {
        id: world.id(),
        code: "P9".into(),
        name: "Concept".into(),
        begins: jiff::civil::date(2027, 6, 1),
        ends: jiff::civil::date(2027, 6, 11),
        student: None,
        teacher: None,
        central: None,
    };
    let period = regie_planning::period::add(db, system, period).await.unwrap();
    vec![
        ("period", period.to_string()),
        ("person", person.to_string()),
        ("enrolment", enrolled.id.to_string()),
        ("offering", enrolled.offering.to_string()),
        ("program", enrolled.program.to_string()),
        ("group", group.id.to_string()),
        ("needy", need.person.to_string()),
        ("need", need.id.to_string()),
        ("company", companies.lines[0].id.to_string()),
        ("room", room::list(db, system, None).await.unwrap()[0].id.to_string()),
        ("campus", campus::list(db, system).await.unwrap()[0].id.to_string()),
        ("unit", unit::list(db, system).await.unwrap()[0].id.to_string()),
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
        let list = expected::all();
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
