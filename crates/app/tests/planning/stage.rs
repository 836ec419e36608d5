//! A school with a class, tests and a period, and browsers of who works there.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use jiff::civil::date;
use regie_app::demo::{self, Size};
use regie_app::serve::router;
use regie_core::id::{
    EntitlementId, ExamPeriodId, GroupId, Id, InstitutionId, InstrumentVersionId, PersonId,
    ProgramEnrolmentId, TestId,
};
use regie_core::period::{State, Window};
use regie_core::{Caller, Role};
use regie_people::person::{Filter, Kind, list};
use regie_people::{enrolment, group};
use regie_planning::entitlement::{self, Given};
use regie_planning::period::{self, AddPeriod};
use regie_planning::registration::{self, Registration};
use regie_signin::{Begun, Passwords, Policy, With, begin, resolve};
use regie_testkit::World;
use regie_web::House;
use regie_web::csrf::{Binding, Key};
use regie_web::front::Front;
use std::sync::Arc;
use tower::ServiceExt as _;
use uuid::Uuid;

/// A browser of somebody: its cookie and the token for its forms.
#[derive(Clone)]
pub struct Browser {
    cookie: String,
    csrf: String,
    /// Whose it is.
    pub person: PersonId,
}

pub struct Stage {
    pub app: axum::Router,
    house: House,
    key: Key,
    pub school: InstitutionId,
}

/// What a page answered.
pub struct Told {
    pub status: StatusCode,
    pub body: String,
}

pub async fn stage(world: &World) -> Stage {
    demo::fill(&world.db, Size::Tiny, 7).await.unwrap();
    let clock: Arc<dyn regie_core::Clock> = world.clock.clone();
    let random: Arc<dyn regie_core::Random> = world.random.clone();
    let key = Key::new([7; 32]);
    let house = House {
        db: world.db.clone(),
        clock: clock.clone(),
        random: random.clone(),
        // The demo's accounts were made with the standard strength.
        passwords: Passwords::standard(&*random).unwrap(),
        policy: Policy { second_factor_for_staff: false, ..Policy::default() },
        files: regie_files::Files::on_disk(&world.dir.path().join("imports")).unwrap(),
        secure: false,
        demo: Arc::new([]),
    };
    let school = regie_people::institution::by_slug(&world.db, demo::SLUG).await.unwrap().unwrap().id;
    let front = Front { clock, random, key: key.clone(), secure: false, body_limit: 1 << 20 };
    Stage { app: router(world.db.clone(), house.clone(), front), house, key, school }
}

impl Stage {
    /// Somebody of the demo signs in: `teacher`, `student`, `examoffice`, `committeechair` …
    pub async fn browser(&self, world: &World, who: &str) -> Browser {
        let with = With {
            db: &world.db,
            passwords: &self.house.passwords,
            policy: &self.house.policy,
            clock: &*self.house.clock,
            random: &*self.house.random,
            agent: "test",
        };
        let mail = format!("{who}@delta.example");
        let Ok(Begun::SignedIn(token)) = begin(with, &mail, demo::PASSWORD).await else {
            panic!("{mail} could not sign in")
        };
        let current = resolve(&world.db, &*self.house.clock, &token).await.unwrap().unwrap();
        Browser {
            cookie: format!("regie={}", token.secret()),
            csrf: self.key.token(&Binding(format!("sign-in {}", current.sign_in))).0,
            person: current.caller.person.unwrap(),
        }
    }

    pub async fn get(&self, browser: &Browser, path: &str) -> Told {
        self.ask(browser, Method::GET, path, Body::empty()).await
    }

    pub async fn post(&self, browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Told {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &browser.csrf).extend_pairs(fields);
        self.ask(browser, Method::POST, path, Body::from(form.finish())).await
    }

    async fn ask(&self, browser: &Browser, method: Method, path: &str, body: Body) -> Told {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "regie.example")
            .header(header::COOKIE, &browser.cookie)
            .header(header::ACCEPT_LANGUAGE, "nl")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = self.app.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let status = answer.status();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        Told { status, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub fn system(&self, world: &World) -> Caller {
        Caller::system(self.school, world.db.now())
    }

    /// Somebody acting in a role for the whole school, without a browser.
    pub fn caller(&self, world: &World, role: Role) -> Caller {
        Caller { person: Some(world.id()), role: Some(role), ..self.system(world) }
    }

    /// A test of the catalogue.
    pub async fn test(&self, world: &World, code: &str, name: &str, subject: &str) -> TestId {
        let id: TestId = world.id();
        let insert = |bytes: &dyn Fn(Uuid) -> String, yes: &str, no: &str| {
            format!(
                "INSERT INTO exam_test (institution, id, code, name, minutes, kind, subject, needs_device, active,
                    search, version)
                 VALUES ({}, {}, '{code}', '{name}', 90, 'digital', '{subject}', {no}, {yes}, '', 1);",
                bytes(self.school.uuid()),
                bytes(id.uuid()),
            )
        };
        world.outside(&insert(&blob, "1", "0"), &insert(&quoted, "TRUE", "FALSE")).await;
        id
    }

