//! A small school, the same every time: persons, plannable tests, enrolments, a catalogue.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::exchange::Role;
use crate::memory::{Kind, Memory, Shelf};
use crate::message::{
    Affiliation, AssignedNeed, Association, AssociationNote, AssociationRole, AssociationState,
    AssociationType, Attendance, Component, ComponentNote, ComponentState, ComponentType, Document,
    DocumentType, Group, GroupType, Identifier, Membership, ModeOfStudy, Names, Offering, OfferingNote,
    OfferingState, OfferingType, Organization, OrganizationType, Outcome, OutcomeNote, PassState, Person,
    PersonNote, PersonalNeed, PrimaryCode, Program, ProgramType, QualificationLevel, ResultState,
    ResultValueType, Safety, TestToUse,
};
use crate::outside::id_of;
use crate::timing::Timing;
use crate::wire::{Code, Consumers, Date, Field, Id, Line, Mail, Moment, Ref, Span, Tongue, Wire};

/// The institution of the simulator.
pub const SCHOOL: &str = "roc-voorbeeld";
/// Another institution, which must never see anything of the first.
pub const OTHER_SCHOOL: &str = "roc-ander";

const GIVEN: &[&str] = &[
    "Anna", "Bram", "Chaima", "Daan", "Eva", "Finn", "Gizem", "Hugo", "Ilse", "Jaylano", "Kim", "Lars",
    "Mila", "Noor", "Omar", "Puck", "Quinten", "Rosa", "Sem", "Tess",
];
const SURNAME: &[(&str, &str)] = &[
    ("", "Bakker"),
    ("van", "Damme"),
    ("", "El Amrani"),
    ("van der", "Graaf"),
    ("", "Jansen"),
    ("de", "Vries"),
    ("", "Yilmaz"),
    ("", "Kowalski"),
    ("ter", "Horst"),
    ("", "Visser"),
    ("van den", "Berg"),
];
const TESTS: &[(&str, &str, u32, ResultValueType, &str)] = &[
    ("REK3F", "Rekenen 3F", 90, ResultValueType::Hundred, "55"),
    ("REK2F", "Rekenen 2F", 90, ResultValueType::TenPoint, "5.5"),
    ("NL3F-LL", "Nederlands 3F lezen en luisteren", 120, ResultValueType::TenPoint, "5.5"),
    ("NL3F-SCH", "Nederlands 3F schrijven", 60, ResultValueType::Ten, "6"),
    ("EN-B1", "Engels lezen B1", 60, ResultValueType::ReferenceErk, "B1"),
    ("VERPL-01", "Verpleegkundig rekenen", 45, ResultValueType::PassOrFail, "passed"),
    ("ICT-NET", "Netwerken", 60, ResultValueType::InsufficientSatisfactoryGood, "satisfactory"),
    ("BURG-1", "Burgerschap", 60, ResultValueType::PassOrFail, "passed"),
    ("TECH-EL", "Elektrotechniek basis", 75, ResultValueType::TenPoint, "5.5"),
    ("HACCP", "Hygiëne in de keuken", 30, ResultValueType::Hundred, "60"),
    ("LOGIS", "Logistiek plannen", 60, ResultValueType::TenPoint, "5.5"),
    ("KAPPER", "Haarverzorging theorie", 45, ResultValueType::Ten, "6"),
];

/// How large the school is and when it holds its exams.
#[derive(Debug, Clone)]
pub struct School {
    /// The start of the first session.
    pub start: Timestamp,
    /// How many students.
    pub students: usize,
    /// How many plannable tests.
    pub tests: usize,
    /// How many students are enrolled for each.
    pub enrolled: usize,
}

impl School {
    /// A school small enough to look at: twelve tests of twelve students.
    #[must_use]
    pub const fn small(start: Timestamp) -> Self {
        Self { start, students: 24, tests: 12, enrolled: 12 }
    }

