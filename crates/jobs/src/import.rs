//! Reads the file of an import and judges its rows. May run again at any moment: what an earlier attempt left is taken over, and
//! an earlier attempt that still runs writes nothing more.

use crate::{Failure, Handling, Job};
use futures_util::StreamExt as _;
use jiff::SignedDuration;
use regie_core::clock::new_id;
use regie_core::id::{Id, ImportId, RequestId};
use regie_core::{Clock, Random, Told};
use regie_db::Db;
use regie_files::{Files, FilesError};
use regie_people::Error;
use regie_people::import::{
    Argument, Fault, Kind, Mapping, Problem, Staged, Task, fail, judge, stage, take, unneeded,
};
use regie_sheets::{Arg, Ask, Column, Finding, Limits, Sheet, read, read_row, skip_example};
use std::sync::Arc;
use uuid::Uuid;

/// What reading an import needs beside the database.
#[derive(Clone)]
pub struct Reading {
    pub files: Files,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

impl Reading {
    /// The handler of `import.judge`.
    pub fn handler(self) -> impl Fn(Db, Job) -> Handling + Send + Sync + 'static {
        move |db, job| {
            let reading = self.clone();
            Box::pin(async move {
                let id = ImportId::from_uuid(job.row.subject);
                let Some(task) = take(&db, job.institution, id).await.map_err(failure)? else {
                    return Ok(());
                };
                match reading.run(&db, &task).await {
                    // Cancelled, or another attempt has it now.
                    Ok(()) | Err(Stop::Told(Error::Import(Problem::Overtaken))) => Ok(()),
                    Err(Stop::Found(fault)) => end(&db, &task, &fault).await,
                    Err(Stop::Told(Error::Refused(refusal)))
                        if refusal.standing() != regie_core::Standing::Unavailable =>
                    {
                        let arguments = refusal.arguments();
                        let fault = Fault {
                            code: format!("told-{}", refusal.code()),
                            arguments: arguments
                                .into_iter()
                                .map(|(name, value)| (name.to_owned(), Argument::Text(value)))
                                .collect(),
                            column: None,
                        };
                        end(&db, &task, &fault).await
                    }
                    Err(Stop::Told(error)) => Err(failure(error)),
                    Err(Stop::Files(error)) => Err(Failure::Later(error.to_string())),
                }
            })
        }
    }

    async fn run(&self, db: &Db, task: &Task) -> Result<(), Stop> {
        if !task.import.staged {
            let rows = self.rows(task).await?;
            stage(db, task, &rows).await?;
        }
        Ok(judge(db, task).await?)
    }

    async fn rows(&self, task: &Task) -> Result<Vec<Staged>, Stop> {
        let gone =
            || Stop::Found(Fault { code: "import-file-gone".into(), arguments: Vec::new(), column: None });
        let hash = task.import.file.parse().map_err(|_| gone())?;
        let limits = Limits::default();
        let bytes = match self.files.read(hash, u64::try_from(limits.file_bytes).unwrap_or(u64::MAX)).await {
            Ok(bytes) => bytes,
            Err(FilesError::Unknown(_) | FilesError::Damaged(_)) => return Err(gone()),
            Err(error) => return Err(Stop::Files(error)),
        };
        let ask = Ask { sheet: task.import.sheet.clone(), header_row: Some(task.import.header_row), limits };
        let (kind, mapping, reading) = (task.import.kind, task.mapping.clone(), self.clone());
        // Minutes of other people's patience must not hang on one large workbook.
        let rows = tokio::task::spawn_blocking(move || {
            let mut sheet = read(&bytes, &ask)?;
            Ok(reading.staged(&mut sheet, kind, &mapping))
        });
        match rows.await {
            Ok(Ok(rows)) => Ok(rows),
            Ok(Err(finding)) => Err(Stop::Found(fault(finding))),
            Err(error) => Err(Stop::Files(FilesError::Upload(error.into()))),
        }
    }

    fn staged(&self, sheet: &mut Sheet, kind: Kind, mapping: &Mapping) -> Vec<Staged> {
        let columns: Vec<Column> = kind
            .columns()
            .iter()
            .map(|column| Column::of(column, column.key.to_owned(), String::new(), |_| None))
            .collect();
        let mapping =
            regie_sheets::Mapping::from_pairs(mapping.iter().map(|(key, column)| (key.clone(), *column)));
        skip_example(sheet, &columns, &mapping);
        let cells = |row| {
            let mut cells = Vec::with_capacity(columns.len());
            let mut found = Vec::new();
            // Column by column, so that one bad cell does not hide what the others say.
            for column in columns.chunks(1) {
                match read_row(sheet, row, column, &mapping) {
                    Ok(values) => {
                        cells.extend(values.into_iter().map(|value| value.map(|value| value.plain())))
                    }
                    Err(findings) => {
                        cells.push(None);
                        found.extend(findings.into_iter().map(fault));
                    }
                }
            }
            (cells, found)
        };
        let rows = sheet.rows.iter().map(|row| {
            let (cells, found) = cells(row);
            Staged { number: row.number, fresh: self.new_id(), cells, found }
        });
        rows.collect()
    }

