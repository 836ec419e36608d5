use super::{Audience, Condition, Content, Moment, Purpose, State};
use crate::instrument::Route;
use crate::test::Kind;
use jiff::Timestamp;
use jiff::civil::Date;
use regie_core::id::{
    ConsentId, DocumentId, FormVariantId, InstrumentId, InstrumentVersionId, PersonId, SupplierId, TestId,
};
use regie_db::{Query, row, statements};

row! {
    pub struct Version {
        pub id: InstrumentVersionId,
        pub instrument: InstrumentId,
        pub instrument_code: String,
        pub instrument_name: String,
        pub test: TestId,
        pub test_kind: Kind,
        pub route: Route,
        pub supplier: Option<SupplierId>,
        pub consent: Option<ConsentId>,
        pub number: i64,
        pub state: State,
        pub content: String,
        pub valid_from: Option<Date>,
        pub valid_until: Option<Date>,
        pub corrects: Option<InstrumentVersionId>,
        pub made_by: Option<PersonId>,
        pub made_name: Option<String>,
        pub submitted_by: Option<PersonId>,
        pub submitted_name: Option<String>,
        pub submitted_at: Option<Timestamp>,
        pub hash: Option<String>,
        pub delivered_hash: Option<String>,
        pub delivered_at: Option<Timestamp>,
        pub suspended_why: Option<String>,
        pub version: i64,
    }

    pub struct Variant {
        pub id: FormVariantId,
        pub code: String,
        pub name: String,
        pub withdrawn_at: Option<Timestamp>,
        pub withdrawn_why: Option<String>,
    }

    pub struct Document {
        pub id: DocumentId,
        pub variant_code: String,
        pub name: String,
        pub purpose: Purpose,
        pub audience: Audience,
        pub release_moment: Moment,
        pub release_days: i64,
        pub file: String,
        pub media_type: String,
        pub size: i64,
    }
}

/// The first version of a new instrument.
pub(crate) fn first(
    id: InstrumentVersionId,
    instrument: InstrumentId,
    content: &Content,
    by: Option<PersonId>,
    at: Timestamp,
) -> Query<()> {
    let text = serde_json::json!(content).to_string();
    insert(id, instrument, 1, &text, content.minutes, None, by, at)
}

