//! Settings on both databases: every one of them, and that changing it changes what Regie does.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod planning;

use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt as _;
use jiff::SignedDuration;
use jiff::civil::date;
use regie_app::serve::{jobs, router};
use regie_core::id::{DeviceId, Id, PersonId};
use regie_core::setting::{self as set, Spec};
use regie_core::{Caller, Random, Role, Scope};
use regie_jobs::RunSettings;
use regie_jobs::mail::{Courier, Way};
use regie_people::institution::{Found, Kind as InstitutionKind, found};
use regie_people::person::{AddPerson, Kind, add};
use regie_people::role::{AssignRole, assign};
use regie_platform::setting::{Change, change, list, see};
use regie_platform::{Error, mail};
use regie_post::{Address, Post};
use regie_signin::{
    Begun, Error as SignInError, NewAccount, Passwords, Policy, Token, With, begin, create, invite, invited,
    request_reset, reset, resolve,
};
use regie_testkit::{World, both};
use regie_web::House;
use regie_web::csrf::Key;
use regie_web::front::Front;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt as _;

const PASSWORD: &str = "drie gele fietsen in de kelder";

struct Stage {
    world: World,
    passwords: Passwords,
    policy: Policy,
}

impl Stage {
    async fn new(world: World) -> Self {
        let system = world.system();
        let allowed = regie_access::platform(&mut world.db.reader(world.school), &system).await.unwrap();
        let school = Found {
            id: world.school,
            slug: "delta".into(),
            name: "ROC Delta".into(),
            kind: InstitutionKind::School,
            brin: None,
            home_organization: None,
        };
        found(&world.db, &allowed, school).await.unwrap();
        let passwords = Passwords::light(&*world.random).unwrap();
        Self { world, passwords, policy: Policy::default() }
    }

    /// Somebody new who can sign in, in this role.
    async fn somebody(&self, name: &str, role: Role) -> PersonId {
        let (world, system) = (&self.world, self.world.system());
        let id: PersonId = world.id();
        let kind = if role == Role::Student { Kind::Student } else { Kind::Staff };
        let person = AddPerson {
            mail: Some(format!("{name}@delta.example")),
            ..AddPerson::named(id, kind, name, Some("de"), "Vries")
        };
        add(&world.db, &system, person).await.unwrap();
        let role = AssignRole {
            id: world.id(),
            person: id,
            role,
            scope: Scope::Institution,
            begins: date(2026, 8, 1),
            ends: None,
            reason: None,
        };
        assign(&world.db, &system, role).await.unwrap();
        let allowed = regie_access::platform(&mut world.db.reader(world.school), &system).await.unwrap();
        let account = NewAccount {
            id: world.id(),
            mail: format!("{name}@delta.example"),
            password: Some(self.passwords.hash_now(PASSWORD, &*world.random).unwrap()),
            person: id,
        };
        create(&world.db, &allowed, account).await.unwrap();
        id
    }

    async fn begin(&self, name: &str, password: &str) -> Result<Begun, SignInError> {
        let world = &self.world;
        let with = With {
            db: &world.db,
            passwords: &self.passwords,
            policy: &self.policy,
            clock: &*world.clock,
            random: &*world.random,
            agent: "test",
        };
        begin(with, &format!("{name}@delta.example"), password).await
    }

    async fn token(&self, name: &str) -> Token {
        match self.begin(name, PASSWORD).await.unwrap() {
            Begun::SignedIn(token) | Begun::FactorNeeded(token) => token,
            Begun::CodeNeeded(_) => panic!("nobody here has a second factor"),
        }
    }

    async fn is_signed_in(&self, token: &Token) -> bool {
        resolve(&self.world.db, &*self.world.clock, token).await.unwrap().is_some()
    }

    /// Whether a browser that does nothing for so long is still signed in.
    async fn survives(&self, name: &str, minutes: i64) -> bool {
        let token = self.token(name).await;
        self.world.clock.forward(SignedDuration::from_mins(minutes));
        self.is_signed_in(&token).await
    }

    async fn set(&self, spec: &Spec, value: &str) {
        let role = match spec.owner {
            set::Owner::Configuration => Role::Administrator,
            set::Owner::Examining => Role::CommitteeChair,
        };
        let caller = self.world.caller(role);
        let (line, _) = see(&self.world.db, &caller, spec.key).await.unwrap();
        let input = Change { key: spec.key.into(), value: value.into(), version: line.version, reason: None };
        change(&self.world.db, &caller, input).await.unwrap();
    }

