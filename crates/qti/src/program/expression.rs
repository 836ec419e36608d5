//! Expressions from their elements.

use super::compile::Compiler;
use super::pattern::xsd_regex;
use super::{Expr, Function, Num, Op, Rounding, Statistic, TestKind, TestQuery, Tolerance};
use crate::item::Shape;
use crate::report::Severity;
use crate::value::{Atom, BaseType, parse, parse_float};
use crate::xml::{Element, Path};

/// Compiles one expression; what cannot run becomes a fault at its place.
pub fn expression(element: &Element, path: &Path<'_>, compiler: &mut Compiler<'_, '_, '_>) -> Expr {
    let read = Reader { element, path, compiler: &mut *compiler }.read();
    match read {
        Ok(expr) => expr,
        Err(message) => Expr::Fault(compiler.fault(element, path, message)),
    }
}

/// Whether an element is an expression of QTI.
pub fn is_expression(name: &str) -> bool {
    let Some(name) = name.strip_prefix("qti-") else { return false };
    operator(name).is_some()
        || test_kind(name).is_some()
        || matches!(
            name,
            "base-value"
                | "variable"
                | "default"
                | "correct"
                | "null"
                | "map-response"
                | "map-response-point"
                | "math-constant"
                | "random-integer"
                | "random-float"
                | "any-n"
                | "index"
                | "repeat"
                | "field-value"
                | "equal"
                | "equal-rounded"
                | "round-to"
                | "string-match"
                | "substring"
                | "pattern-match"
                | "inside"
                | "math-operator"
                | "stats-operator"
                | "custom-operator"
        )
}

/// An operator without attributes, and how many operands it takes.
fn operator(name: &str) -> Option<(Op, usize, usize)> {
    const MANY: usize = usize::MAX;
    Some(match name {
        "and" => (Op::And, 1, MANY),
        "or" => (Op::Or, 1, MANY),
        "not" => (Op::Not, 1, 1),
        "is-null" => (Op::IsNull, 1, 1),
        "match" => (Op::Match, 2, 2),
        "member" => (Op::Member, 2, 2),
        "contains" => (Op::Contains, 2, 2),
        "delete" => (Op::Delete, 2, 2),
        "container-size" => (Op::ContainerSize, 1, 1),
        "random" => (Op::Random, 1, 1),
        "lt" => (Op::Lt, 2, 2),
        "lte" => (Op::Lte, 2, 2),
        "gt" => (Op::Gt, 2, 2),
        "gte" => (Op::Gte, 2, 2),
        "duration-lt" => (Op::DurationLt, 2, 2),
        "duration-gte" => (Op::DurationGte, 2, 2),
        "sum" => (Op::Sum, 1, MANY),
        "product" => (Op::Product, 1, MANY),
        "subtract" => (Op::Subtract, 2, 2),
        "divide" => (Op::Divide, 2, 2),
        "power" => (Op::Power, 2, 2),
        "integer-divide" => (Op::IntegerDivide, 2, 2),
        "integer-modulus" => (Op::IntegerModulus, 2, 2),
        "truncate" => (Op::Truncate, 1, 1),
        "round" => (Op::Round, 1, 1),
        "integer-to-float" => (Op::IntegerToFloat, 1, 1),
        "max" => (Op::Max, 1, MANY),
        "min" => (Op::Min, 1, MANY),
        "gcd" => (Op::Gcd, 1, MANY),
        "lcm" => (Op::Lcm, 1, MANY),
        "multiple" => (Op::Multiple, 0, MANY),
        "ordered" => (Op::Ordered, 0, MANY),
        _ => return None,
    })
}

fn test_kind(name: &str) -> Option<TestKind> {
    Some(match name {
        "test-variables" => TestKind::TestVariables,
        "outcome-maximum" => TestKind::OutcomeMaximum,
        "outcome-minimum" => TestKind::OutcomeMinimum,
        "number-correct" => TestKind::NumberCorrect,
        "number-incorrect" => TestKind::NumberIncorrect,
        "number-responded" => TestKind::NumberResponded,
        "number-presented" => TestKind::NumberPresented,
        "number-selected" => TestKind::NumberSelected,
        _ => return None,
    })
}

/// Line breaks and indents around a text are layout of the document; blanks on the same line may be meant.
fn without_layout(text: &str) -> &str {
    let (head, tail) = (text.trim_start(), text.trim_end());
    let before = text.get(..text.len() - head.len()).unwrap_or_default();
    let after = text.get(tail.len()..).unwrap_or_default();
    let text = if before.contains('\n') { head } else { text };
    if after.contains('\n') { text.trim_end() } else { text }
}

struct Reader<'e, 'p, 'r, 'c, 's, 'f> {
    element: &'e Element,
    path: &'p Path<'p>,
    compiler: &'r mut Compiler<'c, 's, 'f>,
}

