//! A plan from a sheet: every row a unit or one of its tests, judged before anything is written, and judged again
//! inside the transaction that carries it out.

use super::edit::open;
use super::prerequisite::{Needs, PutPrerequisite};
use super::{Plan, PutTest, PutUnit, UnitKind, Whole, flaw, list, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::column::{Column, Shape};
use regie_core::id::{ExamPlanId, ExamUnitId, Id, PrerequisiteId, TestId};
use regie_core::pass_rule::PassRule;
use regie_core::{Caller, Told};
use regie_db::{Ask, Event, Expect};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What a sheet may hold. A row with a unit and no test only says what the unit is.
pub const COLUMNS: &[Column] = &[
    Column::text("unit", 40, &["examenonderdeel", "onderdeel", "onderdeelcode", "unit"])
        .required()
        .example("B1-K1"),
    Column::text("unit_name", 160, &["onderdeelnaam", "naam onderdeel", "omschrijving", "unit name"])
        .example("Biedt zorg en ondersteuning"),
    Column::text("unit_kind", 40, &["soort", "soort onderdeel", "unit kind"]).example("kerntaak"),
    Column::text("parent", 40, &["valt onder", "kerntaak", "parent"]).example("B1-K1"),
    Column::text("rule", 20, &["voldoende bij", "slaagregel", "cesuur", "pass rule"]).example("6"),
    Column::of("attempts", Shape::Whole(1, 20), &["pogingen", "kansen", "attempts"]).example("2"),
    Column::text("test", 40, &["toets", "toetscode", "examen", "examencode", "test"]).example("NE3F-CE"),
    Column::of("weight", Shape::Whole(0, 100), &["weging", "gewicht", "weight"]).example("50"),
    Column::text("after", 200, &["na", "voorwaarde", "eerst behaald", "after"]).example("B1-K1"),
];

/// A row of the sheet: cells in the order of `COLUMNS`, read and trimmed, and what could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// As the spreadsheet counts.
    pub number: u32,
    pub cells: Vec<Option<String>>,
}

/// What is wrong in a cell: the key of a text, its words, and the column it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub column: &'static str,
    pub code: String,
    pub arguments: Vec<(&'static str, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    NewUnit,
    /// The unit or its test changes.
    Changed,
    NewTest,
    Same,
    Refused,
}

impl Effect {
    pub const fn code(self) -> &'static str {
        match self {
            Effect::NewUnit => "new-unit",
            Effect::Changed => "changed",
            Effect::NewTest => "new-test",
            Effect::Same => "same",
            Effect::Refused => "refused",
        }
    }
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub number: u32,
    pub unit: String,
    pub test: Option<String>,
    pub effect: Effect,
    pub faults: Vec<Fault>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    pub plan: String,
    pub version: i64,
    pub rows: Vec<Judged>,
}

impl Preview {
    pub fn refused(&self) -> usize {
        self.rows.iter().filter(|row| row.effect == Effect::Refused).count()
    }

    pub fn changing(&self) -> usize {
        self.rows.iter().filter(|row| !matches!(row.effect, Effect::Refused | Effect::Same)).count()
    }
}

/// What carrying out would do. Nothing is written.
pub async fn preview(
    db: &Db,
    caller: &Caller,
    plan: ExamPlanId,
    rows: &[SheetRow],
) -> Result<Preview, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::EditExamPlans).await?;
    let found = reader.opt(store::by_id(plan)).await?.ok_or(Error::NotFound(ExamPlanId::KIND))?;
    if found.state != super::State::Draft {
        return Err(Error::Fixed(ExamPlanId::KIND));
    }
    let tests = reader.all(store::tests_by_code()).await?;
    let whole = list::whole(&mut reader, found).await?;
    let (judged, _) = judge(&whole, &tests, rows);
    Ok(Preview { plan: whole.plan.name.clone(), version: whole.plan.version, rows: judged })
}

