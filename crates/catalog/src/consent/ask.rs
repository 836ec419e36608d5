use super::store;
use crate::error::filled;
use crate::{Error, telling};
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::id::ConsentId;
use regie_core::{Caller, Role};
use regie_db::{Event, Expect};
use serde_json::json;

/// For what the committee would have the school make instruments itself, and why.
#[derive(Debug, Clone)]
pub struct Ask {
    pub id: ConsentId,
    pub title: String,
    pub grounds: String,
    pub begins: Date,
    /// The last day.
    pub ends: Date,
}

pub async fn ask(db: &Db, caller: &Caller, input: Ask) -> Result<ConsentId, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::AskConstruction).await?;
    if input.ends < input.begins {
        return Err(Error::EndBeforeBegin);
    }
    let input = Ask {
        title: filled("title", &input.title, 160)?,
        grounds: filled("grounds", &input.grounds, 4_000)?,
        ..input
    };
    let person = allowed.caller().person;
    db.write(allowed.caller(), input, move |tx, it| {
        Box::pin(async move {
            let now = tx.recorded_at();
            tx.queue(
                store::insert(it.id, &it.title, &it.grounds, it.begins, it.ends, person, now),
                Expect::any(),
            );
            tx.send(telling::to_role(
                Role::CompetentAuthority,
                "construction-asked",
                json!({ "title": it.title }),
                "/construction",
                it.id,
            ));
            tx.touch(it.id);
            let new =
                json!({ "title": it.title, "grounds": it.grounds, "begins": it.begins, "ends": it.ends });
            Ok(tx.done(it.id, Event::new("construction.asked", it.id).new_value(new)))
        })
    })
    .await
}