impl Reader<'_, '_, '_, '_, '_, '_> {
    fn read(&mut self) -> Result<Expr, String> {
        let name = self.element.name.strip_prefix("qti-").unwrap_or_default();
        if let Some((op, least, most)) = operator(name) {
            let operands = self.operands(least, most)?;
            return Ok(Expr::Op(op, operands));
        }
        if let Some(kind) = test_kind(name) {
            return self.test_query(kind);
        }
        Ok(match name {
            "base-value" => self.base_value()?,
            "null" => Expr::Null,
            "variable" => self.variable()?,
            "default" => Expr::Default(self.slot("identifier")?),
            "correct" => Expr::Correct(self.slot("identifier")?),
            "map-response" => Expr::MapResponse(self.slot("identifier")?),
            "map-response-point" => Expr::MapResponsePoint(self.slot("identifier")?),
            "math-constant" => match self.text("name")? {
                "pi" => Expr::Constant(std::f64::consts::PI),
                "e" => Expr::Constant(std::f64::consts::E),
                other => return Err(format!("the constant {other} is not pi or e")),
            },
            "random-integer" => Expr::RandomInteger(
                self.number_or("min", 0.0)?,
                self.number("max")?,
                self.number_or("step", 1.0)?,
            ),
            "random-float" => Expr::RandomFloat(self.number_or("min", 0.0)?, self.number("max")?),
            "any-n" => Expr::AnyN(self.number("min")?, self.number("max")?, self.operands(1, usize::MAX)?),
            "index" => Expr::Index(self.number("n")?, self.one()?),
            "repeat" => Expr::Repeat(self.number("number-repeats")?, self.operands(1, usize::MAX)?),
            "field-value" => Expr::Field(self.text("field-identifier")?.to_owned(), self.one()?),
            "equal" => self.equal()?,
            "equal-rounded" => Expr::EqualRounded(self.rounding()?, self.two()?),
            "round-to" => Expr::RoundTo(self.rounding()?, self.one()?),
            "string-match" => {
                if self.element.get("case-sensitive").is_none() {
                    self.compiler.warn(
                        self.element,
                        self.path,
                        "case-sensitive is required; true is taken".to_owned(),
                    );
                }
                Expr::StringMatch(
                    self.flag("case-sensitive", true),
                    self.flag("substring", false),
                    self.two()?,
                )
            }
            "substring" => Expr::Substring(self.flag("case-sensitive", true), self.two()?),
            "pattern-match" => self.pattern()?,
            "inside" => {
                let shape = Shape::read(
                    self.element.get("shape").unwrap_or("default").trim(),
                    self.element.get("coords").unwrap_or_default(),
                );
                let shape = shape.ok_or("the area needs a known shape and its coordinates")?;
                Expr::Inside(shape, self.one()?)
            }
            "math-operator" => self.math()?,
            "stats-operator" => {
                let statistic = match self.text("name")? {
                    "mean" => Statistic::Mean,
                    "sampleVariance" => Statistic::SampleVariance,
                    "sampleSD" => Statistic::SampleSd,
                    "popVariance" => Statistic::PopVariance,
                    "popSD" => Statistic::PopSd,
                    other => return Err(format!("the statistic {other} is not known")),
                };
                Expr::Stats(statistic, self.one()?)
            }
            "custom-operator" => self.custom()?,
            // Not QTI as an expression, yet stated by one engine's published tests.
            "pre-condition" => {
                self.compiler.warn(
                    self.element,
                    self.path,
                    "a pre-condition is not an expression of QTI; it is read as the truth of its content"
                        .to_owned(),
                );
                Expr::Op(Op::Truth, self.operands(1, 1)?)
            }
            _ => {
                return Err(format!(
                    "<{}> is not an expression of QTI; scoring stops there",
                    self.element.name
                ));
            }
        })
    }

    fn operands(&mut self, least: usize, most: usize) -> Result<Vec<Expr>, String> {
        let count = self.element.elements().count();
        if count < least || count > most {
            let wanted = match (least, most) {
                (a, b) if a == b => format!("{a}"),
                (a, usize::MAX) => format!("{a} or more"),
                (a, b) => format!("{a} to {b}"),
            };
            return Err(format!("<{}> takes {wanted} operands and has {count}", self.element.name));
        }
        let mut operands = Vec::with_capacity(count);
        for (i, child) in self.element.elements().enumerate() {
            operands.push(expression(child, &self.path.at(&child.name, i + 1), self.compiler));
        }
        Ok(operands)
    }

    fn one(&mut self) -> Result<Box<Expr>, String> {
        let mut operands = self.operands(1, 1)?;
        operands.pop().map(Box::new).ok_or_else(|| "an operand is missing".to_owned())
    }