/// Carries a sheet out as one. It is judged again against what stands then; a row that is refused now refuses all.
pub async fn carry_out(
    db: &Db,
    caller: &Caller,
    plan: ExamPlanId,
    version: i64,
    rows: Vec<SheetRow>,
) -> Result<usize, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditExamPlans).await?;
    db.write(allowed.caller(), rows, move |tx, rows| {
        Box::pin(async move {
            let found = tx.opt(store::by_id(plan)).await?.ok_or(Error::NotFound(ExamPlanId::KIND))?;
            let tests = tx.all(store::tests_by_code()).await?;
            open(tx, &found, version)?;
            let whole = list::whole(tx, found).await?;
            let (judged, work) = judge(&whole, &tests, &rows);
            if judged.iter().any(|row| row.effect == Effect::Refused) {
                return Err(Error::ChangedMeanwhile);
            }
            for unit in &work.units {
                tx.queue(unit.query(), Expect::unique(Error::CodeTaken(unit.code.clone())));
            }
            for test in &work.tests {
                tx.queue(test.query(), Expect::any().or_foreign(Error::NotFound(TestId::KIND)));
            }
            for needs in &work.needs {
                tx.queue(needs.query(), Expect::any());
            }
            let new = json!({
                "rows": rows.len(),
                "units": work.units.iter().map(PutUnit::shown).collect::<Vec<_>>(),
                "tests": work.tests.iter().map(PutTest::shown).collect::<Vec<_>>(),
            });
            Ok(tx.done(rows.len(), Event::new("examPlan.imported", plan).new_value(new)))
        })
    })
    .await
}

#[derive(Default)]
struct Work {
    units: Vec<PutUnit>,
    tests: Vec<PutTest>,
    needs: Vec<PutPrerequisite>,
}

/// One id for one thing of one plan, whenever it is made: carrying out may run more than once.
fn id_of<I: Id>(plan: &Plan, words: &[&str]) -> I {
    use sha2::{Digest as _, Sha256};
    let mut digest = Sha256::new_with_prefix(plan.id.uuid().as_bytes());
    for word in words {
        digest.update(u64::try_from(word.len()).unwrap_or_default().to_be_bytes());
        digest.update(word.as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest.finalize()).for_each(|(to, from)| *to = from);
    I::from_uuid(Uuid::from_bytes(bytes))
}

fn kind_of(text: &str) -> Option<UnitKind> {
    let word = text.trim().to_lowercase();
    UnitKind::from_code(&word).or(match word.as_str() {
        "kerntaak" | "core task" => Some(UnitKind::CoreTask),
        "werkproces" | "work process" => Some(UnitKind::WorkProcess),
        "generiek" | "generiek onderdeel" | "generic" => Some(UnitKind::Generic),
        "keuzedeel" | "elective" => Some(UnitKind::Elective),
        "loopbaan en burgerschap" | "l&b" | "burgerschap" | "citizenship" => {
            Some(UnitKind::CareerCitizenship)
        }
        _ => None,
    })
}

struct Row<'a>(&'a SheetRow);

impl Row<'_> {
    fn text(&self, key: &str) -> Option<&str> {
        let index = COLUMNS.iter().position(|column| column.key == key)?;
        self.0.cells.get(index)?.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }

    fn whole(&self, key: &str) -> Option<u32> {
        self.text(key)?.parse().ok()
    }
}

fn judge(whole: &Whole, tests: &[(TestId, String, String, bool)], rows: &[SheetRow]) -> (Vec<Judged>, Work) {
    let plan = &whole.plan;
    let by_code: BTreeMap<&str, _> = tests.iter().map(|it| (it.1.as_str(), it)).collect();
    // What every code will be, so that a row may name a unit that only comes below it.
    let mut known: BTreeMap<String, (ExamUnitId, Option<ExamUnitId>)> =
        whole.units.iter().map(|unit| (unit.code.clone(), (unit.id, unit.parent))).collect();
    for row in rows {
        if let Some(code) = Row(row).text("unit") {
            known.entry(code.to_owned()).or_insert_with(|| (id_of(plan, &["unit", code]), None));
        }
    }
    let mut work = Work::default();
    let mut after = whole.clone();
    let mut units: BTreeMap<String, PutUnit> = BTreeMap::new();
    let mut lines: BTreeSet<(String, String)> = BTreeSet::new();
    let mut judged = Vec::with_capacity(rows.len());
    for (place, sheet) in (0_i64..).zip(rows) {
        let row = Row(sheet);
        let mut one = Judged {
            number: sheet.number,
            unit: row.text("unit").unwrap_or_default().to_owned(),
            test: row.text("test").map(ToOwned::to_owned),
            effect: Effect::Same,
            faults: Vec::new(),
        };
        judge_row(
            plan, &row, &by_code, &known, &mut after, &mut units, &mut lines, &mut work, place, &mut one,
        );
        if !one.faults.is_empty() {
            one.effect = Effect::Refused;
        }
        judged.push(one);
    }
    // A parent stands before what hangs below it.
    let (parents, children): (Vec<_>, Vec<_>) =
        units.into_values().partition(|unit: &PutUnit| unit.parent.is_none());
    work.units = parents.into_iter().chain(children).collect();
    (judged, work)
}

