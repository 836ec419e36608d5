//! What becomes of accounts when a person's record is merged or its data removed: events of people, followed here.

use crate::Error;
use jiff::Timestamp;
use regie_access::Db;
use regie_core::Caller;
use regie_core::id::{AccountId, InstitutionId, PersonId};
use regie_db::{Ask, Event, Expect, global_statements};

global_statements! {
    fn accounts_of(institution: InstitutionId, person: PersonId) -> (AccountId,) =
        "SELECT account FROM account_person WHERE at_institution = $1 AND at_person = $2";

    /// Unless the one that stays signs in already.
    fn move_place(institution: InstitutionId, from: PersonId, to: PersonId) =
        "UPDATE account_person SET at_person = $3 WHERE at_institution = $1 AND at_person = $2
           AND NOT EXISTS (SELECT 1 FROM account_person o WHERE o.at_institution = $1 AND o.at_person = $3)";

    fn drop_place(institution: InstitutionId, person: PersonId) =
        "DELETE FROM account_person WHERE at_institution = $1 AND at_person = $2";

    fn end_sign_ins(institution: InstitutionId, person: PersonId, at: Timestamp) =
        "UPDATE sign_in SET ended_at = coalesce(ended_at, $3), agent = '' WHERE at_institution = $1 AND at_person = $2";

    fn drop_one_time(institution: InstitutionId, person: PersonId) =
        "DELETE FROM one_time WHERE at_institution = $1 AND at_person = $2";

    fn drop_second_factor(account: AccountId) =
        "DELETE FROM second_factor WHERE account = $1
           AND NOT EXISTS (SELECT 1 FROM account_person o WHERE o.account = $1)";

    fn drop_recovery_codes(account: AccountId) =
        "DELETE FROM recovery_code WHERE account = $1
           AND NOT EXISTS (SELECT 1 FROM account_person o WHERE o.account = $1)";

    /// An account that belongs to nobody any more loses its address; others may still point at it.
    fn close(account: AccountId, mail: &str, at: Timestamp) =
        "UPDATE account SET mail = $2, password = NULL, language = NULL, closed_at = coalesce(closed_at, $3)
         WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM account_person o WHERE o.account = $1)";
}

/// Whoever signed in as the record that went now signs in as the one that stays. May run twice.
pub async fn merged(db: &Db, institution: InstitutionId, from: PersonId, to: PersonId) -> Result<(), Error> {
    let caller = Caller::system(institution, db.now());
    db.write(&caller, (), move |tx, ()| {
        Box::pin(async move {
            let now = tx.recorded_at();
            tx.queue(end_sign_ins(institution, from, now), Expect::any());
            tx.queue(move_place(institution, from, to), Expect::any());
            tx.queue(drop_place(institution, from), Expect::any());
            Ok(tx.done((), Event::none("the merger has its line")))
        })
    })
    .await
}

/// Nobody signs in as this person any more; an account without another place loses what identifies it. May run twice.
pub async fn erased(db: &Db, institution: InstitutionId, person: PersonId) -> Result<(), Error> {
    let caller = Caller::system(institution, db.now());
    db.write(&caller, (), move |tx, ()| {
        Box::pin(async move {
            let now = tx.recorded_at();
            let accounts = tx.all(accounts_of(institution, person)).await?;
            tx.queue(end_sign_ins(institution, person, now), Expect::any());
            tx.queue(drop_one_time(institution, person), Expect::any());
            tx.queue(drop_place(institution, person), Expect::any());
            for (account,) in accounts {
                tx.queue(drop_second_factor(account), Expect::any());
                tx.queue(drop_recovery_codes(account), Expect::any());
                tx.queue(close(account, &format!("removed {account}"), now), Expect::any());
            }
            Ok(tx.done((), Event::none("the removal has its line")))
        })
    })
    .await
}
