//! Tests as the catalogue knows them, and the courses and programmes around them.

use super::{
    ComponentState, ComponentType, Identifier, ModeOfDelivery, ModeOfStudy, Names, Organization,
    PersonalNeed, PrimaryCode, ProgramType, QualificationLevel, ResultValueType, Safety, unknown_attribute,
};
use crate::wire::{Code, Consumers, Date, Id, Keyed, Line, Ref, Span, Tongue, object};
use serde_json::Value;

object! {
    /// A test in the catalogue of a test delivery system.
    Component {
        /// The id TA minted.
        component_id: Id = "componentId" [required, read_only];
        /// Its code.
        primary_code: PrimaryCode = "primaryCode" [required];
        /// Always `test`.
        component_type: Code<ComponentType> = "componentType" [required];
        /// Its name.
        name: Names = "name" [required];
        /// Its short name.
        abbreviation: Line = "abbreviation" [required];
        /// How it is taken.
        mode_of_delivery: Vec<Code<ModeOfDelivery>> = "modeOfDelivery";
        /// How long it takes.
        duration: Span = "duration";
        /// What it tests.
        description: Names = "description";
        /// `nld`.
        teaching_language: Tongue = "teachingLanguage" [required];
        /// How it is assessed.
        assessment: Names = "assessment";
        /// Other codes: which system, which supplier.
        other_codes: Vec<Identifier> = "otherCodes";
        /// The course it belongs to.
        course: Ref<Course> = "course";
        /// Whose test it is.
        organization: Ref<Organization> = "organization";
        /// What the agreement adds.
        consumers: Consumers<ComponentNote> = "consumers";
    }
}

impl Keyed for Component {
    fn key(&self) -> Option<&str> {
        self.component_id.get().map(Id::as_str)
    }
}

impl Component {
    /// What the agreement adds.
    #[must_use]
    pub fn note(&self) -> Option<&ComponentNote> {
        self.consumers.get().and_then(Consumers::get)
    }
}

object! {
    /// What the agreement adds to a test.
    ComponentNote unknown unknown_attribute, {
        /// Extra time in minutes that the test allows.
        additional_testing_time: i64 = "additionalTestingTime";
        /// The provisions the test can offer.
        available_personal_needs: Vec<Code<PersonalNeed>> = "availablePersonalNeeds";
        /// What a session of it must offer.
        safety: Vec<Code<Safety>> = "safety";
        /// Whether it is an exam.
        exam: bool = "exam";
        /// How its score is written.
        result_value_type: Code<ResultValueType> = "resultValueType";
        /// The lowest passing score.
        pass_from: String = "passFrom";
        /// How many retries.
        retries: i64 = "retries";
        /// Whether it is in use.
        status: Code<ComponentState> = "status";
        /// Whether the asking institution has a licence.
        licensed: bool = "licensed";
    }
}

object! {
    /// A course, as far as the exam chain looks at it.
    Course {
        /// Its id.
        course_id: Id = "courseId" [required, read_only];
        /// Its code.
        primary_code: PrimaryCode = "primaryCode" [required];
        /// Its name.
        name: Names = "name" [required];
        /// Its short name.
        abbreviation: Line = "abbreviation" [required];
        /// What it is about.
        description: Names = "description" [required];
        /// `nld`.
        teaching_language: Tongue = "teachingLanguage" [required];
        /// Its level.
        level: String = "level" [required];
        /// Other codes.
        other_codes: Vec<Identifier> = "otherCodes";
        /// Whose course it is.
        organization: Ref<Organization> = "organization";
        /// Consumers of others.
        consumers: Consumers<Value> = "consumers";
    }
}

impl Keyed for Course {
    fn key(&self) -> Option<&str> {
        self.course_id.get().map(Id::as_str)
    }
}

object! {
    /// A programme, as far as the exam chain looks at it.
    Program {
        /// Its id.
        program_id: Id = "programId" [required, read_only];
        /// Its code.
        primary_code: PrimaryCode = "primaryCode" [read_only];
        /// What it is.
        program_type: Code<ProgramType> = "programType";
        /// Its name.
        name: Names = "name";
        /// Its short name.
        abbreviation: Line = "abbreviation";
        /// What it is about.
        description: Names = "description";
        /// `nld`.
        teaching_language: Tongue = "teachingLanguage";
        /// BOL (full-time) or BBL (part-time).
        mode_of_study: Code<ModeOfStudy> = "modeOfStudy";
        /// Its level.
        level_of_qualification: Code<QualificationLevel> = "levelOfQualification";
        /// First possible start.
        first_start_date: Date = "firstStartDate";
        /// Valid from this day.
        valid_from: Date = "validFrom";
        /// Valid until and including this day.
        valid_to: Date = "validTo";
        /// nationalEducationCode is the crebo.
        other_codes: Vec<Identifier> = "otherCodes";
        /// The programme above.
        parent: Ref<Program> = "parent";
        /// Whose programme it is.
        organization: Ref<Organization> = "organization";
        /// Consumers of others.
        consumers: Consumers<Value> = "consumers";
    }
}

impl Keyed for Program {
    fn key(&self) -> Option<&str> {
        self.program_id.get().map(Id::as_str)
    }
}
