use super::{open, say};
use crate::settings::Settings;
use regie_db::Trust;
use std::process::ExitCode;

/// Every institution's journal against its chain.
pub async fn verify(settings: &Settings) -> Result<ExitCode, String> {
    let db = open(settings)?;
    let mut whole = true;
    for institution in regie_people::institution::all(&db).await.map_err(|error| error.to_string())? {
        let verdict =
            db.verify(institution.id, &Trust::default()).await.map_err(|error| error.to_string())?;
        match &verdict.flaw {
            None => say(&format!(
                "{}: whole. {} lines sealed, {} lawfully erased",
                institution.name, verdict.sealed, verdict.erased
            )),
            Some(flaw) => {
                whole = false;
                say(&format!("{}: BROKEN. {flaw}", institution.name));
            }
        }
    }
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
