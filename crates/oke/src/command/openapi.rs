//! `openapi ROLE`: the document of what a party serves.

use std::io::Write;

use clap::Args;

use crate::exchange::Role;

#[derive(Debug, Args)]
pub(super) struct Openapi {
    /// The party: sis, tpl or ta.
    role: Role,
    /// The base URL to name as its server.
    #[arg(long, default_value = "https://example.org/ooapi")]
    url: String,
    /// The token endpoint to name.
    #[arg(long, default_value = "https://example.org/token")]
    token_url: String,
}

impl Openapi {
    pub(super) fn run(self, out: &mut dyn Write) -> Result<bool, String> {
        let document = crate::openapi::document(self.role, &self.url, &self.token_url);
        writeln!(out, "{document:#}").map_err(|error| format!("The document cannot be written: {error}."))?;
        Ok(true)
    }
}
