//! Signing in as people meet it, on both databases.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use jiff::SignedDuration;
use jiff::civil::{Date, date};
use regie_core::id::{InstitutionId, PersonId, RoleAssignmentId};
use regie_core::{Caller, Random, Role, Scope};
use regie_people::grant::{self, GiveGrant};
use regie_people::institution::{Found, Kind, State, advance, found};
use regie_people::person::{self, AddPerson};
use regie_people::role::{AssignRole, assign};
use regie_signin::{
    Begun, Error, NewAccount, Passwords, Policy, Token, Vault, With, accept, begin, change_password, client,
    confirm, create, end_one, enrol, invite, list, request_reset, reseal, reset, reset_factor, resolve,
    second_step, switch,
};
use regie_testkit::{World, both};
use std::sync::Arc;

const PASSWORD: &str = "drie gele fietsen in de kelder";

struct House {
    passwords: Passwords,
    policy: Policy,
    person: PersonId,
}

impl House {
    fn with<'a>(&'a self, world: &'a World) -> With<'a> {
        With {
            db: &world.db,
            passwords: &self.passwords,
            policy: &self.policy,
            clock: &*world.clock,
            random: &*world.random,
            agent: "Firefox op Linux",
        }
    }
}

async fn house(world: &World, roles: &[Role]) -> House {
    house_at(world, world.school, "delta", roles).await
}

async fn house_at(world: &World, at: InstitutionId, slug: &str, roles: &[Role]) -> House {
    let system = Caller::system(at, world.db.now());
    let allowed = regie_access::platform(&mut world.db.reader(at), &system).await.unwrap();
    let school = Found {
        id: at,
        slug: slug.into(),
        name: "ROC Delta".into(),
        kind: Kind::School,
        brin: None,
        home_organization: None,
    };
    found(&world.db, &allowed, school).await.unwrap();
    let id: PersonId = world.id();
    let person = AddPerson {
        mail: Some("Noor@Delta.example".into()),
        ..AddPerson::named(id, person::Kind::Staff, "Noor", Some("de"), "Vries")
    };
    person::add(&world.db, &system, person).await.unwrap();
    for role in roles {
        let input = AssignRole {
            id: world.id::<RoleAssignmentId>(),
            person: id,
            role: *role,
            scope: Scope::Institution,
            begins: date(2026, 8, 1),
            ends: (at == world.school).then_some(date(2026, 11, 20)),
            reason: None,
        };
        assign(&world.db, &system, input).await.unwrap();
    }
    let passwords = Passwords::light(&*world.random).unwrap();
    let account = NewAccount {
        id: world.id(),
        mail: "noor@delta.example".into(),
        password: Some(passwords.hash_now(PASSWORD, &*world.random).unwrap()),
        person: id,
    };
    create(&world.db, &allowed, account).await.unwrap();
    House { passwords, policy: Policy::default(), person: id }
}

fn signed_in(begun: Begun) -> Token {
    match begun {
        Begun::SignedIn(token) => token,
        other => panic!("{other:?}"),
    }
}

/// The code an app would show: found by asking for the only one that fits.
fn code_for(secret: &str, second: u64) -> String {
    let letters = secret.replace(' ', "");
    let mut bits = 0u32;
    let mut held = 0u32;
    let mut bytes = Vec::new();
    for c in letters.chars() {
        let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).unwrap() as u32;
        held = (held << 5) | value;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(((held >> bits) & 255) as u8);
        }
    }
    let totp =
        totp_rs::Builder::new().with_secret(bytes).with_step_duration(30).with_skew(0).build().unwrap();
    (0..1_000_000u32).map(|n| format!("{n:06}")).find(|code| totp.check(code, second).is_some()).unwrap()
}

