//! Errors of the areas, told to a reader: a code and arguments become a sentence in their language.
//!
//! Each code has the text `told-<code>`. An argument named `role`, `action`, `kind` or `field` holds a
//! code of its own, which becomes its word (`role-student`, `action-see-people`) when there is one.

use crate::error::Error;
use crate::part::{Faults, Refusal};
use regie_core::{Role, Standing, Told};
use regie_texts::Texts;

/// What an area's error says, kept until the reader's language is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    pub standing: Standing,
    pub code: &'static str,
    pub arguments: Vec<(&'static str, String)>,
    /// The roles that can lift it.
    pub who: Vec<Role>,
    /// The field of the form it is about.
    pub field: Option<&'static str>,
}

/// Lets a handler pass on an area's error: `use_case(&caller, input).await.told()?`.
pub trait Tell<T> {
    /// The error as an answer.
    fn told(self) -> Result<T, Error>;
}

impl<T, E: Told + std::fmt::Display> Tell<T> for Result<T, E> {
    fn told(self) -> Result<T, Error> {
        self.map_err(|error| Error::told(&error))
    }
}

impl Error {
    /// An area's error. What is nobody's business but ours goes to the log by its `Display`.
    pub fn told(error: &(impl Told + std::fmt::Display)) -> Self {
        if error.standing() == Standing::Bug {
            return Error::internal(error);
        }
        Error::Told(Box::new(Telling::of(error)))
    }
}

impl Telling {
    pub fn of(error: &impl Told) -> Self {
        Self {
            standing: error.standing(),
            code: error.code(),
            arguments: error.arguments(),
            who: error.who(),
            field: error.field(),
        }
    }

    /// The rule in the reader's language.
    pub fn sentence(&self, texts: Texts) -> String {
        let mut text = texts.of("told", self.code);
        for (name, value) in &self.arguments {
            text = text.with(name, word(texts, name, value));
        }
        text.to_string()
    }

    /// The roles that can lift it, as one line.
    pub fn lifted_by(&self, texts: Texts) -> Option<String> {
        let names: Vec<String> =
            self.who.iter().map(|role| texts.of("role", role.code()).to_string()).collect();
        let (last, others) = names.split_last()?;
        if others.is_empty() {
            return Some(last.clone());
        }
        let others = others.join(", ");
        Some(texts.t("told-one-of").with("others", others).with("last", last.clone()).to_string())
    }

    /// As the box that says what, by which rule, who can lift it.
    pub fn refusal(&self, texts: Texts) -> Refusal {
        let what = match self.standing {
            Standing::Conflict => "error-title-conflict",
            _ => "error-title-forbidden",
        };
        let mut refusal = Refusal::new(texts, texts.stored(what), self.sentence(texts));
        refusal.lifted_by = self.lifted_by(texts);
        // Somebody else was faster: no rule, so nobody needs to lift it.
        refusal.about_rule = self.standing != Standing::Conflict;
        refusal
    }
}

impl Faults {
    /// Puts an area's error beside the field it is about; gives it back when it is about none.
    pub fn take(&mut self, error: &(impl Told + std::fmt::Display)) -> Result<(), Error> {
        let about_form = matches!(error.standing(), Standing::Invalid | Standing::Conflict);
        match error.field().filter(|_| about_form) {
            Some(field) => {
                self.add(field, Telling::of(error).sentence(self.texts));
                Ok(())
            }
            None => Err(Error::told(error)),
        }
    }
}

fn word(texts: Texts, name: &str, code: &str) -> String {
    let known = match name {
        "role" => texts.of("role", code),
        "action" => texts.of("action", code),
        "kind" => texts.of("kind", code),
        "field" => texts.of("field", code),
        _ => return code.to_owned(),
    };
    if known.exists() { known.to_string() } else { code.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regie_access::{Action, Refusal as Refused};
    use regie_texts::Language;

    #[test]
    fn a_refusal_names_the_act_the_role_and_who_may() {
        let refused = Refused::NotInRole { action: Action::AssignRoles, role: Some(Role::Teacher) };
        let told = Telling::of(&refused);
        let nl = Texts::new(Language::Nl);
        assert_eq!(told.sentence(nl), "Rollen toekennen hoort niet bij de rol Docent.");
        assert!(told.lifted_by(nl).unwrap().contains("Functioneel beheerder"));
        assert_eq!(Error::told(&refused).status().as_u16(), 403);
    }

    #[test]
    fn every_action_duty_and_database_trouble_has_its_words() {
        for language in Language::ALL {
            let texts = Texts::new(*language);
            for action in Action::ALL {
                assert!(
                    texts.of("action", action.code()).exists(),
                    "{} in {}",
                    action.code(),
                    language.code()
                );
            }
            let fixed = ["not-in-role", "out-of-reach", "not-found", "request-reused", "changed-meanwhile"];
            let fixed = fixed.into_iter().chain(["disk-full", "unavailable", "no-caller"]);
            for code in regie_access::duty::DUTIES.iter().map(|duty| duty.code).chain(fixed) {
                assert!(texts.of("told", code).exists(), "{code} in {}", language.code());
            }
        }
    }
}
