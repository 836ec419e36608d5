//! The client against real servers: tokens, retries, order, TLS, and a log without secrets.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use regie_oke::client::{BreakerState, Call, Client, Entry, Failure, Log, Partner, Retry, Ring};
use regie_oke::exchange::{Role, Scope};
use regie_oke::outside::{Outside, id_of};
use regie_oke::simulate::data::{SCHOOL, School, person_id};
use regie_oke::simulate::fault::Fault;
use regie_oke::simulate::{Credentials, Stand, StandSettings, credentials, prepare, scopes_of};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn outside() -> Outside {
    Outside::fixed("2026-11-16T08:00:00Z".parse().unwrap(), 3)
}

fn quick(mut partner: Partner) -> Partner {
    partner.allow_http = true;
    partner.retry = Retry { attempts: 3, first: Duration::from_millis(1), longest: Duration::from_millis(5) };
    partner
}

/// What was asked of the partner itself, tokens aside.
fn asked(log: &Ring) -> Vec<Entry> {
    log.entries().into_iter().filter(|entry| entry.method != "POST").collect()
}

async fn sis() -> (Stand, Arc<Ring>, Client) {
    let stand = Stand::start(StandSettings::new(Role::Sis), outside()).await.unwrap();
    let _ = prepare(&stand, &School::small("2026-11-23T08:00:00Z".parse().unwrap()));
    let log = Arc::new(Ring::new(1000));
    let client = client(&stand, &log, outside());
    (stand, log, client)
}

fn client(stand: &Stand, log: &Arc<Ring>, outside: Outside) -> Client {
    let Credentials { id, secret } = credentials(Role::Tpl, SCHOOL);
    let partner = Partner::new("school", stand.role, &stand.base_url()).with_credentials(
        &stand.token_url(),
        &id,
        &secret,
        &scopes_of(Role::Tpl, stand.role),
    );
    let log: Arc<dyn Log> = Arc::clone(log) as Arc<dyn Log>;
    Client::new(quick(partner), log, outside).unwrap()
}

#[tokio::test]
async fn a_list_is_read_to_its_end() {
    let (stand, _, client) = sis().await;
    let offerings = client.offerings("2026-11-01".parse().unwrap(), None).await.unwrap().message;
    assert_eq!(offerings.len(), 12);
    let mut partner = client.partner().clone();
    partner.quirks.page_size = 10;
    let log: Arc<dyn Log> = Arc::new(Ring::new(10));
    let small = Client::new(partner, log, outside()).unwrap();
    assert_eq!(small.offerings("2026-11-01".parse().unwrap(), None).await.unwrap().message, offerings);
    stand.faults.set(vec![Fault::find("sis-page-number-ignored", Role::Sis).unwrap()]);
    let endless = small.offerings("2026-11-01".parse().unwrap(), None).await;
    assert!(matches!(endless, Err(Failure::Endless(_))), "{endless:?}");
}

#[tokio::test]
async fn one_token_serves_many_requests_and_is_renewed_when_it_is_no_longer_known() {
    let (stand, log, client) = sis().await;
    for _ in 0..3 {
        client.person(&person_id(1)).await.unwrap();
    }
    stand.authority.forget_all();
    client.person(&person_id(1)).await.unwrap();
    let statuses: Vec<_> = asked(&log).iter().map(|entry| entry.status).collect();
    assert_eq!(log.entries().iter().filter(|entry| entry.method == "POST").count(), 2, "two tokens");
    assert_eq!(statuses, [Some(200), Some(200), Some(200), Some(401), Some(200)]);
}

