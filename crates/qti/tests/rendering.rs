//! What candidates see: nothing of the answers, and everything of the question.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

use regie_qti::import::{Document, Source, import};
use regie_qti::item::Item;
use regie_qti::render::{Lang, State, page, portable_page, prepare, render};
use regie_qti::safe::read_form;
use regie_qti::score::{Engine, Raw};
use regie_qti::value::{Atom, Value};
use regie_qti::xml::{Element, Node, write_document};
use std::path::{Path, PathBuf};

fn read(bytes: &[u8], file: &str) -> Option<Item> {
    let mut source = Source::alone(file);
    match import(bytes, &mut source) {
        Ok(Document::Item(item)) => Some(*item),
        _ => None,
    }
}

/// Our own items, and the shared samples where they are.
fn all_items() -> Vec<(String, Item)> {
    let mut files = Vec::new();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/items");
    walk(&own, &mut files);
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/qti");
    if shared.exists() {
        walk(&shared, &mut files);
    }
    let items = files.into_iter().filter_map(|path| {
        let file = path.to_string_lossy().into_owned();
        Some((file.clone(), read(&std::fs::read(&path).unwrap(), &file)?))
    });
    items.collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|e| e == "xml") {
            files.push(path);
        }
    }
}

/// The item without anything that says what is right.
fn without_answers(item: &Item) -> Item {
    fn scrub(element: &mut Element) {
        element.children.retain(|n| match n {
            Node::Element(e) => !matches!(
                e.name.as_str(),
                "qti-correct-response"
                    | "qti-mapping"
                    | "qti-area-mapping"
                    | "qti-match-table"
                    | "qti-interpolation-table"
                    | "qti-response-processing"
            ),
            Node::Text(_) => true,
        });
        for child in &mut element.children {
            if let Node::Element(e) = child {
                scrub(e);
            }
        }
    }
    let mut document = item.document.clone();
    scrub(&mut document);
    let text = write_document(&document, "http://www.imsglobal.org/xsd/imsqtiasi_v3p0");
    read(text.as_bytes(), "scrubbed").unwrap()
}