    /// Fills the memory of a party with what it holds of its own.
    pub fn fill(&self, memory: &Memory, role: Role) {
        match role {
            Role::Sis => self.fill_sis(memory),
            Role::Ta => self.fill_ta(memory),
            // A planner owns nothing until others tell it.
            Role::Tpl => {}
        }
    }

    fn fill_sis(&self, memory: &Memory) {
        let plan = Shelf::Plan;
        for organization in organizations() {
            put(memory, plan, Kind::Organization, &organization.organization_id, &organization);
        }
        put(memory, plan, Kind::Offering, &program_offering().offering_id, &program_offering());
        for number in 0..self.students {
            let student = student(number);
            put(memory, plan, Kind::Person, &student.person_id, &student);
            let enrolment = program_enrolment(number);
            put(memory, plan, Kind::Association, &enrolment.association_id, &enrolment);
        }
        for number in 0..self.tests {
            let offering = self.plannable(number);
            put(memory, plan, Kind::Offering, &offering.offering_id, &offering);
            let component = component(number);
            put(memory, plan, Kind::Component, &component.component_id, &component);
            for seat in 0..self.enrolled {
                let enrolment = self.enrolment(number, seat);
                put(memory, plan, Kind::Association, &enrolment.association_id, &enrolment);
            }
        }
        let group = group();
        put(memory, plan, Kind::Group, &group.group_id, &group);
        for number in 0..self.students.min(12) {
            let member = Membership {
                person_id: Id(person_id(number)).into(),
                start_date_time: Moment::from("2026-08-01T00:00:00+02:00").into(),
                role: Code::Known(AssociationRole::Student).into(),
                ..Membership::default()
            };
            memory.put_membership(SCHOOL, plan, &id_of("group 1"), &person_id(number), member.write());
        }
    }

    fn fill_ta(&self, memory: &Memory) {
        for organization in organizations() {
            put(memory, Shelf::Session, Kind::Organization, &organization.organization_id, &organization);
        }
        for number in 0..TESTS.len() {
            let component = component(number);
            put(memory, Shelf::Session, Kind::Component, &component.component_id, &component);
        }
    }

    /// The moment a number of minutes after the first session begins.
    #[must_use]
    pub fn after(&self, minutes: i64) -> Timestamp {
        self.start.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(self.start)
    }

    /// A plannable test of the student administration.
    #[must_use]
    pub fn plannable(&self, number: usize) -> Offering {
        let (code, name, _, kind, _) = test(number);
        let days = i64::try_from(number).unwrap_or(0) / 4;
        let note = OfferingNote {
            offering_state: Code::Known(OfferingState::Active).into(),
            final_results_allowed: number.is_multiple_of(2).into(),
            tests_to_be_used: vec![TestToUse {
                test_provider: "Voorbeeld Examens".to_owned().into(),
                component_id: component_id(number).into(),
                ..TestToUse::default()
            }]
            .into(),
            ..OfferingNote::default()
        };
        Offering {
            offering_id: Id(id_of(&format!("plannable {number}"))).into(),
            primary_code: PrimaryCode::new("offeringCode", &format!("{code}-P2")).into(),
            offering_type: Code::Known(OfferingType::Component).into(),
            name: Names::from(format!("{name}, periode 2").as_str()).into(),
            description: Names::from(format!("{name}, eerste gelegenheid in periode 2").as_str()).into(),
            teaching_language: Tongue::from("nld").into(),
            result_expected: true.into(),
            result_value_type: Code::Known(kind).into(),
            start_date_time: Moment::from(self.after(days * 1440)).into(),
            end_date_time: Moment::from(self.after(days * 1440 + 480)).into(),
            component: Ref::Id(Id(component_id(number))).into(),
            organization: Ref::Id(Id(id_of("organization 2"))).into(),
            consumers: Consumers::ours(note).into(),
            ..Offering::default()
        }
    }