#[tokio::test]
async fn an_outage_is_retried_and_then_left_alone() {
    let stand = Stand::start(StandSettings::new(Role::Sis), outside()).await.unwrap();
    let _ = prepare(&stand, &School::small("2026-11-23T08:00:00Z".parse().unwrap()));
    let log = Arc::new(Ring::new(1000));
    let hand = Arc::new(AtomicI64::new(1_795_000_000));
    let clock = Arc::clone(&hand);
    let later = outside().with_clock(move || Timestamp::from_second(clock.load(Ordering::SeqCst)).unwrap());
    let client = client(&stand, &log, later);
    client.person(&person_id(0)).await.unwrap();
    stand.faults.set(vec![Fault::find("outage", Role::Sis).unwrap()]);
    let failed = client.person(&person_id(0)).await.unwrap_err();
    assert!(matches!(failed, Failure::Refused { status: 503, .. }) && failed.is_passing(), "{failed}");
    assert_eq!(asked(&log).len(), 4, "three tries");
    let resting = client.person(&person_id(0)).await.unwrap_err();
    assert!(matches!(resting, Failure::Resting(_)), "{resting}");
    assert!(client.state().to_string().contains("calls wait until"));
    stand.faults.set(Vec::new());
    hand.fetch_add(60, Ordering::SeqCst);
    client.person(&person_id(0)).await.unwrap();
    assert_eq!(client.state(), BreakerState::Closed { failures: 0 });
}

#[tokio::test]
async fn what_is_refused_for_good_is_not_tried_again() {
    let (_stand, log, client) = sis().await;
    let failed = client.person(&id_of("nobody")).await.unwrap_err();
    assert!(matches!(failed, Failure::Refused { status: 404, .. }) && !failed.is_passing(), "{failed}");
    assert_eq!(asked(&log).len(), 1);
}

#[tokio::test]
async fn messages_about_one_subject_arrive_in_the_order_they_were_given() {
    let stand = Stand::start(StandSettings::new(Role::Ta), outside()).await.unwrap();
    let _ = prepare(&stand, &School::small("2026-11-23T08:00:00Z".parse().unwrap()));
    let log = Arc::new(Ring::new(1000));
    let client = Arc::new(client(&stand, &log, outside()));
    let session = id_of("prepared session");
    let mut running = Vec::new();
    for number in 0..20 {
        let (client, session) = (Arc::clone(&client), session.clone());
        let patch = json!({ "offeringType": "component",
            "consumers": [{ "consumerKey": "nl-test-admin", "locationCode": format!("R-{number}") }] });
        // Each is handed in before the next one, though none has ended.
        let handed = Box::pin(async move { client.patch("offerings", &session, patch).await.unwrap() });
        running.push(tokio::spawn(handed));
        tokio::task::yield_now().await;
    }
    for one in running {
        one.await.unwrap();
    }
    let rooms: Vec<_> = stand
        .traffic
        .since(0)
        .iter()
        .filter(|seen| seen.method == "PATCH")
        .map(|seen| {
            seen.request.as_ref().unwrap()["consumers"][0]["locationCode"].as_str().unwrap().to_owned()
        })
        .collect();
    let wanted: Vec<_> = (0..20).map(|number| format!("R-{number}")).collect();
    assert_eq!(rooms, wanted);
}

#[tokio::test]
async fn the_log_is_complete_and_tells_no_secrets() {
    let (stand, log, client) = sis().await;
    client.person(&person_id(0)).await.unwrap();
    let enrolment = id_of("enrolment 0 0");
    let patch = json!({ "associationType": "componentOfferingAssociation",
        "consumers": [{ "consumerKey": "nl-test-admin", "orgAssociationId": enrolment, "attempt": 1 }],
        "result": { "state": "completed", "score": "77", "resultDate": "2026-11-24", "weight": 100,
            "consumers": [{ "consumerKey": "nl-test-admin", "attendance": "present", "executedOfferingName": "Rekenen",
                "irregularities": "Jantje heeft gespiekt." }] } });
    client.patch("associations", &enrolment, patch).await.unwrap();
    let text = serde_json::to_string(&log.entries()).unwrap();
    assert_eq!(asked(&log).len(), 2);
    assert!(text.contains(&person_id(0)) && text.contains("\"state\":\"completed\""));
    for secret in ["Anna", "Bakker", "geheim-van", "gespiekt", "\"77\"", "2600001", "Bearer"] {
        assert!(!text.contains(secret), "{secret} in the log");
    }
    drop(stand);
}

