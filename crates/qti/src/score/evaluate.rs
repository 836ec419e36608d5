//! Expressions to values.

use super::custom::{Call, Registry};
use super::number::{floor_divide, round_half_up, statistic};
use super::random::Random;
use super::{Fault, compare, rule};
use crate::item::{Variable, Variables};
use crate::program::{Expr, Num, Op, TestQuery, xsd_regex};
use crate::value::{Scalar, Val};
use bumpalo::Bump;
use bumpalo::collections::Vec as ArenaVec;

/// What only a test knows.
pub trait TestView<'a> {
    /// Answers a test question.
    ///
    /// # Errors
    /// When the question cannot be answered.
    fn query(&self, query: &'a TestQuery, arena: &'a Bump) -> Result<Val<'a>, Fault>;
    /// A variable of an item of the test.
    ///
    /// # Errors
    /// When there is no such item or variable.
    fn item_variable(
        &self,
        item: &str,
        variable: &str,
        weight: Option<&str>,
        arena: &'a Bump,
    ) -> Result<Val<'a>, Fault>;
}

/// A run: the variables as they stand, and what rules may reach.
pub(crate) struct Machine<'a> {
    pub(crate) variables: &'a Variables,
    pub(crate) values: ArenaVec<'a, Val<'a>>,
    pub(crate) corrects: ArenaVec<'a, (u16, Val<'a>)>,
    pub(crate) defaults: ArenaVec<'a, (u16, Val<'a>)>,
    pub(crate) arena: &'a Bump,
    pub(crate) random: Random,
    pub(crate) registry: &'a Registry,
    pub(crate) test: Option<&'a dyn TestView<'a>>,
    /// Work done so far: rules that would never end, or fill the memory, stop instead.
    pub(crate) work: usize,
}

/// Most work of one run: far beyond any real item, and within a second.
const MOST_WORK: usize = 2_000_000;

impl<'a> Machine<'a> {
    /// All variables at their declared defaults.
    pub(crate) fn new(
        variables: &'a Variables,
        registry: &'a Registry,
        arena: &'a Bump,
        random: Random,
    ) -> Self {
        let mut values = ArenaVec::with_capacity_in(variables.list.len(), arena);
        values.extend(variables.list.iter().map(|variable| variable.default.val(arena)));
        Self {
            variables,
            values,
            corrects: ArenaVec::new_in(arena),
            defaults: ArenaVec::new_in(arena),
            arena,
            random,
            registry,
            test: None,
            work: 0,
        }
    }

