//! Plannable tests (flow 1) and sessions (flow 2), and the programme and course offerings beside them.

use super::{
    AcademicSession, Component, Course, Document, DurationFrom, DurationUntil, Identifier, ModeOfDelivery,
    Names, OfferingState, OfferingType, Organization, PrimaryCode, Program, ResultValueType, Safety,
    StartOption, unknown_attribute,
};
use crate::finding::{Place, Severity};
use crate::rule::Rule;
use crate::wire::{Code, Consumers, Date, Id, Keyed, Line, Moment, Reader, Ref, Span, Tongue, Uri, object};

object! {
    /// A plannable test, a session, a course offering or a programme offering.
    Offering {
        /// Minted by the SIS (plannable test) or TPL (session).
        offering_id: Id = "offeringId";
        /// Its code; need not be unique.
        primary_code: PrimaryCode = "primaryCode" [required, read_only];
        /// The discriminator.
        offering_type: Code<OfferingType> = "offeringType" [required];
        /// The term; ignored.
        academic_session: Ref<AcademicSession> = "academicSession";
        /// Its name.
        name: Names = "name" [required];
        /// Its short name.
        abbreviation: Line = "abbreviation";
        /// What it is.
        description: Names = "description" [required];
        /// `nld`.
        teaching_language: Tongue = "teachingLanguage" [required];
        /// How it is given.
        mode_of_delivery: Vec<Code<ModeOfDelivery>> = "modeOfDelivery";
        /// How many at most.
        max_number_students: i64 = "maxNumberStudents";
        /// True for tests, false for programmes and courses.
        result_expected: bool = "resultExpected" [required];
        /// How the score is written.
        result_value_type: Code<ResultValueType> = "resultValueType";
        /// A page about it.
        link: Uri = "link";
        /// systemId is the offline server of the delivery system.
        other_codes: Vec<Identifier> = "otherCodes";
        /// What the agreement adds.
        consumers: Consumers<OfferingNote> = "consumers";
        /// Start of the period or session; component offerings.
        start_date_time: Moment = "startDateTime";
        /// End of the period or session; component offerings.
        end_date_time: Moment = "endDateTime";
        /// First day; programme and course offerings.
        start_date: Date = "startDate";
        /// Last day; programme and course offerings.
        end_date: Date = "endDate";
        /// Enrolment from; ignored.
        enroll_start_date: Date = "enrollStartDate";
        /// Enrolment until; ignored.
        enroll_end_date: Date = "enrollEndDate";
        /// How the result counts; ignored.
        result_weight: i64 = "resultWeight";
        /// The test.
        component: Ref<Component> = "component";
        /// The course.
        course: Ref<Course> = "course";
        /// The programme.
        program: Ref<Program> = "program";
        /// The course offering above.
        course_offering: Ref<Offering> = "courseOffering";
        /// The programme offering above.
        program_offering: Ref<Offering> = "programOffering";
        /// Whose offering it is.
        organization: Ref<Organization> = "organization";
    }
    judge judge_offering;
}

fn judge_offering(offering: &Offering, at: &Place<'_>, reader: &mut Reader) {
    if reader.patch {
        return;
    }
    let kind = offering.kind();
    let mut require = |missing: bool, name: &str| {
        if missing && !offering.unread.contains_key(name) {
            reader.deviation(at, Rule::Required, Severity::Error, name);
        }
    };
    if kind == OfferingType::Component {
        require(offering.offering_id.is_absent(), "offeringId");
        require(offering.start_date_time.is_absent(), "startDateTime");
        require(offering.end_date_time.is_absent(), "endDateTime");
    } else {
        require(offering.start_date.is_absent(), "startDate");
        require(offering.end_date.is_absent(), "endDate");
    }
}

impl Keyed for Offering {
    fn key(&self) -> Option<&str> {
        self.offering_id.get().map(Id::as_str)
    }
}

impl Offering {
    /// Which of the three it is; the exam chain is about component offerings, so that is the assumption.
    #[must_use]
    pub fn kind(&self) -> OfferingType {
        self.offering_type.get().and_then(Code::known).unwrap_or(OfferingType::Component)
    }

    /// What the agreement adds.
    #[must_use]
    pub fn note(&self) -> Option<&OfferingNote> {
        self.consumers.get().and_then(Consumers::get)
    }

    /// Whether it was cancelled.
    #[must_use]
    pub fn is_canceled(&self) -> bool {
        self.note()
            .and_then(|note| note.offering_state.get())
            .is_some_and(|state| state.is(OfferingState::Canceled))
    }
}

object! {
    /// What the agreement adds to an offering.
    OfferingNote unknown unknown_attribute, {
        /// How long a student has.
        duration: Span = "duration";
        /// The latest moment to begin.
        last_possible_start_date_time: Moment = "lastPossibleStartDateTime";
        /// Who lets a student begin.
        start_options: Code<StartOption> = "startOptions";
        /// From when the clock runs.
        duration_from: Code<DurationFrom> = "durationFrom" [nullable];
        /// What ends the student's time.
        duration_until: Code<DurationUntil> = "durationUntil" [nullable];
        /// What the session must offer.
        safety: Vec<Code<Safety>> = "safety";
        /// Whether it goes ahead.
        offering_state: Code<OfferingState> = "offeringState";
        /// Where.
        location_code: String = "locationCode";
        /// What went wrong (flow 4).
        irregularities: String = "irregularities";
        /// Whether TA or TPL may send final results; both spellings are about.
        final_results_allowed: bool = "finalResultsAllowed";
        /// The same, as the bundle spells it: read, and written for partners that read only this.
        final_result_allowed: bool = "finalResultAllowed";
        /// The tests to be used.
        tests_to_be_used: Vec<TestToUse> = "testsToBeUsed";
        /// The cohort; programme offerings.
        cohort: String = "cohort";
        /// The location; programme offerings.
        location: String = "location";
        /// The documents of the session (flow 4).
        documents: Vec<Document> = "documents";
    }
}

impl OfferingNote {
    /// Whether final results may be sent, in either spelling.
    #[must_use]
    pub fn may_be_final(&self) -> Option<bool> {
        self.final_results_allowed.get().or_else(|| self.final_result_allowed.get()).copied()
    }
}

object! {
    /// A test of the catalogue that may be used for a plannable test.
    TestToUse {
        /// Who supplies it.
        test_provider: String = "testProvider";
        /// Its id in the catalogue of the supplier.
        component_id: String = "componentId";
    }
}
