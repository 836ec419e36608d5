//! Errors of the areas on their way to a page; the sentences are made by [`regie_texts::Telling`].

use crate::error::Error;
use crate::part::{Faults, Refusal};
use regie_core::{Standing, Told};
pub use regie_texts::Telling;
use regie_texts::Texts;

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

/// An error as the box that says what, by which rule, who can lift it.
pub fn refusal(telling: &Telling, texts: Texts) -> Refusal {
    let what = match telling.standing {
        Standing::Conflict => "error-title-conflict",
        _ => "error-title-forbidden",
    };
    let mut refusal = Refusal::new(texts, texts.stored(what), telling.sentence(texts));
    refusal.lifted_by = telling.lifted_by(texts);
    // Somebody else was faster: no rule, so nobody needs to lift it.
    refusal.about_rule = telling.standing != Standing::Conflict;
    refusal
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

#[cfg(test)]
mod tests {
    use super::*;
    use regie_access::{Action, Refusal as Refused};
    use regie_core::Role;
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
