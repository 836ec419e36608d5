//! Rules: they set variables, or stop.

use super::evaluate::Machine;
use super::{Fault, ScoreError};
use crate::item::{Table, Variable};
use crate::program::{Act, Expr, Rule};
use crate::value::{BaseType, Cardinality, Scalar, Val};

/// Why the rules ended before their end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// An exit rule.
    Exit,
    /// A template constraint did not hold.
    Restart,
    /// A scoring error.
    Failed(ScoreError),
}

impl<'a> Machine<'a> {
    /// Runs rules in order.
    pub(crate) fn run(&mut self, rules: &'a [Rule]) -> Result<(), Stop> {
        for rule in rules {
            let failed = |fault: Fault| Stop::Failed(fault.at(rule.line));
            match &rule.act {
                Act::Set(slot, expr) => {
                    let value = self.eval(expr).and_then(|v| self.fit(*slot, v)).map_err(failed)?;
                    self.set(*slot, value);
                }
                Act::Condition(branches, otherwise) => self.branch(branches, otherwise, rule.line)?,
                Act::Lookup(slot, expr) => {
                    let value = self.lookup(*slot, expr).map_err(failed)?;
                    self.set(*slot, value);
                }
                Act::SetCorrect(slot, expr) => {
                    let value = self.eval(expr).and_then(|v| self.fit(*slot, v)).map_err(failed)?;
                    self.corrects.push((*slot, value));
                }
                Act::SetDefault(slot, expr) => {
                    let value = self.eval(expr).and_then(|v| self.fit(*slot, v)).map_err(failed)?;
                    self.defaults.push((*slot, value));
                    self.set(*slot, value);
                }
                Act::Constraint(expr) => {
                    if !truth(self.eval(expr).map_err(failed)?) {
                        return Err(Stop::Restart);
                    }
                }
                Act::Group(rules) => self.run(rules)?,
                Act::Exit => return Err(Stop::Exit),
                Act::Fault(message) => return Err(failed(Fault::new(message.as_str()))),
            }
        }
        Ok(())
    }

    fn branch(
        &mut self,
        branches: &'a [(Expr, Vec<Rule>)],
        otherwise: &'a [Rule],
        line: u32,
    ) -> Result<(), Stop> {
        for (test, rules) in branches {
            let value = self.eval(test).map_err(|fault| Stop::Failed(fault.at(line)))?;
            if truth(value) {
                return self.run(rules);
            }
        }
        self.run(otherwise)
    }

    fn set(&mut self, slot: u16, value: Val<'a>) {
        if let Some(place) = self.values.get_mut(usize::from(slot)) {
            *place = value;
        }
    }

    /// A value as the variable holds it: integers become floats, and floats integers only where nothing is lost.
    fn fit(&self, slot: u16, value: Val<'a>) -> Result<Val<'a>, Fault> {
        let variable = self.variables.get(slot).ok_or_else(|| Fault::new("an unknown variable is set"))?;
        let base = variable.base;
        match (value, variable.cardinality) {
            (Val::Null, _) => Ok(Val::Null),
            (Val::One(scalar), Cardinality::Single) => {
                fit_scalar(scalar, base).map(Val::One).ok_or_else(|| misfit(variable, &value))
            }
            (Val::Bag(members), Cardinality::Multiple) | (Val::List(members), Cardinality::Ordered) => {
                let ordered = variable.cardinality == Cardinality::Ordered;
                if members.iter().all(|m| Some(m.base_type()) == base) {
                    return Ok(Val::container(ordered, members));
                }
                let mut out = bumpalo::collections::Vec::with_capacity_in(members.len(), self.arena);
                for member in members {
                    out.push(fit_scalar(*member, base).ok_or_else(|| misfit(variable, &value))?);
                }
                Ok(Val::container(ordered, out.into_bump_slice()))
            }
            (Val::Record(_), Cardinality::Record) => Ok(value),
            // A container of one is its member where a single value is kept: published items count on it.
            (Val::Bag([member]) | Val::List([member]), Cardinality::Single) => {
                self.fit(slot, Val::One(*member))
            }
            _ => Err(misfit(variable, &value)),
        }
    }

    fn lookup(&mut self, slot: u16, expr: &'a Expr) -> Result<Val<'a>, Fault> {
        let input = self.eval(expr)?;
        let variable = self.variables.get(slot).ok_or_else(|| Fault::new("an unknown variable is set"))?;
        let table = variable.table.as_ref().ok_or_else(|| {
            Fault::new(format!(
                "{} is looked up but has no table; add a match or interpolation table",
                variable.identifier
            ))
        })?;
        if let Some(fault) = &variable.fault {
            return Err(Fault::new(fault.as_str()));
        }
        let number = match input {
            // NULL matches no entry, and without a match the default of the table counts.
            Val::Null => None,
            Val::One(scalar) => {
                Some(scalar.number().ok_or_else(|| Fault::new("only numbers can be looked up"))?)
            }
            _ => return Err(Fault::new("only single numbers can be looked up")),
        };
        let found = match table {
            Table::Match { entries, default } => {
                if let Val::One(Scalar::Float(_)) = input {
                    return Err(Fault::new("a match table takes whole numbers only"));
                }
                number
                    .and_then(|n| entries.iter().find(|(s, _)| f64::from(*s) == n))
                    .map_or(default, |(_, t)| t)
            }
            Table::Interpolation { entries, default } => number
                .and_then(|n| entries.iter().find(|(s, include, _)| n > *s || (*include && n == *s)))
                .map_or(default, |(_, _, t)| t),
        };
        Ok(found.val(self.arena))
    }
}

fn fit_scalar(scalar: Scalar<'_>, base: Option<BaseType>) -> Option<Scalar<'_>> {
    match (scalar, base?) {
        (s, base) if s.base_type() == base => Some(s),
        (Scalar::Int(i), BaseType::Float) => Some(Scalar::Float(f64::from(i))),
        // The text knows no way back, but published items count on it where nothing is lost.
        (Scalar::Float(f), BaseType::Integer) if f.fract() == 0.0 && f.abs() <= f64::from(i32::MAX) => {
            Some(Scalar::Int(f as i32))
        }
        (Scalar::Int(_) | Scalar::Id(_), BaseType::IntOrIdentifier) => Some(scalar),
        (Scalar::Str(_) | Scalar::Id(_), BaseType::StringOrIdentifier) => Some(scalar),
        _ => None,
    }
}

fn misfit(variable: &Variable, value: &Val<'_>) -> Fault {
    let base = variable.base.map_or("record", BaseType::name);
    Fault::new(format!(
        "{} is {} {base} and cannot be set to {}; give both the same type",
        variable.identifier,
        match variable.cardinality {
            Cardinality::Single => "a single",
            Cardinality::Multiple => "a multiple",
            Cardinality::Ordered => "an ordered",
            Cardinality::Record => "a",
        },
        value.describe()
    ))
}

/// The truth of a condition: NULL is false. Other values than booleans are no conditions in QTI, but content
/// exists that uses them; numbers are true unless zero, everything else that is there is true.
pub(super) fn truth(value: Val<'_>) -> bool {
    match value {
        Val::Null => false,
        Val::One(Scalar::Bool(b)) => b,
        Val::One(scalar) => scalar.number().is_none_or(|n| n != 0.0),
        Val::Bag(_) | Val::List(_) | Val::Record(_) => true,
    }
}
