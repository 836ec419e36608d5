use super::{Kind, store};
use crate::Error;
use crate::error::filled;
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{CentralWindowId, Id, TestId};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// Days within which a central exam may be taken.
#[derive(Debug, Clone)]
pub struct PutWindow {
    pub id: CentralWindowId,
    pub test: TestId,
    pub name: String,
    pub opens: Date,
    /// The last day.
    pub closes: Date,
}

/// Only a central exam has windows: for the others the school's own periods count.
pub async fn put_window(db: &Db, caller: &Caller, input: PutWindow) -> Result<(), Error> {
    let allowed = regie_access::here(&mut db.reader(caller.institution), caller, Action::EditTests).await?;
    if input.closes < input.opens {
        return Err(Error::EndBeforeBegin);
    }
    let input = PutWindow { name: filled("name", &input.name, 80)?, ..input };
    db.write(allowed.caller(), input, |tx, it| {
        Box::pin(async move {
            let test = tx.opt(store::by_id(it.test)).await?.ok_or(Error::NotFound(TestId::KIND))?;
            if test.kind != Kind::Central {
                return Err(Error::NotNow(test.kind.code()));
            }
            let taken = Error::CodeTaken(it.opens.to_string());
            tx.queue(store::put_window(it.id, it.test, &it.name, it.opens, it.closes), Expect::unique(taken));
            tx.touch(it.test);
            let new = json!({ "name": it.name, "opens": it.opens, "closes": it.closes });
            Ok(tx.done((), Event::new("test.windowPut", it.test).new_value(new)))
        })
    })
    .await
}

pub async fn remove_window(db: &Db, caller: &Caller, test: TestId, id: CentralWindowId) -> Result<(), Error> {
    let allowed = regie_access::here(&mut db.reader(caller.institution), caller, Action::EditTests).await?;
    db.write(allowed.caller(), (), move |tx, ()| {
        Box::pin(async move {
            let missing = Error::NotFound(CentralWindowId::KIND);
            tx.queue(store::remove_window(id, test), Expect::one(missing));
            tx.touch(test);
            Ok(tx.done((), Event::new("test.windowRemoved", test).old(json!({ "window": id }))))
        })
    })
    .await
}