#[allow(clippy::too_many_arguments, reason = "one row against everything that is known so far")]
fn judge_row(
    plan: &Plan,
    row: &Row<'_>,
    by_code: &BTreeMap<&str, &(TestId, String, String, bool)>,
    known: &BTreeMap<String, (ExamUnitId, Option<ExamUnitId>)>,
    after: &mut Whole,
    units: &mut BTreeMap<String, PutUnit>,
    lines: &mut BTreeSet<(String, String)>,
    work: &mut Work,
    place: i64,
    one: &mut Judged,
) {
    let mut refuse = |column: &'static str, code: &str, value: &str| {
        one.faults.push(Fault { column, code: code.into(), arguments: vec![("value", value.to_owned())] });
    };
    for column in COLUMNS {
        if let (Shape::Whole(least, most), Some(text)) = (column.shape, row.text(column.key))
            && !text.parse().is_ok_and(|number: i64| (least..=most).contains(&number))
        {
            refuse(column.key, "sheet-plan-number", text);
        }
    }
    let Some(code) = row.text("unit") else { return refuse("unit", "sheet-plan-unit-missing", "") };
    let Some((unit, _)) = known.get(code).copied() else { return };
    let old = after.units.iter().find(|it| it.id == unit).cloned();
    let earlier = units.get(code).cloned();
    let kind = match row.text("unit_kind") {
        Some(text) => kind_of(text).or_else(|| {
            refuse("unit_kind", "sheet-plan-kind", text);
            None
        }),
        None => earlier.as_ref().map(|it| it.kind).or(old.as_ref().map(|it| it.kind)),
    };
    let rule = match row.text("rule") {
        Some(text) => PassRule::read(text).or_else(|| {
            refuse("rule", "sheet-plan-rule", text);
            None
        }),
        None => earlier
            .as_ref()
            .map(|it| it.rule)
            .or_else(|| serde_json::from_str(&old.as_ref()?.pass_rule).ok())
            .or(Some(PassRule::Grade { least: 6 })),
    };
    let parent = match row.text("parent").filter(|text| *text != code) {
        Some(text) => known.get(text).map(|(id, _)| *id).or_else(|| {
            refuse("parent", "sheet-plan-unit-unknown", text);
            None
        }),
        None => earlier.as_ref().and_then(|it| it.parent).or(old.as_ref().and_then(|it| it.parent)),
    };
    let name = row
        .text("unit_name")
        .map(ToOwned::to_owned)
        .or(earlier.as_ref().map(|it| it.name.clone()))
        .or(old.as_ref().map(|it| it.name.clone()));
    let Some(name) = name else { return refuse("unit_name", "sheet-plan-name-missing", code) };
    if kind.is_none() && row.text("unit_kind").is_none() {
        refuse("unit_kind", "sheet-plan-kind-missing", code);
    }
    let (Some(kind), Some(rule)) = (kind, rule) else { return };
    let put = PutUnit {
        plan: plan.id,
        version: plan.version,
        unit,
        parent,
        code: code.to_owned(),
        name,
        kind,
        position: old
            .as_ref()
            .map(|it| it.position)
            .or(earlier.as_ref().map(|it| it.position))
            .unwrap_or((place + 1) * 10),
        weight: old.as_ref().map_or(1, |it| it.weight),
        rule,
        attempts: row
            .whole("attempts")
            .filter(|_| row.text("test").is_none())
            .or(earlier.as_ref().and_then(|it| it.attempts))
            .or(old.as_ref().and_then(|it| it.attempts)),
    };
    let put = match put.checked() {
        Ok(put) => put,
        Err(error) => {
            let column = error.field().filter(|field| COLUMNS.iter().any(|it| it.key == *field));
            one.faults.push(Fault {
                column: column.unwrap_or("unit"),
                code: format!("told-{}", error.code()),
                arguments: error.arguments(),
            });
            return;
        }
    };
    let new_unit = old.is_none() && earlier.is_none();
    let same = old.as_ref().is_some_and(|old| {
        (old.name.as_str(), old.kind, old.parent, old.attempts)
            == (put.name.as_str(), put.kind, put.parent, put.attempts)
            && serde_json::from_str::<PassRule>(&old.pass_rule).ok() == Some(put.rule)
    });
    one.effect = match (new_unit, same || earlier.is_some()) {
        (true, _) => Effect::NewUnit,
        (false, true) => Effect::Same,
        (false, false) => Effect::Changed,
    };
    if new_unit || !same {
        units.insert(code.to_owned(), put.clone());
    }
    if old.is_none() && !after.units.iter().any(|it| it.id == unit) && new_unit {
        after.units.push(super::Unit {
            id: unit,
            parent,
            code: code.to_owned(),
            name: put.name.clone(),
            kind,
            position: put.position,
            weight: put.weight,
            pass_rule: json!(put.rule).to_string(),
            attempts: put.attempts,
        });
    }
    judge_test(plan, row, by_code, after, lines, work, place, unit, one);
    judge_needs(plan, row, known, after, work, unit, one);
}

