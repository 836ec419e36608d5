//! Toronto (Carter): `.crs` and `.stu` files, no rooms, cost by distance between a student's exams.

use super::ReadError;
use crate::problem::{Exam, LinkKind, Nearness, Period, Plan, Problem};
use std::collections::BTreeMap;

/// Cost of two exams of one student 1 to 5 slots apart.
const WEIGHT: [i32; 6] = [0, 16, 8, 4, 2, 1];

/// An instance: the problem and the number of students the cost is divided by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// The problem; its cost is the sum over students.
    pub problem: Problem,
    /// Students who sit an exam.
    pub students: usize,
}

/// Reads the two files for a number of slots.
pub fn read(crs: &str, stu: &str, slots: usize) -> Result<Instance, ReadError> {
    let mut exams: Vec<Exam> = Vec::new();
    let mut index: BTreeMap<&str, usize> = BTreeMap::new();
    for (no, line) in crs.lines().enumerate() {
        let mut words = line.split_whitespace();
        let Some(id) = words.next() else { continue };
        if words.next().is_none_or(|w| w.parse::<u32>().is_err()) {
            return Err(ReadError::at(
                no + 1,
                line.len() + 1,
                "exam number and enrolment (in the .crs file)",
            ));
        }
        if index.insert(id, exams.len()).is_some() {
            return Err(ReadError::at(
                no + 1,
                1,
                &format!("every exam once; {id} was there before (in the .crs file)"),
            ));
        }
        exams.push(Exam { name: id.to_owned(), ..Exam::default() });
    }
    let mut students = 0u32;
    for (no, line) in stu.lines().enumerate() {
        let mut any = false;
        for word in line.split_whitespace() {
            let Some(exam) = index.get(word).and_then(|&e| exams.get_mut(e)) else {
                let column = line.find(word).map_or(1, |c| c + 1);
                return Err(ReadError::at(
                    no + 1,
                    column,
                    &format!("an exam of the .crs file, not {word:?} (in the .stu file)"),
                ));
            };
            if exam.students.last() != Some(&students) {
                exam.students.push(students);
            }
            any = true;
        }
        students += u32::from(any);
    }
    let periods = (0..slots)
        .map(|i| Period { name: format!("slot {i}"), day: i as u32, ..Period::default() })
        .collect();
    let cost = (0..slots * slots)
        .map(|i| WEIGHT.get((i / slots).abs_diff(i % slots)).copied().unwrap_or(0))
        .collect();
    let clash = (0..slots * slots).map(|i| i / slots == i % slots).collect();
    let links = super::common_students(&exams, 0);
    let kind = LinkKind {
        name: "students".into(),
        clash,
        nearness: vec![Nearness { name: "proximity".into(), cost }],
    };
    let problem = Problem { periods, exams, kinds: vec![kind], links, ..Problem::default() };
    Ok(Instance { problem, students: students as usize })
}

/// Writes a plan: `exam-id slot` per line, slots from 0.
pub fn write(problem: &Problem, plan: &Plan) -> String {
    let placed =
        problem.exams.iter().zip(&plan.period).filter_map(|(e, p)| p.map(|p| format!("{} {p}\n", e.name)));
    placed.collect()
}

/// Reads a plan; slots from 0 or from 1, told apart by the smallest.
pub fn read_plan(problem: &Problem, text: &str) -> Result<Plan, ReadError> {
    let index: BTreeMap<&str, usize> =
        problem.exams.iter().enumerate().map(|(i, e)| (e.name.as_str(), i)).collect();
    let mut slots = BTreeMap::new();
    for (no, line) in text.lines().enumerate() {
        let line = line.replace(',', " ");
        let mut words = line.split_whitespace();
        let Some(id) = words.next() else { continue };
        let Some(&exam) = index.get(id).or_else(|| index.get(format!("{id:0>4}").as_str())) else {
            return Err(ReadError::at(no + 1, 1, &format!("an exam of the instance, not {id:?}")));
        };
        let slot: usize = words
            .next()
            .and_then(|w| w.parse().ok())
            .ok_or_else(|| ReadError::at(no + 1, line.len() + 1, "a slot number after the exam"))?;
        slots.insert(exam, slot);
    }
    let base = usize::from(slots.values().min().is_some_and(|&s| s >= 1));
    let mut plan = Plan::empty(problem.exams.len());
    for (exam, slot) in slots {
        if let Some(p) = plan.period.get_mut(exam) {
            *p = Some(slot - base);
        }
    }
    Ok(plan)
}