    async fn page(&self, name: &str, path: &str, accept: &str) -> String {
        let world = &self.world;
        let clock: Arc<dyn regie_core::Clock> = world.clock.clone();
        let random: Arc<dyn Random> = world.random.clone();
        let house = House {
            db: world.db.clone(),
            clock: clock.clone(),
            random: random.clone(),
            passwords: self.passwords.clone(),
            policy: self.policy,
            files: regie_files::Files::on_disk(&world.dir.path().join("imports")).unwrap(),
            secure: false,
            demo: Arc::new([]),
        };
        let front = Front { clock, random, key: Key::new([7; 32]), secure: false, body_limit: 1 << 20 };
        let request = Request::get(path)
            .header(header::COOKIE, format!("regie={}", self.token(name).await.secret()))
            .header(header::ACCEPT_LANGUAGE, accept)
            .body(Body::empty());
        let answer = router(world.db.clone(), house, front).oneshot(request.unwrap()).await.unwrap();
        let place = answer.headers().get(header::LOCATION).map(|it| it.to_str().unwrap().to_owned());
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        place.unwrap_or_else(|| String::from_utf8(body.to_vec()).unwrap())
    }

    /// The next mail of this school, read from the cabinet.
    async fn mailed(&self, known: usize) -> mail::Mail {
        let world = &self.world;
        let courier = Courier {
            post: Post::house(),
            way: Way::Cabinet,
            sender: Address::named("Regie", "examens@roc.example"),
            address: "https://regie.example".into(),
        };
        let settings = RunSettings { look: Duration::from_millis(20), ..RunSettings::default() };
        let running = jobs(courier).start(&world.db, world.id::<DeviceId>().uuid(), settings);
        let admin = world.caller(Role::Administrator);
        for _ in 0..15_000 {
            let mails = mail::list(&world.db, &admin).await.unwrap();
            if mails.len() > known {
                running.stop().await;
                return mail::see(&world.db, &admin, mails[0].id).await.unwrap();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("no mail within five minutes");
    }
}

async fn second_factor(stage: &Stage) -> &'static Spec {
    stage.somebody("fatima", Role::ExamOffice).await;
    assert!(matches!(stage.begin("fatima", PASSWORD).await, Ok(Begun::FactorNeeded(_))));
    assert!(stage.page("fatima", "/", "nl").await.contains("second-factor"), "sent to set one");
    stage.set(&set::SECOND_FACTOR_STAFF.spec, "no").await;
    assert!(matches!(stage.begin("fatima", PASSWORD).await, Ok(Begun::SignedIn(_))));
    assert!(stage.page("fatima", "/", "nl").await.contains("<h1>"));
    &set::SECOND_FACTOR_STAFF.spec
}

async fn passkeys(stage: &Stage) -> &'static Spec {
    use regie_signin::PasskeyRoles::{Administrators, Examining};
    let world = &stage.world;
    let asks = async |role| {
        let set = regie_access::settings(&mut world.db.reader(world.school)).await.unwrap();
        Policy::default().with(&set).asks_passkey(role)
    };
    assert_eq!(Policy::default().passkeys, Administrators);
    stage.set(&set::SECOND_FACTOR_STAFF.spec, "yes").await;
    assert!(asks(Role::Administrator).await && !asks(Role::ExamOffice).await && !asks(Role::Student).await);
    stage.somebody("ilse", Role::CommitteeChair).await;
    assert!(stage.page("ilse", "/", "nl").await.contains("/account/second-factor"), "any second factor");
    stage.set(&set::PASSKEY_ROLES.spec, "examining").await;
    assert!(Administrators < Examining && asks(Role::ExamOffice).await && !asks(Role::Teacher).await);
    stage.set(&set::PASSKEY_ROLES.spec, "staff").await;
    assert!(asks(Role::Teacher).await && !asks(Role::Student).await && !asks(Role::Parent).await);
    stage.set(&set::PASSKEY_ROLES.spec, "nobody").await;
    assert!(!asks(Role::Administrator).await);
    stage.set(&set::PASSKEY_ROLES.spec, "examining").await;
    stage.set(&set::SECOND_FACTOR_STAFF.spec, "no").await;
    assert!(!asks(Role::Administrator).await, "without a second step there is no key to ask for");
    &set::PASSKEY_ROLES.spec
}

