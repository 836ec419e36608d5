//! Enrolments and participations, their results and attempts.

use super::{
    AssociationRole, AssociationState, AssociationType, Attendance, Document, Identifier, MembershipState,
    Names, Offering, PassState, Person, PersonalNeed, PlanningState, PrimaryCode, ResultState, StudyLoadUnit,
    unknown_attribute,
};
use crate::finding::{Level, Place, Severity};
use crate::rule::Rule;
use crate::wire::{Code, Consumers, Date, Dialect, Field, Id, Keyed, Moment, Reader, Ref, Uri, object};
use serde_json::Value;

object! {
    /// An enrolment (flow 1, 5, 6) or a participation (flow 2, 3).
    Association {
        /// Minted by the SIS (enrolment) or TPL (participation, extra attempt).
        association_id: Id = "associationId" [required];
        /// The discriminator.
        association_type: Code<AssociationType> = "associationType" [required];
        /// A code of the enrolment; seen on programme enrolments.
        primary_code: PrimaryCode = "primaryCode";
        /// What the person is to the offering.
        role: Code<AssociationRole> = "role" [required];
        /// Its state.
        state: Code<AssociationState> = "state" [required];
        /// The state at the other side: ignored, never sent.
        remote_state: Code<AssociationState> = "remoteState" [write_only];
        /// Other codes; seen on programme enrolments.
        other_codes: Vec<Identifier> = "otherCodes";
        /// What the agreement adds; students only.
        consumers: Consumers<AssociationNote> = "consumers";
        /// The result (flow 3, 5).
        result: Outcome = "result";
        /// Who.
        person: Ref<Person> = "person" [read_only];
        /// For what.
        offering: Ref<Offering> = "offering";
    }
    judge judge_association;
}

fn judge_association(association: &Association, at: &Place<'_>, reader: &mut Reader) {
    let Some(result) = association.result.get() else { return };
    let here = at.key("result");
    // A result is sent as a whole, also inside a patch; which number it must carry depends on the variant.
    let mut require = |missing: bool, name: &str| {
        if missing {
            reader.deviation(&here, Rule::Required, Severity::Warning, name);
        }
    };
    require(result.state.is_absent(), "state");
    require(result.result_date.is_absent(), "resultDate");
    match association.kind() {
        AssociationType::Component => require(result.weight.is_absent(), "weight"),
        AssociationType::Course | AssociationType::Program => {
            require(result.study_load.is_absent(), "studyLoad")
        }
    }
}

impl Keyed for Association {
    fn key(&self) -> Option<&str> {
        self.association_id.get().map(Id::as_str)
    }
}

impl Association {
    /// Which of the three it is; without discriminator it is taken for the one the exam chain is about.
    #[must_use]
    pub fn kind(&self) -> AssociationType {
        self.association_type.get().and_then(Code::known).unwrap_or(AssociationType::Component)
    }

    /// What the agreement adds.
    #[must_use]
    pub fn note(&self) -> Option<&AssociationNote> {
        self.consumers.get().and_then(Consumers::get)
    }

    /// Whether it was withdrawn or has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.state
            .get()
            .is_some_and(|state| state.is(AssociationState::Canceled) || state.is(AssociationState::Finished))
    }

    /// Whether the person is a student here.
    #[must_use]
    pub fn is_student(&self) -> bool {
        self.role.get().is_none_or(|role| role.is(AssociationRole::Student))
    }

    /// Attendance, wherever the dialect keeps it.
    #[must_use]
    pub fn attendance(&self) -> Option<Attendance> {
        let moment =
            self.note().and_then(|note| note.test_moment.get()).and_then(|moment| moment.attendance.get());
        let result = self.result.get().and_then(Outcome::note).and_then(|note| note.attendance.get());
        moment.or(result).and_then(Code::known)
    }
}

object! {
    /// What the agreement adds to an association.
    AssociationNote unknown unknown_attribute, {
        /// Extra time in minutes; 10000 or more is unlimited.
        additional_time: i64 = "additionalTimeInMin";
        /// The same under a name of old examples: read, never written.
        extra_time: i64 = "extraTimeInMin" [write_only];
        /// The provisions this student needs in this session.
        personal_needs: Vec<Code<PersonalNeed>> = "personalNeeds";
        /// The number of the attempt being planned (flow 1) or done (flow 5).
        attempt: i64 = "attempt";
        /// How many attempts are left; null is unlimited, absent is none.
        attempt_left: i64 = "attemptLeft" [nullable];
        /// The programme enrolment this belongs to.
        program_association: Id = "programOfferingAssociationId";
        /// The programme enrolments this belongs to (1.1 candidate).
        program_associations: Vec<Id> = "programOfferingAssociationIds";
        /// The course enrolment this belongs to.
        course_association: Id = "courseOfferingAssociationId";
        /// The enrolment in the SIS that an attempt belongs to (flow 5).
        org_association: Id = "orgAssociationId";
        /// First day; programme enrolments.
        start_date: Date = "startDate";
        /// Expected last day; programme enrolments.
        expected_end_date: Date = "expectedEndDate";
        /// Last day; programme enrolments.
        final_end_date: Date = "finalEndDate" [nullable];
        /// The sequence code; programme enrolments.
        sequence_code: String = "sequenceCode";
        /// How far planning is (1.1 candidate).
        planning_state: Code<PlanningState> = "planningState";
        /// When and where the test was held, and attendance (1.1 candidate).
        test_moment: TestMoment = "testMomentEnrollmentDetails";
    }
    judge judge_note;
}