    fn two(&mut self) -> Result<Box<[Expr; 2]>, String> {
        let operands = self.operands(2, 2)?;
        let pair: [Expr; 2] = operands.try_into().map_err(|_| "two operands are needed".to_owned())?;
        Ok(Box::new(pair))
    }

    fn text(&self, name: &str) -> Result<&str, String> {
        let value = self.element.get(name).map(str::trim).filter(|v| !v.is_empty());
        value.ok_or_else(|| format!("<{}> needs the attribute {name}", self.element.name))
    }

    fn flag(&self, name: &str, default: bool) -> bool {
        self.element.get(name).map_or(default, |v| matches!(v.trim(), "true" | "1"))
    }

    fn slot(&self, name: &str) -> Result<u16, String> {
        let identifier = self.text(name)?;
        let slot = self.compiler.scope.slot(identifier);
        slot.ok_or_else(|| format!("{identifier} is not declared; declare it or correct the name"))
    }

    fn number(&self, name: &str) -> Result<Num, String> {
        Ok(self.as_number(self.text(name)?))
    }

    fn number_or(&self, name: &str, default: f64) -> Result<Num, String> {
        if self.element.get(name).is_none() { Ok(Num::Lit(default)) } else { self.number(name) }
    }

    /// A number, or the name of the variable that holds it (3.0 writes it in braces at times).
    fn as_number(&self, text: &str) -> Num {
        if let Some(number) = parse_float(text) {
            return Num::Lit(number);
        }
        let name = text.trim_start_matches(['{', '#']).trim_end_matches('}').trim();
        self.compiler.scope.slot(name).map_or_else(|| Num::Unknown(name.to_owned()), Num::Slot)
    }

    fn base_value(&mut self) -> Result<Expr, String> {
        let name = self.text("base-type")?;
        let base = BaseType::from_name(name).ok_or_else(|| format!("the base type {name} is not known"))?;
        let text = self.element.text();
        let text = if base == BaseType::String { without_layout(&text) } else { text.trim() };
        match parse(text, base) {
            Ok(Some(scalar)) => Ok(Expr::Base(Atom::from(scalar))),
            Ok(None) => Ok(Expr::Null),
            Err(fault) => Err(fault.to_string()),
        }
    }

    fn variable(&mut self) -> Result<Expr, String> {
        let identifier = self.text("identifier")?;
        let weight = self.element.get("weight-identifier").map(|w| w.trim().to_owned());
        if let Some(slot) = self.compiler.scope.slot(identifier) {
            return Ok(Expr::Variable(slot));
        }
        match identifier.split_once('.') {
            Some((item, variable)) if self.compiler.scope.is_test() => {
                // `ITEM.1.SCORE` names an instance when an item can be drawn twice.
                let (item, variable) = match variable.split_once('.') {
                    Some((instance, rest)) if instance.bytes().all(|b| b.is_ascii_digit()) => {
                        (format!("{item}.{instance}"), rest.to_owned())
                    }
                    _ => (item.to_owned(), variable.to_owned()),
                };
                Ok(Expr::ItemVariable(item, variable, weight))
            }
            _ => Err(format!("{identifier} is not declared; declare it or correct the name")),
        }
    }

    fn equal(&mut self) -> Result<Expr, String> {
        let mode = self.element.get("tolerance-mode").unwrap_or("exact").trim();
        let tolerance = match mode {
            "exact" => Tolerance::Exact,
            "absolute" | "relative" => {
                let text = self.text("tolerance")?;
                let mut parts = text.split_whitespace().map(|part| self.as_number(part));
                let below = parts.next().ok_or("tolerance is empty")?;
                let above = parts.next().unwrap_or_else(|| below.clone());
                if mode == "absolute" {
                    Tolerance::Absolute(below, above)
                } else {
                    Tolerance::Relative(below, above)
                }
            }
            other => return Err(format!("the tolerance mode {other} is not known")),
        };
        let (lower, upper) = (self.flag("include-lower-bound", true), self.flag("include-upper-bound", true));
        Ok(Expr::Equal(tolerance, lower, upper, self.two()?))
    }

    fn rounding(&mut self) -> Result<Rounding, String> {
        let mode = self.element.get("rounding-mode").unwrap_or("significantFigures").trim();
        let significant = match mode {
            "significantFigures" => true,
            "decimalPlaces" => false,
            "significantFigure" => {
                self.compiler.warn(
                    self.element,
                    self.path,
                    "rounding-mode is spelled significantFigures".to_owned(),
                );
                true
            }
            other => return Err(format!("the rounding mode {other} is not known")),
        };
        Ok(Rounding { significant, figures: self.number("figures")? })
    }

