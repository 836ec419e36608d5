//! Every statement of the house, prepared and run on both databases, its rows decoded.

// Linked in for the statements they hold.
use regie_app as _;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_runs_on_both_databases() {
    let count = regie_testkit::statements().await;
    assert!(count > 150, "only {count} statements were linked into this test");
}