statements! {
    pub(super) fn insert(
        id: InstrumentVersionId, instrument: InstrumentId, number: i64, content: &str, minutes: u32,
        corrects: Option<InstrumentVersionId>, made_by: Option<PersonId>, made_at: Timestamp,
    ) = "INSERT INTO instrument_version (institution, id, instrument, number, state, content, minutes, corrects,
            made_by, made_at, version)
         VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $9, 1)";

    pub(crate) fn by_id(id: InstrumentVersionId) -> Version =
        "SELECT v.id, v.instrument, i.code AS instrument_code, i.name AS instrument_name, i.test,
            t.kind AS test_kind, i.route, i.supplier, i.consent, v.number, v.state, v.content, v.valid_from,
            v.valid_until, v.corrects, v.made_by,
            (SELECT p.display_name FROM pub_person p WHERE p.institution = $1 AND p.id = v.made_by) AS made_name,
            v.submitted_by,
            (SELECT p.display_name FROM pub_person p WHERE p.institution = $1 AND p.id = v.submitted_by) AS submitted_name,
            v.submitted_at, v.hash, v.delivered_hash, v.delivered_at, v.suspended_why, v.version
         FROM instrument_version v
         JOIN exam_instrument i ON i.institution = $1 AND i.id = v.instrument
         JOIN exam_test t ON t.institution = $1 AND t.id = i.test
         WHERE v.institution = $1 AND v.id = $2";

    /// Every change of a draft passes here.
    pub(super) fn touch(id: InstrumentVersionId, version: i64) =
        "UPDATE instrument_version SET version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3 AND state = 'draft'";

    pub(super) fn write(id: InstrumentVersionId, content: &str, minutes: u32) =
        "UPDATE instrument_version SET content = $3, minutes = $4
         WHERE institution = $1 AND id = $2 AND state = 'draft'";

    pub(super) fn submit(
        id: InstrumentVersionId, version: i64, state: State, hash: &str, by: Option<PersonId>, at: Timestamp,
        valid_from: Option<Date>,
    ) = "UPDATE instrument_version SET state = $4, hash = $5, submitted_by = $6, submitted_at = $7, valid_from = $8,
            version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3 AND state = 'draft'";

    pub(crate) fn approve(id: InstrumentVersionId, hash: &str, valid_from: Date, valid_until: Option<Date>) =
        "UPDATE instrument_version SET state = 'approved', valid_from = $4, valid_until = $5, version = version + 1
         WHERE institution = $1 AND id = $2 AND state = 'submitted' AND hash = $3";

    pub(crate) fn reject(id: InstrumentVersionId, hash: &str) =
        "UPDATE instrument_version SET state = 'rejected', version = version + 1
         WHERE institution = $1 AND id = $2 AND state = 'submitted' AND hash = $3";

    pub(super) fn step(id: InstrumentVersionId, version: i64, from: State, to: State, why: Option<&str>) =
        "UPDATE instrument_version SET state = $5, suspended_why = $6, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3 AND state = $4";

    pub(super) fn retire_active(instrument: InstrumentId) =
        "UPDATE instrument_version SET state = 'retired', version = version + 1
         WHERE institution = $1 AND instrument = $2 AND state = 'active'";

    pub(super) fn deliver(id: InstrumentVersionId, hash: &str, at: Timestamp) =
        "UPDATE instrument_version SET delivered_hash = $3, delivered_at = $4 WHERE institution = $1 AND id = $2";

    pub(super) fn newest(instrument: InstrumentId) -> (i64, State) =
        "SELECT number, state FROM instrument_version
         WHERE institution = $1 AND instrument = $2 ORDER BY number DESC LIMIT 1";

    /// Whose hands were in any version of the instrument.
    pub(crate) fn handed_in_by(instrument: InstrumentId, person: PersonId, actions: &[String]) -> (i64,) =
        "SELECT count(*) FROM pub_journal j JOIN instrument_version v
           ON v.institution = $1 AND v.id = j.subject AND v.instrument = $2
         WHERE j.institution = $1 AND j.person = $3 AND j.action {among_texts $4}";

    pub(super) fn conditions(id: InstrumentVersionId) -> (Condition, String) =
        "SELECT kind, condition FROM delivery_condition
         WHERE institution = $1 AND instrument_version = $2 ORDER BY kind";

    pub(super) fn put_condition(id: InstrumentVersionId, kind: Condition, condition: &str) =
        "INSERT INTO delivery_condition (institution, instrument_version, kind, condition) VALUES ($1, $2, $3, $4)";

    pub(super) fn clear_conditions(id: InstrumentVersionId) =
        "DELETE FROM delivery_condition WHERE institution = $1 AND instrument_version = $2";

    pub(super) fn aids(id: InstrumentVersionId) -> (i64, String) =
        "SELECT position, name FROM permitted_aid
         WHERE institution = $1 AND instrument_version = $2 ORDER BY position";

    pub(super) fn put_aid(id: InstrumentVersionId, position: i64, name: &str) =
        "INSERT INTO permitted_aid (institution, instrument_version, position, name) VALUES ($1, $2, $3, $4)";

    pub(super) fn clear_aids(id: InstrumentVersionId) =
        "DELETE FROM permitted_aid WHERE institution = $1 AND instrument_version = $2";

    pub(super) fn conversion(id: InstrumentVersionId) -> (String, u32, u32) =
        "SELECT variant_code, score, grade FROM conversion
         WHERE institution = $1 AND instrument_version = $2 ORDER BY variant_code, score";

    pub(super) fn put_conversion(id: InstrumentVersionId, variant: &str, score: u32, grade: u32) =
        "INSERT INTO conversion (institution, instrument_version, variant_code, score, grade)
         VALUES ($1, $2, $3, $4, $5)";

    pub(super) fn clear_conversion(id: InstrumentVersionId) =
        "DELETE FROM conversion WHERE institution = $1 AND instrument_version = $2";

    pub(super) fn variants(id: InstrumentVersionId) -> Variant =
        "SELECT id, code, name, withdrawn_at, withdrawn_why FROM form_variant
         WHERE institution = $1 AND instrument_version = $2 ORDER BY code";

    pub(super) fn put_variant(variant: FormVariantId, id: InstrumentVersionId, code: &str, name: &str) =
        "INSERT INTO form_variant (institution, id, instrument_version, code, name) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (institution, id) DO UPDATE SET code = excluded.code, name = excluded.name";

    pub(super) fn remove_variant(id: InstrumentVersionId, variant: FormVariantId) =
        "DELETE FROM form_variant WHERE institution = $1 AND instrument_version = $2 AND id = $3";

    pub(super) fn withdraw_variant(
        id: InstrumentVersionId, variant: FormVariantId, at: Timestamp, why: &str,
    ) = "UPDATE form_variant SET withdrawn_at = $4, withdrawn_why = $5
         WHERE institution = $1 AND instrument_version = $2 AND id = $3 AND withdrawn_at IS NULL";

    pub(super) fn documents(id: InstrumentVersionId) -> Document =
        "SELECT id, variant_code, name, purpose, audience, release_moment, release_days, file, media_type, size
         FROM instrument_document WHERE institution = $1 AND instrument_version = $2
         ORDER BY variant_code, purpose, name, id";

    pub(super) fn put_document(
        document: DocumentId, id: InstrumentVersionId, variant: &str, name: &str, purpose: Purpose,
        audience: Audience, moment: Moment, days: i64, file: &str, media_type: &str, size: i64,
    ) = "INSERT INTO instrument_document (institution, id, instrument_version, variant_code, name, purpose, audience,
            release_moment, release_days, file, media_type, size)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

    pub(super) fn with_file(file: &str) -> (i64,) =
        "SELECT count(*) FROM instrument_document WHERE institution = $1 AND file = $2";

    pub(super) fn remove_document(id: InstrumentVersionId, document: DocumentId) =
        "DELETE FROM instrument_document WHERE institution = $1 AND instrument_version = $2 AND id = $3";

    pub(super) fn platform_of(test: TestId, today: Date) -> (bool, bool) =
        "SELECT t.platform IS NOT NULL AS named, EXISTS (SELECT 1 FROM delivery_platform p
            WHERE p.institution = $1 AND p.id = t.platform AND p.permitted_from <= $3
              AND (p.permitted_until IS NULL OR p.permitted_until >= $3)) AS permitted
         FROM exam_test t WHERE t.institution = $1 AND t.id = $2";

    pub(super) fn certified(supplier: SupplierId, today: Date) -> (i64,) =
        "SELECT count(*) FROM supplier
         WHERE institution = $1 AND id = $2 AND active AND certified_until >= $3";
}