    /// A student's enrolment for a plannable test.
    #[must_use]
    pub fn enrolment(&self, test: usize, seat: usize) -> Association {
        let student = (test.saturating_mul(5) + seat) % self.students.max(1);
        let note = AssociationNote {
            attempt: 1.into(),
            attempt_left: match seat % 3 {
                0 => Field::Value(1),
                1 => Field::Null,
                _ => Field::Value(0),
            },
            program_association: Id(id_of(&format!("program enrolment {student}"))).into(),
            ..AssociationNote::default()
        };
        Association {
            association_id: Id(id_of(&format!("enrolment {test} {seat}"))).into(),
            association_type: Code::Known(AssociationType::Component).into(),
            role: Code::Known(AssociationRole::Student).into(),
            state: Code::Known(AssociationState::Associated).into(),
            person: Ref::Id(Id(person_id(student))).into(),
            offering: Ref::Id(Id(id_of(&format!("plannable {test}")))).into(),
            consumers: Consumers::ours(note).into(),
            ..Association::default()
        }
    }

    /// A session as a planner sends it.
    #[must_use]
    pub fn session(&self, id: &str, test: usize, start: Timestamp, timing: Timing) -> Offering {
        let (code, name, minutes, kind, _) = self::test(test);
        let end = start.saturating_add(SignedDuration::from_mins(i64::from(minutes) + 30)).unwrap_or(start);
        let latest = start.saturating_add(SignedDuration::from_mins(15)).unwrap_or(start).to_string();
        let mut note = OfferingNote {
            duration: Span::minutes(minutes).into(),
            offering_state: Code::Known(OfferingState::Active).into(),
            safety: vec![Code::Known(Safety::FixedLocation), Code::Known(Safety::Surveillance)].into(),
            location_code: "A-22".to_owned().into(),
            ..OfferingNote::default()
        };
        timing.write(&mut note, Some(&latest));
        Offering {
            offering_id: Id::from(id).into(),
            primary_code: PrimaryCode::new("offeringCode", &format!("{code}-A22")).into(),
            offering_type: Code::Known(OfferingType::Component).into(),
            name: Names::from(format!("{name} in A-22").as_str()).into(),
            description: Names::from(format!("Afname van {name}").as_str()).into(),
            teaching_language: Tongue::from("nld").into(),
            result_expected: true.into(),
            result_value_type: Code::Known(kind).into(),
            start_date_time: Moment::from(start).into(),
            end_date_time: Moment::from(end).into(),
            component: Ref::Id(Id(component_id(test))).into(),
            consumers: Consumers::ours(note).into(),
            ..Offering::default()
        }
    }
}

/// A participation as a planner sends it: the person goes along.
#[must_use]
pub fn participation(id: &str, session: &str, person: Person) -> Association {
    let minutes = if person.note().is_some_and(|note| note.assigned_needs.is_there()) { 30 } else { 0 };
    let note = AssociationNote {
        additional_time: if minutes > 0 { Field::Value(minutes) } else { Field::Absent },
        personal_needs: if minutes > 0 {
            vec![Code::Known(PersonalNeed::ExtraTime)].into()
        } else {
            Field::Absent
        },
        ..AssociationNote::default()
    };
    let mut person = person;
    if let Some(note) = person.consumers.get_mut().and_then(Consumers::get_mut) {
        note.assigned_needs = Field::Absent;
    }
    Association {
        association_id: Id::from(id).into(),
        association_type: Code::Known(AssociationType::Component).into(),
        role: Code::Known(AssociationRole::Student).into(),
        state: Code::Known(AssociationState::Associated).into(),
        person: Ref::Whole(Box::new(person)).into(),
        offering: Ref::from(session).into(),
        consumers: Consumers::ours(note).into(),
        ..Association::default()
    }
}

