//! docs/oke-coverage.md says for each rule of the agreement what covers it; this keeps the page true.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use regie_oke::conform::cases;
use regie_oke::exchange::{OPERATIONS, Role};
use regie_oke::rule::Rule;

fn page() -> String {
    std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/oke-coverage.md"))
        .unwrap()
}

/// The words between backticks.
fn quoted(page: &str) -> BTreeSet<&str> {
    page.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_test_of_the_suite_is_on_the_page() {
    let page = page();
    let quoted = quoted(&page);
    for case in Role::ALL.into_iter().flat_map(cases) {
        assert!(quoted.contains(case.id), "{} is not on the page", case.id);
    }
}

#[test]
fn every_rule_of_the_checker_is_on_the_page() {
    let page = page();
    let quoted = quoted(&page);
    for rule in Rule::ALL {
        assert!(quoted.contains(rule.id()), "{} is not on the page", rule.id());
    }
}

#[test]
fn what_the_page_names_exists() {
    let page = page();
    let ids: BTreeSet<_> = Role::ALL.into_iter().flat_map(cases).map(|case| case.id).collect();
    for word in quoted(&page) {
        let is_case = ["TA-", "TPL-", "SIS-", "ALL-", "CALL-"].iter().any(|start| word.starts_with(start));
        assert!(!is_case || ids.contains(word), "{word} is on the page and nowhere else");
    }
}

#[test]
fn every_operation_is_on_the_page() {
    let page = page();
    for operation in OPERATIONS {
        let line = format!(
            "| {} | `{} {}` |",
            operation.server.name().to_uppercase(),
            operation.method.name(),
            operation.path
        );
        assert!(page.contains(&line), "{line} is not on the page");
    }
}
