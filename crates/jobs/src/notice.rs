//! Puts notices behind bells (`notice.tell`), and tells administrators what could not be delivered.

use crate::{Failure, Job};
use regie_core::Role;
use regie_db::Db;
use regie_platform::notice::{Telling, tell};

/// One row.
pub async fn deliver(db: &Db, job: &Job) -> Result<(), Failure> {
    let telling: Telling = job.row.read()?;
    tell(db, job.institution, job.row.id, telling).await.map_err(|error| Failure::Later(error.to_string()))
}

/// A row that was given up, told once to who can mend it.
pub async fn died(db: Db, job: Job) {
    let what: serde_json::Value = job.row.read().unwrap_or_default();
    let what = what.get("template").and_then(|it| it.as_str()).unwrap_or(&job.row.event).to_owned();
    let telling = Telling::to_role(Role::Administrator, "delivery-died")
        .with("what", &what)
        .at(&format!("/deliveries/{}", job.row.id));
    if let Err(error) = tell(&db, job.institution, job.row.id, telling).await {
        // The page of dead letters shows it all the same.
        tracing::warn!(%error, "administrators could not be told of a dead letter");
    }
}
