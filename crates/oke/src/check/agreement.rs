//! What the written agreement asks beyond the schema, and what practice advises.

use super::{Context, Message};
use crate::exchange::{Method, Role};
use crate::finding::{Level, Place, Severity};
use crate::message::{
    Affiliation, Association, AssociationNote, AssociationType, Attendance, Component, ComponentType,
    Document, DocumentType, Offering, OfferingNote, OfferingType, Outcome, OutcomeNote, Page, Person,
};
use crate::rule::Rule;
use crate::score;
use crate::timing::Timing;
use crate::wire::{Code, Consumers, Dialect, Entry, Field, Moment, Reader, Ref, Wire};

/// Judges a message by the agreement.
pub(super) fn judge(message: &Message, context: &Context, reader: &mut Reader) {
    let root = Place::root();
    match message {
        Message::Association(association) => {
            envelope(
                association.association_id.get().map(|id| id.as_str()),
                "associationId",
                context,
                reader,
            );
            judge_association(association, context, &root, reader);
        }
        Message::Offering(offering) => {
            envelope(offering.offering_id.get().map(|id| id.as_str()), "offeringId", context, reader);
            judge_offering(offering, context, &root, reader);
        }
        Message::Person(person) => {
            envelope(person.person_id.get().map(|id| id.as_str()), "personId", context, reader);
            judge_person(person, &root, reader);
        }
        Message::Group(group) => {
            envelope(group.group_id.get().map(|id| id.as_str()), "groupId", context, reader);
        }
        Message::Component(component) => judge_component(component, &root, reader),
        Message::Components(page) => each(page, &root, reader, judge_component),
        Message::Offerings(page) => {
            each(page, &root, reader, |item, at, reader| judge_offering(item, context, at, reader));
        }
        Message::Associations(page) => {
            each(page, &root, reader, |item, at, reader| judge_association(item, context, at, reader));
        }
        Message::Service(_)
        | Message::Organization(_)
        | Message::Membership(_)
        | Message::PatchAnswer(_)
        | Message::Groups(_)
        | Message::Memberships(_)
        | Message::Url(_)
        | Message::Problem(_) => {}
    }
}

