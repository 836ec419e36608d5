//! Mail from the form to the mailbox: a real mail server in its own process, both databases.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[path = "../../post/tests/server_process/mod.rs"]
#[allow(dead_code, reason = "shared with the tests of post")]
mod server_process;

use jiff::SignedDuration;
use jiff::civil::date;
use regie_app::serve::jobs;
use regie_core::id::{DeviceId, Id, OutboxId, PersonId};
use regie_core::{Caller, Random, Role, Scope};
use regie_db::{Db, Event, Outgoing};
use regie_jobs::mail::{Courier, Way};
use regie_jobs::{RunSettings, Running};
use regie_people::institution::{Found, Kind as InstitutionKind, found};
use regie_people::person::{AddPerson, Kind, add};
use regie_people::role::{AssignRole, assign};
use regie_platform::mail::{Mail, State, list, see};
use regie_platform::mail_text::{self, PutText};
use regie_platform::{Error, delivery, notice};
use regie_post::{Address, Post, Security};
use regie_signin::{NewAccount, Passwords, Token, create, invite, request_reset, reset};
use regie_testkit::{World, both};
use server_process::Server;
use std::sync::Arc;
use std::time::Duration;

/// A school with one member of staff who has an account at this address.
async fn school(world: &World, name: &str) -> PersonId {
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
    let id: PersonId = world.id();
    add(&world.db, &system, AddPerson::named(id, Kind::Staff, "Noor", Some("de"), "Vries")).await.unwrap();
    // Who has no password signs in elsewhere, and gets no mail about one.
    let password = Some("a hash nobody will compare".to_owned());
    let account =
        NewAccount { id: world.id(), mail: format!("{name}@student.example"), password, person: id };
    create(&world.db, &allowed, account).await.unwrap();
    id
}

fn courier(way: Way) -> Courier {
    Courier {
        post: Post::house(),
        way,
        sender: Address::named("ROC Delta", "examens@roc.example"),
        address: "https://regie.example".into(),
    }
}

fn start(db: &Db, world: &World, way: Way) -> Running {
    let settings = RunSettings { look: Duration::from_millis(20), ..RunSettings::default() };
    jobs(courier(way)).start(db, world.id::<DeviceId>().uuid(), settings)
}

async fn ask_reset(world: &World, name: &str) {
    let mail = format!("{name}@student.example");
    request_reset(&world.db, &*world.clock, &*world.random, &mail).await.unwrap();
}

fn admin(world: &World) -> Caller {
    world.caller(Role::Administrator)
}

/// Until something is so; five minutes are only there to end a broken test.
async fn until<F: Future<Output = bool>>(what: &str, mut so: impl FnMut() -> F) {
    for _ in 0..15_000 {
        if so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{what} did not happen within five minutes");
}

async fn settled(world: &World, count: usize) -> Vec<Mail> {
    let caller = admin(world);
    until("mail", || async { list(&world.db, &caller).await.unwrap().len() >= count }).await;
    let mut mails = Vec::new();
    for line in list(&world.db, &caller).await.unwrap() {
        mails.push(see(&world.db, &caller, line.id).await.unwrap());
    }
    mails
}

async fn waiting(world: &World) -> i64 {
    use regie_db::Ask as _;
    let (count,) = world.db.reader(world.school).one(rows()).await.unwrap();
    count
}

regie_db::statements! {
    fn rows() -> (i64,) = "SELECT count(*) FROM outbox WHERE institution = $1";

    /// As if the process had died between the server's yes and the end of the row.
    fn again(id: OutboxId, person: PersonId, payload: &str, now: jiff::Timestamp) =
        "INSERT INTO outbox (institution, id, subject_kind, subject, event, version, payload, recorded_at, due_at)
         VALUES ($1, $2, 'person', $3, 'mail.send', 1, $4, $5, $5)";
}

/// The letters of the mail, with its line ends put together again.
fn letters(raw: &str) -> String {
    raw.replace("=\r\n", "").replace("=3D", "=")
}

/// The token of the first link to this path.
fn token(raw: &str, path: &str) -> Token {
    let letters = letters(raw);
    let link = letters
        .split(&format!("https://regie.example/{path}/"))
        .nth(1)
        .unwrap_or_else(|| panic!("{letters}"));
    Token::read(link.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).next().unwrap())
        .unwrap()
}

async fn sets_a_password(world: &World, token: &Token) {
    let passwords = Passwords::light(&*world.random).unwrap();
    let random: Arc<dyn Random> = world.random.clone();
    reset(&world.db, &passwords, &random, token, "vier blauwe stoelen op het dak").await.unwrap();
}

