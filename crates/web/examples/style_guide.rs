//! Serves the style guide alone, on a free port of this machine, and prints the address. The browser
//! journeys start it.

use regie_core::{Clock, Random};
use regie_web::csrf::Key;
use regie_web::door::Door;
use regie_web::front::{Front, open};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

struct Machine;

impl Clock for Machine {
    #[allow(clippy::disallowed_methods, reason = "a binary may read the clock")]
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }
}

impl Random for Machine {
    #[allow(clippy::disallowed_methods, reason = "a binary may take randomness")]
    fn fill(&self, bytes: &mut [u8]) {
        rand::Rng::fill(&mut rand::rng(), bytes);
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut secret = [0; 32];
    Machine.fill(&mut secret);
    let front = Front {
        clock: Arc::new(Machine),
        random: Arc::new(Machine),
        key: Key::new(secret),
        secure: false,
        body_limit: 20 * 1024 * 1024,
    };
    let door = Door::default()
        .get(<Changes as regie_web::url::Url>::at(), changes)
        .get(<Part as regie_web::url::Url>::at(), part)
        .get(<Home as regie_web::url::Url>::at(), home)
        .and(regie_web::style::door());
    let app = open(door, front, (), |router| router);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}/style", listener.local_addr()?);
    axum::serve(listener, app).await
}

regie_web::urls! {
    Home = "/";
    Changes = "/changes";
    Part = "/part";
}

/// A stream that says once a second that the count changed.
async fn changes() -> impl axum::response::IntoResponse {
    use axum::response::sse::{Event, Sse};
    let ticks = futures_util::stream::unfold((), |()| async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        Some((Ok::<_, std::convert::Infallible>(Event::default().event("changed").data("count other")), ()))
    });
    Sse::new(ticks)
}

/// A part that shows how often it was fetched; the first time it comes with a page around it.
async fn part(partial: regie_web::Partial) -> axum::response::Html<String> {
    static FETCHED: AtomicU32 = AtomicU32::new(0);
    let count = FETCHED.fetch_add(1, Ordering::Relaxed);
    let part = format!(
        r#"<p id="count" hx-get="/part" hx-trigger="regie:changed" hx-swap="outerHTML" data-live="count">{count}</p>"#
    );
    if partial.0 {
        return axum::response::Html(part);
    }
    let script = regie_web::asset::href("app.js");
    axum::response::Html(format!(
        r#"<!doctype html><html lang="en"><title>Live</title><script src="{script}" defer></script><main>{part}<regie-live src="/changes" hidden>lost</regie-live></main></html>"#
    ))
}

async fn home() -> axum::response::Redirect {
    axum::response::Redirect::to("/style")
}
