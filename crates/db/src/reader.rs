//! Asking outside a transaction.

use crate::postgres::Whose;
use crate::row::FromRow;
use crate::sqlite;
use crate::statement::{Query, decode};
use crate::{Ask, Backend, Db, Error};
use regie_core::id::{Id, InstitutionId};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);

pub struct Reader {
    db: Db,
    whose: Whose,
}

impl Reader {
    pub(crate) fn new(db: Db, institution: InstitutionId) -> Self {
        Self { db, whose: Whose::One(institution.uuid()) }
    }

    /// For housekeeping over all institutions, with statements that name no `$1`.
    pub(crate) fn across(db: Db) -> Self {
        Self { db, whose: Whose::All }
    }
}

impl Ask for Reader {
    async fn all<R: FromRow + Send>(&mut self, query: Query<R>) -> Result<Vec<R>, Error> {
        let statement = query.statement;
        let institution = match self.whose {
            Whose::One(institution) => institution,
            Whose::All => uuid::Uuid::nil(),
        };
        let values = query.values(institution);
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
                        line.belongs_to(self.whose);
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
