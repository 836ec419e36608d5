//! The words of the exchange.

use crate::wire::codes;

codes! {
    /// The discriminator of an association.
    AssociationType {
        /// Enrolment for, or participation in, a test.
        Component "componentOfferingAssociation",
        /// Enrolment for a course.
        Course "courseOfferingAssociation",
        /// Enrolment for a programme.
        Program "programOfferingAssociation",
    }
    /// The discriminator of an offering.
    OfferingType {
        /// A plannable test (flow 1) or a session (flow 2).
        Component "component",
        /// A course offering.
        Course "course",
        /// A programme offering.
        Program "program",
    }
    /// What someone is to an offering.
    AssociationRole {
        /// Takes the test.
        Student "student",
        /// Teaches.
        Lecturer "lecturer",
        /// Helps teaching.
        TeachingAssistant "teaching assistant",
        /// Coordinates the session.
        Coordinator "coordinator",
        /// Visits.
        Guest "guest",
        /// Keeps watch.
        Invigilator "invigilator",
        /// Marks.
        Assessor "assessor",
    }
    /// The state of an association.
    AssociationState {
        /// Asked for.
        Pending "pending",
        /// Withdrawn: the standard's delete.
        Canceled "canceled",
        /// Refused.
        Denied "denied",
        /// In force.
        Associated "associated",
        /// Waiting.
        Queued "queued",
        /// Ended.
        Finished "finished",
    }
    /// The state of a result.
    ResultState {
        /// Not there yet.
        InProgress "in progress",
        /// Put off.
        Postponed "postponed",
        /// There.
        Completed "completed",
        /// Waiting.
        Queued "queued",
    }
    /// Whether the student passed.
    PassState {
        /// Not known.
        Unknown "unknown",
        /// Passed.
        Passed "passed",
        /// Failed.
        Failed "failed",
    }
    /// Whether the student was there.
    Attendance {
        /// Nobody knows yet.
        NotKnown "notKnown",
        /// Was not there.
        NotPresent "notPresent",
        /// Was there and did not start.
        NotStarted "notStarted",
        /// Started and did not finish.
        NotFinished "notFinished",
        /// Was there and finished.
        Present "present",
    }
    /// How a score is written.
    ResultValueType {
        /// `passed` or `failed`.
        PassOrFail "pass-or-fail",
        /// `insufficient`, `satisfactory` or `good`.
        InsufficientSatisfactoryGood "insufficient-satisfactory-good",
        /// A+ to F, as in the United States.
        UsLetter "US letter",
        /// A* to U, as in the United Kingdom.
        UkLetter "UK letter",
        /// 1.0 to 6.0, as in Germany.
        DeGrade "DE grade",
        /// A whole number from 0 to 100.
        Hundred "0-100",
        /// A whole number from 0 to 10.
        Ten "0-10",
        /// A number from 0 to 10 with decimals after a point.
        TenPoint "0.0-10.0",
        /// A Dutch reference level for language and arithmetic, with free text such as "Op weg naar 1F".
        ReferenceRktr "referenceLevelRKTR",
        /// A European reference level for languages, A1 to C2.
        ReferenceErk "referenceLevelERK",
    }
    /// Whether an offering goes ahead.
    OfferingState {
        /// It does.
        Active "active",
        /// It does not.
        Canceled "canceled",
    }
    /// Who lets a student begin.
    StartOption {
        /// The student.
        Individual "individualStart",
        /// The invigilator, for the whole room.
        Triggered "triggeredStart",
    }
    /// From when the clock runs.
    DurationFrom {
        /// The start of the session.
        Start "startDateTime",
        /// The moment the student begins.
        Individual "individualStartDateTime",
        /// The moment the invigilator releases the test.
        Triggered "triggeredStartDateTime",
    }
    /// What ends the student's time.
    DurationUntil {
        /// The duration of the test.
        Test "testDuration",
        /// The end of the session.
        End "endDateTime",
    }
    /// What a session must offer.
    Safety {
        /// A locked-down computer.
        SecuredComputer "securedComputer",
        /// A fixed place.
        FixedLocation "fixedLocation",
        /// Someone watching.
        Surveillance "surveillance",
    }
    /// A provision a student may have.
    PersonalNeed {
        /// Extra time.
        ExtraTime "extraTime",
        /// Text read aloud.
        Spoken "spoken",
        /// Spelling checker.
        SpellChecker "spell-checker-on-screen",
    }
    /// Whether a test is in use.
    ComponentState {
        /// It is.
        Active "active",
        /// It is not.
        Inactive "inactive",
    }
    /// What a component is.
    ComponentType {
        /// A test: the only kind of the agreement.
        Test "test",
        /// A lecture.
        Lecture "lecture",
        /// A practical.
        Practical "practical",
        /// A tutorial.
        Tutorial "tutorial",
        /// A consultation.
        Consultation "consultation",
        /// A project.
        Project "project",
        /// A workshop.
        Workshop "workshop",
        /// An excursion.
        Excursion "excursion",
        /// Independent study.
        IndependentStudy "independent study",
        /// Elsewhere.
        External "external",
        /// Training of skills.
        SkillsTraining "skills training",
    }
    /// What a document is. The first four belong to results, the second and later to sessions.
    DocumentType {
        /// A marking form.
        AssessmentForm "assessmentForm",
        /// A marking form with the answers.
        AssessmentFormWithAnswers "assessmentFormWithAnswers",
        /// A marking model.
        AssessmentModel "assessmentModel",
        /// The report of a session.
        SessionReport "sessionReport",
        /// The list of who was there.
        AttendanceReport "attendanceReport",
        /// Anything else.
        Other "other",
    }
    /// What someone is to the institution.
    Affiliation {
        /// A student.
        Student "student",
        /// Someone who works there.
        Employee "employee",
        /// A guest.
        Guest "guest",
    }
    /// What a group is.
    GroupType {
        /// A learning group.
        LearningGroup "learning group",
        /// A class.
        Class "class",
        /// A team.
        Team "team",
    }
    /// Whether a membership is in force.
    MembershipState {
        /// It is.
        Active "active",
        /// It was withdrawn.
        Canceled "canceled",
    }
    /// What an organisation is.
    OrganizationType {
        /// The top.
        Root "root",
        /// An institute.
        Institute "institute",
        /// A department.
        Department "department",
        /// A faculty.
        Faculty "faculty",
        /// A branch.
        Branch "branch",
        /// An academy.
        Academy "academy",
        /// A school.
        School "school",
    }
    /// How one studies: BOL is full-time, BBL part-time.
    ModeOfStudy {
        /// BOL.
        FullTime "full-time",
        /// BBL.
        PartTime "part-time",
        /// Dual.
        Dual "dual training",
        /// At one's own pace.
        SelfPaced "self-paced",
        /// As an extraneus.
        Extraneous "extraneous",
    }
    /// What a programme is.
    ProgramType {
        /// A programme.
        Program "program",
        /// A minor.
        Minor "minor",
        /// Honours.
        Honours "honours",
        /// A specialisation.
        Specialization "specialization",
        /// A track.
        Track "track",
    }
    /// The level of a qualification.
    QualificationLevel {
        /// Entry.
        One "1",
        /// Basic.
        Two "2",
        /// Professional.
        Three "3",
        /// Middle management.
        Four "4",
        /// Above 4.
        FourPlus "4+",
        /// Associate degree.
        Five "5",
        /// Bachelor.
        Six "6",
        /// Master.
        Seven "7",
        /// Doctorate.
        Eight "8",
    }
    /// How education is given.
    ModeOfDelivery {
        /// From afar.
        Distance "distance-learning",
        /// On campus.
        Campus "on campus",
        /// Online.
        Online "online",
        /// Both.
        Hybrid "hybrid",
        /// In a fixed place.
        Situated "situated",
    }
    /// How far planning is (1.1 candidate).
    PlanningState {
        /// Not planned yet.
        Pending "pending",
        /// Planned.
        Associated "associated",
        /// Held.
        Finished "finished",
        /// Withdrawn.
        Canceled "canceled",
    }
    /// The unit of a study load.
    StudyLoadUnit {
        /// Contact time.
        Contact "contacttime",
        /// European credits.
        Ects "ects",
        /// Hours of study.
        Sbu "sbu",
        /// Credits.
        Sp "sp",
        /// Hours.
        Hour "hour",
    }
}