async fn failures_and_lock(stage: &Stage) -> [&'static Spec; 2] {
    stage.somebody("bas", Role::Student).await;
    stage.set(&set::SIGN_IN_FAILURES.spec, "3").await;
    stage.set(&set::SIGN_IN_LOCK.spec, "45").await;
    for _ in 0..3 {
        assert!(matches!(stage.begin("bas", "fout wachtwoord").await, Err(SignInError::Wrong)));
    }
    assert!(matches!(stage.begin("bas", PASSWORD).await, Err(SignInError::Locked { minutes: 45 | 46 })));
    stage.world.clock.forward(SignedDuration::from_mins(46));
    stage.token("bas").await;
    [&set::SIGN_IN_FAILURES.spec, &set::SIGN_IN_LOCK.spec]
}

async fn sessions(stage: &Stage) -> [&'static Spec; 3] {
    stage.somebody("carla", Role::ExamOffice).await;
    stage.somebody("daan", Role::Student).await;
    assert!(stage.survives("carla", 50).await && stage.survives("daan", 300).await);
    stage.set(&set::IDLE_STAFF.spec, "40").await;
    stage.set(&set::IDLE_STUDENT.spec, "240").await;
    assert!(!stage.survives("carla", 50).await && !stage.survives("daan", 300).await);
    stage.set(&set::SIGN_IN_HOURS.spec, "6").await;
    let token = stage.token("daan").await;
    for _ in 0..3 {
        stage.world.clock.forward(SignedDuration::from_mins(100));
        assert!(stage.is_signed_in(&token).await, "it is used all the time");
    }
    stage.world.clock.forward(SignedDuration::from_mins(61));
    assert!(!stage.is_signed_in(&token).await, "six hours are over");
    [&set::IDLE_STAFF.spec, &set::IDLE_STUDENT.spec, &set::SIGN_IN_HOURS.spec]
}

fn link(plain: &str, path: &str) -> Token {
    let rest = plain.split(&format!("/{path}/")).nth(1).unwrap_or_else(|| panic!("{plain}"));
    Token::read(rest.split_whitespace().next().unwrap()).unwrap()
}

async fn links(stage: &Stage) -> [&'static Spec; 2] {
    let world = &stage.world;
    stage.somebody("els", Role::Student).await;
    stage.set(&set::RESET_HOURS.spec, "5").await;
    request_reset(&world.db, &*world.clock, &*world.random, "els@delta.example").await.unwrap();
    let mail = stage.mailed(0).await;
    world.clock.forward(SignedDuration::from_hours(4));
    let random: Arc<dyn Random> = world.random.clone();
    let token = link(mail.plain.as_deref().unwrap(), "password/reset");
    reset(&world.db, &stage.passwords, &random, &token, "vier blauwe stoelen op het dak").await.unwrap();

    let guest: PersonId = world.id();
    let person = AddPerson {
        mail: Some("gast@brood.example".into()),
        ..AddPerson::named(guest, Kind::External, "Gast", None, "Bakker")
    };
    add(&world.db, &world.system(), person).await.unwrap();
    stage.set(&set::INVITATION_DAYS.spec, "3").await;
    // Later than the mail about the new password.
    world.clock.forward(SignedDuration::from_mins(1));
    let admin = world.caller(Role::Administrator);
    invite(&world.db, &admin, &*world.clock, &*world.random, guest).await.unwrap();
    let token = link(stage.mailed(2).await.plain.as_deref().unwrap(), "invitation");
    assert!(invited(&world.db, &token).await.is_ok());
    world.clock.forward(SignedDuration::from_hours(3 * 24 + 1));
    assert!(invited(&world.db, &token).await.is_err(), "three days are over, fourteen are not");
    [&set::RESET_HOURS.spec, &set::INVITATION_DAYS.spec]
}

async fn mails(stage: &Stage) -> [&'static Spec; 3] {
    let world = &stage.world;
    stage.somebody("finn", Role::Student).await;
    let ask =
        async || request_reset(&world.db, &*world.clock, &*world.random, "finn@delta.example").await.unwrap();
    ask().await;
    let before = stage.mailed(3).await;
    assert!(
        before.subject.starts_with("Kies een nieuw") && before.sender == "ROC Delta <examens@roc.example>"
    );
    assert_eq!(before.reply_to, None);
    stage.set(&set::MAIL_LANGUAGE.spec, "en").await;
    stage.set(&set::MAIL_SENDER.spec, "Examenbureau Delta").await;
    stage.set(&set::MAIL_REPLY.spec, "bureau@delta.example").await;
    world.clock.forward(SignedDuration::from_mins(1));
    ask().await;
    let after = stage.mailed(4).await;
    assert_eq!(after.subject, "Choose a new password");
    assert_eq!(after.sender, "Examenbureau Delta <examens@roc.example>");
    assert_eq!(after.reply_to.as_deref(), Some("bureau@delta.example"));
    [&set::MAIL_LANGUAGE.spec, &set::MAIL_SENDER.spec, &set::MAIL_REPLY.spec]
}