    pub(super) fn value(&self, slot: u16) -> Val<'a> {
        self.values.get(usize::from(slot)).copied().unwrap_or(Val::Null)
    }

    fn correct(&self, slot: u16) -> Result<Val<'a>, Fault> {
        if let Some((_, value)) = self.corrects.iter().rev().find(|(s, _)| *s == slot) {
            return Ok(*value);
        }
        match self.variables.get(slot) {
            Some(Variable { fault: Some(fault), .. }) => Err(Fault::new(fault.as_str())),
            Some(variable) => Ok(variable.correct.val(self.arena)),
            None => Ok(Val::Null),
        }
    }

    fn default(&self, slot: u16) -> Val<'a> {
        let changed = self.defaults.iter().rev().find(|(s, _)| *s == slot);
        changed.map_or_else(
            || self.variables.get(slot).map_or(Val::Null, |v| v.default.val(self.arena)),
            |(_, value)| *value,
        )
    }

    /// Accounts for work.
    pub(super) fn spend(&mut self, work: usize) -> Result<(), Fault> {
        self.work = self.work.saturating_add(work);
        if self.work > MOST_WORK {
            return Err(Fault::new("the rules ask for more work than any item needs; simplify them"));
        }
        Ok(())
    }

    /// Accounts for comparing each member of one value with each of another.
    fn spend_pairs(&mut self, a: &Val<'a>, b: &Val<'a>) -> Result<(), Fault> {
        let length = |v: &Val<'a>| match v {
            Val::Bag(m) | Val::List(m) => m.len(),
            _ => 1,
        };
        let pairs = length(a).saturating_mul(length(b));
        if pairs > 64 { self.spend(pairs / 16) } else { Ok(()) }
    }

    /// Accounts for reading texts.
    fn spend_texts(&mut self, a: &str, b: &str) -> Result<(), Fault> {
        self.spend((a.len() + b.len()) / 64)
    }

    /// The value of an expression.
    pub(crate) fn eval(&mut self, expr: &'a Expr) -> Result<Val<'a>, Fault> {
        self.spend(1)?;
        Ok(match expr {
            Expr::Null => Val::Null,
            Expr::Base(atom) => Val::One(atom.scalar()),
            Expr::Constant(value) => Val::float(*value),
            Expr::Variable(slot) => self.value(*slot),
            Expr::Default(slot) => self.default(*slot),
            Expr::Correct(slot) => self.correct(*slot)?,
            Expr::MapResponse(slot) => self.map_response(*slot)?,
            Expr::MapResponsePoint(slot) => self.map_response_point(*slot)?,
            Expr::Op(op, operands) => self.operator(*op, operands)?,
            Expr::StringMatch(sensitive, part, pair) => {
                let [a, b] = self.pair(pair)?;
                match (text(a)?, text(b)?) {
                    (Some(a), Some(b)) => {
                        self.spend_texts(a, b)?;
                        let compare =
                            if *part { |a: &str, b: &str| a.contains(b) } else { |a: &str, b: &str| a == b };
                        Val::bool(compare::texts(a, b, *sensitive, compare))
                    }
                    _ => Val::Null,
                }
            }
            Expr::Substring(sensitive, pair) => {
                let [a, b] = self.pair(pair)?;
                match (text(a)?, text(b)?) {
                    (Some(a), Some(b)) => {
                        self.spend_texts(a, b)?;
                        Val::bool(compare::texts(a, b, *sensitive, |a, b| b.contains(a)))
                    }
                    _ => Val::Null,
                }
            }
            Expr::Pattern(regex, operand) => match text(self.eval(operand)?)? {
                Some(text) => {
                    self.spend_texts(text, "")?;
                    Val::bool(regex.is_match(text))
                }
                None => Val::Null,
            },
            Expr::DynamicPattern(sensitive, pair) => {
                let [a, b] = self.pair(pair)?;
                match (text(a)?, text(b)?) {
                    (Some(a), Some(pattern)) => {
                        // A pattern is made anew each time, which is slow.
                        self.spend(2000 + a.len() / 64)?;
                        Val::bool(xsd_regex(pattern, *sensitive).map_err(Fault::new)?.is_match(a))
                    }
                    _ => Val::Null,
                }
            }
            Expr::Equal(tolerance, low, high, pair) => self.equal(tolerance, *low, *high, pair)?,
            Expr::EqualRounded(rounding, pair) => {
                let [a, b] = self.pair(pair)?;
                match (comparand(a)?, comparand(b)?) {
                    (Some(a), Some(b)) => match (self.rounded(rounding, a)?, self.rounded(rounding, b)?) {
                        (Some(a), Some(b)) => Val::bool(a == b),
                        _ => Val::Null,
                    },
                    _ => Val::Null,
                }
            }
            Expr::RoundTo(rounding, operand) => match number(self.eval(operand)?)? {
                Some(x) => self.rounded(rounding, x)?.map_or(Val::Null, Val::float),
                None => Val::Null,
            },
            Expr::RandomInteger(min, max, step) => self.random_integer(min, max, step)?,
            Expr::RandomFloat(min, max) => match (self.num(min)?, self.num(max)?) {
                (Some(min), Some(max)) if max >= min => Val::float(min + self.random.draw() * (max - min)),
                (Some(_), Some(_)) => return Err(Fault::new("the lowest value is above the highest")),
                _ => Val::Null,
            },
            Expr::AnyN(min, max, operands) => self.any_n(min, max, operands)?,
            Expr::Index(n, operand) => {
                let (n, value) = (self.num(n)?, self.eval(operand)?);
                let members = match value {
                    Val::Null => return Ok(Val::Null),
                    Val::List(members) => members,
                    Val::Bag(_) | Val::One(_) | Val::Record(_) => {
                        return Err(Fault::new("only an ordered container has positions"));
                    }
                };
                let at = n.filter(|n| *n >= 1.0 && n.fract() == 0.0).map(|n| n as usize - 1);
                at.and_then(|i| members.get(i)).map_or(Val::Null, |s| Val::One(*s))
            }
            Expr::Repeat(n, operands) => self.repeat(n, operands)?,
            Expr::Field(name, operand) => match self.eval(operand)? {
                Val::Null => Val::Null,
                Val::Record(fields) => {
                    fields.iter().find(|(k, _)| k == name).map_or(Val::Null, |(_, s)| Val::One(*s))
                }
                other => return Err(Fault::new(format!("{} has no fields", other.describe()))),
            },
            Expr::Inside(shape, operand) => {
                let hit = |s: &Scalar<'_>| match s {
                    Scalar::Point(x, y) => Ok(shape.contains(*x, *y)),
                    _ => Err(Fault::new("only points can lie inside an area")),
                };
                match self.eval(operand)? {
                    Val::Null => Val::Null,
                    Val::One(point) => Val::bool(hit(&point)?),
                    Val::Bag(points) | Val::List(points) => {
                        let mut any = false;
                        for point in points {
                            any |= hit(point)?;
                        }
                        Val::bool(any)
                    }
                    Val::Record(_) => return Err(Fault::new("only points can lie inside an area")),
                }
            }
            Expr::Math(name, operands) => self.math(*name, operands)?,
            Expr::Stats(kind, operand) => match self.statistic_values(operand)? {
                Some(values) => statistic(*kind, &values).map_or(Val::Null, Val::float),
                None => Val::Null,
            },
            Expr::Custom(name, attributes, operands) => {
                let operator = self.registry.get(name).ok_or_else(|| {
                    Fault::new(format!("the custom operator \u{201c}{name}\u{201d} is not known here"))
                })?;
                let mut values = ArenaVec::with_capacity_in(operands.len(), self.arena);
                for operand in operands {
                    values.push(self.eval(operand)?);
                }
                let call = Call { operands: &values, attributes, arena: self.arena };
                operator(call).map_err(|reason| Fault::new(format!("{name}: {reason}")))?
            }
            Expr::ItemVariable(item, variable, weight) => match self.test {
                Some(test) => test.item_variable(item, variable, weight.as_deref(), self.arena)?,
                None => return Err(Fault::new("variables of items can be used in a test only")),
            },
            Expr::Test(query) => match self.test {
                Some(test) => test.query(query, self.arena)?,
                None => return Err(Fault::new("this can be asked in a test only")),
            },
            Expr::Fault(message) => return Err(Fault::new(message.as_str())),
        })
    }

    pub(super) fn pair(&mut self, pair: &'a [Expr; 2]) -> Result<[Val<'a>; 2], Fault> {
        let [a, b] = pair;
        Ok([self.eval(a)?, self.eval(b)?])
    }

    pub(super) fn two(&mut self, operands: &'a [Expr]) -> Result<[Val<'a>; 2], Fault> {
        match operands {
            [a, b] => Ok([self.eval(a)?, self.eval(b)?]),
            _ => Err(Fault::new("two operands are needed")),
        }
    }

    pub(super) fn only(&mut self, operands: &'a [Expr]) -> Result<Val<'a>, Fault> {
        match operands {
            [a] => self.eval(a),
            _ => Err(Fault::new("one operand is needed")),
        }
    }

    fn operator(&mut self, op: Op, operands: &'a [Expr]) -> Result<Val<'a>, Fault> {
        Ok(match op {
            Op::And | Op::Or => self.junction(op == Op::Or, operands)?,
            Op::Not => boolean(self.only(operands)?)?.map_or(Val::Null, |b| Val::bool(!b)),
            Op::Truth => Val::bool(rule::truth(self.only(operands)?)),
            Op::IsNull => Val::bool(self.only(operands)?.is_null()),
            Op::Match => {
                let [a, b] = self.two(operands)?;
                self.spend_pairs(&a, &b)?;
                compare::matched(a, b)?.map_or(Val::Null, Val::bool)
            }
            Op::Member => {
                let [a, b] = self.two(operands)?;
                self.spend_pairs(&a, &b)?;
                compare::member(a, b)?.map_or(Val::Null, Val::bool)
            }
            Op::Contains => {
                let [a, b] = self.two(operands)?;
                self.spend_pairs(&a, &b)?;
                compare::contains(a, b)?.map_or(Val::Null, Val::bool)
            }
            Op::Lt | Op::Lte | Op::Gt | Op::Gte => {
                let [a, b] = self.two(operands)?;
                match (comparand(a)?, comparand(b)?) {
                    (Some(a), Some(b)) => Val::bool(match op {
                        Op::Lt => a < b,
                        Op::Lte => a <= b,
                        Op::Gt => a > b,
                        _ => a >= b,
                    }),
                    _ => Val::Null,
                }
            }
            Op::DurationLt | Op::DurationGte => {
                let [a, b] = self.two(operands)?;
                match (duration(a)?, duration(b)?) {
                    (Some(a), Some(b)) => Val::bool(if op == Op::DurationLt { a < b } else { a >= b }),
                    _ => Val::Null,
                }
            }
            Op::Sum | Op::Product | Op::Subtract | Op::Max | Op::Min => self.arithmetic(op, operands)?,
            Op::Divide => {
                let [a, b] = self.two(operands)?;
                match (number(a)?, number(b)?) {
                    (Some(a), Some(b)) if b != 0.0 => finite(a / b, a.is_finite()),
                    _ => Val::Null,
                }
            }
            Op::Power => {
                let [a, b] = self.two(operands)?;
                match (number(a)?, number(b)?) {
                    (Some(a), Some(b)) => finite(a.powf(b), a.is_finite() && b.is_finite()),
                    _ => Val::Null,
                }
            }
            Op::IntegerDivide | Op::IntegerModulus => {
                let [a, b] = self.two(operands)?;
                match (integer(a)?, integer(b)?) {
                    (Some(a), Some(b)) => {
                        let quotient = floor_divide(a, b);
                        let value = if op == Op::IntegerDivide {
                            quotient
                        } else if b == 0 {
                            None
                        } else {
                            let rest = i64::from(a).rem_euclid(i64::from(b).abs());
                            let rest = if b < 0 && rest != 0 { rest + i64::from(b) } else { rest };
                            i32::try_from(rest).ok()
                        };
                        value.map_or(Val::Null, Val::int)
                    }
                    _ => Val::Null,
                }
            }
            Op::Truncate | Op::Round => match number(self.only(operands)?)? {
                Some(x) => whole(if op == Op::Round { round_half_up(x) } else { x.trunc() }),
                None => Val::Null,
            },
            Op::IntegerToFloat => {
                integer(self.only(operands)?)?.map_or(Val::Null, |i| Val::float(f64::from(i)))
            }
            Op::Gcd | Op::Lcm => self.divisors(op == Op::Lcm, operands)?,
            Op::Multiple | Op::Ordered => self.gather(op == Op::Ordered, operands)?,
            Op::ContainerSize => match self.only(operands)? {
                Val::Null => Val::int(0),
                Val::Bag(m) | Val::List(m) => Val::int(i32::try_from(m.len()).unwrap_or(i32::MAX)),
                other @ (Val::One(_) | Val::Record(_)) => {
                    return Err(Fault::new(format!("only a container has a size, not {}", other.describe())));
                }
            },
            Op::Random => match self.only(operands)? {
                Val::Null => Val::Null,
                Val::One(scalar) => Val::One(scalar),
                Val::Bag(members) | Val::List(members) => {
                    let at = self.random.below(members.len());
                    members.get(at).map_or(Val::Null, |s| Val::One(*s))
                }
                Val::Record(_) => return Err(Fault::new("nothing can be drawn from a record")),
            },
            Op::Delete => {
                let [a, b] = self.two(operands)?;
                match (a, b) {
                    (Val::Null, _) | (_, Val::Null) => Val::Null,
                    (Val::One(x), Val::Bag(m) | Val::List(m)) => {
                        let mut kept = ArenaVec::with_capacity_in(m.len(), self.arena);
                        kept.extend(m.iter().filter(|s| s.same(&x) != Some(true)).copied());
                        Val::container(matches!(b, Val::List(_)), kept.into_bump_slice())
                    }
                    _ => {
                        return Err(Fault::new(format!(
                            "{} cannot be deleted from {}",
                            a.describe(),
                            b.describe()
                        )));
                    }
                }
            }
        })
    }

    /// Three-valued and, or.
    fn junction(&mut self, or: bool, operands: &'a [Expr]) -> Result<Val<'a>, Fault> {
        let mut unknown = false;
        for operand in operands {
            match boolean(self.eval(operand)?)? {
                Some(value) if value == or => return Ok(Val::bool(or)),
                Some(_) => {}
                None => unknown = true,
            }
        }
        Ok(if unknown { Val::Null } else { Val::bool(!or) })
    }

    fn any_n(&mut self, min: &Num, max: &Num, operands: &'a [Expr]) -> Result<Val<'a>, Fault> {
        let (Some(min), Some(max)) = (self.num(min)?, self.num(max)?) else { return Ok(Val::Null) };
        let (mut yes, mut unknown) = (0.0, 0.0);
        for operand in operands {
            match boolean(self.eval(operand)?)? {
                Some(true) => yes += 1.0,
                Some(false) => {}
                None => unknown += 1.0,
            }
        }
        Ok(if yes > max || yes + unknown < min {
            Val::bool(false)
        } else if yes >= min && yes + unknown <= max {
            Val::bool(true)
        } else {
            Val::Null
        })
    }

    /// A number of an attribute; `None` when its variable is NULL.
    pub(crate) fn num(&self, num: &Num) -> Result<Option<f64>, Fault> {
        match num {
            Num::Lit(value) => Ok(Some(*value)),
            Num::Slot(slot) => number(self.value(*slot)),
            Num::Unknown(name) => {
                Err(Fault::new(format!("{name} is neither a number nor a declared variable")))
            }
        }
    }
}

pub(super) fn not_a_number(value: Val<'_>) -> Fault {
    Fault::new(format!("a number is needed here, not {}", value.describe()))
}

pub(super) fn number(value: Val<'_>) -> Result<Option<f64>, Fault> {
    match value {
        Val::Null => Ok(None),
        Val::One(scalar) => scalar.number().map(Some).ok_or_else(|| not_a_number(value)),
        // A container of one is its member where a single value is needed.
        Val::Bag([scalar]) | Val::List([scalar]) => number(Val::One(*scalar)),
        _ => Err(not_a_number(value)),
    }
}

/// A number to compare. Items exist that compare a typed text with a number: the text counts as the number it
/// spells in dot notation, and as no number when it spells none.
pub(super) fn comparand(value: Val<'_>) -> Result<Option<f64>, Fault> {
    match value {
        Val::One(Scalar::Str(text)) => {
            Ok(if text.contains(',') { None } else { crate::value::parse_float(text.trim()) })
        }
        _ => number(value),
    }
}

fn integer(value: Val<'_>) -> Result<Option<i32>, Fault> {
    match value {
        Val::Null => Ok(None),
        Val::One(Scalar::Int(i)) => Ok(Some(i)),
        _ => Err(Fault::new(format!("a whole number is needed here, not {}", value.describe()))),
    }
}

fn duration(value: Val<'_>) -> Result<Option<f64>, Fault> {
    match value {
        Val::Null => Ok(None),
        Val::One(Scalar::Duration(d)) => Ok(Some(d)),
        _ => Err(Fault::new(format!("a duration is needed here, not {}", value.describe()))),
    }
}

fn boolean(value: Val<'_>) -> Result<Option<bool>, Fault> {
    match value {
        Val::Null => Ok(None),
        Val::One(Scalar::Bool(b)) => Ok(Some(b)),
        _ => Err(Fault::new(format!("true or false is needed here, not {}", value.describe()))),
    }
}

fn text(value: Val<'_>) -> Result<Option<&str>, Fault> {
    match value {
        Val::Null => Ok(None),
        Val::One(scalar) => scalar
            .text()
            .map(Some)
            .ok_or_else(|| Fault::new(format!("a text is needed here, not {}", value.describe()))),
        _ => Err(Fault::new(format!("a text is needed here, not {}", value.describe()))),
    }
}

/// A result of calculating: an overflow of finite operands is NULL, an infinite operand may give infinity.
pub(super) fn finite<'a>(x: f64, operands: bool) -> Val<'a> {
    if x.is_infinite() && operands { Val::Null } else { Val::float(x) }
}

/// A whole number as integer; infinity stays, what does not fit is NULL.
pub(super) fn whole<'a>(x: f64) -> Val<'a> {
    if x.is_infinite() { Val::float(x) } else { whole_val(x) }
}

pub(super) fn whole_val<'a>(x: f64) -> Val<'a> {
    if x >= f64::from(i32::MIN) && x <= f64::from(i32::MAX) { Val::int(x as i32) } else { Val::Null }
}
