use super::{open, say};
use crate::settings::Settings;
use regie_core::id::InstitutionId;
use regie_db::{Db, Trust};
use std::process::ExitCode;

/// Every institution's journal against its chain.
pub async fn verify(settings: &Settings) -> Result<ExitCode, String> {
    verify_all(&open(settings)?).await
}

pub(super) async fn verify_all(db: &Db) -> Result<ExitCode, String> {
    let mut answer = ExitCode::SUCCESS;
    for institution in regie_people::institution::all(db).await.map_err(|error| error.to_string())? {
        if verify_one(db, institution.id, &institution.name).await? != ExitCode::SUCCESS {
            answer = ExitCode::FAILURE;
        }
    }
    Ok(answer)
}

pub(super) async fn verify_one(db: &Db, id: InstitutionId, name: &str) -> Result<ExitCode, String> {
    let verdict = db.verify(id, &Trust::default()).await.map_err(|error| error.to_string())?;
    Ok(match &verdict.flaw {
        None => {
            say(&format!(
                "{name}: whole. {} lines sealed, {} still to seal, {} lawfully erased",
                verdict.sealed, verdict.unsealed, verdict.erased
            ));
            ExitCode::SUCCESS
        }
        Some(flaw) => {
            say(&format!("{name}: BROKEN. {flaw}"));
            ExitCode::FAILURE
        }
    })
}
