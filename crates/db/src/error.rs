//! What can go wrong below a use case. Areas wrap this in their own error enum and answer in sentences;
//! these sentences are for operators.

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A unique constraint refused; the name says which.
    #[error("{0} already exists")]
    Unique(String),
    /// A foreign key refused: what is referred to does not exist, or is still referred to.
    #[error("{0} refers to something that does not exist or is still in use")]
    Foreign(String),
    /// A check or not-null constraint refused.
    #[error("{0} does not allow this value")]
    Check(String),
    /// A guarded update met another number of rows than it must; the use case names the reason.
    #[error("the guard of {0} did not hold")]
    Guard(&'static str),
    /// The same request id came with another caller or another command.
    #[error("this request id was used before for something else; send a new one")]
    RequestReused,
    /// The database cannot be reached now. Nothing is known to be lost; try again.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// No space on the disk: nothing was written, free space and try again.
    #[error("the disk is full; nothing was written. Free some space: Regie goes on by itself")]
    DiskFull,
    /// A flush failed. The kernel may have dropped pages, so going on could lose acknowledged work.
    #[error("writing to disk failed ({0}); Regie stopped writing. Check the disk, then restart Regie")]
    Stopped(String),
    /// Another job rolled the group back, or the database asked for another try; `write` tries again.
    #[error("the transaction must be tried again: {0}")]
    Again(String),
    #[error("unreadable row: {0}")]
    Decode(String),
    #[error("migration: {0}")]
    Migration(String),
    /// A mistake in Regie.
    #[error("internal error: {0}")]
    Bug(String),
    /// The sentence says who refused, and why.
    #[error("{0}")]
    Refused(String),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let rusqlite::Error::SqliteFailure(failure, message) = &error else {
            return Error::Bug(error.to_string());
        };
        let text = message.clone().unwrap_or_else(|| error.to_string());
        // "UNIQUE constraint failed: person.institution, person.number": the part after the colon names it.
        let name = || text.split_once(": ").map_or(text.as_str(), |(_, name)| name).to_owned();
        match failure.code {
            Code::ConstraintViolation => match failure.extended_code {
                rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                    Error::Unique(name())
                }
                rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Error::Foreign(name()),
                _ => Error::Check(name()),
            },
            Code::DiskFull => Error::DiskFull,
            Code::SystemIoFailure => match failure.extended_code {
                rusqlite::ffi::SQLITE_IOERR_FSYNC | rusqlite::ffi::SQLITE_IOERR_DIR_FSYNC => {
                    Error::Stopped(text)
                }
                _ => Error::Unavailable(text),
            },
            Code::DatabaseBusy | Code::DatabaseLocked => Error::Again(text),
            Code::OperationInterrupted => {
                Error::Refused("it took longer than ten seconds; do it in smaller parts".into())
            }
            Code::CannotOpen | Code::DatabaseCorrupt | Code::NotADatabase | Code::ReadOnly => {
                Error::Unavailable(text)
            }
            _ => Error::Bug(text),
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else {
            // Conversion mistakes are ours; everything else without an answer from the server is the line.
            let text = chain(&error);
            return if text.contains("serializing") || text.contains("deserializing") {
                Error::Bug(text)
            } else {
                Error::Unavailable(text)
            };
        };
        let name = || db.constraint().or(db.column()).unwrap_or(db.message()).to_owned();
        match db.code().code() {
            "23505" | "23P01" => Error::Unique(name()),
            "23503" => Error::Foreign(name()),
            "23502" | "23514" | "22P02" => Error::Check(name()),
            // Serialisation, deadlock, and a plan that a migration made stale.
            "40001" | "40P01" | "0A000" => Error::Again(db.message().into()),
            "57014" => Error::Refused("it took longer than ten seconds; do it in smaller parts".into()),
            "53100" => Error::DiskFull,
            // Shutting down, crashed, starting up, too many connections, cannot connect now.
            "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "53300" => {
                Error::Unavailable(db.message().into())
            }
            code if code.starts_with("08") => Error::Unavailable(db.message().into()),
            code => Error::Refused(format!("the database refused: {} ({code})", db.message())),
        }
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}
