use super::{Kind, Outcome, State};
use jiff::Timestamp;
use jiff::civil::Date;
use regie_core::Role;
use regie_core::id::{ImportId, PersonId};
use regie_db::{row, statements};
use uuid::Uuid;

row! {
    pub struct Import {
        pub id: ImportId,
        pub kind: Kind,
        pub file_name: String,
        /// The SHA-256 of the file.
        pub file: String,
        pub sheet: Option<String>,
        pub header_row: u32,
        pub headers: String,
        pub mapping: String,
        pub state: State,
        pub run: i64,
        pub staged: bool,
        pub total: i64,
        pub done: i64,
        pub new_rows: i64,
        pub changed_rows: i64,
        pub same_rows: i64,
        pub refused_rows: i64,
        pub fault: Option<String>,
        pub person: Option<PersonId>,
        pub role: Option<Role>,
        pub scope_kind: String,
        pub scope: Option<Uuid>,
        pub begun_at: Timestamp,
        pub settled_at: Option<Timestamp>,
        pub forgotten: bool,
    }

    /// A staged row with what was made of it.
    pub(super) struct Kept {
        pub number: u32,
        pub fresh: Uuid,
        pub cells: String,
        pub found: String,
        pub outcome: Option<Outcome>,
        pub faults: String,
        pub changes: String,
    }

    /// A judged row, for looking through.
    pub struct Line {
        pub number: u32,
        pub outcome: Outcome,
        pub subject: Option<Uuid>,
        pub label: String,
        pub cells: String,
        pub faults: String,
        pub changes: String,
    }

    /// Somebody who stands in the school and not in the file.
    pub struct Missing {
        pub id: PersonId,
        pub number: Option<String>,
        pub display_name: String,
        pub unit_name: Option<String>,
    }
}