    /// A plan of the qualification and cohort of this enrolment, in which `second` asks the unit of `first`.
    pub async fn plan(&self, world: &World, crebo: &str, cohort: u32, first: TestId, second: TestId) -> Uuid {
        let [plan, one, other, asks] = [(); 4].map(|()| world.id::<TestId>().uuid());
        let insert = |b: &dyn Fn(Uuid) -> String| {
            let school = b(self.school.uuid());
            let (plan, one, other, asks) = (b(plan), b(one), b(other), b(asks));
            let (first, second) = (b(first.uuid()), b(second.uuid()));
            format!(
                "UPDATE exam_plan SET state = 'replaced'
                    WHERE institution = {school} AND crebo = '{crebo}' AND cohort = {cohort} AND state = 'frozen';
                 INSERT INTO exam_plan (institution, id, crebo, cohort, edition, name, level, state, hash, search,
                    version) VALUES ({school}, {plan}, '{crebo}', {cohort}, 99, 'Plan', 3, 'frozen', 'x', '', 1);
                 INSERT INTO exam_unit (institution, id, plan, code, name, kind, position, weight, pass_rule)
                    VALUES ({school}, {one}, {plan}, 'B1-K1', 'Bieden van zorg', 'core-task', 1, 1, '{{}}'),
                           ({school}, {other}, {plan}, 'B1-K2', 'Werken aan kwaliteit', 'core-task', 2, 1, '{{}}');
                 INSERT INTO unit_test (institution, unit, test, plan, position, weight)
                    VALUES ({school}, {one}, {first}, {plan}, 1, 1), ({school}, {other}, {second}, {plan}, 2, 1);
                 INSERT INTO prerequisite (institution, id, plan, of_unit, kind, needs_unit)
                    VALUES ({school}, {asks}, {plan}, {other}, 'unit-passed', {one});"
            )
        };
        world.outside(&insert(&blob), &insert(&quoted)).await;
        one
    }