/// Whether a text stands in a page on its own, not inside a longer word of ours.
fn has_words(page: &str, text: &str) -> bool {
    page.match_indices(text).any(|(at, _)| {
        let before = page.get(..at).and_then(|p| p.chars().next_back());
        let after = page.get(at + text.len()..).and_then(|p| p.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

fn show(item: &Item, state: &State, lang: Lang) -> Option<String> {
    let prepared = prepare(&Engine::new(), item, &[], state, lang).ok()?;
    Some(render(&prepared.copy, &prepared.responses, &prepared.options))
}

#[test]
fn a_page_is_the_same_whatever_the_answers_are() {
    let mut seen = 0;
    for (file, item) in all_items() {
        let bare = without_answers(&item);
        for seed in [0, 7] {
            let state = State { seed, ..State::default() };
            let Some(shown) = show(&item, &state, Lang::Nl) else { continue };
            assert_eq!(Some(&shown), show(&bare, &state, Lang::Nl).as_ref(), "{file}");
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn typed_answers_are_nowhere_on_a_page_that_does_not_ask_with_them() {
    for (file, item) in all_items() {
        let Some(shown) = show(&item, &State::default(), Lang::Nl) else { continue };
        let body = item.document.find("qti-item-body").map(Element::text).unwrap_or_default().to_lowercase();
        let shown = shown.to_lowercase();
        for variable in &item.variables.list {
            let mut answers: Vec<&Atom> = variable.correct.atoms().iter().collect();
            answers.extend(variable.mapping.iter().flat_map(|m| &m.entries).filter_map(|e| e.key.as_ref()));
            for answer in answers {
                let Value::One(Atom::Str(text)) = Value::One(answer.clone()) else { continue };
                let text = text.to_lowercase();
                if text.chars().count() >= 4
                    && !body.contains(&text)
                    && !item.title.to_lowercase().contains(&text)
                {
                    assert!(!has_words(&shown, &text), "{file}: {text}");
                }
            }
        }
    }
}

#[test]
fn nothing_of_the_vocabulary_of_answers_leaves() {
    for (file, item) in all_items() {
        for lang in [Lang::Nl, Lang::En] {
            let Ok(prepared) = prepare(&Engine::new(), &item, &[], &State::default(), lang) else { continue };
            let shown = page(&prepared.copy, &prepared.responses, &prepared.options);
            for word in
                ["qti-correct-response", "qti-mapping", "map-key", "qti-response-processing", "qti-value"]
            {
                assert!(!shown.contains(word), "{file}: {word}");
            }
            let mut private = Vec::new();
            prepared.copy.body.walk(&mut |e| {
                private.extend(
                    e.attributes
                        .iter()
                        .filter(|a| a.name.contains("scor") || a.name.contains("umfi"))
                        .cloned(),
                );
            });
            assert!(private.is_empty(), "{file}: {private:?}");
        }
    }
}

#[test]
fn scripts_never_come_through() {
    for (file, item) in all_items() {
        let Some(shown) = show(&item, &State::default(), Lang::Nl) else { continue };
        let lower = shown.to_ascii_lowercase();
        for word in ["<script", "javascript:", " onclick=", " onload=", " onerror=", "<style", " style="] {
            assert!(!lower.contains(word), "{file}: {word}");
        }
    }
}

#[test]
fn telling_names_are_replaced_and_come_back() {
    let item = read(include_bytes!("items/telling.xml"), "telling").unwrap();
    let prepared = prepare(&Engine::new(), &item, &[], &State::default(), Lang::Nl).unwrap();
    let shown = render(&prepared.copy, &prepared.responses, &prepared.options);
    assert!(!shown.contains("correct") && !shown.contains("juist"), "{shown}");
    let field = prepared.copy.field("RESPONSE").unwrap();
    let right = field.shown("correct").to_owned();
    assert_ne!(right, "correct");
    let responses = read_form(&prepared.copy, &[("RESPONSE".to_owned(), right)]);
    assert_eq!(responses.get("RESPONSE"), Some(&Raw::One("correct".to_owned())));
    assert_eq!(prepared.copy.assets.values().map(String::as_str).collect::<Vec<_>>(), ["img/juist.png"]);
}

#[test]
fn what_was_answered_is_shown_again() {
    let item = read(include_bytes!("items/telling.xml"), "telling").unwrap();
    let state = State { responses: serde_json::json!({"RESPONSE": "correct"}), ..State::default() };
    let shown = show(&item, &state, Lang::En).unwrap();
    assert_eq!(shown.matches(" checked").count(), 1);
    assert!(shown.contains("Choose one answer."));
}

#[test]
fn a_portable_interaction_gets_a_frame_without_rights_and_its_answer_back() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/items/portable.xml");
    let item = read(&std::fs::read(file).unwrap(), "portable.xml").unwrap();
    let mut state = State { responses: serde_json::json!({"RESPONSE": "5"}), ..State::default() };
    let without = show(&item, &state, Lang::Nl).unwrap();
    assert!(!without.contains("<iframe") && without.contains("Tel tot tien."));
    state.portable = Some("/frame".to_owned());
    state.media = "/media/".to_owned();
    let html = show(&item, &state, Lang::En).unwrap();
    assert!(html.contains("<iframe sandbox=\"allow-scripts\" "), "{html}");
    assert!(html.contains("title=\"Interactive part 1\""));
    assert!(
        html.contains(
            "&quot;places&quot;:[&quot;/media/media/weg.js&quot;,&quot;/media/media/teller.js&quot;]"
        )
    );
    assert!(html.contains("data-property-hoogste-stand=\"10\""));
    assert!(html.contains("<template><p>Tel tot tien.</p></template>"));
    assert!(html.contains("<input type=\"hidden\" name=\"RESPONSE\" value=\"5\">"));
    // The frame may load files of the package, and a place cannot bring more with it.
    let page = portable_page("https://media.voorbeeld.nl/; script-src *, \"");
    assert!(page.contains("script-src 'unsafe-inline' https://media.voorbeeld.nl/script-src*; style-src"));
}

#[test]
fn a_portable_interaction_gets_the_template_and_says_what_it_does_not_get() {
    let xml = br#"<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="p" title="p"
 adaptive="false" time-dependent="false"><qti-response-declaration identifier="R" cardinality="single" base-type="string"/>
 <qti-template-declaration identifier="X" cardinality="single" base-type="integer"><qti-default-value><qti-value>7</qti-value>
 </qti-default-value></qti-template-declaration>
 <qti-item-body><qti-portable-custom-interaction response-identifier="R" custom-interaction-type-identifier="t" module="m">
  <qti-interaction-modules primary-configuration="modules/paths.js"/><qti-interaction-markup><b>x</b></qti-interaction-markup>
  <qti-template-variable template-identifier="X"/><qti-template-variable template-identifier="R"/>
  <qti-context-variable identifier="Y"/></qti-portable-custom-interaction></qti-item-body></qti-assessment-item>"#;
    let mut source = Source::alone("p.xml");
    let Document::Item(item) = import(xml, &mut source).unwrap() else { panic!("not an item") };
    let codes: Vec<&str> = source.report.findings.iter().map(|f| f.code).collect();
    assert_eq!(codes, ["portable-configuration", "portable-context"], "{:?}", source.report.findings);
    let state = State { portable: Some("/frame".to_owned()), ..State::default() };
    let html = show(&item, &state, Lang::Nl).unwrap();
    let expected = "data-templates=\"{&quot;X&quot;:{&quot;type&quot;:&quot;integer&quot;,&quot;value&quot;:&quot;7&quot;}}\"";
    assert!(html.contains(expected), "{html}");
    assert!(html.contains("<template><b>x</b></template>"));
}

#[test]
fn fields_of_a_record_come_back_from_a_form() {
    let xml = br#"<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="r" title="r"
 adaptive="false" time-dependent="false"><qti-response-declaration identifier="R" cardinality="record"/>
 <qti-item-body><qti-portable-custom-interaction response-identifier="R" custom-interaction-type-identifier="t" module="m"/>
 </qti-item-body></qti-assessment-item>"#;
    let item = read(xml, "r.xml").unwrap();
    let state = State {
        portable: Some("/frame".to_owned()),
        responses: serde_json::json!({"R": {"x": "1", "y": "twee"}}),
        ..State::default()
    };
    let prepared = prepare(&Engine::new(), &item, &[], &state, Lang::Nl).unwrap();
    let html = render(&prepared.copy, &prepared.responses, &prepared.options);
    assert!(html.contains("name=\"R:field=y\" value=\"twee\""), "{html}");
    let form = [("R:field=x", "1"), ("R:field=y", "twee"), ("R:field=y", "drie"), ("R:field=z", "")];
    let form = form.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let responses = read_form(&prepared.copy, &form);
    let expected = vec![("x".to_owned(), "1".to_owned()), ("y".to_owned(), "twee".to_owned())];
    assert_eq!(responses.get("R"), Some(&Raw::Record(expected)));
}
