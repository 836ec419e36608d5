//! Every rule code has its sentence in both languages, and no sentence asks for what its code does not give.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use regie_sheets::CODES;
use std::collections::BTreeSet;

fn texts(language: &str) -> FluentBundle<FluentResource> {
    let path = format!("{}/../../locales/{language}/sheets.ftl", env!("CARGO_MANIFEST_DIR"));
    let source = std::fs::read_to_string(&path).unwrap();
    let resource = FluentResource::try_new(source).unwrap_or_else(|(_, errors)| panic!("{path}: {errors:?}"));
    let mut bundle = FluentBundle::new(vec![language.parse().unwrap()]);
    bundle.set_use_isolating(false);
    bundle.add_resource(resource).unwrap();
    bundle
}

#[test]
fn every_code_has_a_sentence_in_dutch_and_english_that_uses_only_its_arguments() {
    for language in ["nl", "en"] {
        let texts = texts(language);
        for code in CODES {
            let message = texts.get_message(code.code).unwrap_or_else(|| panic!("{language}: {}", code.code));
            let mut args = FluentArgs::new();
            for name in code.args {
                args.set(*name, format!("<{name}>"));
            }
            let mut errors = Vec::new();
            let said = texts.format_pattern(message.value().unwrap(), Some(&args), &mut errors);
            assert!(errors.is_empty(), "{language} {}: {errors:?}", code.code);
            for name in code.args {
                assert!(said.contains(&format!("<{name}>")), "{language} {} leaves {name} out", code.code);
            }
        }
    }
}

#[test]
fn every_code_in_the_source_is_listed_and_every_listed_one_is_used() {
    let mut used = BTreeSet::new();
    let mut folders = vec![format!("{}/src", env!("CARGO_MANIFEST_DIR")).into()];
    while let Some(folder) = folders.pop() {
        let folder: std::path::PathBuf = folder;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("code.rs") {
                let source = std::fs::read_to_string(path).unwrap();
                let made = source.split("Finding::new(\"").skip(1);
                used.extend(made.filter_map(|rest| rest.split_once('"')).map(|(code, _)| code.to_owned()));
            }
        }
    }
    let listed: BTreeSet<String> = CODES.iter().map(|code| code.code.to_owned()).collect();
    assert_eq!(used, listed);
}

#[test]
fn a_place_reads_as_a_person_would_say_it() {
    let texts = texts("nl");
    let message = texts.get_message("sheet-place-cell").unwrap().value().unwrap();
    let mut args = FluentArgs::new();
    for (name, value) in [("sheet", "Gegevens"), ("row", "37"), ("letters", "AB"), ("header", "Cijfer")] {
        args.set(name, value);
    }
    let said = texts.format_pattern(message, Some(&args), &mut Vec::new());
    assert_eq!(said, "Blad Gegevens, rij 37, kolom AB (Cijfer)");
    args.set("sheet", "none");
    args.set("header", "none");
    assert_eq!(texts.format_pattern(message, Some(&args), &mut Vec::new()), "rij 37, kolom AB");
}
