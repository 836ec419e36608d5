//! Notices, the school's look and its own mail texts, on both databases.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use jiff::civil::date;
use regie_core::colour::{Colour, Theme};
use regie_core::id::{Id, OutboxId, PersonId};
use regie_core::{Caller, Role};
use regie_platform::brand::{self, Paint, SetLogo};
use regie_platform::mail_text::{self, PutText};
use regie_platform::notice::{self, Telling};
use regie_platform::{Error, shell_of};
use regie_testkit::{World, both};
use uuid::Uuid;

regie_db::statements! {
    fn sent() -> (String, String) = "SELECT event, payload FROM outbox WHERE institution = $1 ORDER BY position";
}

/// Gives a person a role, in the way the other area keeps it.
async fn holds(world: &World, person: PersonId, role: Role) {
    let school = world.school.uuid();
    let (id, person, role) = (world.id::<PersonId>().uuid(), person.uuid(), role.code());
    let day = date(2026, 8, 1);
    let hex = |id: Uuid| format!("X'{}'", id.simple());
    let quoted = |id: Uuid| format!("'{id}'");
    let sql = |of: &dyn Fn(Uuid) -> String| {
        format!(
            "INSERT INTO person (institution, id, kind, given_name, family_name, display_name, id_check, state, search,
                sort_name, version)
             VALUES ({s}, {p}, 'staff', 'a', 'b', 'a b', 'notAvailable', 'active', '', '', 1);
             INSERT INTO role_assignment (institution, id, person, role, scope_kind, begins)
             VALUES ({s}, {i}, {p}, '{role}', 'institution', '{day}');",
            s = of(school),
            p = of(person),
            i = of(id),
        )
    };
    world.outside(&sql(&hex), &sql(&quoted)).await;
}

