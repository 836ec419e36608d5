//! Every statement of the linked crates, prepared and run on both databases: what compile-time checking would give,
//! for two databases at once.
//!
//! A crate calls it in one of its tests, and sees the statements of everything that is linked into that test:
//!
//! ```ignore
//! #[tokio::test]
//! async fn every_statement_runs_on_both_databases() {
//!     regie_testkit::statements().await;
//! }
//! ```

use crate::World;

/// On two freshly migrated databases. Panics with all that is wrong; gives the number of statements.
pub async fn statements() -> usize {
    statements_on(&World::sqlite().await).await;
    statements_on(&World::postgres().await).await
}

/// On a database with tables of a test's own.
pub async fn statements_on(world: &World) -> usize {
    let mut wrong = Vec::new();
    // The kit's own run on tables that only crash tests have.
    for statement in regie_db::STATEMENTS.iter().filter(|s| !s.module.starts_with("regie_testkit")) {
        let problems = match world.db.trial(statement).await {
            Ok(problems) => problems,
            Err(error) => vec![error.to_string()],
        };
        let place = format!("{}::{}", statement.module, statement.name);
        wrong.extend(problems.into_iter().map(|problem| format!("{place}: {problem}")));
    }
    let database = if world.db.is_postgres() { "PostgreSQL" } else { "SQLite" };
    assert!(wrong.is_empty(), "statements on {database}:\n{}", wrong.join("\n"));
    regie_db::STATEMENTS.len()
}