async fn pages(stage: &Stage) -> [&'static Spec; 2] {
    stage.somebody("gijs", Role::ExamOffice).await;
    let page = stage.page("gijs", "/people", "en").await;
    assert!(page.contains("lang=\"en\"") && page.contains(">gijs de Vries<"), "{page}");
    stage.set(&set::PAGE_LANGUAGE.spec, "nl").await;
    stage.set(&set::NAME_ORDER.spec, "family-first").await;
    let page = stage.page("gijs", "/people", "en").await;
    assert!(page.contains("lang=\"nl\"") && page.contains(">Vries, gijs de<"), "{page}");
    [&set::PAGE_LANGUAGE.spec, &set::NAME_ORDER.spec]
}

async fn auditors(stage: &Stage) -> &'static Spec {
    let world = &stage.world;
    let person = stage.somebody("hanna", Role::Student).await;
    let give = async |ends: Option<jiff::civil::Date>| {
        let role = AssignRole {
            id: world.id(),
            person,
            role: Role::Auditor,
            scope: Scope::Institution,
            begins: date(2026, 12, 1),
            ends,
            reason: None,
        };
        assign(&world.db, &world.system(), role).await
    };
    let refused = Err(regie_people::Error::AuditorTooLong(14));
    assert_eq!(give(None).await.map(drop), refused.clone());
    assert_eq!(give(Some(date(2026, 12, 15))).await.map(drop), refused);
    give(Some(date(2026, 12, 14))).await.unwrap();
    stage.set(&set::AUDITOR_DAYS.spec, "21").await;
    give(Some(date(2026, 12, 21))).await.unwrap();
    &set::AUDITOR_DAYS.spec
}

/// How many members must have voted about an instrument that is put on the agenda now.
async fn quorum(stage: &Stage) -> &'static Spec {
    use regie_catalog::approval::{Open, open, see};
    use regie_catalog::instrument::{AddInstrument, Route};
    use regie_catalog::test::{AddTest, Kind as TestKind};
    use regie_catalog::version::{AttachDocument, Audience, Content, Moment, Purpose, PutVariant, Write};
    use regie_catalog::{instrument, supplier, test, version};
    let (world, system) = (&stage.world, stage.world.system());
    let agenda = async |code: &str| {
        let supplier = supplier::AddSupplier {
            id: world.id(),
            code: code.into(),
            name: code.into(),
            mail: None,
            certified_until: Some(date(2030, 1, 1)),
        };
        let supplier = Some(supplier::add(&world.db, &system, supplier).await.unwrap());
        let exam = AddTest {
            id: world.id(),
            code: code.into(),
            name: code.into(),
            minutes: 60,
            kind: TestKind::Practical,
            subject: None,
            reference_level: None,
            platform: None,
            needs_device: false,
            supplier,
            needs: Vec::new(),
        };
        let exam = test::add(&world.db, &system, exam).await.unwrap();
        let (id, name): (regie_core::id::InstrumentVersionId, String) = (world.id(), code.into());
        let made = AddInstrument {
            id: world.id(),
            version: id,
            test: exam,
            code: code.into(),
            name,
            route: Route::Bought,
            supplier,
            consent: None,
        };
        instrument::add(&world.db, &system, made).await.unwrap();
        let content =
            Content { minutes: 60, result: "done".into(), blueprint: "B1-K1".into(), ..Content::default() };
        let conditions = [("place", "Hier".to_owned()), ("room", "Lokaal".to_owned())].into();
        let said = Write { id, version: 1, content, conditions, aids: Vec::new(), conversion: Vec::new() };
        version::write(&world.db, &system, said).await.unwrap();
        let form = PutVariant { id, version: 2, variant: world.id(), code: "A".into(), name: "A".into() };
        version::put_variant(&world.db, &system, form).await.unwrap();
        let paper = AttachDocument {
            id,
            version: 3,
            document: world.id(),
            variant_code: String::new(),
            name: "formulier.pdf".into(),
            purpose: Purpose::Form,
            audience: Audience::Assessor,
            moment: Moment::Start,
            days: 0,
            file: "ab".repeat(32),
            media_type: "application/pdf".into(),
            size: 1,
        };
        version::attach(&world.db, &system, paper).await.unwrap();
        version::submit(&world.db, &system, id, 4).await.unwrap();
        let chair = world.caller(Role::CommitteeChair);
        let opened =
            open(&world.db, &chair, Open { id: world.id(), version: id, meeting: chair.today() }).await;
        see(&world.db, &chair, opened.unwrap()).await.unwrap().approval.quorum
    };
    assert_eq!(agenda("een").await, 2);
    stage.set(&set::INSTRUMENT_QUORUM.spec, "5").await;
    assert_eq!(agenda("twee").await, 5);
    &set::INSTRUMENT_QUORUM.spec
}

