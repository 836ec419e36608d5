//! Made items: they score their key, keep it to themselves, and say what is missing.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

use proptest::prelude::*;
use regie_qti::author::{
    Area, Ask, Block, Choice, Draft, Image, Media, Problem, Question, TextGap, build, check,
};
use regie_qti::import::{Document, Source, import};
use regie_qti::item::{Item, Role};
use regie_qti::render::{Lang, State, prepare, render};
use regie_qti::score::{Engine, Raw, Responses, Scratch, Session};
use regie_qti::value::{Atom, Value};
use regie_qti::xml::write_document;

fn draft(blocks: Vec<Block>) -> Draft {
    Draft { identifier: "vraag-1".to_owned(), title: "Vraag".to_owned(), language: "nl".to_owned(), blocks }
}

fn text(prefix: &'static str) -> impl Strategy<Value = String> {
    "[a-z]{3,9}( [a-z<&]{1,8})?".prop_map(move |t| format!("{prefix}{}", regie_qti::author::plain(&t)))
}

fn texts(least: usize, most: usize) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(""), least..=most)
        .prop_map(|list| list.into_iter().enumerate().map(|(i, t)| format!("{t} {i}")).collect())
}

fn choices(multiple: bool) -> impl Strategy<Value = Vec<Choice>> {
    (texts(2, 6), any::<prop::sample::Index>(), any::<bool>()).prop_map(move |(list, at, second)| {
        let right = at.index(list.len());
        let count = list.len();
        let other = (right + 1) % count;
        let make = |(i, text)| Choice {
            text,
            right: i == right || (multiple && second && count > 2 && i == other),
            fixed: i + 1 == count,
        };
        list.into_iter().enumerate().map(make).collect()
    })
}

fn image() -> Image {
    Image { file: "img/kaart.png".into(), alternative: "Kaart".into(), width: 400, height: 300 }
}

fn areas(right: usize) -> Vec<Area> {
    let area = |i: usize| Area {
        shape: "rect".into(),
        coords: format!("{},10,{},60", i * 80 + 5, i * 80 + 65),
        label: format!("vak {i}"),
        right: i == right,
    };
    (0..4).map(area).collect()
}

fn ask() -> impl Strategy<Value = Ask> {
    prop_oneof![
        any::<bool>().prop_flat_map(|multiple| {
            (choices(multiple), any::<bool>()).prop_map(move |(choices, shuffle)| Ask::Choice {
                choices,
                multiple,
                shuffle,
            })
        }),
        (texts(1, 3), any::<bool>(), -50i32..50).prop_map(|(words, case_sensitive, n)| Ask::TextEntry {
            text: "Een [[1]] en <b>[[2]]</b>.".into(),
            gaps: vec![
                TextGap::Words { accepted: words, case_sensitive },
                TextGap::Number { right: f64::from(n) / 4.0, tolerance: 0.5 },
            ],
        }),
        (choices(false), choices(false), any::<bool>()).prop_map(|(a, b, shuffle)| Ask::InlineChoice {
            text: "[[2]] of [[1]]".into(),
            lists: vec![a, b],
            shuffle
        }),
        (texts(2, 4), texts(2, 4), any::<bool>()).prop_map(|(rows, columns, shuffle)| {
            let pairs = (0..rows.len()).map(|r| (r, r % columns.len())).collect();
            Ask::Match { rows, columns, pairs, shuffle }
        }),
        (texts(2, 5), any::<bool>()).prop_map(|(words, shuffle)| {
            let last = words.len() - 1;
            Ask::GapMatch { text: "Eerst [[1]], dan [[2]].".into(), words, right: vec![last, 0], shuffle }
        }),
        texts(2, 6).prop_map(|things| Ask::Order { things }),
        (choices(true), any::<bool>()).prop_map(|(words, _)| Ask::Hottext {
            text: (1..=words.len()).map(|n| format!("woord [[{n}]] ")).collect(),
            words,
            multiple: true,
        }),
        (0usize..4).prop_map(|right| Ask::Hotspot { image: image(), areas: areas(right), multiple: false }),
        (texts(4, 6), any::<bool>()).prop_map(|(things, shuffle)| Ask::Associate {
            things,
            pairs: vec![(0, 1), (3, 2)],
            shuffle
        }),
        texts(2, 4).prop_map(|labels| Ask::GraphicGapMatch {
            image: image(),
            areas: areas(9),
            labels,
            pairs: vec![(0, 2), (1, 0)]
        }),
        (0i32..10, 1i32..5).prop_map(|(steps, step)| Ask::Slider {
            low: 0.0,
            high: 50.0,
            step: f64::from(step),
            right: f64::from(steps * step),
            tolerance: 0.0,
        }),
        text("")
            .prop_map(|marking| Ask::ExtendedText { lines: 5, marking: format!("Let op: {marking} GEHEIM") }),
        Just(Ask::Upload { types: vec!["application/pdf".into()], marking: "GEHEIM".into() }),
    ]
}

fn key(item: &Item) -> Responses {
    let mut responses = Responses::new();
    let text = |atom: &Atom| match Value::One(atom.clone()).json() {
        serde_json::Value::String(s) => s,
        other => other.to_string(),
    };
    for variable in item.variables.list.iter().filter(|v| v.role == Role::Response) {
        match &variable.correct {
            Value::One(atom) => responses.set(&variable.identifier, Raw::One(text(atom))),
            Value::Bag(list) | Value::List(list) => {
                responses.set(&variable.identifier, Raw::Many(list.iter().map(text).collect()));
            }
            _ => {}
        }
    }
    responses
}

