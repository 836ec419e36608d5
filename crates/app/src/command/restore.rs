use super::{backup, open, say, verify};
use crate::settings::Settings;
use regie_core::Caller;
use regie_core::id::{Id as _, InstitutionId};
use regie_db::{Db, Event, Folders, Ledger, Manifest};
use std::path::Path;
use std::process::ExitCode;

/// Puts an archive back and proves its journals. Nothing is ever written over.
pub async fn restore(settings: &Settings, file: &Path) -> Result<ExitCode, String> {
    let manifest = regie_db::read_manifest(file).map_err(|error| error.to_string())?;
    if manifest.institution.is_some() {
        one(settings, file).await
    } else {
        whole(settings, file, &manifest).await
    }
}

async fn whole(settings: &Settings, file: &Path, manifest: &Manifest) -> Result<ExitCode, String> {
    let told = |error: regie_db::Error| error.to_string();
    for folder in [settings.data.clone(), settings.keys()] {
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let keys = manifest.entries.keys().filter_map(|name| name.strip_prefix("keys/"));
    // A key is a file in the folder of keys and nowhere else.
    let keys = keys.filter(|name| !name.contains(['/', '\\']) && *name != "..");
    let folders = Folders {
        blobs: Some(settings.blobs()),
        keys: keys.map(|name| (name.to_owned(), settings.keys().join(name))).collect(),
    };
    let manifest = regie_db::restore(&settings.database, file, &folders).await.map_err(told)?;
    let db = open(settings)?;
    let erased = db.restored(&Ledger::new(settings.erasures())).await.map_err(told)?;
    say(&format!("{}: everything as of {} is back", file.display(), manifest.made_at));
    if erased > 0 {
        say(&format!("{erased} journal lines that were erased since then were erased again"));
    }
    verify::verify_all(&db).await
}

async fn one(settings: &Settings, file: &Path) -> Result<ExitCode, String> {
    let told = |error: regie_db::Error| error.to_string();
    std::fs::create_dir_all(settings.keys()).map_err(|error| error.to_string())?;
    let db = open(settings)?;
    db.migrate().await.map_err(told)?;
    let brought = db.bring_in(file, &backup::of_one(settings)).await.map_err(told)?;
    let id = InstitutionId::from_uuid(brought.tenant.id);
    note(&db, id).await.map_err(told)?;
    say(&format!("{} ({}) is here: {} rows", brought.tenant.name, brought.tenant.slug, brought.rows));
    if brought.known_accounts > 0 {
        say(&format!(
            "{} accounts were here already: they keep their own password and second factor",
            brought.known_accounts
        ));
    }
    for (table, rows) in &brought.left_out {
        say(&format!(
            "{rows} rows of {table} were left out: they refer to an organisation or account that is not here"
        ));
    }
    verify::verify_one(&db, id, &brought.tenant.name).await
}

/// The school's own journal says that it was brought here.
async fn note(db: &Db, id: InstitutionId) -> Result<(), regie_db::Error> {
    db.write::<(), regie_db::Error, _, _>(&Caller::system(id, db.now()), (), move |tx, ()| {
        Box::pin(async move { Ok(tx.done((), Event::new("institution.restored", id))) })
    })
    .await
}