fn each<T: Wire>(
    page: &Page<T>,
    root: &Place<'_>,
    reader: &mut Reader,
    judge: impl Fn(&T, &Place<'_>, &mut Reader),
) {
    let items = root.key("items");
    for (index, item) in page.items.iter().enumerate() {
        judge(item, &items.index(index), reader);
    }
}

fn breach(reader: &mut Reader, at: &Place<'_>, rule: Rule, severity: Severity, detail: &str) {
    reader.found(at, rule, Level::Agreement, severity, detail);
}

fn advise(reader: &mut Reader, at: &Place<'_>, rule: Rule, severity: Severity, detail: &str) {
    reader.found(at, rule, Level::Advice, severity, detail);
}

/// The id in the body, against the id in the path.
fn envelope(id: Option<&str>, name: &'static str, context: &Context, reader: &mut Reader) {
    let root = Place::root();
    if context.is_patch() && id.is_some() {
        breach(reader, &root, Rule::IdInPatch, Severity::Warning, name);
    }
    if context.is_put() {
        match (id, &context.path_id) {
            (None, _) => breach(reader, &root, Rule::IdInBody, Severity::Warning, name),
            (Some(id), Some(path)) if !id.eq_ignore_ascii_case(path) => {
                breach(reader, &root, Rule::IdMismatch, Severity::Error, name);
            }
            _ => {}
        }
    }
}

fn judge_association(association: &Association, context: &Context, at: &Place<'_>, reader: &mut Reader) {
    if context.is_patch() && association.association_type.is_absent() {
        breach(reader, at, Rule::Discriminator, Severity::Error, "associationType");
    }
    let is_student = association.is_student();
    let is_test = association.kind() == AssociationType::Component;
    let note_at = place_of_note(&association.consumers);
    if let (Some(note), Some(index)) = (association.note(), note_at) {
        let consumers = at.key("consumers");
        let here = consumers.index(index);
        judge_association_note(note, context, &here, reader);
        if !is_student && is_test {
            advise(reader, &here, Rule::StaffConsumer, Severity::Note, "member of staff");
        }
    }
    if let Some(Ref::Whole(person)) = association.person.get() {
        judge_person(person, &at.key("person"), reader);
    }
    if let Some(Ref::Whole(offering)) = association.offering.get() {
        judge_offering(offering, &Context { flow: None, ..context.clone() }, &at.key("offering"), reader);
    }
    if let Some(outcome) = association.result.get() {
        judge_outcome(outcome, context, &at.key("result"), reader);
    }
    let server = context.operation.map(|operation| operation.server);
    match context.flow {
        Some(2) if context.is_put() => judge_participation(association, at, reader),
        Some(3) if context.is_patch() => {
            let has_moment = association.note().is_some_and(|note| note.test_moment.is_there());
            // The candidate may tell attendance without any result, and its own examples misspell where.
            let may_lack = context.dialect == Dialect::V1_1 && association.note().is_some();
            if association.result.get().is_none() && !has_moment && !may_lack {
                breach(reader, at, Rule::Mandatory, Severity::Error, "result");
            } else if association.attendance().is_none()
                && !association.result.get().is_some_and(has_attendance)
            {
                advise(reader, at, Rule::Expected, Severity::Warning, "attendance");
            }
        }
        Some(5) if server == Some(Role::Sis) && !context.is_answer => {
            judge_student_result(association, context, at, reader)
        }
        _ => {}
    }
    if context.is_put() && matches!(context.flow, Some(1 | 2 | 5)) {
        for (missing, name) in [
            (association.person.get().is_none(), "person"),
            (association.offering.get().is_none(), "offering"),
        ] {
            if missing {
                breach(reader, at, Rule::Mandatory, Severity::Error, name);
            }
        }
    }
}

fn has_attendance(outcome: &Outcome) -> bool {
    outcome.note().is_some_and(|note| note.attendance.is_there())
}

fn judge_association_note(note: &AssociationNote, context: &Context, at: &Place<'_>, reader: &mut Reader) {
    if note.attempt.get().is_some_and(|attempt| *attempt < 1) {
        breach(reader, &at.key("attempt"), Rule::Attempt, Severity::Error, "");
    }
    if note.attempt_left.get().is_some_and(|left| *left < 0) {
        breach(reader, &at.key("attemptLeft"), Rule::Attempt, Severity::Error, "");
    }
    if note.extra_minutes().is_some_and(|minutes| minutes < 0) {
        breach(reader, &at.key("additionalTimeInMin"), Rule::NeedsRange, Severity::Error, "");
    }
    if context.flow == Some(1) && note.personal_needs.is_there() {
        advise(reader, at, Rule::NeedsInFlowOne, Severity::Note, "personalNeeds");
    }
}

/// Flow 2: everything the delivery system needs is in the message, and nothing it must not know.
fn judge_participation(association: &Association, at: &Place<'_>, reader: &mut Reader) {
    if association.result.is_there() {
        breach(reader, at, Rule::ResultInPlanning, Severity::Warning, "result");
    }
    match association.person.get() {
        Some(Ref::Id(_)) => breach(reader, at, Rule::PersonNotEmbedded, Severity::Error, "person"),
        Some(Ref::Whole(person)) if person.note().is_some_and(|note| note.assigned_needs.is_there()) => {
            breach(reader, &at.key("person"), Rule::AssignedNeeds, Severity::Warning, "assignedNeeds");
        }
        _ => {}
    }
}

/// Flow 5: a result for the student administration.
fn judge_student_result(association: &Association, context: &Context, at: &Place<'_>, reader: &mut Reader) {
    if association.kind() != AssociationType::Component {
        return;
    }
    let own = association.association_id.get().map(|id| id.as_str()).or(context.path_id.as_deref());
    match association.note() {
        None => breach(reader, at, Rule::Mandatory, Severity::Warning, "orgAssociationId, attempt"),
        Some(note) => {
            for (missing, name) in [
                (note.org_association.get().is_none(), "orgAssociationId"),
                (note.attempt.get().is_none(), "attempt"),
            ] {
                if missing {
                    breach(reader, at, Rule::Mandatory, Severity::Warning, name);
                }
            }
            let enrolment = note.org_association.get().map(|id| id.as_str());
            let is_put = context.operation.is_some_and(|operation| operation.method == Method::Put);
            if is_put && enrolment.is_some() && enrolment == own {
                breach(reader, at, Rule::SameAttemptId, Severity::Error, "associationId");
            }
        }
    }
    let Some(result) = association.result.get() else {
        if context.dialect == Dialect::V1_0 {
            breach(reader, at, Rule::Mandatory, Severity::Error, "result");
        }
        return;
    };
    let in_moment = association
        .note()
        .and_then(|note| note.test_moment.get())
        .is_some_and(|moment| moment.executed_offering_name.is_there());
    if let (Some(note), Some(index)) = (result.note(), place_of_note(&result.consumers)) {
        let (outer, consumers) = (at.key("result"), "consumers");
        let list = outer.key(consumers);
        let here = list.index(index);
        if note.executed_offering_name.get().is_none() && !in_moment {
            breach(reader, &here, Rule::ExecutedName, Severity::Warning, "executedOfferingName");
        }
        if note.test_date.get().is_none() {
            advise(reader, &here, Rule::Expected, Severity::Note, "testDate");
        }
    }
}

fn judge_outcome(outcome: &Outcome, context: &Context, at: &Place<'_>, reader: &mut Reader) {
    let wants_weight = context.flow.is_some();
    match outcome.weight.get() {
        Some(100) => {}
        Some(_) if wants_weight => breach(reader, at, Rule::Weight, Severity::Warning, "100"),
        None if wants_weight && outcome.is_completed() => {
            breach(reader, at, Rule::Weight, Severity::Warning, "100");
        }
        _ => {}
    }
    if let (Some(score), Some(kind)) = (outcome.score.get(), context.value_type)
        && !score::fits(kind, score)
    {
        breach(reader, &at.key("score"), Rule::ScoreForm, Severity::Error, kind.word());
    }
    let note = outcome.note();
    let was_there =
        note.and_then(|note| note.attendance.get()).is_some_and(|word| word.is(Attendance::Present));
    if outcome.is_completed() && was_there && outcome.score.get().is_none() {
        advise(reader, at, Rule::ScoreMissing, Severity::Warning, "score");
    }
    if let (Some(note), Some(index)) = (note, place_of_note(&outcome.consumers)) {
        let consumers = at.key("consumers");
        judge_outcome_note(note, context, &consumers.index(index), reader);
    }
}

fn judge_outcome_note(note: &OutcomeNote, context: &Context, at: &Place<'_>, reader: &mut Reader) {
    let raw = note.raw_score.get().copied();
    let most = note.max_raw_score.get().copied();
    if raw.is_some_and(|raw| raw < 0) || raw.zip(most).is_some_and(|(raw, most)| raw > most) {
        breach(reader, at, Rule::RawScore, Severity::Warning, "");
    }
    if note.is_final.get() == Some(&true) && context.may_be_final == Some(false) {
        breach(reader, at, Rule::FinalNotAllowed, Severity::Error, "finalResultsAllowed = false");
    }
    let allowed = &[
        DocumentType::AssessmentForm,
        DocumentType::AssessmentFormWithAnswers,
        DocumentType::AssessmentModel,
        DocumentType::Other,
    ];
    judge_documents(&note.documents, allowed, at, reader);
}

fn judge_documents(
    documents: &Field<Vec<Document>>,
    allowed: &[DocumentType],
    at: &Place<'_>,
    reader: &mut Reader,
) {
    let list = at.key("documents");
    for (index, document) in documents.get().into_iter().flatten().enumerate() {
        let here = list.index(index);
        if let Some(kind) = document.document_type.get().and_then(Code::known)
            && !allowed.contains(&kind)
        {
            let words: Vec<_> = allowed.iter().map(|kind| kind.word()).collect();
            breach(
                reader,
                &here.key("documentType"),
                Rule::UnknownCode,
                Severity::Warning,
                &words.join("; "),
            );
        }
        match document.document_id.get() {
            None => breach(reader, &here, Rule::Mandatory, Severity::Error, "documentId"),
            Some(id) if !crate::wire::is_uuid(id) => {
                advise(reader, &here.key("documentId"), Rule::DocumentId, Severity::Note, "");
            }
            Some(_) => {}
        }
    }
}

fn judge_offering(offering: &Offering, context: &Context, at: &Place<'_>, reader: &mut Reader) {
    let is_test = offering.kind() == OfferingType::Component;
    if context.is_patch() && context.flow.is_some() && offering.offering_type.is_absent() {
        breach(reader, at, Rule::Discriminator, Severity::Error, "offeringType");
    }
    if let Some(expected) = offering.result_expected.get()
        && *expected != is_test
    {
        advise(reader, at, Rule::ResultExpected, Severity::Warning, if is_test { "true" } else { "false" });
    }
    if let Some(language) = offering.teaching_language.get().filter(|language| language.as_str() != "nld") {
        advise(reader, &at.key("teachingLanguage"), Rule::Teaching, Severity::Note, language);
    }
    let start = offering.start_date_time.get().and_then(Moment::instant);
    let end = offering.end_date_time.get().and_then(Moment::instant);
    if start.zip(end).is_some_and(|(start, end)| end < start) {
        breach(reader, &at.key("endDateTime"), Rule::Order, Severity::Error, "startDateTime, endDateTime");
    }
    let days = |field: &Field<crate::wire::Date>| field.get().and_then(crate::wire::Date::day);
    if days(&offering.start_date).zip(days(&offering.end_date)).is_some_and(|(start, end)| end < start) {
        breach(reader, &at.key("endDate"), Rule::Order, Severity::Error, "startDate, endDate");
    }
    match (offering.note(), place_of_note(&offering.consumers)) {
        (Some(note), Some(index)) => {
            let consumers = at.key("consumers");
            judge_offering_note(offering, note, context, &consumers.index(index), reader);
        }
        _ if is_test && context.is_put() && context.flow.is_some() => {
            breach(reader, at, Rule::Mandatory, Severity::Error, "consumers");
        }
        _ => {}
    }
    if is_test && context.is_put() && context.flow == Some(1) {
        for (missing, name) in [
            (offering.result_value_type.is_absent(), "resultValueType"),
            (offering.component.is_absent() && !has_tests(offering), "component or testsToBeUsed"),
        ] {
            if missing {
                advise(reader, at, Rule::Expected, Severity::Note, name);
            }
        }
    }
    if is_test && context.is_put() && context.flow == Some(2) && offering.component.get().is_none() {
        breach(reader, at, Rule::Mandatory, Severity::Error, "component");
    }
}

fn has_tests(offering: &Offering) -> bool {
    offering.note().is_some_and(|note| note.tests_to_be_used.is_there())
}

fn judge_offering_note(
    offering: &Offering,
    note: &OfferingNote,
    context: &Context,
    at: &Place<'_>,
    reader: &mut Reader,
) {
    let is_test = offering.kind() == OfferingType::Component;
    if note.offering_state.is_absent() {
        // The bundle wants it everywhere; the agreement wants it where a test is offered as a whole.
        let severity = if is_test && !context.is_patch() { Severity::Warning } else { Severity::Note };
        breach(reader, at, Rule::OfferingState, severity, "offeringState");
    }
    let is_report = context.flow == Some(4) && context.is_patch();
    if is_report && note.irregularities.is_absent() {
        breach(reader, at, Rule::Mandatory, Severity::Warning, "irregularities");
    }
    if context.flow == Some(2) && context.is_put() && is_test {
        match Timing::of(note) {
            None => advise(
                reader,
                at,
                Rule::Timing,
                Severity::Warning,
                &format!(
                    "{}/{}/{}",
                    note.start_options.get().map_or("-", Code::word),
                    note.duration_from.get().map_or("-", Code::word),
                    note.duration_until.get().map_or("-", Code::word)
                ),
            ),
            Some(Timing::Fixed) => {}
            Some(_) if note.duration.is_absent() => {
                advise(reader, at, Rule::Expected, Severity::Warning, "duration");
            }
            Some(_) => {}
        }
    }
    if context.flow == Some(1) && context.is_put() && is_test && note.may_be_final().is_none() {
        advise(reader, at, Rule::Expected, Severity::Note, "finalResultsAllowed");
    }
    let allowed = &[
        DocumentType::SessionReport,
        DocumentType::AttendanceReport,
        DocumentType::AssessmentModel,
        DocumentType::Other,
    ];
    judge_documents(&note.documents, allowed, at, reader);
}

fn judge_component(component: &Component, at: &Place<'_>, reader: &mut Reader) {
    if component.note().is_none() {
        breach(reader, at, Rule::Mandatory, Severity::Warning, "consumers");
    }
    if component.component_type.get().is_some_and(|kind| !kind.is(ComponentType::Test)) {
        breach(reader, at, Rule::OtherType, Severity::Warning, "test");
    }
    if component.note().is_some_and(|note| note.status.is_absent()) {
        advise(reader, at, Rule::Expected, Severity::Note, "status");
    }
}

fn judge_person(person: &Person, at: &Place<'_>, reader: &mut Reader) {
    let is_student = person
        .affiliations
        .get()
        .is_some_and(|affiliations| affiliations.iter().any(|word| word.is(Affiliation::Student)));
    if is_student && person.note().is_none() && !reader.patch {
        advise(reader, at, Rule::Expected, Severity::Note, "consumers (preferredName, idCheckName)");
    }
    for need in person.note().and_then(|note| note.assigned_needs.get()).into_iter().flatten() {
        let days = (
            need.start_date.get().and_then(crate::wire::Date::day),
            need.end_date.get().and_then(crate::wire::Date::day),
        );
        if matches!(days, (Some(start), Some(end)) if end < start) {
            breach(reader, at, Rule::Order, Severity::Warning, "startDate, endDate");
        }
    }
}

fn place_of_note<T>(consumers: &Field<Consumers<T>>) -> Option<usize> {
    consumers.get()?.0.iter().position(|entry| matches!(entry, Entry::Ours(_)))
}