/// A completed result with attendance.
#[must_use]
pub fn outcome(score: &str, day: &str, documents: Vec<Document>) -> Outcome {
    let note = OutcomeNote {
        attendance: Code::Known(Attendance::Present).into(),
        assessor_id: id_of("staff 1").into(),
        assessor_code: "JAJE".to_owned().into(),
        is_final: false.into(),
        raw_score: 38.into(),
        max_raw_score: 50.into(),
        test_date: Moment::from(format!("{day}T09:00:00+01:00").as_str()).into(),
        documents: if documents.is_empty() { Field::Absent } else { Field::Value(documents) },
        ..OutcomeNote::default()
    };
    Outcome {
        state: Code::Known(ResultState::Completed).into(),
        pass: Code::Known(PassState::Unknown).into(),
        score: score.to_owned().into(),
        result_date: Date::from(day).into(),
        weight: 100.into(),
        consumers: Consumers::ours(note).into(),
        ..Outcome::default()
    }
}

/// Attendance right after a session, when there is no score yet.
#[must_use]
pub fn attendance(word: Attendance, day: &str) -> Outcome {
    let note = OutcomeNote { attendance: Code::Known(word).into(), ..OutcomeNote::default() };
    Outcome {
        state: Code::Known(ResultState::InProgress).into(),
        result_date: Date::from(day).into(),
        weight: 100.into(),
        consumers: Consumers::ours(note).into(),
        ..Outcome::default()
    }
}

/// A student. Every fifth one has extra time.
#[must_use]
pub fn student(number: usize) -> Person {
    let given = pick(GIVEN, number).copied().unwrap_or("Anna");
    let (prefix, surname) = pick(SURNAME, number / 2 + number % 3).copied().unwrap_or(("", "Jansen"));
    let full = if prefix.is_empty() {
        format!("{surname}, {given}")
    } else {
        format!("{surname}, {given} {prefix}")
    };
    let needs = vec![AssignedNeed {
        code: "extraTijd25".to_owned().into(),
        description: Names::from("Een kwart extra tijd").into(),
        start_date: Date::from("2026-08-01").into(),
        end_date: Date::from("2027-07-31").into(),
        ..AssignedNeed::default()
    }];
    Person {
        person_id: Id(person_id(number)).into(),
        primary_code: PrimaryCode::new("studentNumber", &format!("{:07}", 2_600_001 + number)).into(),
        given_name: Line::from(given).into(),
        surname_prefix: if prefix.is_empty() { Field::Absent } else { prefix.to_owned().into() },
        surname: Line::from(surname).into(),
        display_name: Line(full.clone()).into(),
        active_enrollment: true.into(),
        affiliations: vec![Code::Known(Affiliation::Student)].into(),
        mail: Mail(format!("s{:07}@student.roc.example", 2_600_001 + number)).into(),
        language_of_choice: vec!["nl-NL".to_owned()].into(),
        other_codes: vec![
            Identifier::new("userName", &format!("s{:07}", 2_600_001 + number)),
            Identifier::new("eckid", &format!("https://ketenid.example/202608/{:0>16}", number)),
        ]
        .into(),
        consumers: Consumers::ours(PersonNote {
            preferred_name: Line::from(given).into(),
            id_check_name: full.into(),
            assigned_needs: if number % 5 == 4 { needs.into() } else { Field::Absent },
            ..PersonNote::default()
        })
        .into(),
        ..Person::default()
    }
}

