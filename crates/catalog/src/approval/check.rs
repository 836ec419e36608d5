use super::{Point, Said, State, may, store};
use crate::Error;
use crate::error::optional;
use regie_access::Db;
use regie_core::Caller;
use regie_core::id::{ApprovalId, Id};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// What the committee found at one point of its list.
#[derive(Debug, Clone)]
pub struct CheckItem {
    pub point: Point,
    pub said: Said,
    pub remark: Option<String>,
}

/// Fills the list, or changes it, while the treatment is open. "Not applicable" says why.
pub async fn answer(
    db: &Db,
    caller: &Caller,
    id: ApprovalId,
    version: i64,
    items: Vec<CheckItem>,
) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let approval = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(ApprovalId::KIND))?;
    let allowed = may(&mut reader, caller, approval.instrument_version).await?;
    let mut checked = Vec::new();
    for item in items {
        let remark = optional("remark", item.remark.as_deref(), 1_000)?;
        if item.said == Said::NotApplicable && remark.is_none() {
            return Err(Error::Unchecked(item.point.code()));
        }
        checked.push(CheckItem { remark, ..item });
    }
    db.write(allowed.caller(), checked, move |tx, items| {
        Box::pin(async move {
            let found = tx.opt(store::by_id(id)).await?.ok_or(Error::NotFound(ApprovalId::KIND))?;
            if found.state != State::Open {
                return Err(Error::NotNow(found.state.code()));
            }
            tx.queue(store::touch(id, version), Expect::one(Error::ChangedMeanwhile));
            for item in &items {
                let remark = item.remark.as_deref();
                tx.queue(store::put_check(id, item.point, item.said, remark), Expect::any());
            }
            tx.touch(id);
            let new: Vec<_> =
                items.iter().map(|it| json!([it.point.code(), it.said.code(), it.remark])).collect();
            Ok(tx.done((), Event::new("approval.checked", id).new_value(json!({ "list": new }))))
        })
    })
    .await
}
