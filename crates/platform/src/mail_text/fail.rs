use super::{OwnText, store};
use crate::{Error, notice};
use regie_access::Db;
use regie_core::id::InstitutionId;
use regie_core::{Caller, Role};
use regie_db::Event;
use serde_json::json;

/// The school's text did not work on a real mail, and the house's went out: its administrators hear it, once.
pub async fn fail(db: &Db, institution: InstitutionId, text: &OwnText, fault: &str) -> Result<(), Error> {
    let caller = Caller::system(institution, db.now());
    let input = (text.name.clone(), text.language.clone(), text.version, fault.to_owned());
    db.write(&caller, input, |tx, (name, language, version, fault)| {
        Box::pin(async move {
            if tx.run(store::fail(&name, &language, version, &fault)).await? == 0 {
                return Ok(tx.done((), Event::none("it was told before")));
            }
            let place = format!("/texts/{name}/{language}");
            let told = notice::Telling::to_role(Role::Administrator, "mail-text-failed")
                .with("mail", &name)
                .with("fault", &fault)
                .at(&place);
            let institution = tx.institution();
            tx.send(told.outgoing(institution));
            let new = json!({ "name": name, "language": language, "fault": fault });
            Ok(tx.done((), Event::new("mail-text.failed", institution).new_value(new)))
        })
    })
    .await
}
