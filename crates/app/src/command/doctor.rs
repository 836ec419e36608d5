use super::{open, say};
use crate::settings::Settings;
use std::process::ExitCode;

/// Looks at everything a running node needs; each finding says what to do.
pub async fn doctor(settings: &Settings) -> Result<ExitCode, String> {
    let mut findings = Vec::new();
    match open(settings) {
        Err(error) => findings.push(format!(
            "The database cannot be opened: {error}. Check --data and --database, and that this user may write there."
        )),
        Ok(db) => match db.pending().await {
            Err(error) => findings.push(format!("The database does not answer: {error}. Is it running?")),
            Ok(names) if names.is_empty() => {
                let ailments = db.doctor().await.map_err(|error| error.to_string())?;
                findings.extend(ailments.into_iter().map(|one| {
                    let urgency = if one.grave { "At once" } else { "When it suits" };
                    format!("{urgency}: {}. Way out: {}.", one.what, one.way_out)
                }));
                if regie_people::institution::all(&db).await.map_err(|error| error.to_string())?.is_empty() {
                    findings.push("There is no institution yet. Run `regie demo`, or found one.".into());
                }
            }
            Ok(names) => findings.push(format!("The database misses {}. Run `regie migrate`.", names.join(", "))),
        },
    }
    if !settings.secure() && !settings.listen.ip().is_loopback() {
        findings.push(format!(
            "Readers come over plain http from other machines ({}). Put a TLS proxy in front and set --public-url to https.",
            settings.listen
        ));
    }
    findings.extend(unsafe_keys(settings));
    if findings.is_empty() {
        say("Nothing wrong was found.");
        return Ok(ExitCode::SUCCESS);
    }
    for finding in findings {
        say(&format!("- {finding}"));
    }
    Ok(ExitCode::FAILURE)
}

/// Keys that others on the machine may read.
fn unsafe_keys(settings: &Settings) -> Vec<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let entries = std::fs::read_dir(settings.keys()).into_iter().flatten().flatten();
    let open = entries.filter(|entry| {
        entry.metadata().is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o077 != 0)
    });
    open.map(|entry| format!("{} may be read by others. Way out: chmod 600.", entry.path().display()))
        .collect()
}
