//! Accounts: a mail address and what proves it is you; joined to persons in one or more institutions.

use crate::{Error, store};
use regie_access::{Action, Allowed, Db};
use regie_core::Caller;
use regie_core::id::{AccountId, InstitutionId, PersonId};
use regie_core::name::folded;
use regie_db::{Ask, Event, Expect};
use serde_json::json;

#[derive(Debug, Clone)]
pub struct NewAccount {
    pub id: AccountId,
    pub mail: String,
    /// Hashed by [`crate::Passwords`]; `None` when only a federation signs this account in.
    pub password: Option<String>,
    pub person: PersonId,
}

/// Mail addresses are compared without capitals.
pub fn mail_of(text: &str) -> String {
    text.trim().to_lowercase()
}

/// A new account for a person of the caller's institution.
pub async fn create(
    db: &Db,
    allowed: &Allowed<InstitutionId>,
    input: NewAccount,
) -> Result<AccountId, Error> {
    let input = NewAccount { mail: mail_of(&input.mail), ..input };
    db.write(allowed.caller(), input, |tx, input| {
        Box::pin(async move {
            let now = tx.recorded_at();
            tx.queue(
                store::add_account(input.id, &input.mail, input.password.as_deref(), now),
                Expect::unique(Error::MailTaken),
            );
            let institution = tx.institution();
            tx.queue(
                store::add_place(input.id, institution, input.person),
                Expect::unique(Error::PersonTaken),
            );
            Ok(tx.done(
                input.id,
                Event::new("account.created", input.person).new_value(json!({ "account": input.id })),
            ))
        })
    })
    .await
}

/// The same human being works or learns at this institution too.
pub async fn join(db: &Db, caller: &Caller, account: AccountId, person: PersonId) -> Result<(), Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::ManageAccounts).await?;
    if db.reader(caller.institution).opt(store::person(person)).await?.is_none() {
        return Err(regie_access::Refusal::NotFound { kind: "person" }.into());
    }
    db.write(allowed.caller(), (account, person), |tx, (account, person)| {
        Box::pin(async move {
            let institution = tx.institution();
            tx.queue(store::add_place(account, institution, person), Expect::unique(Error::PersonTaken));
            Ok(tx.done((), Event::new("account.joined", person).new_value(json!({ "account": account }))))
        })
    })
    .await
}

/// What a weak password could be built from: words of the person and of the school.
pub(crate) fn about(mail: &str, named: Option<&store::Named>) -> Vec<String> {
    let (name, school) =
        named.map_or(("", ""), |named| (named.display_name.as_str(), named.institution_name.as_str()));
    let words = folded(&format!("{} {name} {school}", mail.replace(['@', '.', '-', '_'], " ")));
    words.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
