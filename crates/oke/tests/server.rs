//! Bad input at the door: slow, oversized, too often. Everything is refused early, as problem+json.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::time::Duration;

use regie_oke::exchange::Role;
use regie_oke::outside::{Outside, id_of};
use regie_oke::server::Limits;
use regie_oke::simulate::data::SCHOOL;
use regie_oke::simulate::{Stand, StandSettings, credentials};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn stand(limits: Limits) -> (Stand, String) {
    let outside = Outside::fixed("2026-11-16T08:00:00Z".parse().unwrap(), 9);
    let stand =
        Stand::start(StandSettings { limits, ..StandSettings::new(Role::Ta) }, outside).await.unwrap();
    let own = credentials(Role::Tpl, SCHOOL);
    let form = format!("grant_type=client_credentials&client_id={}&client_secret={}", own.id, own.secret);
    let head = "content-type: application/x-www-form-urlencoded";
    let answer = said(&stand, &format!("POST /token HTTP/1.1\r\nhost: x\r\n{head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{form}", form.len())).await;
    let body: serde_json::Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    (stand, body["access_token"].as_str().unwrap().to_owned())
}

/// Sends these bytes and no more, and reads until the server has said its say.
async fn said(stand: &Stand, request: &str) -> String {
    let mut stream = TcpStream::connect(stand.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    loop {
        match tokio::time::timeout(Duration::from_secs(5), stream.read(&mut part))
            .await
            .expect("no answer in time")
        {
            Ok(0) | Err(_) => break,
            Ok(count) => answer.extend_from_slice(&part[..count]),
        }
        let text = String::from_utf8_lossy(&answer);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .and_then(|text| text.parse().ok());
            if length.is_some_and(|length: usize| body.len() >= length) {
                break;
            }
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn put(token: &str, announced: usize, body: &str) -> String {
    format!(
        "PUT /ta/ooapi/offerings/{} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {announced}\r\n\r\n{body}",
        id_of("x")
    )
}

fn is_problem(answer: &str, status: u16) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    assert!(
        answer.contains("application/problem+json") && answer.contains(&format!("\"status\":\"{status}\"")),
        "{answer}"
    );
}

#[tokio::test]
async fn a_body_that_never_comes_is_not_waited_for() {
    let (stand, token) = stand(Limits { arrival: Duration::from_millis(200), ..Limits::default() }).await;
    is_problem(&said(&stand, &put(&token, 900_000, "{")).await, 400);
}

#[tokio::test]
async fn a_body_that_is_announced_too_large_is_refused_before_it_comes() {
    let (stand, token) = stand(Limits { body: 1000, ..Limits::default() }).await;
    is_problem(&said(&stand, &put(&token, 3_000_000, "{")).await, 400);
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_to_wait() {
    let (stand, token) = stand(Limits { per_second: Some(3), ..Limits::default() }).await;
    let request =
        format!("GET /ta/ooapi/components HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n");
    for _ in 0..3 {
        assert!(said(&stand, &request).await.starts_with("HTTP/1.1 200 "));
    }
    let answer = said(&stand, &request).await;
    is_problem(&answer, 429);
    assert!(answer.contains("retry-after: 1"));
}

#[tokio::test]
async fn a_body_in_pieces_is_taken_in_and_looked_at_like_any_other() {
    let (stand, token) = stand(Limits::default()).await;
    let id = id_of("in pieces");
    let text = serde_json::json!({ "offeringId": id, "offeringType": "component",
        "name": [{ "language": "nl-NL", "value": "Stukjes" }], "description": [{ "language": "nl-NL", "value": "Stukjes" }],
        "primaryCode": { "codeType": "offeringCode", "code": "S" }, "teachingLanguage": "nld", "resultExpected": true,
        "startDateTime": "2026-11-23T09:00:00+01:00", "endDateTime": "2026-11-23T10:00:00+01:00", "component": id,
        "consumers": [{ "consumerKey": "nl-test-admin", "offeringState": "active" }] })
    .to_string();
    let (first, rest) = text.split_at(100);
    let request = format!(
        "PUT /ta/ooapi/offerings/{id} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n\
         {:x}\r\n{first}\r\n{:x}\r\n{rest}\r\n0\r\n\r\n",
        first.len(),
        rest.len()
    );
    let answer = said(&stand, &request).await;
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    let seen = stand.traffic.since(0);
    assert_eq!(seen[0].request.as_ref().unwrap()["name"][0]["value"], "Stukjes");
}

#[tokio::test]
async fn what_was_looked_at_does_not_pile_up() {
    let (stand, token) = stand(Limits::default()).await;
    let filling = "x".repeat(900_000);
    for number in 0..60 {
        let body = format!(
            "{{\"associationType\": \"componentOfferingAssociation\", \"filling{number}\": \"{filling}\"}}"
        );
        let request = put(&token, body.len(), &body).replace("offerings", "associations");
        is_problem(&said(&stand, &request).await, 400);
    }
    let kept: usize = stand
        .traffic
        .since(0)
        .iter()
        .filter_map(|seen| seen.request.as_ref())
        .map(|body| body.to_string().len())
        .sum();
    assert!(kept < 40_000_000, "{kept} bytes kept");
    assert_eq!(stand.traffic.since(0).last().unwrap().number, 60, "the last is there");
}
