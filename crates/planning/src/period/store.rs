use jiff::Timestamp;
use jiff::civil::Date;
use regie_core::id::ExamPeriodId;
use regie_core::period::State;
use regie_db::{row, statements};

row! {
    pub struct Period {
        pub id: ExamPeriodId,
        pub code: String,
        pub name: String,
        pub begins: Date,
        pub ends: Date,
        pub state: State,
        pub rules: Option<String>,
        pub student_opens: Option<Timestamp>,
        pub student_closes: Option<Timestamp>,
        pub teacher_opens: Option<Timestamp>,
        pub teacher_closes: Option<Timestamp>,
        pub central_opens: Option<Timestamp>,
        pub central_closes: Option<Timestamp>,
        pub frozen_at: Option<Timestamp>,
        pub version: i64,
    }
}

statements! {
    pub(super) fn insert(
        id: ExamPeriodId, code: &str, name: &str, begins: Date, ends: Date, student_opens: Option<Timestamp>,
        student_closes: Option<Timestamp>, teacher_opens: Option<Timestamp>, teacher_closes: Option<Timestamp>,
        central_opens: Option<Timestamp>, central_closes: Option<Timestamp>,
    ) = "INSERT INTO exam_period (institution, id, code, name, begins, ends, state, student_opens, student_closes,
            teacher_opens, teacher_closes, central_opens, central_closes, registered, version)
         VALUES ($1, $2, $3, $4, $5, $6, 'draft', $7, $8, $9, $10, $11, $12, 0, 1)";

    pub(super) fn update(
        id: ExamPeriodId, version: i64, code: &str, name: &str, begins: Date, ends: Date,
        student_opens: Option<Timestamp>, student_closes: Option<Timestamp>, teacher_opens: Option<Timestamp>,
        teacher_closes: Option<Timestamp>, central_opens: Option<Timestamp>, central_closes: Option<Timestamp>,
    ) = "UPDATE exam_period SET code = $4, name = $5, begins = $6, ends = $7, student_opens = $8,
            student_closes = $9, teacher_opens = $10, teacher_closes = $11, central_opens = $12,
            central_closes = $13, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3 AND state IN ('draft', 'open')";

    pub(super) fn open(id: ExamPeriodId, version: i64, rules: &str) =
        "UPDATE exam_period SET state = 'open', rules = $4, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3 AND state = 'draft'";

    pub(super) fn freeze(id: ExamPeriodId, version: i64, now: Timestamp) =
        "UPDATE exam_period SET state = 'frozen', frozen_at = $4, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3 AND state = 'open'";

    pub(super) fn step(id: ExamPeriodId, version: i64, to: State) =
        "UPDATE exam_period SET state = $4, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";

    pub(crate) fn list() -> Period =
        "SELECT id, code, name, begins, ends, state, rules, student_opens, student_closes, teacher_opens,
            teacher_closes, central_opens, central_closes, frozen_at, version
         FROM exam_period WHERE institution = $1 ORDER BY begins DESC, code, id";

    pub(crate) fn by_id(id: ExamPeriodId) -> Period =
        "SELECT id, code, name, begins, ends, state, rules, student_opens, student_closes, teacher_opens,
            teacher_closes, central_opens, central_closes, frozen_at, version
         FROM exam_period WHERE institution = $1 AND id = $2";

    /// Registering goes on only while the period is as it was when it was looked at.
    pub(crate) fn still(id: ExamPeriodId, state: State, count: i64) =
        "UPDATE exam_period SET registered = registered + $4 WHERE institution = $1 AND id = $2 AND state = $3";
}
