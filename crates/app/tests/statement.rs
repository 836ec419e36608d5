//! Every statement of the whole house, prepared and run on both databases.

use regie_app as _;

#[tokio::test]
async fn every_statement_runs_on_both_databases() {
    assert!(regie_testkit::statements().await > 100);
}