#[tokio::test]
async fn a_document_is_looked_at_before_it_is_taken_in() {
    let stand = Stand::start(StandSettings::new(Role::Ta), outside()).await.unwrap();
    let log = Arc::new(Ring::new(10));
    let client = client(&stand, &log, outside());
    stand.memory.put_document(SCHOOL, "good", regie_oke::simulate::data::pdf("Goed"));
    stand.memory.put_document(SCHOOL, "bad", bytes::Bytes::from_static(b"MZ\x90\x00 a program"));
    let (_, seen) = client.document("good").await.unwrap();
    assert_eq!(seen.kind.media_type(), "application/pdf");
    assert!(matches!(client.document("bad").await, Err(Failure::Document(_))));
}

#[tokio::test]
async fn plain_http_is_refused_unless_it_is_asked_for() {
    let partner = Partner::new("school", Role::Sis, "http://127.0.0.1:1");
    let log: Arc<dyn Log> = Arc::new(Ring::new(10));
    let client =
        Client::new(Partner { retry: Retry { attempts: 1, ..Retry::default() }, ..partner }, log, outside())
            .unwrap();
    assert!(matches!(client.send(Call::get("/")).await, Err(Failure::Unreachable(_))));
}

/// A server that speaks TLS in one version only and answers every request with an empty object.
async fn tls(version: &'static tokio_rustls::rustls::SupportedProtocolVersion) -> (String, Vec<u8>) {
    use tokio_rustls::rustls::crypto::ring::default_provider;
    use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = tokio_rustls::rustls::ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let mut request = [0; 4096];
                    let _ = stream.read(&mut request).await;
                    let answer =
                        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
                    let _ = stream.write_all(answer).await;
                    let _ = stream.shutdown().await;
                }
            });
        }
    });
    (format!("https://localhost:{port}"), made.cert.pem().into_bytes())
}

#[tokio::test]
async fn only_tls_1_3_is_spoken() {
    for (version, is_spoken) in
        [(&tokio_rustls::rustls::version::TLS13, true), (&tokio_rustls::rustls::version::TLS12, false)]
    {
        let (url, authority) = tls(version).await;
        let mut partner = Partner::new("school", Role::Sis, &url);
        partner.authorities = vec![authority];
        partner.retry.attempts = 1;
        let log: Arc<dyn Log> = Arc::new(Ring::new(10));
        let answered = Client::new(partner, log, outside()).unwrap().send(Call::get("/")).await;
        assert_eq!(answered.is_ok(), is_spoken, "{version:?}: {answered:?}");
    }
    // Without its authority the same server is a stranger.
    let (url, _) = tls(&tokio_rustls::rustls::version::TLS13).await;
    let mut partner = Partner::new("school", Role::Sis, &url);
    partner.retry.attempts = 1;
    let log: Arc<dyn Log> = Arc::new(Ring::new(10));
    assert!(Client::new(partner, log, outside()).unwrap().send(Call::get("/")).await.is_err());
}

#[tokio::test]
async fn a_scope_that_was_not_granted_is_a_matter_for_a_person() {
    let (stand, _, client) = sis().await;
    let mut partner = client.partner().clone();
    partner.scopes = vec![Scope::Flow0];
    let log: Arc<dyn Log> = Arc::new(Ring::new(10));
    let failed = Client::new(partner, log, outside()).unwrap().person(&person_id(0)).await.unwrap_err();
    assert!(
        matches!(failed, Failure::Token(_)) && failed.to_string().contains("client id, secret and scopes")
    );
    drop(stand);
}
