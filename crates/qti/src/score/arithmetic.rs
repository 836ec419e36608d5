//! Operators on numbers and containers.

use super::Fault;
use super::compare;
use super::evaluate::{Machine, comparand, finite, not_a_number, number, whole, whole_val};
use super::number::{function, gcd, round_decimal};
use crate::program::{Expr, Function, Num, Op, Rounding, Tolerance};
use crate::value::{Scalar, Val};
use bumpalo::collections::Vec as ArenaVec;

/// Longest container that rules may build.
pub(super) const LONGEST: usize = 10_000;

impl<'a> Machine<'a> {
    pub(super) fn arithmetic(&mut self, op: Op, operands: &'a [Expr]) -> Result<Val<'a>, Fault> {
        let mut float: Option<f64> = None;
        let mut whole: Option<i64> = None;
        let (mut integers, mut overflow, mut bounded) = (true, false, true);
        let mut take = |scalar: &Scalar<'_>| -> Result<(), Fault> {
            let x = scalar.number().ok_or_else(|| not_a_number(Val::One(*scalar)))?;
            bounded &= x.is_finite();
            float = Some(match (float, op) {
                (None, _) => x,
                (Some(t), Op::Sum) => t + x,
                (Some(t), Op::Product) => t * x,
                (Some(t), Op::Subtract) => t - x,
                (Some(t), Op::Max) => t.max(x),
                (Some(t), _) => t.min(x),
            });
            match scalar {
                Scalar::Int(i) => {
                    let i = i64::from(*i);
                    let next = match (whole, op) {
                        (None, _) => Some(i),
                        (Some(t), Op::Sum) => t.checked_add(i),
                        (Some(t), Op::Product) => t.checked_mul(i),
                        (Some(t), Op::Subtract) => t.checked_sub(i),
                        (Some(t), Op::Max) => Some(t.max(i)),
                        (Some(t), _) => Some(t.min(i)),
                    };
                    overflow |= next.is_none();
                    whole = next.or(whole);
                }
                _ => integers = false,
            }
            Ok(())
        };
        for operand in operands {
            match self.eval(operand)? {
                Val::Null => return Ok(Val::Null),
                Val::One(scalar) => take(&scalar)?,
                Val::Bag(members) | Val::List(members) if op != Op::Subtract => {
                    for member in members {
                        take(member)?;
                    }
                }
                other => return Err(not_a_number(other)),
            }
        }
        if integers {
            let fits = whole.filter(|_| !overflow).and_then(|w| i32::try_from(w).ok());
            return Ok(fits.map_or(Val::Null, Val::int));
        }
        Ok(float.map_or(Val::Null, |x| finite(x, bounded)))
    }

