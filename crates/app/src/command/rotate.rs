use super::{open, say};
use crate::machine::SystemRandom;
use crate::serve::vault;
use crate::settings::Settings;
use regie_core::Random as _;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::ExitCode;

/// A new key in front of the others; everything that was sealed under an older one is sealed anew.
pub async fn rotate(settings: &Settings, forget: bool) -> Result<ExitCode, String> {
    let random = SystemRandom;
    let db = open(settings)?;
    std::fs::create_dir_all(settings.keys()).map_err(|error| error.to_string())?;
    let path = settings.keys().join("secrets.key");
    vault(&path, &random)?;
    let mut keys = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    if !forget {
        let mut fresh = vec![0; 32];
        random.fill(&mut fresh);
        fresh.append(&mut keys);
        keys = fresh;
        replace(&path, &keys)?;
    }
    let count = regie_signin::reseal(&db, &vault(&path, &random)?, &random)
        .await
        .map_err(|error| error.to_string())?;
    if forget {
        keys.truncate(32);
        replace(&path, &keys)?;
        say("The older keys are gone.");
    }
    say(&format!(
        "{count} secrets were put under the newest key. Restart every node, with the same key file."
    ));
    Ok(ExitCode::SUCCESS)
}

/// Whole or not at all, for this user alone.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    let beside = path.with_extension("new");
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&beside)
        .map_err(told)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(told)?;
    std::fs::rename(&beside, path).map_err(told)
}
