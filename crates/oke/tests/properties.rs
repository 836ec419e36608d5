//! What holds for every message: reading never panics, what was read is written the same, patches compose.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;
use regie_oke::check::{Context, check, check_value, repair};
use regie_oke::exchange::OPERATIONS;
use regie_oke::finding::Place;
use regie_oke::message::{Association, Component, Group, Offering, Person};
use regie_oke::patch::{difference, merge};
use regie_oke::wire::{Reader, Wire};
use serde_json::{Map, Value, json};

/// Names that mean something, so that the readers are really entered.
const NAMES: &[&str] = &[
    "associationId",
    "associationType",
    "role",
    "state",
    "consumers",
    "consumerKey",
    "result",
    "person",
    "offering",
    "offeringType",
    "name",
    "description",
    "startDateTime",
    "endDateTime",
    "score",
    "weight",
    "attendance",
    "personId",
    "items",
    "pageSize",
    "hasNextPage",
    "documents",
    "assignedNeeds",
    "component",
    "organization",
    "parent",
    "attempt",
    "attemptLeft",
    "duration",
    "startOptions",
    "durationFrom",
    "extraTimeInMin",
    "primaryCode",
    "codeType",
    "code",
    "x-own",
];

const WORDS: &[&str] = &[
    "componentOfferingAssociation",
    "component",
    "student",
    "associated",
    "canceled",
    "nl-test-admin",
    "completed",
    "2026-06-22",
    "2026-06-22T09:00:00Z",
    "PT60M",
    "P60M",
    "123e4567-e89b-12d3-a456-426614174000",
    "",
    "true",
    "7",
];

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(WORDS).prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(
                prop_oneof![prop::sample::select(NAMES).prop_map(str::to_owned), "[a-z]{1,6}"],
                inner,
                0..6
            )
            .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Objects whose consumers have keys, as patches and stored messages have.
fn document() -> impl Strategy<Value = Value> {
    let part = || {
        prop::collection::btree_map(
            prop::sample::select(vec!["a", "b", "c"]),
            prop_oneof![
                any::<i8>().prop_map(Value::from),
                "[a-z]{0,3}".prop_map(Value::from),
                prop::collection::vec(any::<i8>(), 1..3).prop_map(Value::from),
            ],
            0..3,
        )
    };
    (part(), prop::option::of(part()), prop::option::of(part()), prop::option::of(part())).prop_map(
        |(own, ours, other, inside)| {
            let mut object: Map<String, Value> = own.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
            let mut consumers = Vec::new();
            for (key, entry) in [("nl-test-admin", ours), ("rio", other)] {
                if let Some(entry) = entry {
                    let mut entry: Map<String, Value> =
                        entry.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
                    entry.insert("consumerKey".to_owned(), key.into());
                    consumers.push(Value::Object(entry));
                }
            }
            if !consumers.is_empty() {
                object.insert("consumers".to_owned(), Value::Array(consumers));
            }
            if let Some(inside) = inside {
                object.insert(
                    "result".to_owned(),
                    Value::Object(inside.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
                );
            }
            Value::Object(object)
        },
    )
}

fn merged(target: &Value, patch: &Value) -> Value {
    let mut target = target.clone();
    merge(&mut target, patch.clone());
    target
}

/// Written, read and written again: the same.
fn settles<T: Wire>(value: &Value) {
    let root = Place::root();
    let mut reader = Reader::request();
    if let Ok(read) = T::read(value.clone(), &root, &mut reader) {
        let written = read.write();
        let again =
            T::read(written.clone(), &root, &mut Reader::request()).expect("what we wrote can be read");
        assert_eq!(again.write(), written);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn reading_never_panics(value in value(), answer: bool) {
        for operation in OPERATIONS {
            let flow = operation.uses.first().map_or(0, |used| used.flow);
            let context = Context { is_answer: answer, ..Context::request(operation, flow) };
            let _ = check_value(value.clone(), &context);
        }
        let _ = check_value(value, &Context::default());
    }

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in ".{0,200}") {
        let _ = check(&bytes, &Context::default());
        let _ = repair(&text);
    }

    #[test]
    fn what_was_read_is_written_the_same_ever_after(value in value()) {
        settles::<Association>(&value);
        settles::<Offering>(&value);
        settles::<Person>(&value);
        settles::<Component>(&value);
        settles::<Group>(&value);
    }

    #[test]
    fn what_we_write_is_never_of_the_wrong_type(value in value()) {
        let root = Place::root();
        if let Ok(read) = Association::read(value, &root, &mut Reader::request()) {
            let mut strict = Reader::request();
            let _ = Association::read(read.write(), &root, &mut strict);
            let wrong: Vec<_> = strict.findings.iter().filter(|f| f.rule.id() == "type" || f.rule.id() == "spelling").collect();
            prop_assert!(wrong.is_empty(), "{wrong:?}");
        }
    }

    #[test]
    fn an_empty_patch_changes_nothing(before in document()) {
        prop_assert_eq!(merged(&before, &json!({})), before);
    }

    #[test]
    fn a_patch_twice_is_a_patch_once(before in document(), patch in document()) {
        let once = merged(&before, &patch);
        prop_assert_eq!(merged(&once, &patch), once);
    }

    #[test]
    fn a_patch_leaves_other_consumers_alone(before in document(), patch in document()) {
        let entry = |value: &Value| value["consumers"].as_array().and_then(|list| {
            list.iter().find(|entry| entry["consumerKey"] == "rio").cloned()
        });
        let mut ours = patch;
        if let Some(list) = ours.get_mut("consumers").and_then(Value::as_array_mut) {
            list.retain(|entry| entry["consumerKey"] == "nl-test-admin");
            if list.is_empty() {
                ours.as_object_mut().unwrap().remove("consumers");
            }
        }
        prop_assert_eq!(entry(&merged(&before, &ours)), entry(&before));
    }

    #[test]
    fn the_difference_makes_the_one_of_the_other(before in document(), after in document()) {
        // A consumer cannot be removed by a patch, so both sides have the same ones.
        let mut after = after;
        let has = |value: &Value, key: &str| value["consumers"].as_array()
            .is_some_and(|list| list.iter().any(|entry| entry["consumerKey"] == key));
        for key in ["nl-test-admin", "rio"] {
            prop_assume!(has(&before, key) == has(&after, key));
        }
        if before.get("result").is_none() { after.as_object_mut().unwrap().remove("result"); }
        let patch = difference(&before, &after, "offeringType");
        prop_assert_eq!(merged(&before, &patch), after);
    }
}