#[allow(clippy::too_many_arguments, reason = "one row against everything that is known so far")]
fn judge_test(
    plan: &Plan,
    row: &Row<'_>,
    by_code: &BTreeMap<&str, &(TestId, String, String, bool)>,
    after: &mut Whole,
    lines: &mut BTreeSet<(String, String)>,
    work: &mut Work,
    place: i64,
    unit: ExamUnitId,
    one: &mut Judged,
) {
    let Some(code) = row.text("test") else { return };
    let mut refuse = |text: &str| {
        let arguments = vec![("value", code.to_owned())];
        one.faults.push(Fault { column: "test", code: text.into(), arguments });
    };
    let Some((test, _, name, active)) = by_code.get(code).copied() else {
        return refuse("sheet-plan-test-unknown");
    };
    if !active {
        return refuse("sheet-plan-test-inactive");
    }
    if !lines.insert((one.unit.clone(), code.to_owned())) {
        return refuse("sheet-plan-test-twice");
    }
    let old = after.lines.iter().find(|line| line.unit == unit && line.test == *test).cloned();
    let put = PutTest {
        plan: plan.id,
        version: plan.version,
        unit,
        test: *test,
        position: old.as_ref().map_or((place + 1) * 10, |it| it.position),
        weight: row.whole("weight").map_or_else(|| old.as_ref().map_or(100, |it| it.weight), i64::from),
        attempts: row.whole("attempts").or(old.as_ref().and_then(|it| it.attempts)),
        least: old.as_ref().and_then(|it| it.least),
    };
    let same = old.as_ref().is_some_and(|old| (old.weight, old.attempts) == (put.weight, put.attempts));
    if same {
        return;
    }
    if old.is_none() {
        after.lines.push(super::Line {
            unit,
            test: *test,
            code: code.to_owned(),
            name: name.clone(),
            minutes: 1,
            kind: crate::test::Kind::Written,
            active: true,
            position: put.position,
            weight: put.weight,
            attempts: put.attempts,
            least: put.least,
        });
    }
    if one.effect == Effect::Same {
        one.effect = if old.is_some() { Effect::Changed } else { Effect::NewTest };
    }
    work.tests.push(put);
}

/// `after` names units by their codes, with commas between them.
fn judge_needs(
    plan: &Plan,
    row: &Row<'_>,
    known: &BTreeMap<String, (ExamUnitId, Option<ExamUnitId>)>,
    after: &mut Whole,
    work: &mut Work,
    unit: ExamUnitId,
    one: &mut Judged,
) {
    for word in
        row.text("after").unwrap_or_default().split([',', ';']).map(str::trim).filter(|w| !w.is_empty())
    {
        let fault = |code: &str| Fault {
            column: "after",
            code: code.into(),
            arguments: vec![("value", word.to_owned())],
        };
        let Some((needed, _)) = known.get(word) else {
            one.faults.push(fault("sheet-plan-unit-unknown"));
            continue;
        };
        let there = |it: &super::Prerequisite| it.of_unit == unit && it.needs_unit == Some(*needed);
        if after.prerequisites.iter().any(there) {
            continue;
        }
        let put = PutPrerequisite {
            id: id_of::<PrerequisiteId>(plan, &["after", &one.unit, word]),
            plan: plan.id,
            version: plan.version,
            of_unit: unit,
            of_test: None,
            needs: Needs::UnitPassed(*needed),
        };
        after.prerequisites.push(put.row());
        if *needed == unit || flaw::round(after).is_some() {
            after.prerequisites.pop();
            one.faults.push(fault("told-plan-round"));
            continue;
        }
        if one.effect == Effect::Same {
            one.effect = Effect::Changed;
        }
        work.needs.push(put);
    }
}