both! {
    async fn a_student_signs_in_switches_off_and_is_gone(world: World) {
        let house = house(&world, &[Role::Student]).await;
        let token = signed_in(begin(house.with(&world), " NOOR@delta.example ", PASSWORD).await.unwrap());
        let current = resolve(&world.db, &*world.clock, &token).await.unwrap().unwrap();
        assert_eq!((current.name.as_str(), current.caller.role), ("Noor de Vries", Some(Role::Student)));
        assert_eq!(list(&world.db, &current).await.unwrap().len(), 1);
        end_one(&world.db, &current, current.sign_in).await.unwrap();
        assert!(resolve(&world.db, &*world.clock, &token).await.unwrap().is_none());
        // The token that a cookie holds is nowhere in the database.
        assert!(Token::read(&token.secret()).is_some() && Token::read("x").is_none());
        assert_eq!(format!("{token:?}"), "Token(…)");
    }

    async fn five_wrong_passwords_lock_and_say_nothing_to_strangers(world: World) {
        let house = house(&world, &[Role::Student]).await;
        for _ in 0..5 {
            assert_eq!(begin(house.with(&world), "noor@delta.example", "fout wachtwoord").await.unwrap_err(), Error::Wrong);
        }
        assert_eq!(begin(house.with(&world), "noor@delta.example", "nog een fout").await.unwrap_err(), Error::Wrong);
        assert!(matches!(begin(house.with(&world), "noor@delta.example", PASSWORD).await.unwrap_err(), Error::Locked { minutes: 1..=16 }));
        assert_eq!(begin(house.with(&world), "nobody@delta.example", PASSWORD).await.unwrap_err(), Error::Wrong);
        world.clock.forward(SignedDuration::from_mins(16));
        signed_in(begin(house.with(&world), "noor@delta.example", PASSWORD).await.unwrap());
    }

    async fn staff_need_a_second_factor_and_each_code_works_once(world: World) {
        let house = house(&world, &[Role::ExamOffice]).await;
        let Begun::FactorNeeded(token) = begin(house.with(&world), "noor@delta.example", PASSWORD).await.unwrap() else { panic!() };
        let current = resolve(&world.db, &*world.clock, &token).await.unwrap().unwrap();
        assert!(current.staff && !current.strong);
        let made = enrol(&world.db, &current, house.passwords.vault(), &*world.random).await.unwrap();
        assert!(made.address.starts_with("otpauth://totp/Regie:noor@delta.example?secret="));
        let now = |world: &World| u64::try_from(world.db.now().as_second()).unwrap();
        assert_eq!(
            confirm(&world.db, &current, house.passwords.vault(), "000000", &*world.random).await.unwrap_err(),
            Error::CodeWrong
        );
        let code = code_for(&made.secret, now(&world));
        let recovery = confirm(&world.db, &current, house.passwords.vault(), &code, &*world.random).await.unwrap();
        assert_eq!(recovery.len(), 10);
        let current = resolve(&world.db, &*world.clock, &token).await.unwrap().unwrap();
        assert!(current.strong, "the browser that confirmed goes on");
        assert_eq!(enrol(&world.db, &current, house.passwords.vault(), &*world.random).await.unwrap_err(), Error::LinkExpired, "it is in force");

        let half = |begun| match begun { Begun::CodeNeeded(half) => half, other => panic!("{other:?}") };
        let step = half(begin(house.with(&world), "noor@delta.example", PASSWORD).await.unwrap());
        assert_eq!(second_step(house.with(&world), &step, &code).await.unwrap_err(), Error::CodeWrong, "it was spent");
        world.clock.forward(SignedDuration::from_secs(60));
        let code = code_for(&made.secret, now(&world));
        let token = second_step(house.with(&world), &step, &code).await.unwrap();
        assert!(resolve(&world.db, &*world.clock, &token).await.unwrap().unwrap().strong);
        assert_eq!(second_step(house.with(&world), &step, &code).await.unwrap_err(), Error::LinkExpired);

        let step = half(begin(house.with(&world), "noor@delta.example", PASSWORD).await.unwrap());
        second_step(house.with(&world), &step, &recovery[3].to_uppercase()).await.unwrap();
        let step = half(begin(house.with(&world), "noor@delta.example", PASSWORD).await.unwrap());
        assert_eq!(second_step(house.with(&world), &step, &recovery[3]).await.unwrap_err(), Error::CodeWrong);
        for _ in 0..4 {
            let _ = second_step(house.with(&world), &step, "123").await;
        }
        assert_eq!(second_step(house.with(&world), &step, &recovery[4]).await.unwrap_err(), Error::LinkExpired, "five failures end it");
    }

    async fn nobody_takes_their_own_second_factor_away(world: World) {
        let house = house(&world, &[Role::ExamOffice]).await;
        let Begun::FactorNeeded(token) = begin(house.with(&world), "noor@delta.example", PASSWORD).await.unwrap() else { panic!() };
        let current = resolve(&world.db, &*world.clock, &token).await.unwrap().unwrap();
        let vault = house.passwords.vault();
        let made = enrol(&world.db, &current, vault, &*world.random).await.unwrap();
        let code = code_for(&made.secret, u64::try_from(world.db.now().as_second()).unwrap());
        confirm(&world.db, &current, vault, &code, &*world.random).await.unwrap();
        let take = async |caller: &Caller, reason: &str| reset_factor(&world.db, caller, house.person, reason).await;
        let herself = Caller { person: Some(house.person), ..world.caller(Role::Administrator) };
        assert!(matches!(take(&herself, "kwijt").await, Err(Error::Refused(regie_access::Refusal::Duty { rule: "not-your-own-account", .. }))));
        assert!(matches!(take(&world.caller(Role::ExamOffice), "kwijt").await, Err(Error::Refused(_))));
        let admin = world.caller(Role::Administrator);
        assert_eq!(take(&admin, "  ").await, Err(Error::ReasonMissing));
        take(&admin, "telefoon kwijt, paspoort gezien").await.unwrap();
        assert!(resolve(&world.db, &*world.clock, &token).await.unwrap().is_none(), "signed out everywhere");
        let told: Vec<_> = outbox(&world).await.iter().map(|mail| mail["data"]["change"].clone()).collect();
        assert_eq!(told, ["added", "removed"], "and told");
        let again = begin(house.with(&world), "noor@delta.example", PASSWORD).await.unwrap();
        assert!(matches!(again, Begun::FactorNeeded(_)));
    }

    async fn secrets_move_to_the_newest_key(world: World) {
        let house = house(&world, &[Role::ExamOffice]).await;
        let Begun::FactorNeeded(token) = begin(house.with(&world), "noor@delta.example", PASSWORD).await.unwrap() else { panic!() };
        let current = resolve(&world.db, &*world.clock, &token).await.unwrap().unwrap();
        let (old, both) = (Vault::new(&[[1; 32]]).unwrap(), Vault::new(&[[2; 32], [1; 32]]).unwrap());
        let made = enrol(&world.db, &current, &old, &*world.random).await.unwrap();
        assert_eq!(reseal(&world.db, &both, &*world.random).await.unwrap(), 1);
        assert_eq!(reseal(&world.db, &both, &*world.random).await.unwrap(), 0);
        let code = code_for(&made.secret, u64::try_from(world.db.now().as_second()).unwrap());
        let lost = confirm(&world.db, &current, &old, &code, &*world.random).await;
        assert!(matches!(lost, Err(Error::Db(_))), "the old key alone opens it no more");
        let new = Vault::new(&[[2; 32]]).unwrap();
        confirm(&world.db, &current, &new, &code, &*world.random).await.unwrap();
    }

    async fn one_acts_in_one_role_at_a_time_and_only_while_it_holds(world: World) {
        let mut house = house(&world, &[Role::Teacher, Role::ExamOffice]).await;
        house.policy.second_factor_for_staff = false;
        let token = signed_in(begin(house.with(&world), "noor@delta.example", PASSWORD).await.unwrap());
        let current = resolve(&world.db, &*world.clock, &token).await.unwrap().unwrap();
        assert_eq!(current.hats.len(), 2);
        let other = current.hats.iter().find(|hat| !hat.worn).unwrap();
        switch(&world.db, &current, other.id).await.unwrap();
        let now = resolve(&world.db, &*world.clock, &token).await.unwrap().unwrap();
        assert_eq!(now.caller.role, Some(other.role));
        assert_eq!(switch(&world.db, &now, world.id()).await, Err(Error::NotYourHat));
        // The roles end at midnight; so does the sign-in.
        world.clock.set("2026-11-20T22:30:00Z".parse().unwrap());
        let late = signed_in(begin(house.with(&world), "noor@delta.example", PASSWORD).await.unwrap());
        world.clock.forward(SignedDuration::from_mins(31));
        assert!(resolve(&world.db, &*world.clock, &late).await.unwrap().is_none());
        assert_eq!(begin(house.with(&world), "noor@delta.example", PASSWORD).await.unwrap_err(), Error::NoRole);
    }

    async fn an_idle_browser_is_signed_out(world: World) {
        let house = house(&world, &[Role::Student]).await;
        let token = signed_in(begin(house.with(&world), "noor@delta.example", PASSWORD).await.unwrap());
        world.clock.forward(SignedDuration::from_hours(5));
        assert!(resolve(&world.db, &*world.clock, &token).await.unwrap().is_some(), "an exam lasts");
        world.clock.forward(SignedDuration::from_hours(5));
        assert!(resolve(&world.db, &*world.clock, &token).await.unwrap().is_some(), "it was used since");
        world.clock.forward(SignedDuration::from_hours(3));
        assert!(resolve(&world.db, &*world.clock, &token).await.unwrap().is_none(), "twelve hours is the end");
    }

    async fn a_reset_link_works_once_and_signs_every_browser_out(world: World) {
        let house = house(&world, &[Role::Student]).await;
        let token = signed_in(begin(house.with(&world), "noor@delta.example", PASSWORD).await.unwrap());
        request_reset(&world.db, &*world.clock, &*world.random, "nobody@delta.example").await.unwrap();
        request_reset(&world.db, &*world.clock, &*world.random, "Noor@delta.example").await.unwrap();
        let sent = outbox(&world).await;
        assert_eq!(sent.len(), 1, "a stranger gets no mail");
        let link = Token::read(sent[0]["token"].as_str().unwrap()).unwrap();
        let random: Arc<dyn Random> = world.random.clone();
        let set = async |password: &str| reset(&world.db, &house.passwords, &random, &link, password).await;
        assert_eq!(set("welkom12345").await, Err(Error::PasswordWeak));
        set("vier blauwe stoelen op het dak").await.unwrap();
        assert_eq!(set("vijf rode deuren naar de tuin").await, Err(Error::LinkExpired));
        assert!(resolve(&world.db, &*world.clock, &token).await.unwrap().is_none());
        assert_eq!(begin(house.with(&world), "noor@delta.example", PASSWORD).await.unwrap_err(), Error::Wrong);
        signed_in(begin(house.with(&world), "noor@delta.example", "vier blauwe stoelen op het dak").await.unwrap());
    }

    async fn a_password_is_changed_by_who_knows_the_present_one(world: World) {
        let house = house(&world, &[Role::Student]).await;
        let random: Arc<dyn Random> = world.random.clone();
        let here = signed_in(begin(house.with(&world), "noor@delta.example", PASSWORD).await.unwrap());
        let there = signed_in(begin(house.with(&world), "noor@delta.example", PASSWORD).await.unwrap());
        request_reset(&world.db, &*world.clock, &*world.random, "noor@delta.example").await.unwrap();
        let link = Token::read(outbox(&world).await[0]["token"].as_str().unwrap()).unwrap();
        let current = resolve(&world.db, &*world.clock, &here).await.unwrap().unwrap();
        let change = async |present: &str, new: &str| {
            change_password(house.with(&world), &random, &current, present, new).await
        };
        let new = "vier blauwe stoelen op het dak";
        assert_eq!(change("fout wachtwoord", new).await, Err(Error::PasswordPresent));
        assert_eq!(change(PASSWORD, PASSWORD).await, Err(Error::PasswordSame));
        assert_eq!(change(PASSWORD, "kort").await, Err(Error::PasswordShort(10)));
        for weak in ["Welkom2026!!", "ROC-Delta-2026", "noor.de.vries1", "Ex@men2026!"] {
            assert_eq!(change(PASSWORD, weak).await, Err(Error::PasswordWeak), "{weak}");
        }
        change(PASSWORD, new).await.unwrap();
        assert!(resolve(&world.db, &*world.clock, &here).await.unwrap().is_some(), "this browser goes on");
        assert!(resolve(&world.db, &*world.clock, &there).await.unwrap().is_none(), "the others do not");
        let by_link = reset(&world.db, &house.passwords, &random, &link, "vijf rode deuren naar de tuin").await;
        assert_eq!(by_link, Err(Error::LinkExpired), "a link that was on its way is worth nothing");
        assert_eq!(outbox(&world).await[1]["template"], "password-changed", "and told");
        assert_eq!(begin(house.with(&world), "noor@delta.example", PASSWORD).await.unwrap_err(), Error::Wrong);
        signed_in(begin(house.with(&world), "noor@delta.example", new).await.unwrap());
        // Somebody at an open screen guesses as often as at the door.
        for _ in 0..5 {
            assert_eq!(change("fout wachtwoord", "zes ovens vol warm brood").await, Err(Error::PasswordPresent));
        }
        assert!(matches!(change(new, "zes ovens vol warm brood").await, Err(Error::Locked { .. })));
    }

    async fn an_invited_assessor_makes_an_account_with_the_link(world: World) {
        let house = house(&world, &[Role::Administrator]).await;
        let system = world.system();
        let guest: PersonId = world.id();
        let person = AddPerson {
            mail: Some("bakker@brood.example".into()),
            ..AddPerson::named(guest, person::Kind::External, "Bram", None, "Bakker")
        };
        person::add(&world.db, &system, person).await.unwrap();
        let admin = Caller { person: Some(house.person), role: Some(Role::Administrator), ..system.clone() };
        let office = Caller { role: Some(Role::ExamOffice), ..admin.clone() };
        let refused = invite(&world.db, &office, &*world.clock, &*world.random, guest).await;
        assert!(matches!(refused, Err(Error::Refused(_))));
        invite(&world.db, &admin, &*world.clock, &*world.random, guest).await.unwrap();
        let link = Token::read(outbox(&world).await[0]["token"].as_str().unwrap()).unwrap();
        let random: Arc<dyn Random> = world.random.clone();
        let make = async || accept(&world.db, &house.passwords, &*world.clock, &random, &link, "zes ovens vol warm brood").await;
        make().await.unwrap();
        assert_eq!(make().await, Err(Error::LinkExpired));
        assert_eq!(begin(house.with(&world), "bakker@brood.example", "zes ovens vol warm brood").await.unwrap_err(), Error::NoRole);
        assert_eq!(invite(&world.db, &admin, &*world.clock, &*world.random, guest).await, Err(Error::PersonTaken));
    }
}