both! {
    async fn a_reset_mail_arrives_over_starttls_with_a_link_that_works(world: World) {
        let server = Server::start("starttls");
        school(&world, "aicha").await;
        let running = start(&world.db, &world, Way::Server(server.smtp(Security::StartTls)));
        ask_reset(&world, "aicha").await;
        let got = server.event()["mail"].clone();
        assert_eq!((got["secure"].as_bool(), got["to"][0].as_str()), (Some(true), Some("aicha@student.example")));
        let raw = got["raw"].as_str().unwrap();
        assert!(raw.contains("Kies een nieuw wachtwoord") && letters(raw).contains("Beste Noor de Vries"), "{raw}");
        sets_a_password(&world, &token(raw, "password/reset")).await;
        // Whoever it is hears that it was done.
        let told = server.event()["mail"]["raw"].as_str().unwrap().to_owned();
        assert!(told.contains("Je wachtwoord is gewijzigd"), "{told}");
        let mails = settled(&world, 2).await;
        assert!(mails.iter().all(|mail| mail.state == State::Sent));
        assert!(
            mails.iter().all(|mail| mail.plain.is_none() && mail.html.is_none()),
            "a link that opens an account is not kept"
        );
        until("the end of the rows", || async { waiting(&world).await == 0 }).await;
        running.stop().await;
        let office = world.caller(Role::ExamOffice);
        assert!(matches!(list(&world.db, &office).await, Err(Error::Refused(_))), "only the administrator looks");
    }

    async fn a_mail_is_sent_once_although_the_server_was_busy_and_the_node_restarted(world: World) {
        let server = Server::start("starttls");
        let person = school(&world, "druk").await;
        // Greylisted at the first try; the pause is over when the clock has moved.
        let running = start(&world.db, &world, Way::Server(server.smtp(Security::StartTls)));
        ask_reset(&world, "druk").await;
        let dead = async || delivery::dead(&world.db, &admin(&world)).await.unwrap().len();
        until("the first try", || async { tried(&world).await }).await;
        running.stop().await;
        world.clock.forward(SignedDuration::from_mins(1));
        let running = start(&world.db, &world, Way::Server(server.smtp(Security::StartTls)));
        assert_eq!(server.event()["mail"]["to"][0], "druk@student.example");
        let mails = settled(&world, 1).await;
        until("the end of the row", || async { waiting(&world).await == 0 }).await;
        running.stop().await;
        // The row comes back, as after a crash right behind the server's yes.
        let payload = r#"{"template":"password-reset","to":"druk@student.example","token":"x","hours":2}"#;
        let (id, now) = (OutboxId::from_uuid(mails[0].id.uuid()), world.db.now());
        world.db.write::<(), regie_db::Error, _, _>(&world.system(), (), move |tx, ()| {
            Box::pin(async move {
                tx.queue(again(id, person, payload, now), regie_db::Expect::any());
                tx.touch(person);
                Ok(tx.done((), Event::none("a test")))
            })
        }).await.unwrap();
        let running = start(&world.db, &world, Way::Server(server.smtp(Security::StartTls)));
        until("the end of the row", || async { waiting(&world).await == 0 }).await;
        running.stop().await;
        server.nothing_more();
        assert_eq!(dead().await, 0);
    }

    async fn a_wrong_address_is_told_and_holds_nothing_back(world: World) {
        let server = Server::start("starttls");
        school(&world, "weg").await;
        let running = start(&world.db, &world, Way::Server(server.smtp(Security::StartTls)));
        ask_reset(&world, "weg").await;
        let mails = settled(&world, 1).await;
        assert_eq!(mails[0].state, State::Refused);
        assert!(mails[0].said.as_deref().unwrap().contains("550"), "{:?}", mails[0].said);
        until("the end of the row", || async { waiting(&world).await == 0 }).await;
        running.stop().await;
        assert!(delivery::dead(&world.db, &admin(&world)).await.unwrap().is_empty());
    }

    async fn a_school_says_it_in_its_own_words_and_a_broken_text_never_stops_a_mail(world: World) {
        let person = school(&world, "aicha").await;
        let role = AssignRole {
            id: world.id(), person, role: Role::Administrator, scope: Scope::Institution,
            begins: date(2026, 8, 1), ends: None, reason: None,
        };
        assign(&world.db, &world.system(), role).await.unwrap();
        let caller = Caller { person: Some(person), ..admin(&world) };
        let text = |plain: &str, version| PutText {
            name: "password-reset".into(), language: "nl".into(), subject: "Hoi {{ name }}".into(),
            plain: plain.into(), html: None, version,
        };
        mail_text::put(&world.db, &caller, text("Klik op {{ link }}", 0)).await.unwrap();
        let running = start(&world.db, &world, Way::Cabinet);
        ask_reset(&world, "aicha").await;
        let mails = settled(&world, 1).await;
        assert_eq!(mails[0].subject, "Hoi Noor de Vries");
        assert!(mails[0].plain.as_deref().unwrap().starts_with("Klik op https://regie.example/password/reset/"));
        // A field that the real mail does not have.
        mail_text::put(&world.db, &caller, text("Klik op {{ knop }}", 1)).await.unwrap();
        world.clock.forward(SignedDuration::from_secs(1));
        ask_reset(&world, "aicha").await;
        let mails = settled(&world, 2).await;
        assert_eq!(mails[0].subject, "Kies een nieuw wachtwoord", "the house's text went out");
        until("the notices", || async { notice::unread(&world.db, &caller).await == Ok(2) }).await;
        running.stop().await;
        let codes: Vec<String> =
            notice::list(&world.db, &caller).await.unwrap().into_iter().map(|notice| notice.code).collect();
        assert!(codes.contains(&"mail-text-failed".to_owned()) && codes.contains(&"role-assigned".to_owned()), "{codes:?}");
    }

    async fn administrators_hear_of_a_dead_letter_at_the_bell(world: World) {
        let person = school(&world, "aicha").await;
        let role = AssignRole {
            id: world.id(), person, role: Role::Administrator, scope: Scope::Institution,
            begins: date(2026, 8, 1), ends: None, reason: None,
        };
        assign(&world.db, &world.system(), role).await.unwrap();
        let broken = serde_json::json!({ "template": "no-such-text", "to": "a@student.example" });
        world.db.write::<(), regie_db::Error, _, _>(&world.system(), broken, move |tx, payload| {
            Box::pin(async move {
                tx.send(Outgoing::new("mail.send", 1, person, payload));
                tx.touch(person);
                Ok(tx.done((), Event::none("a test")))
            })
        }).await.unwrap();
        let running = start(&world.db, &world, Way::Cabinet);
        let caller = Caller { person: Some(person), ..admin(&world) };
        until("the notices", || async { notice::unread(&world.db, &caller).await == Ok(2) }).await;
        running.stop().await;
        let list = notice::list(&world.db, &caller).await.unwrap();
        let died = list.iter().find(|notice| notice.code == "delivery-died").unwrap();
        let id = delivery::dead(&world.db, &caller).await.unwrap()[0].letter.id;
        assert_eq!(died.place.as_deref(), Some(format!("/deliveries/{id}").as_str()));
    }

    async fn in_a_demo_mail_stays_in_the_cabinet_with_all_it_says(world: World) {
        let person = school(&world, "aicha").await;
        let running = start(&world.db, &world, Way::Cabinet);
        ask_reset(&world, "aicha").await;
        let appointment = serde_json::json!({
            "template": "session-booked", "to": "aicha@student.example",
            "data": { "test": "Nederlands 3F", "start": "2026-11-24T08:30:00Z", "end": "2026-11-24T10:00:00Z",
                "room": "B1.04", "campus": "Noord", "deadline": "2026-11-17T08:30:00Z", "reason": "" },
            "appointment": { "uid": "participation-7@roc.example", "method": "request", "sequence": 2,
                "start": "2026-11-24T08:30:00Z", "end": "2026-11-24T10:00:00Z", "summary": "Examen" },
        });
        world.db.write::<(), regie_db::Error, _, _>(&world.system(), appointment, move |tx, payload| {
            Box::pin(async move {
                tx.send(Outgoing::new("mail.send", 1, person, payload));
                tx.touch(person);
                Ok(tx.done((), Event::none("a test")))
            })
        }).await.unwrap();
        let mails = settled(&world, 2).await;
        running.stop().await;
        let of = |template: &str| mails.iter().find(|mail| mail.template == template).unwrap();
        let (reset, booked) = (of("password-reset"), of("session-booked"));
        assert_eq!((reset.state, reset.person_name.as_deref()), (State::Kept, Some("Noor de Vries")));
        sets_a_password(&world, &token(reset.plain.as_deref().unwrap(), "password/reset")).await;
        assert!(reset.html.as_deref().unwrap().contains("<a href=\"https://regie.example/password/reset/"));
        let calendar = booked.calendar.as_deref().unwrap();
        assert!(calendar.contains("SEQUENCE:2") && calendar.contains("METHOD:REQUEST"), "{calendar}");
    }

    async fn an_invitation_names_who_invites_and_for_what(world: World) {
        school(&world, "aicha").await;
        let boss: PersonId = world.id();
        let guest: PersonId = world.id();
        let system = world.system();
        add(&world.db, &system, AddPerson::named(boss, Kind::Staff, "Fatima", None, "Idrissi")).await.unwrap();
        let person = AddPerson {
            mail: Some("bakker@brood.example".into()),
            ..AddPerson::named(guest, Kind::External, "Bram", None, "Bakker")
        };
        add(&world.db, &system, person).await.unwrap();
        let role = AssignRole {
            id: world.id(), person: guest, role: Role::WorkplaceAssessor, scope: Scope::Institution,
            begins: date(2026, 8, 1), ends: None, reason: None,
        };
        assign(&world.db, &system, role).await.unwrap();
        let caller = Caller { person: Some(boss), ..admin(&world) };
        invite(&world.db, &caller, &*world.clock, &*world.random, guest).await.unwrap();
        let running = start(&world.db, &world, Way::Cabinet);
        let mails = settled(&world, 1).await;
        running.stop().await;
        let plain = mails[0].plain.as_deref().unwrap();
        assert!(plain.contains("Fatima Idrissi nodigt u uit") && plain.contains("praktijkbeoordelaar"), "{plain}");
        token(plain, "invitation");
    }

    async fn without_a_mail_server_mail_waits_and_an_administrator_mends_it(world: World) {
        school(&world, "aicha").await;
        let running = start(&world.db, &world, Way::Nowhere);
        ask_reset(&world, "aicha").await;
        let admin = admin(&world);
        // Twelve tries with longer and longer pauses.
        until("the last try", || async {
            world.clock.forward(SignedDuration::from_mins(90));
            !delivery::dead(&world.db, &admin).await.unwrap().is_empty()
        }).await;
        running.stop().await;
        let dead = delivery::dead(&world.db, &admin).await.unwrap();
        assert_eq!(dead[0].about.as_deref(), Some("Noor de Vries"));
        let id = dead[0].letter.id;
        assert!(dead[0].letter.error.as_deref().unwrap().contains("smtp-host"));
        assert!(dead[0].letter.shown().get("token").is_none(), "nobody reads the link off the page");
        let student = world.caller(Role::Student);
        assert!(matches!(delivery::retry(&world.db, &student, id).await, Err(Error::Refused(_))));
        assert_eq!(delivery::discard(&world.db, &admin, id, " ").await, Err(Error::Missing("reason")));
        delivery::retry(&world.db, &admin, id).await.unwrap();
        assert_eq!(delivery::retry(&world.db, &admin, id).await, Err(Error::NotDead));
        let running = start(&world.db, &world, Way::Cabinet);
        settled(&world, 1).await;
        running.stop().await;
    }

    async fn what_need_not_arrive_is_dropped_with_a_reason_and_the_rest_goes_on(world: World) {
        let person = school(&world, "aicha").await;
        let broken = serde_json::json!({ "template": "no-such-text", "to": "a@student.example", "token": "geheim" });
        world.db.write::<(), regie_db::Error, _, _>(&world.system(), broken, move |tx, payload| {
            Box::pin(async move {
                tx.send(Outgoing::new("mail.send", 1, person, payload));
                tx.touch(person);
                Ok(tx.done((), Event::none("a test")))
            })
        }).await.unwrap();
        ask_reset(&world, "aicha").await;
        let running = start(&world.db, &world, Way::Cabinet);
        let admin = admin(&world);
        until("its end", || async { !delivery::dead(&world.db, &admin).await.unwrap().is_empty() }).await;
        let (dead, history) = {
            let dead = delivery::dead(&world.db, &admin).await.unwrap();
            delivery::see(&world.db, &admin, dead[0].letter.id).await.unwrap()
        };
        assert_eq!((dead.letter.parked, history[0].action.as_str()), (1, "outbox.died"));
        let twin = Caller { institution: world.twin, ..admin.clone() };
        assert!(delivery::dead(&world.db, &twin).await.unwrap().is_empty());
        assert_eq!(delivery::discard(&world.db, &twin, dead.letter.id, "weg").await, Err(Error::NotDead));
        world.clock.forward(SignedDuration::from_secs(1));
        delivery::discard(&world.db, &admin, dead.letter.id, "tekst bestaat niet meer").await.unwrap();
        // The journal has what it was and why, and not what opens an account.
        use regie_db::Ask as _;
        let lines = world.db.reader(world.school).all(regie_db::journal::history(dead.letter.id.uuid(), 5)).await.unwrap();
        assert_eq!(lines[0].reason.as_deref(), Some("tekst bestaat niet meer"));
        let payload = lines[0].payload.as_deref().unwrap();
        assert!(payload.contains("no-such-text") && !payload.contains("geheim"), "{payload}");
        assert_eq!(settled(&world, 1).await[0].template, "password-reset");
        running.stop().await;
    }
}

regie_db::statements! {
    fn failed() -> (i64,) = "SELECT count(*) FROM outbox WHERE institution = $1 AND error IS NOT NULL";
}

async fn tried(world: &World) -> bool {
    use regie_db::Ask as _;
    let (count,) = world.db.reader(world.school).one(failed()).await.unwrap();
    count == 1
}
