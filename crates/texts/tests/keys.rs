//! The texts and their uses, held against each other: every key in both languages with the same
//! variables, every key used, every key asked for present.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test speaks by failing")]

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use regie_core::Role;
use regie_texts::{Language, Texts, sources};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Key → the variables its text names.
type Keys = BTreeMap<String, BTreeSet<String>>;

fn keys(language: Language) -> Keys {
    let mut keys = Keys::new();
    for (file, source) in sources(language) {
        let resource = parser::parse(*source)
            .unwrap_or_else(|(_, errors)| panic!("{}/{file} does not parse: {errors:?}", language.code()));
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let mut variables = BTreeSet::new();
            if let Some(pattern) = &message.value {
                of_pattern(pattern, &mut variables);
            }
            let key = message.id.name.to_owned();
            assert!(keys.insert(key.clone(), variables).is_none(), "{file}: {key} stands twice");
        }
    }
    keys
}

fn of_pattern(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, variables);
        }
    }
}

fn of_expression(expression: &Expression<&str>, variables: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, variables),
        Expression::Select { selector, variants } => {
            of_inline(selector, variables);
            for variant in variants {
                of_pattern(&variant.value, variables);
            }
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            variables.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments, .. } => {
            for positional in &arguments.positional {
                of_inline(positional, variables);
            }
        }
        InlineExpression::Placeable { expression } => of_expression(expression, variables),
        _ => {}
    }
}

/// Every Rust and template file outside this crate, tests included: they use texts too.
fn code() -> Vec<(PathBuf, String)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    let mut folders = vec![crates];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if name != "target" && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if name.ends_with(".rs") || name.ends_with(".html") || name.ends_with(".txt") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

/// The literals a method is called with first: `literals(source, ".t(")`.
fn literals<'a>(source: &'a str, call: &'static str) -> impl Iterator<Item = &'a str> {
    source.split(call).skip(1).filter_map(|text| text.trim_start().strip_prefix('"')?.split('"').next())
}

/// Texts that areas brought before the page that shows them.
const AHEAD: &[&str] = &["sheet-place-", "sheet-word-"];

fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_variables() {
    let (dutch, english) = (keys(Language::Nl), keys(Language::En));
    let missing: Vec<_> = dutch.keys().filter(|key| !english.contains_key(*key)).collect();
    assert!(missing.is_empty(), "not in English: {missing:?}");
    let missing: Vec<_> = english.keys().filter(|key| !dutch.contains_key(*key)).collect();
    assert!(missing.is_empty(), "not in Dutch: {missing:?}");
    for (key, variables) in &dutch {
        assert_eq!(variables, &english[key], "the variables of {key} differ between the languages");
    }
}

#[test]
fn every_text_asked_for_exists() {
    let keys = keys(Language::Nl);
    let mut missing = Vec::new();
    for (path, source) in code() {
        for key in literals(&source, ".t(") {
            if is_key(key) && !keys.contains_key(key) {
                missing.push(format!("{}: {key}", path.display()));
            }
        }
        for family in literals(&source, ".of(") {
            let start = format!("{family}-");
            if is_key(family) && !keys.keys().any(|key| key.starts_with(&start)) {
                missing.push(format!("{}: {start}*", path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "asked for, but in no language:\n{}", missing.join("\n"));
}

#[test]
fn every_text_is_used() {
    let sources = code();
    let families: BTreeSet<String> = sources
        .iter()
        .flat_map(|(_, source)| literals(source, ".of(").map(|family| format!("{family}-")))
        .collect();
    let mut words = BTreeSet::new();
    for (_, source) in &sources {
        words.extend(source.split('"').filter(|word| is_key(word)));
    }
    let unused: Vec<_> = keys(Language::Nl)
        .into_keys()
        .filter(|key| !words.contains(key.as_str()))
        .filter(|key| !AHEAD.iter().any(|start| key.starts_with(start)))
        .filter(|key| !families.iter().any(|family| key.starts_with(family.as_str())))
        .collect();
    assert!(unused.is_empty(), "in the files, but nothing says them: {unused:?}");
}

#[test]
fn every_role_has_a_name() {
    for language in Language::ALL {
        for role in Role::ALL {
            let text = Texts::new(*language).of("role", role.code());
            assert!(text.exists(), "{} has no name in {}", role.code(), language.code());
        }
    }
}

#[test]
fn no_text_shouts() {
    for language in Language::ALL {
        for (file, source) in sources(*language) {
            assert!(!source.contains('!'), "{}/{file} has an exclamation mark", language.code());
        }
    }
}
