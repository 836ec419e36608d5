//! Settings, read. What there is stands in `regie_core::setting`; changing one is a use case of `platform`.

use regie_core::id::{Id as _, InstitutionId, SettingId};
use regie_core::setting::{Setting, Settings, Value};
use regie_db::{Ask, Db, Error, statements};
use std::sync::Arc;
use uuid::Uuid;

statements! {
    fn set() -> (String, String) = "SELECT key, value FROM pub_setting WHERE institution = $1";

    fn one(key: &str) -> (String,) = "SELECT value FROM pub_setting WHERE institution = $1 AND key = $2";
}

/// What holds at the institution of this reader or transaction.
pub async fn setting<T: Value + Default>(q: &mut impl Ask, setting: &Setting<T>) -> Result<T, Error> {
    let stored = q.opt(one(setting.spec.key)).await?;
    let set = stored.map(|(value,)| (setting.spec.key.to_owned(), value));
    Ok(Settings::new(set).get(setting))
}

/// All that the school set, for who needs several; `snapshot()` of it is what a period keeps.
pub async fn settings(q: &mut impl Ask) -> Result<Settings, Error> {
    Ok(Settings::new(q.all(set()).await?))
}

/// As [`settings`], for what every request asks: the database is asked again when one of them changed.
pub async fn settings_at(db: &Db, institution: InstitutionId) -> Result<Arc<Settings>, Error> {
    let asking = async { settings(&mut db.reader(institution)).await };
    db.kept(institution, Uuid::nil(), &[SettingId::KIND], asking).await
}