/// A test of the catalogue.
#[must_use]
pub fn component(number: usize) -> Component {
    let (code, name, minutes, kind, pass) = test(number);
    let note = ComponentNote {
        additional_testing_time: 30.into(),
        available_personal_needs: vec![
            Code::Known(PersonalNeed::ExtraTime),
            Code::Known(PersonalNeed::Spoken),
            Code::Known(PersonalNeed::SpellChecker),
        ]
        .into(),
        safety: vec![Code::Known(Safety::SecuredComputer), Code::Known(Safety::Surveillance)].into(),
        exam: true.into(),
        result_value_type: Code::Known(kind).into(),
        pass_from: pass.to_owned().into(),
        retries: 2.into(),
        status: Code::Known(if number == 11 { ComponentState::Inactive } else { ComponentState::Active })
            .into(),
        licensed: (number % 4 != 3).into(),
        ..ComponentNote::default()
    };
    Component {
        component_id: Id(component_id(number)).into(),
        primary_code: PrimaryCode::new("componentCode", code).into(),
        component_type: Code::Known(ComponentType::Test).into(),
        name: Names::from(name).into(),
        abbreviation: Line::from(code).into(),
        duration: Span::minutes(minutes).into(),
        description: Names::from(format!("{name}, digitale toets voor het mbo").as_str()).into(),
        teaching_language: Tongue::from("nld").into(),
        organization: Ref::Id(Id(id_of("organization 1"))).into(),
        consumers: Consumers::ours(note).into(),
        ..Component::default()
    }
}

/// The id of a test in the catalogue.
#[must_use]
pub fn component_id(number: usize) -> String {
    id_of(&format!("component {}", number % TESTS.len()))
}

/// The id of a student.
#[must_use]
pub fn person_id(number: usize) -> String {
    id_of(&format!("student {number}"))
}

/// The result type of a test.
#[must_use]
pub fn value_type(number: usize) -> ResultValueType {
    test(number).3
}

/// A score that fits the result type of a test; the seat decides how good it is.
#[must_use]
pub fn score_for(kind: ResultValueType, seat: usize) -> String {
    let good = !seat.is_multiple_of(3);
    match kind {
        ResultValueType::PassOrFail => if good { "passed" } else { "failed" }.to_owned(),
        ResultValueType::InsufficientSatisfactoryGood => {
            if good { "good" } else { "insufficient" }.to_owned()
        }
        ResultValueType::UsLetter | ResultValueType::UkLetter => if good { "B" } else { "F" }.to_owned(),
        ResultValueType::DeGrade => if good { "2.3" } else { "5.0" }.to_owned(),
        ResultValueType::Hundred => (40 + seat % 60).to_string(),
        ResultValueType::Ten => (3 + seat % 8).to_string(),
        ResultValueType::TenPoint => format!("{}.{}", 3 + seat % 7, seat % 10),
        ResultValueType::ReferenceRktr => if good { "3F" } else { "Op weg naar 3F" }.to_owned(),
        ResultValueType::ReferenceErk => if good { "B1" } else { "A2" }.to_owned(),
    }
}

/// A document that is really a PDF, if a small one.
#[must_use]
pub fn pdf(title: &str) -> bytes::Bytes {
    let safe: String = title.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').collect();
    let text = format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n\
         4 0 obj<</Length {}>>stream\nBT /F 18 Tf 72 760 Td ({safe}) Tj ET\nendstream endobj\n\
         5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
        safe.len() + 33
    );
    bytes::Bytes::from(text)
}

/// The documents a result or session refers to.
#[must_use]
pub fn document(id: &str, kind: DocumentType) -> Document {
    Document::new(id, kind, &format!("{}.pdf", kind.word()))
}

fn organizations() -> [Organization; 2] {
    let unit = |number: usize, code: &str, kind, name: &str| Organization {
        organization_id: Id(id_of(&format!("organization {number}"))).into(),
        primary_code: PrimaryCode::new("identifier", code).into(),
        organization_type: Code::Known(kind).into(),
        name: Names::from(name).into(),
        short_name: Line::from(code).into(),
        ..Organization::default()
    };
    let mut academy = unit(2, "ICTE", OrganizationType::Department, "ICT-academie");
    academy.parent = Ref::Id(Id(id_of("organization 1"))).into();
    [unit(1, "ROCV", OrganizationType::Institute, "ROC Voorbeeld"), academy]
}

