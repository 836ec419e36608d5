//! `conform --role … --url …`: the suite against somebody's system.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::runtime;
use crate::conform::{Listening, Prepared, Target, Verdict, html, json, junit, run};
use crate::exchange::Role;
use crate::outside::Outside;
use crate::simulate::data::SCHOOL;
use crate::simulate::{Credentials, credentials};

#[derive(Debug, Args)]
pub(super) struct Conform {
    /// The role of the tested party: sis, tpl or ta.
    #[arg(long)]
    role: Role,
    /// Its base URL, for example https://toets.example/ooapi.
    #[arg(long)]
    url: String,
    /// Its token endpoint; without it `/token` at the same address.
    #[arg(long)]
    token_url: Option<String>,
    /// Our client id there, as its ordinary caller: a TPL at a SIS or TA, a SIS at a TPL.
    #[arg(long)]
    client_id: String,
    /// Our client secret there.
    #[arg(long)]
    client_secret: String,
    /// Listen here for what the tested party sends; each partner takes a port of its own from here on.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// How many seconds a call from the tested party may stay out.
    #[arg(long, default_value_t = 60)]
    patience: u64,
    /// A file with what the tested party set up.
    #[arg(long)]
    prepared: Option<PathBuf>,
    /// A certificate authority of the tested party in PEM, besides those of the system. May be given more than once.
    #[arg(long)]
    authority: Vec<PathBuf>,
    /// Where the report goes; the ending says how: .html, .json or .xml. May be given more than once.
    #[arg(long)]
    report: Vec<PathBuf>,
}

impl Conform {
    pub(super) fn run(self, outside: &Outside, out: &mut dyn Write) -> Result<bool, String> {
        let prepared = match &self.prepared {
            None => Prepared::default(),
            Some(file) => {
                let text = std::fs::read(file)
                    .map_err(|error| format!("{} cannot be read: {error}.", file.display()))?;
                serde_json::from_slice(&text)
                    .map_err(|error| format!("{} cannot be read: {error}.", file.display()))?
            }
        };
        for file in &self.report {
            form_of(file)?;
            // Better said now than after the last test.
            if file.parent().is_some_and(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
                return Err(format!("{} cannot be written: its folder does not exist.", file.display()));
            }
        }
        if self.patience == 0 {
            return Err("--patience is at least one second.".to_owned());
        }
        let base_url = self.url.trim_end_matches('/').to_owned();
        let default = token_url_of(&base_url)?;
        let token_url = self.token_url.unwrap_or(default);
        let mut authorities = Vec::new();
        for file in &self.authority {
            let pem = std::fs::read(file)
                .map_err(|error| format!("{} cannot be read: {error}.", file.display()))?;
            authorities.push(pem);
        }
        let target = Target {
            role: self.role,
            base_url,
            token_url,
            caller: Credentials { id: self.client_id, secret: self.client_secret },
            prepared,
            timeout: Duration::from_secs(30),
            patience: Duration::from_secs(self.patience),
            authorities,
        };
        let broken = |error: std::io::Error| format!("The output cannot be written: {error}.");
        runtime()?.block_on(async move {
            let listening = match self.listen {
                None => None,
                Some(address) => {
                    let listening = Listening::start(self.role, address, outside).await?;
                    for other in Role::ALL.into_iter().filter(|other| *other != self.role) {
                        if let Some(stand) = listening.stand(other) {
                            let own = credentials(self.role, SCHOOL);
                            writeln!(
                                out,
                                "{other} listens at {} (tokens at {}, client id {}, secret {})",
                                stand.base_url(),
                                stand.token_url(),
                                own.id,
                                own.secret
                            )
                            .map_err(broken)?;
                        }
                    }
                    Some(Arc::new(listening))
                }
            };
            let report = run(target, listening, outside.clone()).await?;
            for outcome in &report.outcomes {
                match &outcome.verdict {
                    Verdict::Passed => {}
                    Verdict::Failed(reason) => {
                        writeln!(out, "FAILED  {} {}\n        {reason}", outcome.case.id, outcome.case.nl)
                            .map_err(broken)?;
                    }
                    Verdict::Skipped(reason) => {
                        writeln!(out, "skipped {} {reason}", outcome.case.id).map_err(broken)?;
                    }
                }
            }
            let (passed, failed, skipped) = report.counts();
            writeln!(out, "{passed} passed, {failed} failed, {skipped} skipped.").map_err(broken)?;
            for file in &self.report {
                let text = form_of(file)?(&report);
                std::fs::write(file, text)
                    .map_err(|error| format!("{} cannot be written: {error}.", file.display()))?;
            }
            Ok(report.is_passed())
        })
    }
}

type Form = fn(&crate::conform::Report) -> String;

fn form_of(file: &std::path::Path) -> Result<Form, String> {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("html") => Ok(html),
        Some("json") => Ok(json),
        Some("xml" | "junit") => Ok(junit),
        _ => Err(format!("{}: a report ends in .html, .json or .xml (JUnit).", file.display())),
    }
}

fn token_url_of(base_url: &str) -> Result<String, String> {
    let (scheme, rest) = base_url
        .split_once("://")
        .filter(|(scheme, rest)| matches!(*scheme, "https" | "http") && !rest.is_empty())
        .ok_or_else(|| format!("{base_url} is no base URL: it begins with https:// (or http://)."))?;
    let host = rest.split('/').next().unwrap_or(rest);
    Ok(format!("{scheme}://{host}/token"))
}
