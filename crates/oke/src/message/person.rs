//! A person, and what the agreement adds.

use super::{Affiliation, Identifier, Names, PrimaryCode, unknown_attribute};
use crate::wire::{Code, Consumers, Date, Id, Keyed, Line, Mail, object};

object! {
    /// A student or a member of staff.
    Person {
        /// The id the SIS minted; TPL mints those of external staff.
        person_id: Id = "personId" [required];
        /// The student or staff number.
        primary_code: PrimaryCode = "primaryCode" [required, read_only];
        /// First name.
        given_name: Line = "givenName" [required];
        /// `van der`.
        surname_prefix: String = "surnamePrefix";
        /// Surname without prefix.
        surname: Line = "surname" [required];
        /// `Graaf, Jacob van der`.
        display_name: Line = "displayName" [required];
        /// `J.P.`
        initials: String = "initials";
        /// Whether enrolled now.
        active_enrollment: bool = "activeEnrollment" [required];
        /// Date of birth.
        date_of_birth: Date = "dateOfBirth";
        /// Student, employee, guest.
        affiliations: Vec<Code<Affiliation>> = "affiliations" [required];
        /// Mail address at the institution.
        mail: Mail = "mail" [required];
        /// Languages of choice.
        language_of_choice: Vec<String> = "languageOfChoice";
        /// studentNumber, userName, accountId, eckid.
        other_codes: Vec<Identifier> = "otherCodes";
        /// What the agreement adds; students only.
        consumers: Consumers<PersonNote> = "consumers";
    }
}

impl Keyed for Person {
    fn key(&self) -> Option<&str> {
        self.person_id.get().map(Id::as_str)
    }
}

impl Person {
    /// What the agreement adds.
    #[must_use]
    pub fn note(&self) -> Option<&PersonNote> {
        self.consumers.get().and_then(Consumers::get)
    }

    /// The code of a kind, primary or other.
    #[must_use]
    pub fn code(&self, code_type: &str) -> Option<&str> {
        let primary = self.primary_code.get().map(|code| &code.0);
        primary
            .into_iter()
            .chain(self.other_codes.get().into_iter().flatten())
            .find(|entry| entry.code_type.get().is_some_and(|kind| kind.0 == code_type))
            .and_then(|entry| entry.code.get())
            .map(String::as_str)
    }
}

object! {
    /// What the agreement adds to a person.
    PersonNote unknown unknown_attribute, {
        /// The name someone goes by.
        preferred_name: Line = "preferredName";
        /// Needs the SIS assigned (flow 1); never sent on to test delivery.
        assigned_needs: Vec<AssignedNeed> = "assignedNeeds";
        /// The name on the identity document; `secret` and `notAvailable` are allowed.
        id_check_name: String = "idCheckName";
    }
}

object! {
    /// A need the SIS assigned, in its own words.
    AssignedNeed {
        /// A free code.
        code: String = "code";
        /// What it means.
        description: Names = "description";
        /// From this day.
        start_date: Date = "startDate";
        /// Until and including this day.
        end_date: Date = "endDate";
    }
}