    fn new_id(&self) -> Uuid {
        // What the row adds is not known here, and neither is its kind of id.
        new_id::<RequestId>(&*self.clock, &*self.random).uuid()
    }
}

/// Working papers are kept so long: an import is looked at, repaired and handed in anew within days.
const KEEP: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The handler of `import.settled`: the file was full of personal data and has done its work.
pub fn put_away(files: Files) -> impl Fn(Db, Job) -> Handling + Send + Sync + 'static {
    move |db, job| {
        let files = files.clone();
        Box::pin(async move {
            let file = said(&job, "file")?;
            let hash = file.parse().map_err(|_| Failure::Never("that is no file's name".into()))?;
            let document =
                is_document(&db, &file).await.map_err(|error| Failure::Later(error.to_string()))?;
            if !document && unneeded(&db, job.institution, &file).await.map_err(failure)? {
                // Put again in this very moment it stays, and goes with the import it was put for.
                let before = db.now();
                files.remove_unused(hash, before).await.map_err(|error| Failure::Later(error.to_string()))?;
            }
            Ok(())
        })
    }
}

/// A document of an instrument stays, however old it is; it lies beside the imports.
async fn is_document(db: &Db, file: &str) -> Result<bool, regie_db::Error> {
    let schools = regie_people::institution::all(db).await.map_err(|error| match error {
        Error::Db(error) => error,
        error => regie_db::Error::Refused(error.to_string()),
    })?;
    for school in schools {
        if regie_catalog::version::keeps(db, school.id, file).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A text in an event's payload.
pub(crate) fn said(job: &Job, name: &str) -> Result<String, Failure> {
    let payload: serde_json::Value =
        serde_json::from_str(&job.row.payload).map_err(|error| Failure::Never(error.to_string()))?;
    let text = payload.get(name).and_then(serde_json::Value::as_str);
    text.map(ToOwned::to_owned).ok_or_else(|| Failure::Never(format!("the event does not say {name}")))
}

/// The clock that forgets old files and rows: both are full of personal data that stands elsewhere by now.
pub async fn forget_old(db: Db, files: Files) -> Result<(), regie_db::Error> {
    let before = db.now().checked_sub(KEEP).unwrap_or(db.now());
    let told = |error: Error| match error {
        Error::Db(error) => error,
        error => regie_db::Error::Refused(error.to_string()),
    };
    for school in regie_people::institution::all(&db).await.map_err(told)? {
        while regie_people::import::forget(&db, school.id, before).await.map_err(told)? > 0 {}
    }
    let mut listed = files.list();
    while let Some(one) = listed.next().await {
        let gone = match one {
            Ok(one) if one.put_at < before && is_document(&db, &one.hash.to_string()).await? => Ok(()),
            Ok(one) if one.put_at < before => files.remove_unused(one.hash, before).await.map(drop),
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = gone {
            tracing::warn!(%error, "an old import's file could not be removed; the next round tries again");
        }
    }
    Ok(())
}

enum Stop {
    /// Nothing that passes by itself: the one who handed it in must know.
    Found(Fault),
    Told(Error),
    Files(FilesError),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Told(error)
    }
}

async fn end(db: &Db, task: &Task, fault: &Fault) -> Result<(), Failure> {
    match fail(db, task, fault).await {
        Ok(()) | Err(Error::Import(Problem::Overtaken)) => Ok(()),
        Err(error) => Err(failure(error)),
    }
}

pub(crate) fn failure(error: Error) -> Failure {
    match error {
        Error::Db(error) => error.into(),
        error => Failure::Later(error.to_string()),
    }
}

/// What was found in the file, as the import keeps it.
fn fault(finding: Finding) -> Fault {
    let arguments = finding.args.into_iter().map(|(name, value)| {
        let value = match value {
            Arg::Text(text) => Argument::Text(text),
            Arg::Number(number) => Argument::Number(number),
        };
        (name.to_owned(), value)
    });
    Fault { code: finding.code.to_owned(), arguments: arguments.collect(), column: finding.place.column }
}
