//! The HTML door as browsers meet it: headers, forms with and without their token, errors in human
//! words, preferences, assets.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test speaks by failing")]

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use regie_core::{Clock, Random};
use regie_web::csrf::{Binding, Key};
use regie_web::door::Door;
use regie_web::error::Error;
use regie_web::front::{Front, open};
use regie_web::part::Refusal;
use regie_web::url::Url as _;
use regie_web::viewer::Viewer;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use tower::ServiceExt as _;

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> jiff::Timestamp {
        "2026-11-20T10:26:00Z".parse().unwrap()
    }
}

/// Different bytes each time, the same each run.
struct Counting(AtomicU8);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
    }
}

regie_web::urls! {
    Save = "/save";
    Panics = "/panics";
    Breaks = "/breaks";
    Refuses = "/refuses";
    Signed = "/signed";
    Upload = "/upload";
}

async fn panics() -> &'static str {
    panic!("the secret reason")
}

fn front(secure: bool) -> Front {
    Front {
        clock: Arc::new(Fixed),
        random: Arc::new(Counting(AtomicU8::new(1))),
        key: Key::new([3; 32]),
        secure,
        body_limit: 100_000,
    }
}

fn house(secure: bool) -> Router {
    let door = Door::default()
        .post(Save::at(), async || "saved")
        .get(Panics::at(), panics)
        .get(Breaks::at(), async || -> Error { Error::internal("the secret reason") })
        .get(Refuses::at(), async |viewer: Viewer| -> Error {
            Error::Forbidden(Box::new(Refusal::new(viewer.texts(), "Dit kan niet", "De regel van de dag")))
        })
        .get(Signed::at(), async || -> Error { Error::SignIn { back: "/people?q=a b".into() } })
        .post(Upload::at(), async |form: axum::extract::Multipart| -> String { count(form).await })
        .and(regie_web::style::door());
    open(door, front(secure), (), |router| router)
}

