//! Traces, caught by a collector of our own: what led to what, and nobody's name in it.

use crate::node::{House, block_on, until};
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

type Heard = Arc<Mutex<Vec<Value>>>;

/// Takes OTLP over HTTP as JSON, and keeps it.
fn collector() -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/v1/traces", listener.local_addr().unwrap());
    let heard = Heard::default();
    let kept = heard.clone();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let kept = kept.clone();
            std::thread::spawn(move || {
                let mut bytes = Vec::new();
                let mut piece = [0; 4096];
                loop {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    if let Some((head, body)) = text.split_once("\r\n\r\n") {
                        let length = head.lines().find_map(|line| {
                            let (name, value) = line.split_once(": ")?;
                            name.eq_ignore_ascii_case("content-length")
                                .then(|| value.parse::<usize>().unwrap())
                        });
                        if bytes.len() >= head.len() + 4 + length.unwrap() {
                            kept.lock().unwrap().push(serde_json::from_str(body).unwrap());
                            stream
                                .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}")
                                .unwrap();
                            bytes.clear();
                            continue;
                        }
                    }
                    match stream.read(&mut piece) {
                        Ok(0) | Err(_) => return,
                        Ok(count) => bytes.extend_from_slice(&piece[..count]),
                    }
                }
            });
        }
    });
    (address, heard)
}

fn spans(heard: &Heard) -> Vec<Value> {
    let mut all = Vec::new();
    for message in heard.lock().unwrap().iter() {
        for resource in message["resourceSpans"].as_array().unwrap() {
            for scope in resource["scopeSpans"].as_array().unwrap() {
                all.extend(scope["spans"].as_array().unwrap().iter().cloned());
            }
        }
    }
    all
}

fn attribute<'a>(span: &'a Value, name: &str) -> Option<&'a Value> {
    let found = span["attributes"].as_array()?.iter().find(|one| one["key"] == name)?;
    found["value"].as_object()?.values().next()
}

#[test]
fn a_trace_leads_from_the_request_to_the_command_and_names_nobody() {
    block_on(async {
        let (address, heard) = collector();
        let house = House::demo(false).await;
        let mut node = house.node(&["--otlp-endpoint", &address]);
        let mut office = node.browser();
        let csrf = office.sign_in("examoffice").await;
        let form = "kind=student&number=111222333&given_name=Zwaluwenberg&prefix=&family_name=Zwaluwenberg&id_check=notAvailable\
             &id_check_name=&mail=zwaluw%40planted.example&phone=&born=&unit=&state=active&request=";
        assert_eq!(office.post("/people/new", &format!("csrf={csrf}&{form}")).await.status, 303);
        assert_eq!(office.get("/people?q=Zwaluwenberg").await.status, 200);
        let forgot = format!("csrf={csrf}&mail=student%40delta.example");
        assert_eq!(office.post("/password/forgot", &forgot).await.status, 200);
        let delivery = |span: &Value| span["name"] == "delivery";
        until("a mail to be delivered", async || {
            // What is under way leaves every few seconds.
            spans(&heard).iter().any(delivery).then_some(())
        })
        .await;
        node.terminate();
        assert!(node.ended().await.success(), "{}", node.log());
        let spans = spans(&heard);
        let request = spans
            .iter()
            .find(|span| span["name"] == "POST /people/new")
            .unwrap_or_else(|| panic!("{spans:#?}"));
        assert_eq!(attribute(request, "route").unwrap(), "/people/new");
        assert_eq!(attribute(request, "status").unwrap().to_string().trim_matches('"'), "303");
        let command = spans
            .iter()
            .find(|span| attribute(span, "use_case").is_some_and(|it| it == "regie_people::person::add::add"))
            .unwrap_or_else(|| panic!("{spans:#?}"));
        assert_eq!(command["traceId"], request["traceId"]);
        let mail = spans.iter().find(|span| delivery(span)).unwrap();
        assert_eq!(attribute(mail, "event").unwrap(), "mail.send");
        assert!(
            spans.iter().any(|span| span["name"] == "command" && span["parentSpanId"] == mail["spanId"]),
            "what a delivery writes belongs to it"
        );
        let all = serde_json::to_string(&*heard.lock().unwrap()).unwrap().to_lowercase();
        for word in ["zwaluw", "planted", "111222333", "delta.example", "welkom-in-de-demo"] {
            assert!(!all.contains(word), "{word} left the house");
        }
    });
}
