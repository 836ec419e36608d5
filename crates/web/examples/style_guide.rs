//! Serves the style guide alone, on a free port of this machine, and prints the address. The browser
//! journeys start it.

use regie_core::{Clock, Random};
use regie_web::csrf::Key;
use regie_web::door::Door;
use regie_web::front::{Front, open};
use std::sync::Arc;

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
    let door = Door::default().get(<Home as regie_web::url::Url>::at(), home).and(regie_web::style::door());
    let app = open(door, front, (), |router| router);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}/style", listener.local_addr()?);
    axum::serve(listener, app).await
}

regie_web::urls! {
    Home = "/";
}

async fn home() -> axum::response::Redirect {
    axum::response::Redirect::to("/style")
}