fn score(item: &Item, responses: &Responses) -> f64 {
    let engine = Engine::new();
    let (session, _) = Session::start(&engine, item, 5, &[]);
    let mut scratch = Scratch::new();
    let scored = engine.score(item, &session, responses, &mut scratch).unwrap();
    Value::from(scored.get("SCORE").unwrap()).number().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn made_items_score_their_key_and_keep_it(ask in ask(), partial: bool, points in 1u8..9, seed: u64) {
        let human = matches!(ask, Ask::ExtendedText { .. } | Ask::Upload { .. });
        let question = Question { prompt: "<p>Wat hoort hier?</p>".into(), points: f64::from(points), partial, ask };
        let media = Media { file: "a.mp3".into(), kind: "audio/mpeg".into(), label: "Lied".into(), plays: 2 };
        let draft = draft(vec![Block::Text("<p>Lees dit.</p>".into()), Block::Media(media), Block::Question(question)]);
        prop_assert_eq!(check(&draft), vec![]);
        let item = build(&draft).map_err(|issues| TestCaseError::fail(format!("{issues:?}")))?;

        let right = key(&item);
        let expected = if human { 0.0 } else { f64::from(points) };
        prop_assert!((score(&item, &right) - expected).abs() < 1e-9, "{} of {expected}", score(&item, &right));
        prop_assert!(score(&item, &Responses::new()).abs() < 1e-9);
        prop_assert_eq!(item.to_be_marked().contains(&"SCORE"), human);
        prop_assert!(human || regie_qti::score::check_responses(&item, &right).is_empty());

        let state = State { seed, ..State::default() };
        let prepared = prepare(&Engine::new(), &item, &[], &state, Lang::Nl).unwrap();
        let shown = render(&prepared.copy, &prepared.responses, &prepared.options);
        prop_assert!(shown.contains("Wat hoort hier?") && shown.contains("Lees dit."));
        prop_assert!(!shown.contains("GEHEIM"));

        let text = write_document(&item.document, "http://www.imsglobal.org/xsd/imsqtiasi_v3p0");
        let mut source = Source::alone("again");
        let Document::Item(again) = import(text.as_bytes(), &mut source).unwrap() else { panic!("an item") };
        prop_assert_eq!(again.document.without_lines(), item.document.clone().without_lines());
        let stored = serde_json::to_string(&draft).unwrap();
        prop_assert_eq!(serde_json::from_str::<Draft>(&stored).unwrap(), draft);
    }
}

fn problems(blocks: Vec<Block>) -> Vec<Problem> {
    check(&draft(blocks)).into_iter().map(|i| i.problem).collect()
}

fn asked(ask: Ask) -> Vec<Block> {
    vec![Block::Question(Question { prompt: "?".into(), points: 1.0, partial: false, ask })]
}

#[test]
fn what_is_missing_is_named() {
    let choice = |text: &str, right| Choice { text: text.into(), right, fixed: false };
    let ask = |choices| Ask::Choice { choices, multiple: false, shuffle: true };
    assert_eq!(problems(asked(ask(vec![choice("a", false), choice("b", false)]))), [Problem::NoneRight]);
    assert_eq!(problems(asked(ask(vec![choice("a", true), choice("b", true)]))), [Problem::ManyRight]);
    assert_eq!(problems(asked(ask(vec![choice("a", true), choice(" ", false)]))), [Problem::Blank(2)]);
    assert_eq!(problems(asked(ask(vec![choice("a", true), choice("a", false)]))), [Problem::Twice(2)]);
    assert_eq!(problems(asked(ask(vec![choice("a", true)]))), [Problem::TooFew]);
    assert!(matches!(problems(vec![Block::Text("<p>".into())])[..], [Problem::Text(_)]));
    assert!(matches!(problems(vec![Block::Text("<p onclick='x'>a</p>".into())])[..], [Problem::Text(_)]));
    assert!(matches!(problems(vec![Block::Text("<script>a</script>".into())])[..], [Problem::Text(_)]));
    assert_eq!(problems(vec![Block::Text("<img src='a.png'/>".into())]), [Problem::Alternative]);
    assert_eq!(problems(vec![]), [Problem::Empty]);
    let gap = Ask::GapMatch {
        text: "[[1]] [[1]]".into(),
        words: vec!["a".into(), "b".into()],
        right: vec![0],
        shuffle: false,
    };
    assert_eq!(problems(asked(gap)), [Problem::Places(1)]);
    let hidden = Ask::TextEntry {
        text: "<span title='[[1]]'>a</span>".into(),
        gaps: vec![TextGap::Number { right: 1.0, tolerance: 0.0 }],
    };
    assert_eq!(problems(asked(hidden)), [Problem::Places(1)]);
    let between = Ask::Slider { low: 0.0, high: 10.0, step: 2.0, right: 3.0, tolerance: 0.0 };
    assert_eq!(problems(asked(between)), [Problem::Scale]);
    let slider = Ask::Slider { low: 5.0, high: 1.0, step: 1.0, right: 2.0, tolerance: 0.0 };
    assert_eq!(problems(asked(slider)), [Problem::Scale]);
    let mut area = areas(0);
    area[1].label.clear();
    area[2].coords = "900,900,950,950".into();
    let spots = Ask::Hotspot { image: image(), areas: area, multiple: false };
    assert_eq!(problems(asked(spots)), [Problem::AreaName(2), Problem::Area(3)]);
}

#[test]
fn issues_are_told_in_both_languages() {
    let issues = check(&Draft::default());
    assert_eq!(issues.len(), 3);
    assert!(issues.iter().any(|i| i.text(Lang::Nl) == "Het item: geef een titel."));
    assert!(issues.iter().any(|i| i.text(Lang::En) == "The item: give a title."));
}
