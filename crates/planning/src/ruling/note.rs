use super::store;
use crate::Error;
use crate::error::filled;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::PersonId;
use regie_db::{Event, Expect};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

/// A unit or a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum What {
    Unit,
    Test,
}

impl What {
    pub const ALL: [What; 2] = [What::Unit, What::Test];

    pub const fn code(self) -> &'static str {
        match self {
            What::Unit => "unit",
            What::Test => "test",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.code() == code)
    }
}
regie_db::coded!(What = What::Unit);

/// Something that a student sat before, here or elsewhere.
#[derive(Debug, Clone)]
pub struct Achieved {
    pub person: PersonId,
    pub what: What,
    pub subject: Uuid,
    pub passed: bool,
    /// Where it is known from: the student system, an older system.
    pub source: String,
}

/// Notes an earlier result, so that what needs it can be registered. The newest word counts.
pub async fn note(db: &Db, caller: &Caller, input: Achieved) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::EditEntitlements, input.person).await?;
    let input = Achieved { source: filled("source", &input.source, 40)?, ..input };
    db.write(allowed.caller(), input, |tx, one| {
        Box::pin(async move {
            let now = tx.recorded_at();
            tx.queue(
                store::achieve(one.person, one.what, one.subject, one.passed, &one.source, now),
                Expect::any(),
            );
            let new = json!({
                "what": one.what.code(), "subject": one.subject, "passed": one.passed, "source": one.source,
            });
            Ok(tx.done((), Event::new("achievement.noted", one.person).new_value(new)))
        })
    })
    .await
}
