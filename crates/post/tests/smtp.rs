//! Mail against a real SMTP server in its own process: encryption, sign-in, and every way it can go wrong.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use regie_core::id::{Id, MailId};
use regie_post::{
    Address, Attachment, Invitation, Mail, Method, Refusal, Security, SettingsError, Smtp, SmtpSettings, Then,
};
use server_process::Server;
use std::time::Duration;

mod server_process;

fn mail_to(name: &str) -> Mail {
    Mail {
        id: MailId::from_uuid("01935a1e-7c00-7000-8000-000000000007".parse().unwrap()),
        from: Address::named("Examenbureau ROC Delta", "examens@roc.example"),
        to: Address::named("Aïcha van 't Hof", &format!("{name}@student.example")),
        reply_to: Some(Address::new("bureau@roc.example")),
        subject: "Je examen Nederlands 3F – één uur later".to_owned(),
        text: "Beste Aïcha,\n\n.Een regel die met een punt begint.\n".to_owned(),
        html: Some("<p>Beste Aïcha</p>".to_owned()),
        attachments: Vec::new(),
        invitation: None,
        written_at: "2026-11-20T08:30:00Z".parse().unwrap(),
        language: "nl".to_owned(),
    }
}

fn refusal(outcome: Result<(), Refusal>) -> (Then, Option<u16>) {
    let refusal = outcome.unwrap_err();
    assert!(!refusal.said.is_empty());
    (refusal.then, refusal.code)
}

/// Lines joined again, quoted-printable and header words left as they travel.
fn has(raw: &str, line: &str) -> bool {
    raw.replace("\r\n ", " ").replace("\r\n\t", " ").contains(line)
}

#[tokio::test]
async fn a_mail_travels_over_starttls_with_sign_in_and_all_its_parts() {
    let server = Server::start("starttls");
    let mut mail = mail_to("aicha");
    mail.attachments = vec![Attachment {
        name: "oproep examen.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        bytes: b"%PDF-1.7 proef".to_vec(),
    }];
    mail.invitation = Some(Invitation {
        uid: "participation-7@roc.example".to_owned(),
        sequence: 1,
        method: Method::Request,
        start: "2026-11-20T08:30:00Z".parse().unwrap(),
        end: "2026-11-20T10:00:00Z".parse().unwrap(),
        summary: "Examen".to_owned(),
        description: None,
        location: None,
        organizer: mail.from.clone(),
        attendee: mail.to.clone(),
        made_at: mail.written_at,
    });
    let smtp = server.smtp(Security::StartTls);
    smtp.test().await.unwrap();
    smtp.send(&mail).await.unwrap();
    let got = server.event()["mail"].clone();
    assert_eq!(got["secure"], true);
    assert_eq!(got["user"], "regie");
    assert_eq!(got["to"], serde_json::json!(["aicha@student.example"]));
    let raw = got["raw"].as_str().unwrap();
    for line in [
        "Message-ID: <01935a1e-7c00-7000-8000-000000000007@roc.example>",
        "Reply-To: bureau@roc.example",
        "Content-Type: multipart/mixed",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: text/html; charset=utf-8",
        "Content-Type: text/calendar; charset=utf-8; method=REQUEST",
        "Content-Disposition: attachment; filename=\"invite.ics\"",
        "Content-Disposition: attachment; filename=\"oproep examen.pdf\"",
        "SEQUENCE:1",
    ] {
        assert!(has(raw, line), "{line} in\n{raw}");
    }
    assert!(raw.contains("\r\n.Een regel"), "a leading dot survives the protocol");
}

#[tokio::test]
async fn a_mail_travels_over_tls_from_the_first_byte_and_in_the_clear_only_at_home() {
    let server = Server::start("tls");
    server.smtp(Security::Tls).send(&mail_to("aicha")).await.unwrap();
    assert_eq!(server.event()["mail"]["secure"], true);

    let clear = Server::start("clear");
    clear.smtp(Security::None).send(&mail_to("aicha")).await.unwrap();
    assert_eq!(clear.event()["mail"]["secure"], false);
    // Who asked for encryption never falls back to the clear.
    assert_eq!(refusal(clear.smtp(Security::StartTls).send(&mail_to("aicha")).await).0, Then::Settings);
    clear.nothing_more();

    let abroad = SmtpSettings { host: "mail.example".to_owned(), ..clear.settings(Security::None) };
    assert!(matches!(Smtp::new(&abroad), Err(SettingsError::ClearAbroad(_))));
    let secret = SmtpSettings {
        credentials: Some(("a".to_owned(), "b".to_owned())),
        ..clear.settings(Security::None)
    };
    assert!(matches!(Smtp::new(&secret), Err(SettingsError::ClearPassword)));
}

