//! Edu-V results from sender to receiver.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::sync::{Arc, Mutex};

use regie_oke::eduv::{Assessment, Delivery, Outcome, Received, Receiver, Sender, TokenProvider, router};
use serde_json::{Map, json};

#[derive(Default)]
struct Administration {
    taken: Mutex<Vec<Delivery>>,
}

impl Receiver for Administration {
    fn sender(&self, token: &str) -> Option<String> {
        token.strip_prefix("token-of-").map(str::to_owned)
    }

    fn is_activated(&self, sender: &str) -> bool {
        sender != "unknown-school"
    }

    async fn receive(&self, _: &str, delivery: Delivery) -> Received {
        self.taken.lock().unwrap().push(delivery);
        Received::Stored
    }
}

struct Tokens;

impl TokenProvider for Tokens {
    async fn token(&self, organisation: &str) -> Result<String, String> {
        Ok(if organisation == "nobody" { "x".to_owned() } else { format!("token-of-{organisation}") })
    }
}

fn delivery(remark: &str) -> Delivery {
    Delivery {
        assessment_date_time: "2026-06-21T08:45:00Z".parse().ok(),
        definition: Assessment {
            id: "NL3F".to_owned(),
            name: "Nederlands 3F".to_owned(),
            ..Assessment::default()
        },
        additional_info: Some(remark.to_owned()),
        unconfirmed: Map::from_iter([("ourOwn".to_owned(), json!([1]))]),
    }
}

#[tokio::test]
async fn results_of_a_sitting_arrive_once_per_state() {
    let administration = Arc::new(Administration::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v2", listener.local_addr().unwrap());
    let app = axum::Router::new().nest("/v2", router(Arc::clone(&administration)));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let sender = Sender::new(&url, Tokens, true).unwrap();
    assert_eq!(sender.deliver("school", "sitting 1", &delivery("een")).await, Outcome::Accepted);
    assert_eq!(sender.deliver("school", "sitting 1", &delivery("een")).await, Outcome::Unchanged);
    assert_eq!(sender.deliver("school", "sitting 1", &delivery("gecorrigeerd")).await, Outcome::Accepted);
    assert_eq!(administration.taken.lock().unwrap().as_slice(), [delivery("een"), delivery("gecorrigeerd")]);
    // The same sitting of another school is another delivery.
    assert_eq!(sender.deliver("academy", "sitting 1", &delivery("gecorrigeerd")).await, Outcome::Accepted);
    assert_eq!(administration.taken.lock().unwrap().len(), 3);
    assert_eq!(sender.deliver("unknown-school", "sitting 2", &delivery("een")).await, Outcome::NotActivated);
    let parked = sender.deliver("nobody", "sitting 3", &delivery("een")).await;
    assert!(matches!(parked, Outcome::Parked(ref code, _) if code == "0021"), "{parked:?}");
    let mut empty = delivery("een");
    empty.definition.name.clear();
    let parked = sender.deliver("school", "sitting 4", &empty).await;
    assert!(matches!(parked, Outcome::Parked(ref code, _) if code == "0011"), "{parked:?}");
}