fn judge_note(note: &AssociationNote, at: &Place<'_>, reader: &mut Reader) {
    let mut outside = |there: bool, name: &str| {
        if there {
            reader.found(at, Rule::UnknownAttribute, Level::Agreement, Severity::Note, name);
        }
    };
    outside(!note.extra_time.is_absent(), "extraTimeInMin");
    // An object that asks for 1.0.1 must not meet attributes of the candidate unnoticed.
    let is_old = reader.dialect == Dialect::V1_0;
    let mut later = |there: bool, name: &str| {
        if there && is_old {
            reader.found(at, Rule::UnknownAttribute, Level::Agreement, Severity::Note, name);
        }
    };
    later(!note.planning_state.is_absent(), "planningState");
    later(!note.test_moment.is_absent(), "testMomentEnrollmentDetails");
    later(!note.program_associations.is_absent(), "programOfferingAssociationIds");
}

impl AssociationNote {
    /// Extra minutes, also from the name of old examples.
    #[must_use]
    pub fn extra_minutes(&self) -> Option<i64> {
        self.additional_time.get().or_else(|| self.extra_time.get()).copied()
    }

    /// How many attempts are left: nothing for unlimited.
    #[must_use]
    pub const fn attempts_left(&self) -> Option<i64> {
        match self.attempt_left {
            Field::Absent => Some(0),
            Field::Null => None,
            Field::Value(left) => Some(left),
        }
    }
}

object! {
    /// When and where a test was held (1.1 candidate).
    TestMoment unknown unknown_attribute, {
        /// Planned start.
        start_date_time: Moment = "startDateTime";
        /// Planned end.
        end_date_time: Moment = "endDateTime";
        /// The room.
        room_name: String = "roomName";
        /// The name of the test that was really used.
        executed_offering_name: String = "executedOfferingName";
        /// Whether the student was there.
        attendance: Code<Attendance> = "attendance";
        /// The moment of the sitting.
        test_date_time: Moment = "testDateTime";
        /// What went wrong.
        irregularities: String = "irregularities";
        /// Who coordinated.
        coordinator_id: Id = "coordinatorId";
        /// Who coordinated, by code.
        coordinator_code: String = "coordinatorCode";
    }
}

object! {
    /// A result: the `result` of an association.
    Outcome {
        /// Its state.
        state: Code<ResultState> = "state";
        /// Passed or not.
        pass: Code<PassState> = "pass";
        /// A remark.
        comment: String = "comment";
        /// The score, written as the offering asks.
        score: String = "score";
        /// The day on which it was determined.
        result_date: Date = "resultDate";
        /// Always 100; component results.
        weight: i64 = "weight";
        /// The study load; programme and course results.
        study_load: StudyLoad = "studyLoad";
        /// What the agreement adds.
        consumers: Consumers<OutcomeNote> = "consumers";
    }
    judge judge_outcome;
}

fn judge_outcome(outcome: &Outcome, at: &Place<'_>, reader: &mut Reader) {
    if outcome.weight.get().is_some_and(|weight| !(0..=100).contains(weight)) {
        reader.deviation(&at.key("weight"), Rule::OutOfRange, Severity::Warning, "0 to 100");
    }
}

impl Outcome {
    /// What the agreement adds.
    #[must_use]
    pub fn note(&self) -> Option<&OutcomeNote> {
        self.consumers.get().and_then(Consumers::get)
    }

    /// Whether it is completed.
    #[must_use]
    pub fn is_completed(&self) -> bool {
        self.state.get().is_some_and(|state| state.is(ResultState::Completed))
    }
}

object! {
    /// What the agreement adds to a result.
    OutcomeNote unknown unknown_attribute, {
        /// Whether the student was there.
        attendance: Code<Attendance> = "attendance";
        /// The name of the test that was really used (flow 5).
        executed_offering_name: String = "executedOfferingName";
        /// Who marked.
        assessor_id: String = "assessorId";
        /// Who marked, by code.
        assessor_code: String = "assessorCode";
        /// What went wrong.
        irregularities: String = "irregularities";
        /// Set by the exam board.
        is_final: bool = "final";
        /// Points.
        raw_score: i64 = "rawScore";
        /// Points to be had.
        max_raw_score: i64 = "maxRawScore";
        /// The moment of the sitting.
        test_date: Moment = "testDate";
        /// The documents of the result.
        documents: Vec<Document> = "documents";
    }
    judge judge_outcome_note;
}

fn judge_outcome_note(note: &OutcomeNote, at: &Place<'_>, reader: &mut Reader) {
    if note.attendance.is_absent() {
        reader.deviation(at, Rule::Required, Severity::Warning, "attendance");
    }
}

object! {
    /// A study load.
    StudyLoad {
        /// Its unit.
        unit: Code<StudyLoadUnit> = "studyLoadUnit";
        /// How much.
        value: Value = "value";
    }
}

object! {
    /// Someone's place in a group.
    Membership {
        /// Who.
        person_id: Id = "personId" [required];
        /// From.
        start_date_time: Moment = "startDateTime" [required];
        /// Until.
        end_date_time: Moment = "endDateTime";
        /// Its state.
        state: Code<MembershipState> = "state";
        /// What the person is to the group.
        role: Code<AssociationRole> = "role";
        /// Consumers of others.
        consumers: Consumers<Value> = "consumers";
    }
}

impl Keyed for Membership {
    fn key(&self) -> Option<&str> {
        self.person_id.get().map(Id::as_str)
    }
}

object! {
    /// The answer to a PATCH of an association.
    PatchAnswer {
        /// Which association.
        association_id: Id = "associationId";
        /// A message for people.
        message: Names = "message" [required];
        /// Its state now.
        state: Code<AssociationState> = "state";
        /// Where to go on.
        redirect: Uri = "redirect";
    }
}