    pub(super) fn divisors(&mut self, lcm: bool, operands: &'a [Expr]) -> Result<Val<'a>, Fault> {
        let mut total: Option<u64> = None;
        for operand in operands {
            let value = self.eval(operand)?;
            let single;
            let members = match value {
                Val::Null => return Ok(Val::Null),
                Val::One(scalar) => {
                    single = [scalar];
                    &single[..]
                }
                Val::Bag(members) | Val::List(members) => members,
                Val::Record(_) => return Err(not_a_number(value)),
            };
            for member in members {
                let Scalar::Int(i) = member else {
                    return Err(Fault::new("only whole numbers have divisors"));
                };
                let i = u64::from(i.unsigned_abs());
                total = Some(match total {
                    None => i,
                    Some(t) if !lcm => gcd(t, i),
                    Some(0) => 0,
                    Some(_) if i == 0 => 0,
                    Some(t) => match (t / gcd(t, i)).checked_mul(i) {
                        Some(product) => product,
                        None => return Ok(Val::Null),
                    },
                });
            }
        }
        Ok(total.and_then(|t| i32::try_from(t).ok()).map_or(Val::Null, Val::int))
    }

    /// `multiple` and `ordered`: flat, without NULL.
    pub(super) fn gather(&mut self, ordered: bool, operands: &'a [Expr]) -> Result<Val<'a>, Fault> {
        let mut out = ArenaVec::with_capacity_in(operands.len(), self.arena);
        for operand in operands {
            match self.eval(operand)? {
                Val::Null => {}
                Val::One(scalar) => out.push(scalar),
                Val::Bag(members) | Val::List(members) => {
                    self.spend(members.len())?;
                    out.extend_from_slice_copy(members);
                }
                Val::Record(_) => return Err(Fault::new("a record cannot be a member of a container")),
            }
            if out.len() > LONGEST {
                return Err(Fault::new(format!("a container would have more than {LONGEST} members")));
            }
        }
        if let Some(first) = out.first()
            && let Some(other) = out.iter().find(|s| s.same(first).is_none())
        {
            return Err(Fault::new(format!(
                "a container cannot hold {} and {} together",
                first.base_type().name(),
                other.base_type().name()
            )));
        }
        Ok(Val::container(ordered, out.into_bump_slice()))
    }

    pub(super) fn repeat(&mut self, n: &Num, operands: &'a [Expr]) -> Result<Val<'a>, Fault> {
        let Some(n) = self.num(n)?.filter(|n| *n >= 1.0) else { return Ok(Val::Null) };
        let times = n as usize;
        let mut out = ArenaVec::new_in(self.arena);
        for _ in 0..times {
            for operand in operands {
                match self.eval(operand)? {
                    Val::Null => {}
                    Val::One(scalar) => out.push(scalar),
                    Val::List(members) | Val::Bag(members) => {
                        self.spend(members.len())?;
                        out.extend_from_slice_copy(members);
                    }
                    Val::Record(_) => return Err(Fault::new("a record cannot be a member of a container")),
                }
            }
            if out.is_empty() {
                return Ok(Val::Null);
            }
            if out.len() > LONGEST {
                return Err(Fault::new(format!("a container would have more than {LONGEST} members")));
            }
        }
        Ok(Val::container(true, out.into_bump_slice()))
    }

    /// The numbers a statistic is made of. Unlike elsewhere, a NULL or a text written into the container makes
    /// the statistic NULL: the specification says so for this operator.
    pub(super) fn statistic_values(&mut self, operand: &'a Expr) -> Result<Option<Vec<f64>>, Fault> {
        let mut values = Vec::new();
        let members = match operand {
            Expr::Op(Op::Multiple | Op::Ordered, members) => members.as_slice(),
            single => std::slice::from_ref(single),
        };
        for member in members {
            match self.eval(member)? {
                Val::Null => return Ok(None),
                Val::One(scalar) => match scalar.number() {
                    Some(number) => values.push(number),
                    None => return Ok(None),
                },
                Val::Bag(scalars) | Val::List(scalars) => {
                    for scalar in scalars {
                        match scalar.number() {
                            Some(number) => values.push(number),
                            None => return Ok(None),
                        }
                    }
                }
                other => return Err(not_a_number(other)),
            }
        }
        Ok(Some(values))
    }

    pub(super) fn equal(
        &mut self,
        tolerance: &Tolerance,
        low: bool,
        high: bool,
        pair: &'a [Expr; 2],
    ) -> Result<Val<'a>, Fault> {
        let [a, b] = self.pair(pair)?;
        let (Some(x), Some(y)) = (comparand(a)?, comparand(b)?) else { return Ok(Val::Null) };
        let (below, above, relative) = match tolerance {
            Tolerance::Exact => return Ok(Val::bool(x == y)),
            Tolerance::Absolute(below, above) => (self.num(below)?, self.num(above)?, false),
            Tolerance::Relative(below, above) => (self.num(below)?, self.num(above)?, true),
        };
        let (Some(below), Some(above)) = (below, above) else { return Ok(Val::Null) };
        if below < 0.0 || above < 0.0 {
            return Err(Fault::new("a tolerance cannot be negative"));
        }
        let (from, to) = if relative {
            (x * (1.0 - below / 100.0), x * (1.0 + above / 100.0))
        } else {
            (x - below, x + above)
        };
        // Percentages of a negative number turn the bounds round; the lower bound is the lower number.
        Ok(Val::bool(compare::within(from.min(to), from.max(to), y, low, high)))
    }

    pub(super) fn rounded(&self, rounding: &Rounding, x: f64) -> Result<Option<f64>, Fault> {
        let Some(figures) = self.num(&rounding.figures)? else { return Ok(None) };
        if figures.fract() != 0.0
            || !(0.0..=1000.0).contains(&figures)
            || (rounding.significant && figures < 1.0)
        {
            return Err(Fault::new("the number of figures to round to is not possible"));
        }
        Ok(round_decimal(x, figures as i32, rounding.significant))
    }

    pub(super) fn random_integer(&mut self, min: &Num, max: &Num, step: &Num) -> Result<Val<'a>, Fault> {
        let (Some(min), Some(max), Some(step)) = (self.num(min)?, self.num(max)?, self.num(step)?) else {
            return Ok(Val::Null);
        };
        let whole = |x: f64| x.fract() == 0.0 && x.abs() <= f64::from(i32::MAX);
        if !(whole(min) && whole(max) && whole(step)) || step < 1.0 || max < min {
            return Err(Fault::new(
                "random-integer needs whole numbers, lowest to highest, and a step above 0",
            ));
        }
        let count = ((max - min) / step).floor() as usize + 1;
        Ok(whole_val(min + self.random.below(count) as f64 * step))
    }

    pub(super) fn math(&mut self, name: Function, operands: &'a [Expr]) -> Result<Val<'a>, Fault> {
        let x = if name == Function::Atan2 {
            let [y, x] = self.two(operands)?;
            match (number(y)?, number(x)?) {
                (Some(y), Some(x)) => y.atan2(x),
                _ => return Ok(Val::Null),
            }
        } else {
            match number(self.only(operands)?)? {
                Some(x) => function(name, x),
                None => return Ok(Val::Null),
            }
        };
        Ok(match name {
            Function::Floor | Function::Ceil | Function::Signum => whole(x),
            _ => Val::float(x),
        })
    }
}
