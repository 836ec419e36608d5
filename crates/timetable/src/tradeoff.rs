//! Weights that change at run time, and several plans side by side with what each gains and gives up.

use crate::problem::{Plan, Problem};
use crate::score::Score;
use crate::search::{Control, Options, solve};

impl Problem {
    /// Multiplies the cost with this name (as in a score's parts) by `percent` / 100. False when nothing has the name.
    pub fn reweigh(&mut self, name: &str, percent: u32) -> bool {
        let scale = |c: &mut i32| *c = (i64::from(*c) * i64::from(percent) / 100) as i32;
        let mut found = false;
        for table in self.kinds.iter_mut().flat_map(|k| &mut k.nearness).filter(|t| t.name == name) {
            table.cost.iter_mut().for_each(scale);
            found = true;
        }
        for rule in self.period_rules.iter_mut().filter(|r| r.name == name) {
            rule.cost.iter_mut().for_each(|x| scale(&mut x.2));
            found = true;
        }
        for weight in self.resources.iter_mut().filter(|r| r.name == name).filter_map(|r| r.weight.as_mut()) {
            scale(weight);
            found = true;
        }
        match name {
            "mixed_durations" => scale(&mut self.mixed_durations),
            "period_penalty" => self.periods.iter_mut().for_each(|p| scale(&mut p.penalty)),
            "room_penalty" => self.rooms.iter_mut().for_each(|r| scale(&mut r.penalty)),
            _ => return found,
        }
        true
    }
}

/// A plan and what it means for each goal.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Which goal it was made for; `None` for the weights as they are.
    pub favours: Option<String>,
    /// The plan.
    pub plan: Plan,
    /// Its score under the weights as they are.
    pub score: Score,
}

/// Plans for the weights as they are and, for each named goal, with that goal five times as dear; those that another
/// one beats or equals on every goal are left out. All are scored with the weights as they are.
pub fn choices(
    problem: &Problem,
    goals: &[&str],
    options: &Options,
    control: &Control<'_>,
) -> Result<Vec<Choice>, String> {
    let mut all = Vec::new();
    for goal in std::iter::once(None).chain(goals.iter().map(|g| Some(*g))) {
        let mut bent = problem.clone();
        if let Some(g) = goal
            && !bent.reweigh(g, 500)
        {
            return Err(format!("there is no cost called {g}"));
        }
        let plan = solve(&bent, options, control)?.plan;
        let score = crate::score::score(problem, &plan);
        all.push(Choice { favours: goal.map(str::to_owned), plan, score });
    }
    let value = |c: &Choice, g: &str| c.score.soft.get(g).copied().unwrap_or(0);
    let beats = |a: &Choice, b: &Choice| {
        let no_worse =
            a.score.breaches() <= b.score.breaches() && goals.iter().all(|g| value(a, g) <= value(b, g));
        no_worse
            && (a.score.breaches() < b.score.breaches() || goals.iter().any(|g| value(a, g) < value(b, g)))
    };
    let kept = all.iter().filter(|b| !all.iter().any(|a| beats(a, b))).cloned().collect();
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{Wish, school};
    use crate::search::Limit;
    use std::sync::atomic::AtomicBool;

    #[test]
    fn no_choice_beats_another_on_every_goal() {
        let s = school(&Wish { seed: 1, students: 300, load: 0.7, people: 0.9, over_constrained: false });
        let problem = crate::school::problem(&s);
        let control = Control { clock: &|| 0.0, cancel: &AtomicBool::new(false), progress: &|_| {} };
        let options = Options { limit: Limit::Proposals(60_000), ..Options::default() };
        let goals = ["two_in_a_row", "next_day", "period_penalty"];
        let list = choices(&problem, &goals, &options, &control).unwrap();
        assert!(!list.is_empty());
        for a in &list {
            for b in &list {
                let less = |g: &&str| a.score.soft[*g] < b.score.soft[*g];
                let more = |g: &&str| a.score.soft[*g] > b.score.soft[*g];
                assert!(a == b || goals.iter().any(more) || !goals.iter().any(less));
            }
        }
        assert!(choices(&problem, &["nonsense"], &options, &control).is_err());
    }
}
