//! Curriculum-based examination timetabling (the Udine family): JSON instances, groups instead of enrolments.
//!
//! House rules, as the published weights could not be checked: musts are the requested rooms of the requested type, no
//! room twice, no two exams of one teacher or of the primary courses of a curriculum in a period. Costs: 5 when a primary and a
//! secondary course of a curriculum share a period; 2 (primary with primary) or 1 (primary with secondary) for every
//! period two courses of a curriculum are closer than wanted (in one period: as many as the wanted distance).

use super::ReadError;
use crate::problem::{Exam, Link, LinkKind, Nearness, Period, Plan, Problem, Room};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Raw {
    periods: usize,
    slots_per_day: usize,
    #[serde(default)]
    primary_primary_distance: usize,
    #[serde(default)]
    primary_secondary_distance: usize,
    courses: Vec<RawCourse>,
    rooms: Vec<RawRoom>,
    curricula: Vec<RawCurriculum>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawCourse {
    course: String,
    teacher: String,
    #[serde(default)]
    rooms_requested: RawRequest,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase")]
struct RawRequest {
    #[serde(default)]
    number: u32,
    #[serde(default, rename = "Type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawRoom {
    room: String,
    #[serde(rename = "Type")]
    kind: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawCurriculum {
    curriculum: String,
    #[serde(default)]
    primary_courses: Vec<String>,
    #[serde(default)]
    secondary_courses: Vec<String>,
}

/// Reads an instance.
pub fn read(text: &str) -> Result<Problem, ReadError> {
    let raw: Raw = super::json(text)?;
    let np = raw.periods;
    if np == 0 || np > 4096 || raw.slots_per_day == 0 {
        return Err(ReadError::at(1, 1, "Periods from 1 to 4096 and SlotsPerDay of at least 1"));
    }
    let mut rooms = Vec::new();
    let mut known: Vec<String> = Vec::new();
    for r in &raw.rooms {
        if !known.contains(&r.kind) {
            known.push(r.kind.clone());
        }
    }
    let feature = |kind: &str| known.iter().position(|k| k == kind).filter(|&i| i < 63).map(|i| 1u64 << i);
    for r in &raw.rooms {
        let features = feature(&r.kind).ok_or_else(|| ReadError::at(1, 1, "at most 63 room types"))?;
        rooms.push(Room { name: r.room.clone(), seats: 1, features, ..Room::default() });
    }
    let mut exams = Vec::new();
    let mut index: BTreeMap<&str, usize> = BTreeMap::new();
    for c in &raw.courses {
        let ask = &c.rooms_requested;
        let features = match &ask.kind {
            Some(k) if ask.number > 0 => feature(k).ok_or_else(|| {
                super::place(text, &c.course, &format!("a room type that some room has, not {k:?}"))
            })?,
            _ => 0,
        };
        if index.insert(&c.course, exams.len()).is_some() {
            return Err(super::place(text, &c.course, "every course once"));
        }
        exams.push(Exam {
            name: c.course.clone(),
            seats: 1,
            rooms: ask.number.min(1000),
            features,
            alone: true,
            ..Exam::default()
        });
    }
    let periods = (0..np).map(|p| Period {
        name: format!("day {} slot {}", p / raw.slots_per_day + 1, p % raw.slots_per_day + 1),
        day: (p / raw.slots_per_day) as u32,
        ..Period::default()
    });
    let table = |f: &dyn Fn(usize) -> i32| -> Vec<i32> {
        (0..np * np).map(|i| f((i / np).abs_diff(i % np))).collect()
    };
    let same: Vec<bool> = (0..np * np).map(|i| i / np == i % np).collect();
    let missing = |wanted: usize, gap: usize| wanted.saturating_sub(gap) as i32;
    let pp = Nearness {
        name: "primary_primary_distance".into(),
        cost: table(&|g| if g > 0 { 2 * missing(raw.primary_primary_distance, g) } else { 0 }),
    };
    let ps = Nearness {
        name: "primary_secondary_distance".into(),
        cost: table(&|g| missing(raw.primary_secondary_distance, g)),
    };
    let soft_clash = Nearness {
        name: "primary_secondary_same_period".into(),
        cost: table(&|g| if g == 0 { 5 } else { 0 }),
    };
    let kinds = vec![
        LinkKind { name: "curricula".into(), clash: same.clone(), nearness: vec![pp] },
        LinkKind { name: "curricula".into(), clash: vec![false; np * np], nearness: vec![ps, soft_clash] },
        LinkKind { name: "teacher".into(), clash: same, nearness: Vec::new() },
    ];
    let mut pairs: BTreeMap<(usize, usize, usize), i32> = BTreeMap::new();
    for c in &raw.curricula {
        let find = |name: &String| {
            index.get(name.as_str()).copied().ok_or_else(|| {
                super::place(
                    text,
                    name,
                    &format!("curriculum {} to name courses that exist, not {name:?}", c.curriculum),
                )
            })
        };
        let first = c.primary_courses.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        let second = c.secondary_courses.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        for (i, &a) in first.iter().enumerate() {
            for (b, kind) in first.iter().skip(i + 1).map(|&b| (b, 0)).chain(second.iter().map(|&b| (b, 1))) {
                if a != b {
                    *pairs.entry((a.min(b), a.max(b), kind)).or_default() += 1;
                }
            }
        }
    }
    let mut of_teacher: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (e, c) in raw.courses.iter().enumerate() {
        of_teacher.entry(&c.teacher).or_default().push(e);
    }
    for list in of_teacher.values() {
        for (i, &a) in list.iter().enumerate() {
            for &b in list.iter().skip(i + 1) {
                pairs.insert((a, b, 2), 1);
            }
        }
    }
    let links = pairs.into_iter().map(|((a, b, kind), weight)| Link { a, b, weight, kind }).collect();
    Ok(Problem { periods: periods.collect(), rooms, exams, kinds, links, ..Problem::default() })
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawPlan {
    assignments: Vec<RawPlace>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawPlace {
    course: String,
    period: usize,
    rooms: Vec<String>,
}

/// Writes a plan: `{"Assignments":[{"Course","Period","Rooms"}]}`, periods from 0.
pub fn write(problem: &Problem, plan: &Plan) -> String {
    let mut assignments = Vec::new();
    for ((exam, period), rooms) in problem.exams.iter().zip(&plan.period).zip(&plan.rooms) {
        if let Some(period) = *period {
            let rooms = rooms.iter().filter_map(|&r| problem.rooms.get(r)).map(|r| r.name.clone()).collect();
            assignments.push(RawPlace { course: exam.name.clone(), period, rooms });
        }
    }
    serde_json::to_string_pretty(&RawPlan { assignments }).unwrap_or_default() + "\n"
}

/// Reads a plan.
pub fn read_plan(problem: &Problem, text: &str) -> Result<Plan, ReadError> {
    let raw: RawPlan = super::json(text)?;
    let mut plan = Plan::empty(problem.exams.len());
    for a in &raw.assignments {
        let e = problem.exams.iter().position(|e| e.name == a.course);
        let e = e.ok_or_else(|| super::place(text, &a.course, "a course of the instance"))?;
        let rooms = a.rooms.iter().map(|n| {
            let r = problem.rooms.iter().position(|r| r.name == *n);
            r.ok_or_else(|| super::place(text, n, "a room of the instance"))
        });
        let rooms = rooms.collect::<Result<Vec<_>, _>>()?;
        if let (Some(p), Some(l)) = (plan.period.get_mut(e), plan.rooms.get_mut(e)) {
            (*p, *l) = (Some(a.period), rooms);
        }
    }
    Ok(plan)
}
