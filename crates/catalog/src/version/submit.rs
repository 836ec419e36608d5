use super::{Purpose, ResultKind, State, Whole, store, whole, write::draft};
use crate::instrument::Route;
use crate::test::Kind;
use crate::{Error, consent, telling};
use regie_access::{Action, Db};
use regie_core::id::InstrumentVersionId;
use regie_core::{Caller, Role};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

codes! {
    /// What a version must have before the committee looks at it.
    pub enum Lack {
        Variant = "lack-variant",
        Task = "lack-task",
        Blueprint = "lack-blueprint",
        Scheme = "lack-scheme",
        /// Highest score, cut and a table or a straight line between them.
        Score = "lack-score",
        Conditions = "lack-conditions",
        /// Its supplier has no certificate today.
        Supplier = "lack-supplier",
        /// Board and committee did not agree that the school makes this itself.
        Consent = "lack-consent",
        /// Its platform is not on the register today.
        Platform = "lack-platform",
    }
}

/// What is missing in a version by itself.
fn missing(whole: &Whole) -> Vec<Lack> {
    let content = &whole.content;
    let practical = matches!(whole.version.test_kind, Kind::Practical | Kind::Oral);
    let has = |purposes: &[Purpose]| whole.documents.iter().any(|it| purposes.contains(&it.purpose));
    let scored = content.max_score.is_some() && content.cut_score.is_some();
    let checks = [
        (Lack::Variant, !whole.variants.is_empty()),
        (Lack::Task, has(&[Purpose::Task, Purpose::Package]) || practical && has(&[Purpose::Form])),
        (Lack::Blueprint, !content.blueprint.is_empty()),
        (Lack::Scheme, !content.scheme.is_empty() || has(&[Purpose::Scheme, Purpose::Key, Purpose::Form])),
        (Lack::Score, scored || content.result() != Some(ResultKind::Grade)),
        (Lack::Conditions, whole.conditions.len() >= 2),
    ];
    checks.into_iter().filter(|(_, there)| !there).map(|(lack, _)| lack).collect()
}

/// All that stands in the way of handing it in today.
pub async fn lacks(q: &mut impl Ask, caller: &Caller, whole: &Whole) -> Result<Vec<Lack>, regie_db::Error> {
    let version = &whole.version;
    if version.route == Route::Central {
        return Ok(Vec::new());
    }
    let mut lacks = missing(whole);
    let today = caller.today();
    if version.route == Route::Bought {
        let certified = match version.supplier {
            Some(supplier) => q.one(store::certified(supplier, today)).await?.0 > 0,
            None => false,
        };
        if !certified {
            lacks.push(Lack::Supplier);
        }
    }
    if version.route.own() {
        let consent = match version.consent {
            Some(id) => q.opt(consent::by_id(id)).await?,
            None => None,
        };
        if !consent.is_some_and(|consent| consent.holds_on(today)) {
            lacks.push(Lack::Consent);
        }
    }
    let (named, permitted) = q.one(store::platform_of(version.test, today)).await?;
    if named && !permitted {
        lacks.push(Lack::Platform);
    }
    Ok(lacks)
}

/// Hands a draft in. From here it never changes: its hash is what the committee judges. A central exam is set by the
/// state and needs no committee.
pub async fn submit(
    db: &Db,
    caller: &Caller,
    id: InstrumentVersionId,
    version: i64,
) -> Result<String, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditInstruments).await?;
    let by = allowed.caller().clone();
    db.write(allowed.caller(), by, move |tx, by| {
        Box::pin(async move {
            let found = draft(tx, id, version).await?;
            // The draft is held: what is read from here on is what is handed in.
            tx.flight().await?;
            let whole = whole(tx, found).await?;
            let lacks = lacks(tx, &by, &whole).await?;
            if !lacks.is_empty() {
                return Err(Error::Lacks(lacks));
            }
            let central = whole.version.route == Route::Central;
            let state = if central { State::Approved } else { State::Submitted };
            let (hash, now) = (whole.hash(), tx.recorded_at());
            let from = central.then(|| by.today());
            tx.queue(
                store::submit(id, version + 1, state, &hash, by.person, now, from),
                Expect::one(Error::ChangedMeanwhile),
            );
            if !central {
                let words = json!({ "name": whole.version.instrument_name, "number": whole.version.number.to_string() });
                let place = format!("/versions/{id}");
                for role in [Role::CommitteeChair, Role::CommitteeSecretary] {
                    tx.send(telling::to_role(role, "instrument-submitted", words.clone(), &place, id));
                }
            }
            tx.touch(whole.version.instrument);
            let new = json!({ "hash": hash, "state": state.code() });
            Ok(tx.done(hash, Event::new("instrument.submitted", id).new_value(new)))
        })
    })
    .await
}
