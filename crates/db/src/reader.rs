//! Asking outside a transaction.

use crate::row::FromRow;
use crate::sqlite;
use crate::statement::{Query, decode};
use crate::{Ask, Backend, Db, Error};
use regie_core::id::{Id, InstitutionId};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);

pub struct Reader {
    db: Db,
    institution: InstitutionId,
}

impl Reader {
    pub(crate) fn new(db: Db, institution: InstitutionId) -> Self {
        Self { db, institution }
    }
}

impl Ask for Reader {
    async fn all<R: FromRow + Send>(&mut self, query: Query<R>) -> Result<Vec<R>, Error> {
        let statement = query.statement;
        let values = query.values(self.institution.uuid());
        match &self.db.0.backend {
            Backend::Sqlite { readers, .. } => {
                let lent = readers.lend().await?;
                let (rows, _) = sqlite::run(lent.connection()?, statement, &values)?;
                drop(lent);
                decode(statement, rows)
            }
            Backend::Postgres { pool } => {
                let started = Instant::now();
                // A question can be asked again: a restarted database is a pause, not an error page.
                loop {
                    let asked = async {
                        let mut line = pool.line().await?;
                        line.belongs_to(self.institution.uuid());
                        line.ask(statement, values.clone()).await
                    };
                    match asked.await {
                        Ok((rows, _)) => return decode(statement, rows),
                        Err(Error::Unavailable(_) | Error::Again(_)) if started.elapsed() < PATIENCE => {
                            tokio::time::sleep(Duration::from_millis(50)).await;
                        }
                        Err(error) => return Err(error),
                    }
                }
            }
        }
    }
}
