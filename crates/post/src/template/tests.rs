use super::*;
use proptest::prelude::*;
use serde_json::json;

fn own(subject: &str, text: &str, html: Option<&str>) -> Template {
    Template { subject: subject.to_owned(), text: text.to_owned(), html: html.map(str::to_owned) }
}

fn code(text: &str, data: serde_json::Value) -> Result<String, (&'static str, Option<u32>)> {
    render(&own("Onderwerp", text, None), "nl", &data)
        .map(|rendered| rendered.text)
        .map_err(|fault| (fault.code, fault.line))
}

#[test]
fn every_house_text_fits_its_sample_in_both_languages_and_always_has_a_plain_part() {
    let post = Post::house();
    let names: std::collections::BTreeSet<&str> = post.texts().map(|text| text.name.as_str()).collect();
    assert_eq!(post.texts().count(), names.len() * 2);
    for text in post.texts() {
        let sent = post.render(&text.name, &text.language, None, &text.sample).unwrap();
        assert_eq!(sent.fault, None);
        let mail = sent.mail;
        assert!(mail.subject.len() > 5 && mail.subject.len() < 120, "{}", mail.subject);
        assert!(mail.text.len() > 80, "{}", mail.text);
        assert!(!mail.text.contains("{{") && !mail.text.contains("\n\n\n"), "{}", mail.text);
        assert!(mail.html.contains(&format!("<html lang=\"{}\">", text.language)));
        assert!(mail.html.contains("<p>") && !mail.html.contains("src="), "nothing is fetched");
    }
}

#[test]
fn dates_and_times_are_said_in_the_language_and_zone_of_the_reader() {
    let data = json!({ "start": "2026-11-20T08:30:00Z", "day": "2026-03-01", "at": "9:30:00" });
    let say = "{{ start|date }} {{ start|time }} / {{ day|date }}";
    assert_eq!(code(say, data.clone()).unwrap(), "vrijdag 20 november 2026 09:30 / zondag 1 maart 2026\n");
    let english = render(&own("S", say, None), "en", &data).unwrap().text;
    assert_eq!(english, "Friday 20 November 2026 09:30 / Sunday 1 March 2026\n");
    assert_eq!(code("{{ day|time }}", data), Err(("mail-template-value", Some(1))));
}

#[test]
fn a_broken_school_text_never_stops_the_mail_and_is_reported_with_its_line() {
    let post = Post::house();
    let house = post.text("password-reset", "nl").unwrap();
    let house_mail = post.render("password-reset", "nl", None, &house.sample).unwrap().mail;
    for (broken, code, line) in [
        ("Beste {{ naam }}", "mail-template-undefined", Some(1)),
        ("een\n{% if %}", "mail-template-syntax", Some(2)),
        ("een\ntwee {{ link", "mail-template-unclosed", Some(2)),
        ("{{ link|bestaatniet }}", "mail-template-filter", Some(1)),
        ("{% set a = 1 %}", "mail-template-not-allowed", Some(1)),
        ("   ", "mail-template-empty", None),
    ] {
        let own = own("Nieuw wachtwoord", broken, None);
        let sent = post.render("password-reset", "nl", Some(&own), &house.sample).unwrap();
        assert_eq!(sent.mail, house_mail);
        let fault = sent.fault.unwrap();
        assert_eq!((fault.code, fault.line, fault.part), (code, line, Part::Text), "{broken}");
        assert_eq!(post.preview("password-reset", "nl", &own).unwrap(), Err(fault));
    }
    let good = own("Nieuw", "Klik {{ link }} snel.", None);
    let sent = post.render("password-reset", "nl", Some(&good), &house.sample).unwrap();
    assert_eq!((sent.fault, sent.mail.subject.as_str()), (None, "Nieuw"));
    assert_eq!(post.preview("password-reset", "nl", &good).unwrap(), Ok(sent.mail));
    assert_eq!(post.render("geen", "nl", None, &json!({})), Err(PostError::Unknown("geen".to_owned())));
}

#[test]
fn html_is_escaped_wherever_a_value_stands_and_text_is_not() {
    let data = json!({ "name": "<script>\"x\"</script> & co", "link": "https://roc.example/?a=1&b=2" });
    let both = own("Hallo {{ name }}", "Beste {{ name }}, zie {{ link }}.", Some("<b>{{ name }}</b>"));
    let mail = render(&both, "nl", &data).unwrap();
    assert!(mail.text.contains("<script>"), "plain text stays as it is");
    assert!(!mail.html.contains("<script>"));
    assert!(mail.html.contains("<b>&lt;script&gt;"));
    let made = render(&Template { html: None, ..both }, "nl", &data).unwrap();
    assert!(!made.html.contains("<script>"));
    assert!(made.html.contains(r#"<a href="https://roc.example/?a=1&amp;b=2">"#), "{}", made.html);
    let sly = json!({ "name": "https://x.example/\"onclick=\"alert(1)", "link": "javascript:alert(1)" });
    let html = render(&own("x", "{{ name }} {{ link }}", None), "nl", &sly).unwrap().html;
    assert!(!html.contains("\"onclick") && !html.contains("href=\"javascript"), "{html}");
}

#[test]
fn a_template_cannot_work_or_write_without_end() {
    let many: Vec<u32> = (0..300).collect();
    let data = json!({ "many": many, "long": "x".repeat(4_000) });
    let nested =
        "{% for a in many %}{% for b in many %}{% for c in many %}x{% endfor %}{% endfor %}{% endfor %}";
    assert_eq!(code(nested, data.clone()), Err(("mail-template-too-much-work", Some(1))));
    let loud = "{% for a in many %}{{ long }}{% endfor %}";
    assert_eq!(code(loud, data.clone()).unwrap_err().0, "mail-template-writes-too-much");
    assert_eq!(code("{{ long|join(long) }}", data.clone()).unwrap_err().0, "mail-template-value");
    assert_eq!(code(&"a".repeat(MOST_SOURCE + 1), data.clone()).unwrap_err().0, "mail-template-too-long");
    let deep = format!("{}x{}", "{% if long %}".repeat(2_000), "{% endif %}".repeat(2_000));
    assert!(code(&deep, data).is_err());
}

#[test]
fn a_subject_stays_on_one_line() {
    let rendered =
        render(&own("Een\n{{ a }}", "tekst", None), "nl", &json!({ "a": "twee\r\nBcc: x" })).unwrap();
    assert_eq!(rendered.subject, "Een twee Bcc: x");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_template_panics_and_every_fault_is_a_listed_code(
        source in "(\\{\\{|\\}\\}|\\{%|%\\}|\\{#|#\\}| if | for | in | endif | endfor |else|a|b\\.c|\\||\\(|\\)|,|\"|'|~|-|\n|é|[ -~]){0,40}"
    ) {
        let data = json!({ "a": [1, 2], "b": { "c": "x" } });
        if let Err(fault) = render(&own("S", &source, Some(&source)), "nl", &data) {
            prop_assert!(CODES.iter().any(|known| known.code == fault.code), "{fault:?}");
        }
    }
}