statements! {
    pub(super) fn insert(
        id: ImportId, kind: Kind, file_name: &str, file: &str, sheet: Option<&str>, header_row: u32, headers: &str,
        total: i64, person: Option<PersonId>, role: Option<Role>, scope_kind: &str, scope: Option<Uuid>,
        begun_at: Timestamp,
    ) = "INSERT INTO import (institution, id, kind, file_name, file, sheet, header_row, headers, mapping, state, run,
            staged, total, done, new_rows, changed_rows, same_rows, refused_rows, person, role, scope_kind, scope,
            begun_at, forgotten)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', 'mapping', 0, {false}, $9, 0, 0, 0, 0, 0, $10, $11, $12, $13,
            $14, {false})";

    pub(super) fn by_id(id: ImportId) -> Import =
        "SELECT id, kind, file_name, file, sheet, header_row, headers, mapping, state, run, staged, total, done,
            new_rows, changed_rows, same_rows, refused_rows, fault, person, role, scope_kind, scope, begun_at,
            settled_at, forgotten
         FROM import WHERE institution = $1 AND id = $2";

    pub(super) fn latest(most: i64) -> Import =
        "SELECT id, kind, file_name, file, sheet, header_row, headers, mapping, state, run, staged, total, done,
            new_rows, changed_rows, same_rows, refused_rows, fault, person, role, scope_kind, scope, begun_at,
            settled_at, forgotten
         FROM import WHERE institution = $1 ORDER BY begun_at DESC, id DESC LIMIT $2";

    /// From mapping, or back from a preview whose columns are to be different.
    pub(super) fn map(id: ImportId, mapping: &str, sheet: Option<&str>, header_row: u32, headers: &str) =
        "UPDATE import SET mapping = $3, sheet = $4, header_row = $5, headers = $6, state = 'judging', staged = {false}, run = run + 1, done = 0
         WHERE institution = $1 AND id = $2 AND state IN ('mapping', 'judging', 'judged')";

    pub(super) fn forget_header(kind: Kind, header: &str) =
        "DELETE FROM import_header WHERE institution = $1 AND kind = $2 AND header = $3";

    pub(super) fn remember(kind: Kind, header: &str, key: Option<&str>) =
        "INSERT INTO import_header (institution, kind, header, key) VALUES ($1, $2, $3, $4)";

    pub(super) fn remembered(kind: Kind) -> (String, Option<String>) =
        "SELECT header, key FROM import_header WHERE institution = $1 AND kind = $2";

    /// The next attempt at judging; whoever was at it writes nothing more.
    pub(super) fn next_run(id: ImportId) =
        "UPDATE import SET run = run + 1, done = 0 WHERE institution = $1 AND id = $2 AND state = 'judging'";

    /// Judged anew as somebody else, or because the school changed.
    pub(super) fn again(
        id: ImportId, person: Option<PersonId>, role: Option<Role>, scope_kind: &str, scope: Option<Uuid>,
    ) = "UPDATE import SET state = 'judging', run = run + 1, done = 0, person = $3, role = $4, scope_kind = $5, scope = $6
         WHERE institution = $1 AND id = $2 AND state = 'judged'";

    pub(super) fn clear(id: ImportId) = "DELETE FROM import_row WHERE institution = $1 AND import = $2";

    pub(super) fn put(id: ImportId, number: u32, fresh: Uuid, cells: &str, found: &str) =
        "INSERT INTO import_row (institution, import, number, fresh, cells, found, label, search, faults, changes)
         VALUES ($1, $2, $3, $4, $5, $6, '', '', '[]', '[]')";

    /// One more slice is done: only for the attempt that counts.
    pub(super) fn advance(id: ImportId, run: i64, done: i64) =
        "UPDATE import SET done = $4 WHERE institution = $1 AND id = $2 AND run = $3 AND state = 'judging'";

    pub(super) fn all_staged(id: ImportId, run: i64, total: i64) =
        "UPDATE import SET staged = {true}, total = $4
         WHERE institution = $1 AND id = $2 AND run = $3 AND state = 'judging'";

    pub(super) fn staged(id: ImportId) -> Kept =
        "SELECT number, fresh, cells, found, outcome, faults, changes FROM import_row
         WHERE institution = $1 AND import = $2 ORDER BY number";

    pub(super) fn judged(
        id: ImportId, number: u32, outcome: Outcome, subject: Option<Uuid>, label: &str, search: &str, faults: &str,
        changes: &str,
    ) = "UPDATE import_row SET outcome = $4, subject = $5, label = $6, search = $7, faults = $8, changes = $9
         WHERE institution = $1 AND import = $2 AND number = $3";

    pub(super) fn all_judged(
        id: ImportId, run: i64, new_rows: i64, changed_rows: i64, same_rows: i64, refused_rows: i64,
    ) = "UPDATE import SET state = 'judged', done = total, new_rows = $4, changed_rows = $5, same_rows = $6,
            refused_rows = $7
         WHERE institution = $1 AND id = $2 AND run = $3 AND state = 'judging'";

    pub(super) fn settle(id: ImportId, was: State, is: State, fault: Option<&str>, at: Timestamp) =
        "UPDATE import SET state = $4, fault = $5, settled_at = $6, run = run + 1
         WHERE institution = $1 AND id = $2 AND state = $3";

    pub(super) fn lines(id: ImportId, outcome: Option<Outcome>, word: &str, skip: i64, most: i64) -> Line =
        "SELECT number, outcome, subject, label, cells, faults, changes FROM import_row
         WHERE institution = $1 AND import = $2 AND outcome IS NOT NULL AND outcome = coalesce($3, outcome)
            AND {contains search $4}
         ORDER BY number LIMIT $6 OFFSET $5";

    pub(super) fn count_lines(id: ImportId, outcome: Option<Outcome>, word: &str) -> (i64,) =
        "SELECT count(*) FROM import_row
         WHERE institution = $1 AND import = $2 AND outcome = coalesce($3, outcome) AND {contains search $4}";

    pub(super) fn missing(
        id: ImportId, kind: crate::person::Kind, reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date,
        skip: i64, most: i64,
    ) -> Missing =
        "SELECT p.id, p.number, p.display_name, u.name AS unit_name
         FROM person p LEFT JOIN unit u ON u.institution = $1 AND u.id = p.unit
         WHERE p.institution = $1 AND p.kind = $3 AND p.state = 'active' AND {person_in_reach p $4 $5 $6 $7}
           AND NOT EXISTS (SELECT 1 FROM import_row r
                WHERE r.institution = $1 AND r.subject = p.id AND r.import = $2)
         ORDER BY p.sort_name, p.id LIMIT $9 OFFSET $8";

    pub(super) fn count_missing(
        id: ImportId, kind: crate::person::Kind, reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date,
    ) -> (i64,) =
        "SELECT count(*) FROM person p
         WHERE p.institution = $1 AND p.kind = $3 AND p.state = 'active' AND {person_in_reach p $4 $5 $6 $7}
           AND NOT EXISTS (SELECT 1 FROM import_row r
                WHERE r.institution = $1 AND r.subject = p.id AND r.import = $2)";

    /// Whether another import still needs the same file.
    pub(super) fn open_with(file: &str) -> (i64,) =
        "SELECT count(*) FROM import WHERE institution = $1 AND file = $2 AND state IN ('mapping', 'judging', 'judged')";

    pub(super) fn old(before: Timestamp, most: i64) -> (ImportId,) =
        "SELECT id FROM import WHERE institution = $1 AND begun_at < $2 AND forgotten = {false}
         ORDER BY begun_at LIMIT $3";

    /// An unfinished import whose rows are gone can only be handed in anew.
    pub(super) fn forgotten(id: ImportId, at: Timestamp) =
        "UPDATE import SET forgotten = {true}, run = run + 1, settled_at = coalesce(settled_at, $3),
            state = CASE WHEN state = 'done' THEN state ELSE 'cancelled' END
         WHERE institution = $1 AND id = $2";
}