async fn count(mut form: axum::extract::Multipart) -> String {
    let mut sizes = Vec::new();
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        sizes.push(format!("{name}={}", field.bytes().await.map_or(0, |bytes| bytes.len())));
    }
    sizes.join(" ")
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn ask(house: &Router, request: Request<Body>) -> Answer {
    let response = house.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

fn partial(path: &str) -> Request<Body> {
    Request::get(path).header("hx-request-type", "partial").body(Body::empty()).unwrap()
}

fn send(path: &str, kind: &str, cookie: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::post(path).header(header::CONTENT_TYPE, kind).header(header::COOKIE, cookie);
    request.body(body.into()).unwrap()
}

const FORM: &str = "application/x-www-form-urlencoded";

/// The token a page gives, and the cookie it is bound to.
async fn visit(house: &Router) -> (String, String) {
    let page = ask(house, get("/style/form")).await;
    let cookie = page.header("set-cookie").split(';').next().unwrap().to_owned();
    let (_, after) = page.body.split_once("<meta name=\"csrf\" content=\"").unwrap();
    (after.split('"').next().unwrap().to_owned(), cookie)
}

#[tokio::test]
async fn every_answer_forbids_inline_script_and_frames() {
    let house = house(true);
    for path in ["/style", "/no-such-page", "/assets/nothing.css"] {
        let answer = ask(&house, get(path)).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("strict-transport-security").contains("max-age"), "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
    assert_eq!(ask(&house, get("/style")).await.header("cache-control"), "no-store");
}

#[tokio::test]
async fn no_page_carries_what_its_policy_forbids() {
    let house = house(false);
    for path in
        ["/style", "/style/pages/home", "/style/pages/list", "/style/pages/detail", "/style/form", "/nowhere"]
    {
        let body = ask(&house, get(path)).await.body;
        assert!(!body.contains(" style=\"") && !body.contains("<style"), "{path} has inline style");
        assert!(!body.contains(" onclick=") && !body.contains("<script>"), "{path} has inline script");
        assert!(!body.contains('⟦'), "{path} asks for a text that does not exist");
    }
}

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    let house = house(false);
    let (token, cookie) = visit(&house).await;
    let refused = ask(&house, send("/save", FORM, &cookie, "a=1")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("Dit formulier is verlopen"), "{}", refused.body);
    let saved = ask(&house, send("/save", FORM, &cookie, format!("a=1&csrf={token}"))).await;
    assert_eq!((saved.status, saved.body.as_str()), (StatusCode::OK, "saved"));
    // Another visitor's token does not fit.
    let (_, other) = visit(&house).await;
    assert_ne!(cookie, other);
    let stolen = ask(&house, send("/save", FORM, &other, format!("csrf={token}"))).await;
    assert_eq!(stolen.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_request_without_a_form_carries_its_token_in_a_header() {
    let house = house(false);
    let (token, cookie) = visit(&house).await;
    let request = Request::post("/save").header(header::COOKIE, &cookie).header("x-csrf-token", &token);
    assert_eq!(ask(&house, request.body(Body::empty()).unwrap()).await.status, StatusCode::OK);
    let elsewhere = Request::post("/save")
        .header(header::COOKIE, &cookie)
        .header("x-csrf-token", &token)
        .header("sec-fetch-site", "cross-site");
    assert_eq!(ask(&house, elsewhere.body(Body::empty()).unwrap()).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_form_with_files_arrives_whole_after_its_token_was_seen() {
    let house = house(false);
    let (token, cookie) = visit(&house).await;
    let file = "x".repeat(60_000);
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--b\r\nContent-Disposition: \
         form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{file}\r\n--b--\r\n"
    );
    let kind = "multipart/form-data; boundary=b";
    let taken = ask(&house, send("/upload", kind, &cookie, body.clone())).await;
    assert_eq!(taken.body, "csrf=43 file=60000");
    let without = ask(&house, send("/upload", kind, &cookie, body.replace(&token, "forged"))).await;
    assert_eq!(without.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_sign_in_binds_the_token_to_itself() {
    let door = Door::default().post(Save::at(), async || "saved");
    let signed_in = axum::Extension(Binding("sign-in 1".into()));
    let house = open(door, front(false), (), |router| router.layer(signed_in));
    let token = |binding: &str| Key::new([3; 32]).token(&Binding(binding.into())).0;
    let with = |binding| send("/save", FORM, "", format!("csrf={}", token(binding)));
    assert_eq!(ask(&house, with("sign-in 1")).await.status, StatusCode::OK);
    assert_eq!(ask(&house, with("sign-in 2")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_body_over_the_limit_is_cut_off() {
    let house = house(false);
    let (token, cookie) = visit(&house).await;
    let much = format!("csrf={token}&a={}", "x".repeat(200_000));
    let much = ask(&house, send("/save", FORM, &cookie, much)).await;
    assert_eq!(much.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(much.body.contains("Dit bestand is te groot"), "{}", much.body);
}

#[tokio::test]
async fn errors_are_pages_in_human_words_and_keep_their_reason_to_themselves() {
    let house = house(false);
    for (path, status, words) in [
        ("/nowhere", StatusCode::NOT_FOUND, "Deze pagina is er niet"),
        ("/save", StatusCode::METHOD_NOT_ALLOWED, "Zo kun je deze pagina niet openen"),
        ("/panics", StatusCode::INTERNAL_SERVER_ERROR, "Er ging iets mis bij ons"),
        ("/breaks", StatusCode::INTERNAL_SERVER_ERROR, "Er ging iets mis bij ons"),
        ("/refuses", StatusCode::FORBIDDEN, "De regel van de dag"),
    ] {
        let answer = ask(&house, get(path)).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.body.contains(words), "{path}: {}", answer.body);
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        assert!(!answer.body.contains("secret"), "{path}");
    }
    let broken = ask(&house, get("/breaks")).await;
    assert!(broken.body.contains(broken.header("x-request-id")), "the page names the request");
}

#[tokio::test]
async fn htmx_gets_an_error_without_the_shell() {
    let house = house(false);
    let answer = ask(&house, partial("/breaks")).await;
    assert!(answer.body.contains("role=\"alert\"") && !answer.body.contains("<html"), "{}", answer.body);
    let answer = ask(&house, partial("/signed")).await;
    assert_eq!(answer.header("hx-redirect"), "/sign-in?back=%2Fpeople%3Fq%3Da+b");
}

#[tokio::test]
async fn who_is_not_signed_in_is_sent_to_the_sign_in_and_back() {
    let answer = ask(&house(false), get("/signed")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/sign-in?back=%2Fpeople%3Fq%3Da+b");
}

#[tokio::test]
async fn language_and_theme_are_chosen_with_forms_and_remembered() {
    let house = house(false);
    let (token, cookie) = visit(&house).await;
    let body = format!("csrf={token}&choice=en&back=/style/form");
    let chosen = ask(&house, send("/language", FORM, &cookie, body)).await;
    assert_eq!((chosen.status, chosen.header("location")), (StatusCode::SEE_OTHER, "/style/form"));
    assert!(chosen.header("set-cookie").starts_with("regie-language=en;"));
    let away = format!("csrf={token}&choice=dark&back=https://elsewhere.example/");
    let chosen = ask(&house, send("/theme", FORM, &cookie, away)).await;
    assert_eq!(chosen.header("location"), "/");
    let wrong = ask(&house, send("/theme", FORM, &cookie, format!("csrf={token}&choice=pink"))).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = Request::get("/style").header(header::COOKIE, "regie-language=en; regie-theme=dark");
    let page = ask(&house, page.body(Body::empty()).unwrap()).await;
    assert!(page.body.contains("<html lang=\"en\" data-theme=\"dark\">"));
}

#[tokio::test]
async fn a_form_comes_back_with_what_was_filled_in_and_where_it_is_wrong() {
    let house = house(false);
    let (token, cookie) = visit(&house).await;
    let body = format!("csrf={token}&name=%3Cb%3ENoor&email=noor&day=&moment=a");
    let answer = ask(&house, send("/style/form", FORM, &cookie, body)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("href=\"#email\""), "the summary links to the field");
    assert!(answer.body.contains("aria-describedby=\"email-hint email-error\""));
    assert!(answer.body.contains("&#60;b&#62;Noor"), "what was filled in is kept, and escaped");
}

#[tokio::test]
async fn a_request_keeps_the_name_the_proxy_gave_unless_it_is_odd() {
    let house = house(false);
    let named = |name: &str| Request::get("/style").header("x-request-id", name).body(Body::empty()).unwrap();
    assert_eq!(ask(&house, named("abc-12345")).await.header("x-request-id"), "abc-12345");
    let odd = ask(&house, named("<script>alert(1)")).await;
    assert!(!odd.header("x-request-id").contains('<'));
}

#[tokio::test]
async fn assets_are_kept_for_ever_and_packed_for_who_can_unpack() {
    let house = house(false);
    let href = regie_web::asset::href("style.css");
    if !regie_web::asset::built() {
        let answer = ask(&house, get(&href)).await;
        assert!(answer.body.contains("make assets"), "{}", answer.body);
        return;
    }
    let plain = ask(&house, get(&href)).await;
    assert_eq!(plain.status, StatusCode::OK);
    assert!(plain.header("cache-control").contains("immutable"));
    assert_eq!(plain.header("content-encoding"), "");
    let packed = Request::get(&href).header(header::ACCEPT_ENCODING, "br").body(Body::empty()).unwrap();
    let packed = ask(&house, packed).await;
    assert_eq!(packed.header("content-encoding"), "br");
    assert_eq!(packed.header("set-cookie"), "", "an asset sets no cookie");
}

#[test]
fn the_door_lists_its_routes() {
    let door = Door::<()>::default().and(regie_web::style::door());
    let entries = door.entries().iter();
    let patterns: Vec<_> = entries.map(|entry| format!("{} {}", entry.method, entry.pattern)).collect();
    assert!(patterns.contains(&"POST /style/form".to_owned()), "{patterns:?}");
    assert_eq!(patterns.len(), 5, "{patterns:?}");
}
