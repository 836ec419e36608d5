//! All statements of `db` on both databases, and proof that the trial sees mistakes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use regie_core::id::PersonId;
use regie_db::{STATEMENTS, row, statements};
use regie_testkit::both;

row! {
    struct Misread {
        id: PersonId,
        reason: Option<String>,
    }
}

// In a module of their own, so that the general test leaves them out.
mod wrong {
    use super::*;
    statements! {
        fn other_type() -> (i64,) = "SELECT reason FROM journal WHERE institution = $1";
        fn other_name() -> Misread = "SELECT id, action FROM journal WHERE institution = $1";
        fn fewer_columns() -> Misread = "SELECT id FROM journal WHERE institution = $1";
        fn other_parameter(limit: &str) -> (i64,) = "SELECT count(*) FROM journal WHERE institution = $1 AND recorded_at > $2";
        fn no_such_column() = "UPDATE journal SET nonsense = 1 WHERE institution = $1";
        fn may_be_null() -> (String,) = "SELECT reason FROM journal WHERE institution = $1";
        fn sum_of_many() -> (i64,) = "SELECT sum(stamp) FROM journal WHERE institution = $1";
    }

    pub fn all_used() {
        let _ = (other_type(), other_name(), fewer_columns(), other_parameter(""), no_such_column());
        let _ = (may_be_null(), sum_of_many());
        let _ = |misread: Misread| (misread.id, misread.reason);
    }
}

both! {
    async fn every_statement_of_the_layer_runs(world: World) {
        let mut count = 0;
        for statement in STATEMENTS.iter().filter(|statement| statement.module.starts_with("regie_db::")) {
            count += 1;
            assert_eq!(world.db.trial(statement).await.unwrap(), Vec::<String>::new(), "{}", statement.name);
        }
        assert!(count > 20, "{count}");
    }

    async fn each_mistake_is_seen(world: World) {
        wrong::all_used();
        let seen = async |name: &str| {
            let statement = STATEMENTS.iter().find(|s| s.module.ends_with("wrong") && s.name == name).unwrap();
            world.db.trial(statement).await.unwrap().join("; ")
        };
        assert!(seen("other_type").await.contains("column reason is"));
        assert!(seen("other_name").await.contains("column action stands where the row type has reason"));
        assert!(seen("fewer_columns").await.contains("gives 1 columns, its row type has 2"));
        assert!(seen("no_such_column").await.contains("cannot prepare it"));
        if world.db.is_postgres() {
            assert!(seen("other_parameter").await.contains("operator does not exist: timestamp with time zone > text"));
            assert!(seen("may_be_null").await.contains("column reason may be NULL"));
            assert!(seen("sum_of_many").await.contains("column sum is numeric"));
        }
    }
}