regie_db::statements! {
    fn payloads() -> (String,) = "SELECT payload FROM outbox WHERE institution = $1 AND event = 'mail.send' ORDER BY position";
}

async fn outbox(world: &World) -> Vec<serde_json::Value> {
    use regie_db::Ask as _;
    let rows = world.db.reader(world.school).all(payloads()).await.unwrap();
    rows.into_iter().map(|(text,)| serde_json::from_str(&text).unwrap()).collect()
}

/// A school that somebody else's people may come to, and its administrator.
async fn granting_school(world: &World) -> Caller {
    let system = world.system();
    let allowed = regie_access::platform(&mut world.db.reader(world.school), &system).await.unwrap();
    let (slug, name) = ("delta".to_owned(), "ROC Delta".to_owned());
    let input =
        Found { id: world.school, slug, name, kind: Kind::School, brin: None, home_organization: None };
    found(&world.db, &allowed, input).await.unwrap();
    let id: PersonId = world.id();
    person::add(&world.db, &system, AddPerson::named(id, person::Kind::Staff, "Ali", None, "Kaya"))
        .await
        .unwrap();
    Caller { person: Some(id), role: Some(Role::Administrator), ..system }
}

async fn step(world: &World, at: InstitutionId, next: State) {
    let system = Caller::system(at, world.db.now());
    let allowed = regie_access::platform(&mut world.db.reader(at), &system).await.unwrap();
    advance(&world.db, &allowed, at, next, "besluit van het bestuur").await.unwrap();
}

