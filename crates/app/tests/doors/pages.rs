//! What pages hold, asked through the doors: who was overtaken, and lists as files.

use crate::{Browser, Stage, stage};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use regie_testkit::both;
use tower::ServiceExt as _;

async fn asked(stage: &Stage, browser: &Browser, path: &str, form: Option<&str>) -> (StatusCode, String) {
    let path = stage
        .things
        .iter()
        .fold(path.to_owned(), |path, (name, id)| path.replace(&format!("{{{name}}}"), id));
    let request = Request::builder()
        .method(if form.is_some() { "POST" } else { "GET" })
        .uri(path)
        .header(header::HOST, "regie.example")
        .header(header::COOKIE, &browser.cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let body = form.map_or_else(Body::empty, |form| Body::from(format!("csrf={}&{form}", browser.csrf)));
    let answer = stage.app.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    let status = answer.status();
    let bytes = to_bytes(answer.into_body(), 1 << 22).await.unwrap();
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

/// The value a form shows in a field.
fn shown<'a>(page: &'a str, name: &str) -> &'a str {
    let field = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
    field.split('"').next().unwrap()
}

both! {
    async fn who_is_overtaken_sees_what_changed_and_keeps_what_was_typed(world: World) {
        let stage = stage(&world).await;
        let (_, page) = asked(&stage, &stage.office, "/rooms/{room}/edit", None).await;
        let campus = stage.things.iter().find(|(name, _)| *name == "campus").unwrap().1.clone();
        let code = shown(&page, "code").to_owned();
        let form = |name: &str, seats: u32| {
            format!("campus={campus}&code={code}&name={name}&seats={seats}&device_seats=0&opens=08%3A00&closes=18%3A00&state=active")
        };
        let save = "/rooms/{room}/edit?version=1";
        assert_eq!(asked(&stage, &stage.office, save, Some(&form("Zaal", 44))).await.0, 303);
        let (status, page) = asked(&stage, &stage.office, save, Some(&form("Atelier", 55))).await;
        assert_eq!(status, 422);
        assert_eq!((shown(&page, "name"), shown(&page, "seats")), ("Atelier", "55"), "nothing typed is lost");
        assert!(page.contains("<ins>44</ins>"), "what the other changed stands above the form");
        assert!(page.contains("?version=2"), "saving again is then a choice");
        assert_eq!(asked(&stage, &stage.office, "/rooms/{room}/edit?version=2", Some(&form("Atelier", 55))).await.0, 303);
        let (_, page) = asked(&stage, &stage.office, "/rooms/{room}", None).await;
        assert!(page.contains("Atelier") && page.contains("<ins>55</ins>"), "its history tells both");
    }

    async fn a_file_holds_the_list_that_was_on_the_screen_and_no_more(world: World) {
        let stage = stage(&world).await;
        let (_, all) = asked(&stage, &stage.office, "/rooms/export?format=csv", None).await;
        assert!(all.lines().count() > 3);
        let code = all.lines().nth(1).unwrap().split(';').next().unwrap().trim_matches('"').to_owned();
        let (_, one) = asked(&stage, &stage.office, &format!("/rooms/export?format=csv&q={code}"), None).await;
        assert_eq!((one.lines().count(), one.contains(&code)), (2, true), "{one}");
        let (_, office) = asked(&stage, &stage.office, "/groups/export?format=csv", None).await;
        let (_, student) = asked(&stage, &stage.student, "/groups/export?format=csv", None).await;
        assert!(student.lines().count() < office.lines().count(), "a student takes along what a student sees");
        let (_, stranger) = asked(&stage, &stage.stranger, "/groups/export?format=csv", None).await;
        assert_eq!(stranger.lines().count(), 1, "of another school nothing but the heads");
        let (status, xlsx) = asked(&stage, &stage.office, "/programs/export", None).await;
        assert!(status == 200 && xlsx.starts_with("PK"));
        // That needs left the house is in the journal.
        let (_, needs) = asked(&stage, &stage.office, "/needs/export?format=csv", None).await;
        assert!(needs.lines().count() > 1);
        let delta = regie_people::institution::by_slug(&world.db, regie_app::demo::SLUG).await.unwrap().unwrap().id;
        let system = regie_core::Caller::system(delta, world.db.now());
        let lines = regie_people::journal::latest(&world.db, &system, 20).await.unwrap();
        assert!(lines.iter().any(|(line, who)| line.action == "list.exported" && who.is_some()));
    }
}
