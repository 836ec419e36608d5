use super::{Choice, Point, Said, State};
use jiff::Timestamp;
use jiff::civil::Date;
use regie_core::id::{ApprovalId, DecisionId, InstrumentVersionId, PersonId};
use regie_db::{fragments, row, statements};

row! {
    pub struct Approval {
        pub id: ApprovalId,
        pub instrument_version: InstrumentVersionId,
        pub instrument_name: String,
        pub number: i64,
        pub hash: String,
        pub state: State,
        pub meeting: Date,
        pub quorum: i64,
        pub opened_name: Option<String>,
        pub decided_name: Option<String>,
        pub decided_at: Option<Timestamp>,
        pub findings: Option<String>,
        pub decision_year: Option<i64>,
        pub decision_number: Option<i64>,
        pub version: i64,
    }

    /// A treatment in a list.
    pub struct ApprovalLine {
        pub id: ApprovalId,
        pub instrument_version: InstrumentVersionId,
        pub instrument_name: String,
        pub number: i64,
        pub state: State,
        pub meeting: Date,
        pub quorum: i64,
        /// Votes that count.
        pub votes: i64,
        pub decision_year: Option<i64>,
        pub decision_number: Option<i64>,
    }

    pub struct Check {
        pub code: Point,
        pub answer: Said,
        pub remark: Option<String>,
    }

    pub struct Vote {
        pub person: PersonId,
        pub name: Option<String>,
        pub vote: Choice,
        pub remark: Option<String>,
        pub cast_at: Timestamp,
    }
}

fragments! {
    /// `SELECT {approval_line} WHERE …`
    approval_line = "a.id, a.instrument_version, i.name AS instrument_name, v.number, a.state, a.meeting, a.quorum,
        (SELECT count(*) FROM approval_vote w WHERE w.institution = $1 AND w.approval = a.id
           AND w.vote <> 'recused') AS votes, d.year AS decision_year, d.number AS decision_number
        FROM approval a
        JOIN instrument_version v ON v.institution = $1 AND v.id = a.instrument_version
        JOIN exam_instrument i ON i.institution = $1 AND i.id = v.instrument
        LEFT JOIN decision d ON d.institution = $1 AND d.id = a.decision";
}

statements! {
    pub(super) fn insert(
        id: ApprovalId, instrument_version: InstrumentVersionId, hash: &str, meeting: Date, quorum: i64,
        opened_by: Option<PersonId>, opened_at: Timestamp,
    ) = "INSERT INTO approval (institution, id, instrument_version, hash, state, meeting, quorum, opened_by, opened_at,
            version)
         VALUES ($1, $2, $3, $4, 'open', $5, $6, $7, $8, 1)";

    pub(super) fn touch(id: ApprovalId, version: i64) =
        "UPDATE approval SET version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3 AND state = 'open'";

    /// Changes nothing: it holds the row still and counts whether it is open.
    pub(super) fn hold_open(id: ApprovalId) =
        "UPDATE approval SET state = state WHERE institution = $1 AND id = $2 AND state = 'open'";

    pub(super) fn close(
        id: ApprovalId, state: State, by: Option<PersonId>, at: Timestamp, findings: Option<&str>,
        decision: DecisionId,
    ) = "UPDATE approval SET state = $3, decided_by = $4, decided_at = $5, findings = $6, decision = $7
         WHERE institution = $1 AND id = $2";

    pub(super) fn put_check(id: ApprovalId, code: Point, answer: Said, remark: Option<&str>) =
        "INSERT INTO approval_check (institution, approval, code, answer, remark) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (institution, approval, code) DO UPDATE
         SET answer = excluded.answer, remark = excluded.remark";

    pub(super) fn put_vote(
        id: ApprovalId, person: PersonId, vote: Choice, remark: Option<&str>, cast_at: Timestamp,
    ) = "INSERT INTO approval_vote (institution, approval, person, vote, remark, cast_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (institution, approval, person) DO UPDATE
         SET vote = excluded.vote, remark = excluded.remark, cast_at = excluded.cast_at";

    pub(super) fn by_id(id: ApprovalId) -> Approval =
        "SELECT a.id, a.instrument_version, i.name AS instrument_name, v.number, a.hash, a.state, a.meeting, a.quorum,
            (SELECT p.display_name FROM pub_person p WHERE p.institution = $1 AND p.id = a.opened_by) AS opened_name,
            (SELECT p.display_name FROM pub_person p WHERE p.institution = $1 AND p.id = a.decided_by) AS decided_name,
            a.decided_at, a.findings, d.year AS decision_year, d.number AS decision_number, a.version
         FROM approval a
         JOIN instrument_version v ON v.institution = $1 AND v.id = a.instrument_version
         JOIN exam_instrument i ON i.institution = $1 AND i.id = v.instrument
         LEFT JOIN decision d ON d.institution = $1 AND d.id = a.decision
         WHERE a.institution = $1 AND a.id = $2";

    pub(super) fn of_version(id: InstrumentVersionId) -> ApprovalLine =
        "SELECT {approval_line} WHERE a.institution = $1 AND a.instrument_version = $2
         ORDER BY a.opened_at DESC, a.id";

    pub(super) fn list(state: Option<State>, skip: i64, most: i64) -> ApprovalLine =
        "SELECT {approval_line} WHERE a.institution = $1 AND a.state = coalesce($2, a.state)
         ORDER BY a.meeting DESC, a.opened_at DESC, a.id LIMIT $4 OFFSET $3";

    pub(super) fn count(state: Option<State>) -> (i64,) =
        "SELECT count(*) FROM approval WHERE institution = $1 AND state = coalesce($2, state)";

    pub(super) fn checks(id: ApprovalId) -> Check =
        "SELECT code, answer, remark FROM approval_check WHERE institution = $1 AND approval = $2 ORDER BY code";

    pub(super) fn votes(id: ApprovalId) -> Vote =
        "SELECT w.person, p.display_name AS name, w.vote, w.remark, w.cast_at
         FROM approval_vote w LEFT JOIN pub_person p ON p.institution = $1 AND p.id = w.person
         WHERE w.institution = $1 AND w.approval = $2 ORDER BY w.cast_at, w.person";
}