both! {
    async fn changing_any_setting_changes_what_regie_does(world: World) {
        let stage = Stage::new(world).await;
        let mut seen =
            vec![second_factor(&stage).await, passkeys(&stage).await, auditors(&stage).await, planning::late(&stage).await];
        seen.push(quorum(&stage).await);
        seen.extend(pages(&stage).await);
        seen.extend(failures_and_lock(&stage).await);
        seen.extend(sessions(&stage).await);
        seen.extend(links(&stage).await);
        seen.extend(mails(&stage).await);
        seen.extend(planning::sittings(&stage).await);
        let mut seen: Vec<&str> = seen.into_iter().map(|spec| spec.key).collect();
        let mut all: Vec<&str> = set::ALL.iter().map(|spec| spec.key).collect();
        seen.sort_unstable();
        all.sort_unstable();
        assert_eq!(seen, all, "a setting that nothing reads, or that nobody shows to be read");
    }

    async fn a_change_is_remembered_with_who_when_and_why(world: World) {
        let stage = Stage::new(world).await;
        let world = &stage.world;
        let person = stage.somebody("noor", Role::Administrator).await;
        let admin = Caller { person: Some(person), ..world.caller(Role::Administrator) };
        let input = |value: &str, version| Change {
            key: "sign-in-lock".into(),
            value: value.into(),
            version,
            reason: Some(" na het incident van mei ".into()),
        };
        change(&world.db, &admin, input("30", 0)).await.unwrap();
        assert_eq!(change(&world.db, &admin, input("40", 0)).await, Err(Error::ChangedMeanwhile));
        world.clock.forward(SignedDuration::from_secs(1));
        change(&world.db, &admin, input("40", 1)).await.unwrap();
        assert_eq!(change(&world.db, &admin, input("50", 1)).await, Err(Error::ChangedMeanwhile));
        let (line, history) = see(&world.db, &admin, "sign-in-lock").await.unwrap();
        assert_eq!((line.value.as_str(), line.version, line.differs()), ("40", 2, true));
        let (entry, who) = &history[0];
        assert_eq!((who.as_deref(), entry.reason.as_deref()), (Some("noor de Vries"), Some("na het incident van mei")));
        let (old, new) = entry.values().unwrap();
        assert_eq!((old["value"].as_str(), new["value"].as_str()), (Some("30"), Some("40")));
        assert_eq!(history[1].0.values().unwrap().0["value"], "15", "the first one remembers the default");

        // Whose decision it is: the administrator configures, the committee decides about examining.
        let office = world.caller(Role::ExamOffice);
        assert!(matches!(change(&world.db, &office, input("20", 2)).await, Err(Error::Refused(_))));
        let rule = Change { key: "auditor-days".into(), value: "20".into(), version: 0, reason: None };
        assert!(matches!(change(&world.db, &admin, rule.clone()).await, Err(Error::Refused(_))));
        change(&world.db, &world.caller(Role::CommitteeChair), rule).await.unwrap();
        assert!(matches!(list(&world.db, &world.caller(Role::Student)).await, Err(Error::Refused(_))));
        let wrong = Change { value: "0".into(), ..input("", 2) };
        assert!(matches!(change(&world.db, &admin, wrong).await, Err(Error::Setting(_))));

        // The twin school has its own, and a period that began keeps what it began with.
        let twin = Caller { institution: world.twin, ..admin.clone() };
        assert!(list(&world.db, &twin).await.unwrap().iter().all(|line| !line.differs()));
        let period = regie_access::settings(&mut world.db.reader(world.school)).await.unwrap().snapshot();
        let kept: set::Settings = serde_json::from_str(&serde_json::to_string(&period).unwrap()).unwrap();
        change(&world.db, &admin, input("60", 2)).await.unwrap();
        let now = regie_access::setting(&mut world.db.reader(world.school), &set::SIGN_IN_LOCK).await.unwrap();
        assert_eq!((kept.get(&set::SIGN_IN_LOCK), now), (40, 60));
    }
}