fn group() -> Group {
    Group {
        group_id: Id(id_of("group 1")).into(),
        primary_code: PrimaryCode::new("groupCode", "ICT3A").into(),
        group_type: Code::Known(GroupType::Class).into(),
        name: Names::from("ICT 3A").into(),
        person_count: 12.into(),
        organization: Ref::Id(Id(id_of("organization 2"))).into(),
        ..Group::default()
    }
}

fn program_offering() -> Offering {
    let program = Program {
        program_id: Id(id_of("program 1")).into(),
        primary_code: PrimaryCode::new("programCode", "25190BOL").into(),
        program_type: Code::Known(ProgramType::Program).into(),
        name: Names::from("Netwerk- en mediabeheerder").into(),
        abbreviation: Line::from("N&M").into(),
        description: Names::from("Netwerk- en mediabeheerder, niveau 4").into(),
        teaching_language: Tongue::from("nld").into(),
        mode_of_study: Code::Known(ModeOfStudy::FullTime).into(),
        level_of_qualification: Code::Known(QualificationLevel::Four).into(),
        other_codes: vec![Identifier::new("nationalEducationCode", "25190")].into(),
        ..Program::default()
    };
    Offering {
        offering_id: Id(id_of("program offering 1")).into(),
        primary_code: PrimaryCode::new("offeringCode", "25190BOL-26").into(),
        offering_type: Code::Known(OfferingType::Program).into(),
        name: Names::from("Netwerk- en mediabeheerder BOL 2026").into(),
        description: Names::from("Netwerk- en mediabeheerder BOL, cohort 2026").into(),
        teaching_language: Tongue::from("nld").into(),
        result_expected: false.into(),
        start_date: Date::from("2026-08-01").into(),
        end_date: Date::from("2030-07-31").into(),
        program: Ref::Whole(Box::new(program)).into(),
        organization: Ref::Id(Id(id_of("organization 2"))).into(),
        consumers: Consumers::ours(OfferingNote {
            cohort: "2026".to_owned().into(),
            location: "Campus Noord".to_owned().into(),
            ..OfferingNote::default()
        })
        .into(),
        ..Offering::default()
    }
}

fn program_enrolment(student: usize) -> Association {
    Association {
        association_id: Id(id_of(&format!("program enrolment {student}"))).into(),
        association_type: Code::Known(AssociationType::Program).into(),
        role: Code::Known(AssociationRole::Student).into(),
        state: Code::Known(AssociationState::Associated).into(),
        person: Ref::Id(Id(person_id(student))).into(),
        offering: Ref::Id(Id(id_of("program offering 1"))).into(),
        consumers: Consumers::ours(AssociationNote {
            start_date: Date::from("2026-08-01").into(),
            expected_end_date: Date::from("2030-07-31").into(),
            final_end_date: Field::Null,
            sequence_code: "1.1".to_owned().into(),
            ..AssociationNote::default()
        })
        .into(),
        ..Association::default()
    }
}

fn test(number: usize) -> (&'static str, &'static str, u32, ResultValueType, &'static str) {
    pick(TESTS, number).copied().unwrap_or(("REK3F", "Rekenen 3F", 90, ResultValueType::Hundred, "55"))
}

fn pick<T>(list: &[T], number: usize) -> Option<&T> {
    list.get(number.checked_rem(list.len())?)
}

fn put<T: Wire>(memory: &Memory, shelf: Shelf, kind: Kind, id: &Field<Id>, message: &T) {
    if let Some(id) = id.get() {
        memory.put(SCHOOL, shelf, kind, id, message);
    }
}

/// A plain session report as flow 4 sends it.
#[must_use]
pub fn report(text: &str, documents: &[Document]) -> serde_json::Value {
    let mut consumer = json!({ "consumerKey": crate::wire::CONSUMER_KEY, "irregularities": text });
    if let (false, Some(consumer)) = (documents.is_empty(), consumer.as_object_mut()) {
        consumer.insert("documents".to_owned(), documents.to_vec().write());
    }
    json!({ "offeringType": "component", "consumers": [consumer] })
}