both! {
    async fn a_notice_reaches_whom_it_concerns_once(world: World) {
        let (admin, other) = (world.caller(Role::Administrator), world.caller(Role::Student));
        holds(&world, admin.person.unwrap(), Role::Administrator).await;
        let row: OutboxId = world.id();
        let telling = Telling::to_role(Role::Administrator, "delivery-died").with("what", "x").at("/deliveries");
        for _ in 0..2 {
            notice::tell(&world.db, world.school, row, telling.clone()).await.unwrap();
        }
        let list = notice::list(&world.db, &admin).await.unwrap();
        assert_eq!((list.len(), list[0].code.as_str(), list[0].values()["what"].as_str()), (1, "delivery-died", Some("x")));
        assert_eq!(notice::unread(&world.db, &admin).await, Ok(1));
        assert_eq!(shell_of(&world.db, &admin).await.unwrap().unread, 1);
        assert_eq!(notice::unread(&world.db, &other).await, Ok(0));
        // One's notices are one's own, and stay in one's school.
        assert_eq!(notice::read(&world.db, &other, list[0].id).await, Err(Error::NotFound("notice")));
        let twin = Caller { institution: world.twin, ..admin.clone() };
        assert_eq!(notice::list(&world.db, &twin).await.unwrap().len(), 0);
        assert_eq!(notice::read(&world.db, &admin, list[0].id).await, Ok(Some("/deliveries".into())));
        assert_eq!(notice::unread(&world.db, &admin).await, Ok(0));
        let elsewhere = Telling::to_person(other.person.unwrap(), "role-assigned").at("//evil.example");
        notice::tell(&world.db, world.school, world.id(), elsewhere).await.unwrap();
        assert_eq!(notice::list(&world.db, &other).await.unwrap()[0].place, None, "it never leads out of the house");
        notice::read_all(&world.db, &other).await.unwrap();
        assert_eq!(notice::unread(&world.db, &other).await, Ok(0));
    }

    async fn a_colour_nobody_can_read_is_refused_with_the_nearest_that_can(world: World) {
        let admin = world.caller(Role::Administrator);
        let paint = async |by: &Caller, colour: &str, dark: &str| {
            brand::paint(&world.db, by, Paint { colour: colour.into(), colour_dark: dark.into() }).await
        };
        assert!(matches!(paint(&world.caller(Role::ExamOffice), "#0b5563", "").await, Err(Error::Refused(_))));
        assert_eq!(paint(&admin, "geel", "").await, Err(Error::NoColour("colour")));
        let Err(Error::Unreadable("colour", refused)) = paint(&admin, "#ffd200", "").await else { panic!() };
        assert!(brand::see(&world.db, &admin).await.unwrap().is_none(), "nothing was saved");
        let nearest = refused.nearest.to_string();
        assert!(matches!(paint(&admin, &nearest, "#101010").await, Err(Error::Unreadable("colour_dark", _))));
        paint(&admin, &nearest, "").await.unwrap();
        let found = brand::see(&world.db, &world.caller(Role::Student)).await.unwrap().unwrap();
        let style = found.style();
        let dark: Colour = found.colour(Theme::Dark).unwrap();
        assert!(dark.readable(Theme::Dark).is_ok());
        assert!(style.contains(&format!("--brand: light-dark({nearest}, {dark})")), "{style}");
        let look = async || {
            let shell = shell_of(&world.db, &admin).await.unwrap();
            shell.look.as_ref().as_ref().map(|look| (look.version, look.logo))
        };
        assert_eq!(look().await, Some((1, false)));
        let logo = async |bytes: &[u8], kind: &str| {
            brand::set_logo(&world.db, &admin, SetLogo { picture: Some((bytes.to_vec(), kind.into())) }).await
        };
        assert_eq!(logo(b"<svg onload='x'>", "image/svg+xml").await, Err(Error::NoPicture));
        assert_eq!(logo(&vec![0; 201 << 10], "image/png").await, Err(Error::LogoTooLarge(200)));
        logo(b"png", "image/png").await.unwrap();
        assert_eq!(brand::logo(&world.db, &admin).await.unwrap(), Some((b"png".to_vec(), "image/png".into())));
        assert_eq!(look().await, Some((2, true)), "the next page shows it");
        paint(&admin, "", "").await.unwrap();
        assert_eq!(brand::see(&world.db, &admin).await.unwrap().unwrap().style(), "", "back to the house's");
        let twin = Caller { institution: world.twin, ..admin.clone() };
        assert!(brand::see(&world.db, &twin).await.unwrap().is_none());
        brand::set_logo(&world.db, &admin, SetLogo { picture: None }).await.unwrap();
        assert_eq!(brand::logo(&world.db, &admin).await.unwrap(), None);
    }

    async fn a_school_writes_its_own_text_and_hears_once_when_it_fails(world: World) {
        use regie_db::Ask as _;
        let admin = world.caller(Role::Administrator);
        let text = |plain: &str, version| PutText {
            name: "password-reset".into(), language: "nl".into(), subject: "Nieuw".into(), plain: plain.into(),
            html: Some("  ".into()), version,
        };
        assert!(matches!(mail_text::put(&world.db, &world.caller(Role::Teacher), text("x", 0)).await, Err(Error::Refused(_))));
        assert_eq!(mail_text::put(&world.db, &admin, text(" ", 0)).await, Err(Error::Missing("plain")));
        mail_text::put(&world.db, &admin, text("een", 0)).await.unwrap();
        assert_eq!(mail_text::put(&world.db, &admin, text("twee", 0)).await, Err(Error::ChangedMeanwhile));
        mail_text::put(&world.db, &admin, text("twee", 1)).await.unwrap();
        let own = mail_text::own(&world.db, world.school, "password-reset", "nl").await.unwrap().unwrap();
        assert_eq!((own.plain.as_str(), own.html.as_deref(), own.version), ("twee", None, 2));
        for _ in 0..2 {
            mail_text::fail(&world.db, world.school, &own, "dit veld bestaat niet").await.unwrap();
        }
        let rows = world.db.reader(world.school).all(sent()).await.unwrap();
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert!(rows[0].0 == "notice.tell" && rows[0].1.contains("dit veld bestaat niet"));
        let seen = mail_text::see(&world.db, &admin, "password-reset", "nl").await.unwrap().unwrap();
        assert_eq!(seen.fault.as_deref(), Some("dit veld bestaat niet"));
        assert!(mail_text::own(&world.db, world.twin, "password-reset", "nl").await.unwrap().is_none());
        assert_eq!(mail_text::remove(&world.db, &admin, "password-reset", "nl", 1).await, Err(Error::ChangedMeanwhile));
        mail_text::remove(&world.db, &admin, "password-reset", "nl", 2).await.unwrap();
        assert!(mail_text::list(&world.db, &admin).await.unwrap().is_empty());
    }
}