both! {
    async fn a_suspended_institution_lets_nobody_in_and_says_so(world: World) {
        let house = house(&world, &[Role::Student]).await;
        let enter = async || begin(house.with(&world), "noor@delta.example", PASSWORD).await;
        let token = signed_in(enter().await.unwrap());
        let admin = Caller { person: Some(house.person), role: Some(Role::Administrator), ..world.system() };
        let input = client::AddClient {
            id: world.id(), name: "koppeling".into(), role: Role::Auditor, scopes: vec![client::ApiScope::OrganisationRead],
        };
        let (id, secret) = client::add(&world.db, &admin, &*world.random, input).await.unwrap();
        let ask = async || client::token(&world.db, &*world.clock, &*world.random, id, &secret.secret(), None).await;
        let given = ask().await.unwrap().token;

        step(&world, world.school, State::Active).await;
        step(&world, world.school, State::Suspended).await;
        let shut = |for_good| Error::InstitutionClosed { name: "ROC Delta".into(), for_good };
        assert_eq!(resolve(&world.db, &*world.clock, &token).await.unwrap_err(), shut(false), "the browser that was open");
        assert_eq!(enter().await.unwrap_err(), shut(false), "a new one");
        let wrong = begin(house.with(&world), "noor@delta.example", "fout wachtwoord").await;
        assert_eq!(wrong.unwrap_err(), Error::Wrong, "only who knows the password hears it");
        assert!(matches!(ask().await, Err(client::NoToken::Closed(name)) if name == "ROC Delta"));
        assert_eq!(client::recognise(&world.db, &*world.clock, &given).await.unwrap_err(), shut(false));

        step(&world, world.school, State::Active).await;
        assert!(resolve(&world.db, &*world.clock, &token).await.unwrap().is_some(), "nothing was lost");
        assert!(client::recognise(&world.db, &*world.clock, &given).await.unwrap().is_some());
        step(&world, world.school, State::Suspended).await;
        step(&world, world.school, State::Closed).await;
        assert_eq!(enter().await.unwrap_err(), shut(true));
    }

    async fn a_grant_lets_in_whom_it_is_for_on_its_days_alone(world: World) {
        let school = granting_school(&world).await;
        let mut bureau = house_at(&world, world.twin, "bureau", &[Role::ExamOffice]).await;
        bureau.policy.second_factor_for_staff = false;
        let enter = async || signed_in(begin(bureau.with(&world), "noor@delta.example", PASSWORD).await.unwrap());
        let hats = async |token: &Token| {
            let current = resolve(&world.db, &*world.clock, token).await.unwrap().unwrap();
            current.hats.iter().filter(|hat| hat.institution == world.school).map(|hat| hat.role).collect::<Vec<_>>()
        };
        assert!(hats(&enter().await).await.is_empty(), "without a grant nothing of the school is theirs");
        let today = school.today();
        let give = |role, begins: Date, ends: Date| GiveGrant {
            id: world.id(), to: world.twin, role, scope: Scope::Institution, begins, ends,
            reason: "plant de rekenexamens".into(),
        };
        let tomorrow = today.tomorrow().unwrap();
        grant::give(&world.db, &school, give(Role::ExamOffice, tomorrow, tomorrow)).await.unwrap();
        grant::give(&world.db, &school, give(Role::SessionLeader, today, tomorrow)).await.unwrap();
        assert!(hats(&enter().await).await.is_empty(), "not before its day, and not in a role they do not have at home");

        world.clock.forward(SignedDuration::from_hours(24));
        let token = enter().await;
        assert_eq!(hats(&token).await, [Role::ExamOffice]);
        let current = resolve(&world.db, &*world.clock, &token).await.unwrap().unwrap();
        assert_eq!(current.caller.institution, world.twin, "at home first");
        let theirs = current.hats.iter().find(|hat| hat.institution == world.school).unwrap().id;
        switch(&world.db, &current, theirs).await.unwrap();
        let current = resolve(&world.db, &*world.clock, &token).await.unwrap().unwrap();
        assert_eq!((current.caller.institution, current.name.as_str()), (world.school, "Noor de Vries"));
        let seen = person::list(&world.db, &current.caller, &person::Filter::default()).await.unwrap();
        assert_eq!(seen.total, 1, "the school's people, as its own exam office sees them");

        world.clock.forward(SignedDuration::from_hours(24));
        assert!(hats(&enter().await).await.is_empty(), "its last day is over");
        let day = Caller { occurred_at: world.db.now(), ..school.clone() };
        let again = give(Role::ExamOffice, day.today(), day.today());
        let id = grant::give(&world.db, &day, again).await.unwrap();
        let token = enter().await;
        assert_eq!(hats(&token).await, [Role::ExamOffice]);
        grant::revoke(&world.db, &day, id, "samenwerking gestopt").await.unwrap();
        assert!(hats(&token).await.is_empty(), "an open browser too");
        // A school that is suspended grants nothing, and a suspended bureau holds nothing.
        let last = give(Role::ExamOffice, day.today(), day.today());
        grant::give(&world.db, &day, last).await.unwrap();
        assert_eq!(hats(&token).await, [Role::ExamOffice]);
        step(&world, world.school, State::Active).await;
        step(&world, world.school, State::Suspended).await;
        assert!(hats(&token).await.is_empty());
        step(&world, world.school, State::Active).await;
        step(&world, world.twin, State::Active).await;
        step(&world, world.twin, State::Suspended).await;
        assert!(resolve(&world.db, &*world.clock, &token).await.is_err(), "nor through what was granted to it");
    }
}
