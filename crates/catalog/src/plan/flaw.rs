use super::{UnitKind, Whole};
use regie_core::id::{ExamUnitId, TestId};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Why a plan cannot be frozen, or a change of it not be made. The word is the code of a unit or test.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanFlaw {
    #[error("it has no units")]
    Empty,
    #[error("{0} has no test")]
    NoTest(String),
    #[error("the weights of {0} add up to {1}")]
    Weights(String, i64),
    #[error("{0} is not in use any more")]
    TestInactive(String),
    #[error("{0} must come before itself")]
    Round(String),
    #[error("{0} hangs below something it cannot hang below")]
    Parent(String),
    #[error("work processes hang below {0}")]
    Children(String),
}

impl PlanFlaw {
    pub const fn code(&self) -> &'static str {
        match self {
            PlanFlaw::Empty => "plan-empty",
            PlanFlaw::NoTest(_) => "plan-no-test",
            PlanFlaw::Weights(..) => "plan-weights",
            PlanFlaw::TestInactive(_) => "plan-test-inactive",
            PlanFlaw::Round(_) => "plan-round",
            PlanFlaw::Parent(_) => "plan-parent",
            PlanFlaw::Children(_) => "plan-children",
        }
    }

    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            PlanFlaw::Empty => Vec::new(),
            PlanFlaw::Weights(unit, sum) => vec![("value", unit.clone()), ("sum", sum.to_string())],
            PlanFlaw::NoTest(value)
            | PlanFlaw::TestInactive(value)
            | PlanFlaw::Round(value)
            | PlanFlaw::Parent(value)
            | PlanFlaw::Children(value) => vec![("value", value.clone())],
        }
    }

    pub const fn field(&self) -> Option<&'static str> {
        match self {
            PlanFlaw::Round(_) => Some("needs"),
            PlanFlaw::Parent(_) => Some("parent"),
            _ => None,
        }
    }
}

/// Everything that stands in the way of freezing, in the order of the plan. A core task may be examined by its work
/// processes; citizenship that must only be done needs no test.
pub fn flaws(plan: &Whole) -> Vec<PlanFlaw> {
    let mut found = Vec::new();
    if plan.units.is_empty() {
        found.push(PlanFlaw::Empty);
    }
    let mut weights: BTreeMap<ExamUnitId, i64> = BTreeMap::new();
    for line in &plan.lines {
        *weights.entry(line.unit).or_default() += line.weight;
    }
    let tested = |id: ExamUnitId| weights.contains_key(&id);
    for unit in &plan.units {
        let children = plan.units.iter().filter(|child| child.parent == Some(unit.id));
        let by_children = children.clone().count() > 0 && children.clone().all(|child| tested(child.id));
        let under_tested = unit.parent.is_some_and(tested);
        match weights.get(&unit.id) {
            None if unit.kind == UnitKind::CareerCitizenship || by_children || under_tested => {}
            None => found.push(PlanFlaw::NoTest(unit.code.clone())),
            Some(100) => {}
            Some(sum) => found.push(PlanFlaw::Weights(unit.code.clone(), *sum)),
        }
    }
    found.extend(
        plan.lines.iter().filter(|line| !line.active).map(|line| PlanFlaw::TestInactive(line.code.clone())),
    );
    found.extend(round(plan));
    found
}

/// Something that must come before itself, if there is such a thing: units and tests as the points of a graph, a
/// unit before its own tests.
pub(super) fn round(plan: &Whole) -> Option<PlanFlaw> {
    use regie_core::id::Id as _;
    let mut before: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    let tests_of = |unit: ExamUnitId| plan.lines.iter().filter(move |it| it.unit == unit).map(|it| it.test);
    for it in &plan.prerequisites {
        let of: Vec<TestId> = match it.of_test {
            Some(test) => vec![test],
            None => tests_of(it.of_unit).collect(),
        };
        let needs: Vec<Uuid> = match (it.needs_unit, it.needs_test) {
            // A unit is passed when all its tests are.
            (Some(unit), _) => tests_of(unit).map(TestId::uuid).chain([unit.uuid()]).collect(),
            (None, Some(test)) => vec![test.uuid()],
            (None, None) => Vec::new(),
        };
        for point in of
            .iter()
            .map(|test| test.uuid())
            .chain([it.of_unit.uuid()].into_iter().filter(|_| it.of_test.is_none()))
        {
            before.entry(point).or_default().extend(needs.iter().copied());
        }
    }
    let on_a_round = before.keys().find(|start| {
        let mut seen = BTreeSet::new();
        let mut open: Vec<Uuid> = before.get(start).into_iter().flatten().copied().collect();
        while let Some(point) = open.pop() {
            if point == **start {
                return true;
            }
            if seen.insert(point) {
                open.extend(before.get(&point).into_iter().flatten().copied());
            }
        }
        false
    })?;
    let unit = plan.units.iter().find(|unit| unit.id.uuid() == *on_a_round).map(|unit| unit.code.clone());
    let test = plan.lines.iter().find(|line| line.test.uuid() == *on_a_round).map(|line| line.code.clone());
    Some(PlanFlaw::Round(unit.or(test).unwrap_or_default()))
}
