//! What follows when a person's record is merged or its data removed.

use crate::import::said;
use crate::{Failure, Handling, Job};
use regie_core::id::{Id, PersonId};
use regie_db::{Db, Ledger, Signer};
use std::sync::Arc;

/// The handler of `person.merged`.
pub fn merged(db: Db, job: Job) -> Handling {
    Box::pin(async move {
        let to: PersonId =
            said(&job, "into")?.parse().map_err(|_| Failure::Never("into whom is no id".into()))?;
        let from = PersonId::from_uuid(job.row.subject);
        regie_signin::merged(&db, job.institution, from, to).await.map_err(signin)
    })
}

/// The handler of `person.erased`: the journal's lines, and the account.
pub fn erased(signer: Arc<Signer>, ledger: Ledger) -> impl Fn(Db, Job) -> Handling + Send + Sync + 'static {
    move |db, job| {
        let (signer, ledger) = (signer.clone(), ledger.clone());
        Box::pin(async move {
            let broken = |error: serde_json::Error| Failure::Never(error.to_string());
            let mut payload: serde_json::Value = serde_json::from_str(&job.row.payload).map_err(broken)?;
            let persons = payload.get_mut("persons").map(serde_json::Value::take).unwrap_or_default();
            let persons: Vec<PersonId> = serde_json::from_value(persons).map_err(broken)?;
            let reason = said(&job, "reason")?;
            for person in &persons {
                regie_signin::erased(&db, job.institution, *person).await.map_err(signin)?;
            }
            regie_people::person::erase_history(&db, job.institution, &persons, &reason, &signer, &ledger)
                .await
                .map_err(crate::import::failure)?;
            Ok(())
        })
    }
}

fn signin(error: regie_signin::Error) -> Failure {
    Failure::Later(error.to_string())
}
