use super::{State, store};
use crate::Error;
use jiff::Timestamp;
use regie_access::Db;
use regie_core::Caller;
use regie_core::id::{InstitutionId, MailId, PersonId};
use regie_db::{Ask, Event};
use serde_json::json;

/// A mail and what became of it.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The id of its outbox row, which makes a second delivery of that row recognisable.
    pub id: MailId,
    pub person: Option<PersonId>,
    pub sender: String,
    pub reply_to: Option<String>,
    pub recipient: String,
    pub template: String,
    pub language: String,
    pub subject: String,
    /// Text, HTML and calendar part: for the cabinet only, because mails hold links that open accounts.
    pub body: Option<(String, String, Option<String>)>,
    pub state: State,
    /// The mail server's words, when it refused.
    pub said: Option<String>,
    pub written_at: Timestamp,
}

/// Whether this mail was dealt with before: then sending it again would be a second mail.
pub async fn is_settled(db: &Db, institution: InstitutionId, id: MailId) -> Result<bool, Error> {
    let (count,) = db.reader(institution).one(store::count(id)).await?;
    Ok(count > 0)
}

/// Writes down what became of it. The second time it changes nothing.
pub async fn settle(db: &Db, institution: InstitutionId, letter: Letter) -> Result<(), Error> {
    let caller = Caller::system(institution, db.now());
    db.write(&caller, letter, |tx, letter| {
        Box::pin(async move {
            let now = tx.recorded_at();
            let body = letter.body.as_ref();
            let written = tx
                .run(store::insert(
                    letter.id,
                    letter.person,
                    &letter.sender,
                    letter.reply_to.as_deref(),
                    &letter.recipient,
                    &letter.template,
                    &letter.language,
                    &letter.subject,
                    body.map(|(plain, _, _)| plain.as_str()),
                    body.map(|(_, html, _)| html.as_str()),
                    body.and_then(|(_, _, calendar)| calendar.as_deref()),
                    letter.state,
                    letter.said.as_deref(),
                    letter.written_at,
                    now,
                ))
                .await?;
            if written == 0 {
                return Ok(tx.done((), Event::none("it was written down before")));
            }
            tx.touch(letter.id);
            let action = match letter.state {
                State::Sent => "mail.sent",
                State::Refused => "mail.refused",
                State::Kept => "mail.kept",
            };
            let event = match letter.person {
                Some(person) => Event::new(action, person),
                None => Event::new(action, letter.id),
            };
            let event = event.new_value(json!({ "mail": letter.id, "template": letter.template }));
            let event = match letter.said {
                Some(said) => event.why(said),
                None => event,
            };
            Ok(tx.done((), event))
        })
    })
    .await
}
