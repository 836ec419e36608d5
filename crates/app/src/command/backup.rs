use super::{open, say};
use crate::settings::Settings;
use regie_db::{ERASURES, Folders, Tenant};
use regie_people::institution;
use std::path::Path;
use std::process::ExitCode;

/// Writes the archive and says what is in it.
pub async fn backup(settings: &Settings, file: &Path, slug: Option<&str>) -> Result<ExitCode, String> {
    let db = open(settings)?;
    let told = |error: regie_db::Error| error.to_string();
    let manifest = match slug {
        None => db.backup(file, &all(settings)?).await.map_err(told)?,
        Some(slug) => {
            let known = institution::all(&db).await.map_err(|error| error.to_string())?;
            let Some(one) = known.iter().find(|one| one.slug == slug) else {
                let names: Vec<&str> = known.iter().map(|one| one.slug.as_str()).collect();
                return Err(format!("there is no institution {slug}; here are: {}", names.join(", ")));
            };
            let tenant = Tenant {
                id: regie_core::id::Id::uuid(one.id),
                slug: one.slug.clone(),
                name: one.name.clone(),
            };
            db.backup_one(file, &of_one(settings), tenant).await.map_err(told)?
        }
    };
    let size = std::fs::metadata(file).map_or(0, |file| file.len());
    let what = manifest.institution.as_ref().map_or("everything", |one| one.name.as_str());
    let count = |prefix: &str| manifest.entries.keys().filter(|name| name.starts_with(prefix)).count();
    say(&format!(
        "{}: {what}, {} kB, {} files and {} keys, as of {}",
        file.display(),
        size.div_ceil(1024),
        count("blobs/"),
        count("keys/"),
        manifest.made_at
    ));
    Ok(ExitCode::SUCCESS)
}

/// Blobs and every key that is there.
fn all(settings: &Settings) -> Result<Folders, String> {
    let folder = settings.keys();
    let mut folders = Folders { blobs: Some(settings.blobs()), ..Folders::default() };
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(folders),
        Err(error) => return Err(format!("{}: {error}", folder.display())),
    };
    for entry in entries {
        let entry = entry.map_err(|error| format!("{}: {error}", folder.display()))?;
        if let Ok(name) = entry.file_name().into_string()
            && entry.path().is_file()
        {
            folders.keys.insert(name, entry.path());
        }
    }
    Ok(folders)
}

/// An institution takes its files and what was erased of it; the keys sign for all and stay.
pub(super) fn of_one(settings: &Settings) -> Folders {
    let keys = [(ERASURES.to_owned(), settings.erasures())];
    Folders { blobs: Some(settings.blobs()), keys: keys.into() }
}
