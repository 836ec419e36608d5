//! Every number of the stored reference outputs, when they stand beside the checkout.

#![allow(clippy::indexing_slicing, reason = "a test may fail loudly")]

use regie_psychometrics::golden::compare;
use std::path::Path;

#[test]
fn every_number_of_the_reference_packages_is_within_tolerance() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench/psychometrics");
    if !dir.join("golden").exists() {
        // The data belong to others and stay outside the repository.
        return;
    }
    let found = compare(&dir).unwrap();
    let excluded: usize = found.excluded.values().sum();
    assert!(found.misses.is_empty(), "{:#?}", &found.misses[..found.misses.len().min(5)]);
    assert_eq!(found.numbers, found.compared + excluded);
    assert!(found.compared > 15_000, "{}", found.compared);
}