    /// What was mailed, once so many mails were dealt with.
    pub async fn mails(&self, world: &World, count: usize) -> Vec<regie_platform::mail::Mail> {
        use regie_platform::mail::{list, see};
        let courier = regie_jobs::mail::Courier {
            post: regie_post::Post::house(),
            way: regie_jobs::mail::Way::Cabinet,
            sender: regie_post::Address::named("ROC Delta", "examens@roc.example"),
            address: "https://regie.example".into(),
        };
        let settings = regie_jobs::RunSettings {
            look: std::time::Duration::from_millis(20),
            ..regie_jobs::RunSettings::default()
        };
        let running =
            regie_app::serve::jobs(courier).start(&world.db, world.id::<PersonId>().uuid(), settings);
        let admin = self.caller(world, Role::Administrator);
        // Five minutes are only there to end a broken test.
        for _ in 0..15_000 {
            if list(&world.db, &admin).await.unwrap().len() >= count {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        running.stop().await;
        let mut mails = Vec::new();
        for line in list(&world.db, &admin).await.unwrap() {
            mails.push(see(&world.db, &admin, line.id).await.unwrap());
        }
        mails
    }

    /// Days within which a central exam is taken.
    pub async fn window(&self, world: &World, test: TestId, opens: &str, closes: &str) {
        let id = world.id::<TestId>().uuid();
        let insert = |b: &dyn Fn(Uuid) -> String| {
            format!(
                "INSERT INTO central_window (institution, id, test, name, opens, closes)
                 VALUES ({}, {}, {}, 'Periode', '{opens}', '{closes}');",
                b(self.school.uuid()),
                b(id),
                b(test.uuid()),
            )
        };
        world.outside(&insert(&blob), &insert(&quoted)).await;
    }

    /// An instrument of which version 3 is approved and version 4 a draft.
    pub async fn versions(&self, world: &World, test: TestId) -> (InstrumentVersionId, InstrumentVersionId) {
        let [instrument, third, fourth] = [(); 3].map(|()| world.id::<TestId>().uuid());
        let insert = |b: &dyn Fn(Uuid) -> String, yes: &str, moment: &str| {
            let school = b(self.school.uuid());
            let (instrument, third, fourth, test) = (b(instrument), b(third), b(fourth), b(test.uuid()));
            format!(
                "INSERT INTO exam_instrument (institution, id, test, code, name, route, active, search, version)
                    VALUES ({school}, {instrument}, {test}, 'REK-1', 'Rekenen', 'bought', {yes}, '', 1);
                 INSERT INTO instrument_version (institution, id, instrument, number, state, content, minutes, made_at,
                    hash, version)
                    VALUES ({school}, {third}, {instrument}, 3, 'approved', '{{}}', 90, {moment}, 'x', 1),
                           ({school}, {fourth}, {instrument}, 4, 'draft', '{{}}', 90, {moment}, NULL, 1);"
            )
        };
        world.outside(&insert(&blob, "1", "0"), &insert(&quoted, "TRUE", "now()")).await;
        (InstrumentVersionId::from_uuid(third), InstrumentVersionId::from_uuid(fourth))
    }

    /// A period of the demo's time: teachers and students register until Friday 20 November, 17:00 in school.
    pub async fn period(&self, world: &World, code: &str, open: bool) -> ExamPeriodId {
        let window =
            Some(Window { opens: at("2026-11-02T08:00:00+01:00"), closes: at("2026-11-20T17:00:00+01:00") });
        let later =
            Some(Window { opens: at("2026-11-02T08:00:00+01:00"), closes: at("2026-11-27T17:00:00+01:00") });
        let input = AddPeriod {
            id: world.id(),
            code: code.into(),
            name: format!("Periode {code}"),
            begins: date(2027, 1, 18),
            ends: date(2027, 1, 29),
            student: window,
            teacher: window,
            central: later,
        };
        let office = self.caller(world, Role::ExamOffice);
        let id = period::add(&world.db, &office, input).await.unwrap();
        if open {
            period::advance(&world.db, &office, id, State::Open, 1).await.unwrap();
        }
        id
    }

    /// The students of a class that the demo's teacher teaches, made for this test: so many, active and enrolled.
    pub async fn class(&self, world: &World, teacher: PersonId, size: usize) -> (GroupId, Vec<PersonId>) {
        let system = self.system(world);
        let filter = Filter { kind: Some(Kind::Student), size: 200, ..Filter::default() };
        let mut students = Vec::new();
        for line in list(&world.db, &system, &filter).await.unwrap().lines {
            let enrolled = enrolment::of_person(&world.db, &system, line.id).await.unwrap();
            if !enrolled.is_empty() && students.len() < size {
                students.push(line.id);
            }
        }
        assert_eq!(students.len(), size, "the demo is large enough");
        let unit = regie_people::unit::list(&world.db, &system).await.unwrap()[0].id;
        let input = group::AddGroup {
            id: world.id(),
            code: "KLAS-1".into(),
            name: "Klas 1".into(),
            unit,
            begins: date(2026, 8, 1),
            ends: None,
        };
        let id = group::add(&world.db, &system, input).await.unwrap();
        for (persons, part) in
            [(students.clone(), group::Part::Student), (vec![teacher], group::Part::Teacher)]
        {
            let join = group::Join { group: id, persons, part, begins: date(2026, 8, 1), ends: None };
            group::join(&world.db, &system, join).await.unwrap();
        }
        (id, students)
    }

    /// Entitles a student to a test under one of their enrolments.
    pub async fn entitle(
        &self,
        world: &World,
        person: PersonId,
        test: TestId,
        used: u32,
        left: Option<u32>,
    ) -> EntitlementId {
        let enrolments = enrolment::of_person(&world.db, &self.system(world), person).await.unwrap();
        self.entitle_under(world, person, enrolments[0].id, test, used, left).await
    }

    pub async fn entitle_under(
        &self,
        world: &World,
        person: PersonId,
        enrolment: ProgramEnrolmentId,
        test: TestId,
        used: u32,
        left: Option<u32>,
    ) -> EntitlementId {
        let id: EntitlementId = world.id();
        let given = Given {
            id,
            person,
            enrolment,
            test,
            source: "sis".into(),
            code: id.to_string(),
            attempts_used: used,
            attempts_left: left,
            due: None,
        };
        entitlement::take_in(&world.db, &self.system(world), vec![given]).await.unwrap();
        id
    }

    /// Every registration of a period.
    pub async fn registrations(&self, world: &World, period: ExamPeriodId) -> Vec<Registration> {
        let filter = registration::Filter { most: 1_000, ..registration::Filter::default() };
        registration::list(&world.db, &self.system(world), period, &filter).await.unwrap().lines
    }
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn blob(id: Uuid) -> String {
    format!("X'{}'", id.simple())
}

fn quoted(id: Uuid) -> String {
    format!("'{id}'")
}