    fn pattern(&mut self) -> Result<Expr, String> {
        let sensitive = self.flag("case-sensitive", true);
        if let Some(pattern) = self.element.get("pattern") {
            let pattern = pattern.trim();
            if let Some(name) = pattern.strip_prefix('{').and_then(|p| p.strip_suffix('}'))
                && let Some(slot) = self.compiler.scope.slot(name)
            {
                return Ok(Expr::DynamicPattern(sensitive, Box::new([*self.one()?, Expr::Variable(slot)])));
            }
            if pattern.starts_with('^') || (pattern.ends_with('$') && !pattern.ends_with("\\$")) {
                let message = "a pattern stands for the whole text already; ^ and $ around it are not needed";
                self.compiler.warn(self.element, self.path, message.to_owned());
            }
            let regex = xsd_regex(pattern, sensitive)?;
            return Ok(Expr::Pattern(Box::new(regex), self.one()?));
        }
        self.compiler.warn(
            self.element,
            self.path,
            "QTI gives the pattern in an attribute; the second operand is taken as pattern".to_owned(),
        );
        let [text, pattern] = *self.two()?;
        if let Expr::Base(Atom::Str(pattern)) = &pattern {
            return Ok(Expr::Pattern(Box::new(xsd_regex(pattern, sensitive)?), Box::new(text)));
        }
        Ok(Expr::DynamicPattern(sensitive, Box::new([text, pattern])))
    }

    fn math(&mut self) -> Result<Expr, String> {
        let function = match self.text("name")? {
            "sin" => Function::Sin,
            "cos" => Function::Cos,
            "tan" => Function::Tan,
            "sec" => Function::Sec,
            "csc" => Function::Csc,
            "cot" => Function::Cot,
            "asin" => Function::Asin,
            "acos" => Function::Acos,
            "atan" => Function::Atan,
            "atan2" => Function::Atan2,
            "asec" => Function::Asec,
            "acsc" => Function::Acsc,
            "acot" => Function::Acot,
            "sinh" => Function::Sinh,
            "cosh" => Function::Cosh,
            "tanh" => Function::Tanh,
            "sech" => Function::Sech,
            "csch" => Function::Csch,
            "coth" => Function::Coth,
            "log" => Function::Log,
            "ln" => Function::Ln,
            "exp" => Function::Exp,
            "abs" => Function::Abs,
            "signum" => Function::Signum,
            "floor" => Function::Floor,
            "ceil" => Function::Ceil,
            "toDegrees" => Function::ToDegrees,
            "toRadians" => Function::ToRadians,
            other => return Err(format!("the function {other} is not known")),
        };
        let count = if function == Function::Atan2 { 2 } else { 1 };
        Ok(Expr::Math(function, self.operands(count, count)?))
    }

    fn custom(&mut self) -> Result<Expr, String> {
        let name = self
            .element
            .get("definition")
            .or(self.element.get("class"))
            .unwrap_or_default()
            .trim()
            .to_owned();
        let attributes = self
            .element
            .attributes
            .iter()
            .filter(|a| a.name != "definition" && a.name != "class")
            .map(|a| (a.name.clone(), a.value.clone()))
            .collect();
        if !crate::score::knows_custom(&name) {
            self.compiler.source.report.add(
                Severity::Warning,
                "custom-operator",
                self.element.line,
                self.path.to_string(),
                format!(
                    "the custom operator \u{201c}{name}\u{201d} is not built in; scoring stops there unless it is registered"
                ),
            );
        }
        Ok(Expr::Custom(name, attributes, self.operands(0, usize::MAX)?))
    }

    fn test_query(&mut self, kind: TestKind) -> Result<Expr, String> {
        if !self.compiler.scope.is_test() {
            return Err(format!("<{}> has a meaning in a test only", self.element.name));
        }
        let list = |name: &str| -> Vec<String> {
            self.element
                .get(name)
                .map(|v| v.split_whitespace().map(str::to_owned).collect())
                .unwrap_or_default()
        };
        let variable = match kind {
            TestKind::TestVariables => self.text("variable-identifier")?.to_owned(),
            TestKind::OutcomeMaximum | TestKind::OutcomeMinimum => {
                self.text("outcome-identifier")?.to_owned()
            }
            _ => String::new(),
        };
        let base = match self.element.get("base-type").map(str::trim) {
            Some(name) => {
                Some(BaseType::from_name(name).ok_or_else(|| format!("the base type {name} is not known"))?)
            }
            None => None,
        };
        Ok(Expr::Test(Box::new(TestQuery {
            kind,
            section: self.element.get("section-identifier").map(|s| s.trim().to_owned()),
            include: list("include-category"),
            exclude: list("exclude-category"),
            variable,
            weight: self.element.get("weight-identifier").map(|w| w.trim().to_owned()),
            base,
        })))
    }
}
