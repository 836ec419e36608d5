//! An instance of any session format, and its plans.

use super::{Format, Stop, read};
use crate::format::{ReadError, itc2007, toronto, udine};
use crate::problem::{Plan, Problem};
use crate::school::{self, School};
use crate::score::Score;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// A session instance with what is needed to write its solution.
pub(super) struct Instance {
    pub format: Format,
    pub problem: Problem,
    /// Toronto costs are per student.
    pub divide: Option<usize>,
    /// The school behind the problem, in our own form.
    pub school: Option<School>,
}

pub(super) fn wrong(path: &Path, e: &ReadError) -> Stop {
    Stop::input(format!("{}: {e}", path.display()))
}

impl Instance {
    pub fn load(format: Format, path: &PathBuf, periods: Option<usize>) -> Result<Instance, Stop> {
        let wrong = |e: ReadError| wrong(path, &e);
        let mut school = None;
        let (problem, divide) = match format {
            Format::Itc2007 => (itc2007::read(&read(path)?).map_err(wrong)?, None),
            Format::Uett => (udine::read(&read(path)?).map_err(wrong)?, None),
            Format::Toronto => {
                let slots = periods.filter(|&n| n > 0 && n <= 4096).ok_or_else(|| {
                    Stop::input(
                        "Toronto files do not say how many slots there are: give --periods N (1 to 4096)",
                    )
                })?;
                let (crs, stu) = (path.with_extension("crs"), path.with_extension("stu"));
                let t = toronto::read(&read(&crs)?, &read(&stu)?, slots).map_err(wrong)?;
                (t.problem, Some(t.students.max(1)))
            }
            Format::Regie => {
                let read = school::read(&read(path)?).map_err(wrong)?;
                (school::problem(school.insert(read)), None)
            }
            Format::ThesisDefence => {
                return Err(Stop::input("thesis defences can be solved and checked only"));
            }
        };
        Ok(Instance { format, problem, divide, school })
    }

    pub fn write(&self, plan: &Plan) -> String {
        if let Some(s) = &self.school {
            return serde_json::to_string_pretty(&school::seat(s, plan)).unwrap_or_default() + "\n";
        }
        match self.format {
            Format::Toronto => toronto::write(&self.problem, plan),
            Format::Uett => udine::write(&self.problem, plan),
            _ => itc2007::write(plan),
        }
    }

    pub fn plan(&self, path: &PathBuf) -> Result<Plan, Stop> {
        let text = read(path)?;
        if let Some(s) = &self.school {
            return school::read_plan(s, &text).map_err(|e| wrong(path, &e));
        }
        let plan = match self.format {
            Format::Toronto => toronto::read_plan(&self.problem, &text),
            Format::Uett => udine::read_plan(&self.problem, &text),
            _ => itc2007::read_plan(&self.problem, &text),
        };
        plan.map_err(|e| wrong(path, &e))
    }

    /// The cost as the benchmark counts it.
    pub fn cost(&self, raw: i64) -> Value {
        match self.divide {
            Some(n) => json!((raw as f64 / n as f64 * 1e4).round() / 1e4),
            None => json!(raw),
        }
    }

    /// The last line of `solve` and `check`.
    pub fn report(&self, score: &Score, cpu: f64) -> Value {
        let soft: Map<String, Value> = score.soft.iter().map(|(k, v)| (k.clone(), json!(v))).collect();
        let hard: Map<String, Value> =
            score.hard.iter().filter(|(_, n)| **n > 0).map(|(k, v)| (k.clone(), json!(v))).collect();
        json!({
            "feasible": score.feasible(),
            "cost": self.cost(score.cost()),
            "cpu_s": (cpu * 1e3).round() / 1e3,
            "components": soft,
            "hard": hard,
        })
    }
}
