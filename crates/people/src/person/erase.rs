//! Removal of personal data, for good. What other rows point at stays as a tombstone without a name; the journal's lines lose
//! what they said, and its chain still holds.

use super::{State, merge, store};
use crate::Error;
use crate::error::filled;
use jiff::Timestamp;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, InstitutionId, PersonId};
use regie_db::{Ask, Erasure, Event, Expect, Ledger, Outgoing, Signer, statements};
use serde_json::json;

#[derive(Debug, Clone)]
pub struct Erase {
    pub id: PersonId,
    /// The one that was shown.
    pub version: i64,
    pub reason: String,
}

statements! {
    fn blank(id: PersonId) =
        "UPDATE person SET number = NULL, given_name = '', prefix = NULL, family_name = '', display_name = '',
            id_check = 'notAvailable', id_check_name = NULL, mail = NULL, phone = NULL, born = NULL, unit = NULL,
            company = NULL, state = 'erased', search = '', sort_name = '', version = version + 1
         WHERE institution = $1 AND id = $2";

    /// Only while it is still the version that was shown.
    fn claim(id: PersonId, version: i64) =
        "UPDATE person SET version = version WHERE institution = $1 AND id = $2 AND version = $3 AND state <> 'erased'";

    fn drop_codes(persons: &[PersonId]) = "DELETE FROM person_code WHERE institution = $1 AND person {among_ids $2}";

    fn drop_needs(persons: &[PersonId]) = "DELETE FROM assigned_need WHERE institution = $1 AND person {among_ids $2}";

    fn end_roles(persons: &[PersonId], now: Timestamp) =
        "UPDATE role_assignment SET withdrawn_at = coalesce(withdrawn_at, $3)
         WHERE institution = $1 AND person {among_ids $2}";

    fn end_mandates(persons: &[PersonId], now: Timestamp) =
        "UPDATE mandate SET withdrawn_at = coalesce(withdrawn_at, $3) WHERE institution = $1 AND holder {among_ids $2}";

    fn drop_staged(persons: &[PersonId]) = "DELETE FROM import_row WHERE institution = $1 AND subject {among_ids $2}";

    /// Rows of a sheet that added this person, and rows that were refused, are known by the number alone.
    fn drop_staged_number(number: &str) = "DELETE FROM import_row WHERE institution = $1 AND {contains search $2}";
}

/// Removes what identifies a person. The journal follows by the outbox, so that it happens even when the machine stops now.
pub async fn erase(db: &Db, caller: &Caller, input: Erase) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::ErasePeople, input.id).await?;
    let reason = filled("reason", &input.reason, 500)?;
    db.serial(allowed.caller(), (input, reason), |tx, (input, reason)| {
        Box::pin(async move {
            let one = tx.opt(store::by_id(input.id)).await?.ok_or(Error::NotFound("person"))?;
            if matches!(one.state, State::Merged | State::Erased) {
                return Err(Error::PersonInactive(one.state.code()));
            }
            let all = merge::all_of(tx, one.id).await?;
            let now = tx.recorded_at();
            tx.queue(claim(one.id, input.version), Expect::one(Error::ChangedMeanwhile));
            if let Some(number) =
                one.number.as_deref().map(regie_core::name::folded).filter(|it| it.len() > 2)
            {
                tx.queue(drop_staged_number(&number), Expect::any());
            }
            for query in [
                drop_codes(&all),
                drop_needs(&all),
                end_roles(&all, now),
                end_mandates(&all, now),
                drop_staged(&all),
            ] {
                tx.queue(query, Expect::any());
            }
            for id in &all {
                tx.queue(blank(*id), Expect::any());
                tx.touch(*id);
            }
            // The lines about the person are emptied; that it was done, by whom and why stands with the school.
            let event = Event::new("person.erased", tx.institution())
                .new_value(json!({ "persons": all }))
                .why(reason.clone());
            let payload = json!({ "persons": all, "reason": reason });
            tx.send(Outgoing::new("person.erased", 1, one.id, payload));
            Ok(tx.done((), event))
        })
    })
    .await
}

/// What the outbox asks for after an erasure: the journal's lines about these persons lose what they said, and who. May run twice.
pub async fn erase_history(
    db: &Db,
    institution: InstitutionId,
    persons: &[PersonId],
    reason: &str,
    signer: &Signer,
    ledger: &Ledger,
) -> Result<usize, Error> {
    let erasure = Erasure {
        subjects: persons.iter().map(|id| id.uuid()).collect(),
        persons: persons.to_vec(),
        reason: reason.to_owned(),
    };
    let caller = Caller::system(institution, db.now());
    Ok(db.erase(&caller, &erasure, signer, ledger).await?)
}