#[tokio::test]
async fn a_server_that_is_not_who_it_says_gets_nothing() {
    let server = Server::start("starttls");
    let stranger = SmtpSettings { trusted: None, ..server.settings(Security::StartTls) };
    let outcome = Smtp::new(&stranger).unwrap().send(&mail_to("aicha")).await;
    assert_eq!(refusal(outcome).0, Then::Settings);
    let other_name = SmtpSettings { host: "127.0.0.1".to_owned(), ..server.settings(Security::StartTls) };
    let outcome = Smtp::new(&other_name).unwrap().send(&mail_to("aicha")).await;
    assert_eq!(refusal(outcome).0, Then::Settings);
    server.nothing_more();
}

#[tokio::test]
async fn a_refused_password_is_about_us_and_not_about_the_recipient() {
    let server = Server::start("starttls");
    let wrong = ("regie".to_owned(), "fout".to_owned());
    let settings = SmtpSettings { credentials: Some(wrong), ..server.settings(Security::StartTls) };
    let smtp = Smtp::new(&settings).unwrap();
    assert_eq!(refusal(smtp.send(&mail_to("aicha")).await), (Then::Settings, Some(535)));
    assert_eq!(refusal(smtp.test().await), (Then::Settings, Some(535)));
    let none = SmtpSettings { credentials: None, ..server.settings(Security::StartTls) };
    assert_eq!(refusal(Smtp::new(&none).unwrap().send(&mail_to("aicha")).await), (Then::Settings, Some(530)));
    server.nothing_more();
}

#[tokio::test]
async fn a_4xx_is_tried_again_and_then_arrives_once() {
    let server = Server::start("starttls");
    let smtp = server.smtp(Security::StartTls);
    let mail = mail_to("druk");
    assert_eq!(refusal(smtp.send(&mail).await), (Then::Retry, Some(451)));
    smtp.send(&mail).await.unwrap();
    assert_eq!(server.event()["mail"]["to"][0], "druk@student.example");
    server.nothing_more();
    assert_eq!(refusal(smtp.send(&mail_to("vol")).await), (Then::Retry, Some(452)));
}

#[tokio::test]
async fn a_5xx_bounces_and_the_connection_stays_usable() {
    let server = Server::start("starttls");
    let smtp = server.smtp(Security::StartTls);
    assert_eq!(refusal(smtp.send(&mail_to("weg")).await), (Then::Bounce, Some(550)));
    assert_eq!(refusal(smtp.send(&mail_to("spam")).await), (Then::Bounce, Some(554)));
    smtp.send(&mail_to("aicha")).await.unwrap();
    assert_eq!(server.event()["mail"]["to"][0], "aicha@student.example");
    let unsendable = Mail { text: String::new(), ..mail_to("aicha") };
    assert_eq!(refusal(smtp.send(&unsendable).await), (Then::Bounce, None));
}

#[tokio::test]
async fn a_connection_cut_inside_the_mail_is_tried_again_with_the_same_message_id() {
    let server = Server::start("starttls");
    let smtp = server.smtp(Security::StartTls);
    let mut mail = mail_to("knip");
    mail.text = "Een lange tekst.\n".repeat(20_000);
    assert_eq!(refusal(smtp.send(&mail).await), (Then::Retry, None));
    assert_eq!(server.event()["cut"], 1);
    smtp.send(&mail).await.unwrap();
    let raw = server.event()["mail"]["raw"].as_str().unwrap().to_owned();
    assert!(has(&raw, &format!("Message-ID: {}", mail.message_id())));
    server.nothing_more();
}

#[tokio::test]
async fn a_server_that_is_slow_or_gone_is_tried_again() {
    let server = Server::start("starttls");
    let hasty = SmtpSettings { timeout: Duration::from_millis(1_500), ..server.settings(Security::StartTls) };
    assert_eq!(refusal(Smtp::new(&hasty).unwrap().send(&mail_to("traag")).await), (Then::Retry, None));
    let settings = server.settings(Security::StartTls);
    drop(server);
    assert_eq!(refusal(Smtp::new(&settings).unwrap().send(&mail_to("aicha")).await), (Then::Retry, None));
}
