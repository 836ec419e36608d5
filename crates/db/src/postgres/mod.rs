//! PostgreSQL: a pool of lines, each with its prepared statements; a use case's statements leave pipelined.

mod line;
mod pool;
mod value;

pub(crate) use line::{Line, Whose};
pub(crate) use pool::Pool;
pub(crate) use value::{cells, types};

use std::path::PathBuf;

/// How the database is reached.
#[derive(Debug, Clone)]
pub struct PostgresSettings {
    /// `postgres://user@host:port/name`, or `host=/run/postgresql dbname=regie user=regie`.
    pub url: String,
    pub connections: usize,
    /// The certificate authority that signed the server's certificate; the public ones otherwise.
    pub authority: Option<PathBuf>,
    /// Row-level security as second judge: each transaction tells PostgreSQL its institution.
    pub row_security: bool,
}
