//! Processing as written in the document, resolved for running: variables are slots, constants are parsed,
//! regular expressions are compiled. What cannot run is kept as a fault at its place, so that scoring stops
//! there with a reason instead of passing it by.

mod block;
mod compile;
mod expression;
mod pattern;
mod standard;

pub use compile::{Compiler, Scope, compile_rules};
pub use expression::{expression as compile_expression, is_expression};
pub use pattern::xsd_regex;
pub use standard::template_name;

use crate::item::Shape;
use crate::value::{Atom, BaseType};

/// A list of rules.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The rules in order.
    pub rules: Vec<Rule>,
    /// The standard template it came from.
    pub template: Option<String>,
}

/// A rule and where it stands.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Line in the source.
    pub line: u32,
    /// What it does.
    pub act: Act,
}

/// What a rule does.
#[derive(Clone, Debug)]
pub enum Act {
    /// If, else-if, else.
    Condition(Vec<(Expr, Vec<Rule>)>, Vec<Rule>),
    /// `set-outcome-value` and `set-template-value`.
    Set(u16, Expr),
    /// `lookup-outcome-value`.
    Lookup(u16, Expr),
    /// `set-correct-response`.
    SetCorrect(u16, Expr),
    /// `set-default-value`.
    SetDefault(u16, Expr),
    /// `template-constraint`.
    Constraint(Expr),
    /// A fragment: rules read as if they stood here.
    Group(Vec<Rule>),
    /// `exit-response`, `exit-template`, `exit-test`.
    Exit,
    /// Cannot run.
    Fault(String),
}

/// A number given in an attribute, or the variable that holds it.
#[derive(Clone, Debug)]
pub enum Num {
    /// Written out.
    Lit(f64),
    /// In a variable.
    Slot(u16),
    /// A name nothing is declared for.
    Unknown(String),
}

/// Operators without attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `and`.
    And,
    /// `or`.
    Or,
    /// `not`.
    Not,
    /// `is-null`.
    IsNull,
    /// `match`.
    Match,
    /// `member`.
    Member,
    /// `contains`.
    Contains,
    /// `delete`.
    Delete,
    /// `container-size`.
    ContainerSize,
    /// `random`.
    Random,
    /// `lt`.
    Lt,
    /// `lte`.
    Lte,
    /// `gt`.
    Gt,
    /// `gte`.
    Gte,
    /// `duration-lt`.
    DurationLt,
    /// `duration-gte`.
    DurationGte,
    /// `sum`.
    Sum,
    /// `product`.
    Product,
    /// `subtract`.
    Subtract,
    /// `divide`.
    Divide,
    /// `power`.
    Power,
    /// `integer-divide`.
    IntegerDivide,
    /// `integer-modulus`.
    IntegerModulus,
    /// `truncate`.
    Truncate,
    /// `round`.
    Round,
    /// `integer-to-float`.
    IntegerToFloat,
    /// `max`.
    Max,
    /// `min`.
    Min,
    /// `gcd`.
    Gcd,
    /// `lcm`.
    Lcm,
    /// `multiple`.
    Multiple,
    /// `ordered`.
    Ordered,
    /// Not QTI, seen in one engine's tests: the truth value of anything.
    Truth,
}

/// Functions of `math-operator`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `sin`.
    Sin,
    /// `cos`.
    Cos,
    /// `tan`.
    Tan,
    /// `sec`.
    Sec,
    /// `csc`.
    Csc,
    /// `cot`.
    Cot,
    /// `asin`.
    Asin,
    /// `acos`.
    Acos,
    /// `atan`.
    Atan,
    /// `atan-2`.
    Atan2,
    /// `asec`.
    Asec,
    /// `acsc`.
    Acsc,
    /// `acot`.
    Acot,
    /// `sinh`.
    Sinh,
    /// `cosh`.
    Cosh,
    /// `tanh`.
    Tanh,
    /// `sech`.
    Sech,
    /// `csch`.
    Csch,
    /// `coth`.
    Coth,
    /// `log`.
    Log,
    /// `ln`.
    Ln,
    /// `exp`.
    Exp,
    /// `abs`.
    Abs,
    /// `signum`.
    Signum,
    /// `floor`.
    Floor,
    /// `ceil`.
    Ceil,
    /// `to-degrees`.
    ToDegrees,
    /// `to-radians`.
    ToRadians,
}

/// Functions of `stats-operator`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// `mean`.
    Mean,
    /// `sample-variance`.
    SampleVariance,
    /// `sample-sd`.
    SampleSd,
    /// `pop-variance`.
    PopVariance,
    /// `pop-sd`.
    PopSd,
}

/// How `equal` compares.
#[derive(Clone, Debug)]
pub enum Tolerance {
    /// The same number.
    Exact,
    /// Within distances below and above.
    Absolute(Num, Num),
    /// Within percentages below and above.
    Relative(Num, Num),
}

/// Rounding of `round-to` and `equal-rounded`.
#[derive(Clone, Debug)]
pub struct Rounding {
    /// Significant figures, else decimal places.
    pub significant: bool,
    /// How many.
    pub figures: Num,
}

/// Questions only a test can answer.
#[derive(Clone, Debug)]
pub struct TestQuery {
    /// Which question.
    pub kind: TestKind,
    /// Only items in this section.
    pub section: Option<String>,
    /// Only items in one of these categories.
    pub include: Vec<String>,
    /// No items in these categories.
    pub exclude: Vec<String>,
    /// The variable asked for.
    pub variable: String,
    /// The weight to apply.
    pub weight: Option<String>,
    /// Only values of this type.
    pub base: Option<BaseType>,
}

/// Kinds of test question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestKind {
    /// `test-variables`.
    TestVariables,
    /// `outcome-maximum`.
    OutcomeMaximum,
    /// `outcome-minimum`.
    OutcomeMinimum,
    /// `number-correct`.
    NumberCorrect,
    /// `number-incorrect`.
    NumberIncorrect,
    /// `number-responded`.
    NumberResponded,
    /// `number-presented`.
    NumberPresented,
    /// `number-selected`.
    NumberSelected,
}

/// An expression.
#[derive(Clone, Debug)]
pub enum Expr {
    /// NULL.
    Null,
    /// `base-value`.
    Base(Atom),
    /// A float constant.
    Constant(f64),
    /// The value of a variable.
    Variable(u16),
    /// Its default.
    Default(u16),
    /// Its key.
    Correct(u16),
    /// A variable of an item in a test: item, variable, weight.
    ItemVariable(String, String, Option<String>),
    /// `map-response`.
    MapResponse(u16),
    /// `map-response-point`.
    MapResponsePoint(u16),
    /// `random-integer`: lowest, highest, step.
    RandomInteger(Num, Num, Num),
    /// `random-float`.
    RandomFloat(Num, Num),
    /// An operator without attributes.
    Op(Op, Vec<Expr>),
    /// `any-n`.
    AnyN(Num, Num, Vec<Expr>),
    /// `index`.
    Index(Num, Box<Expr>),
    /// `repeat`.
    Repeat(Num, Vec<Expr>),
    /// `field-value`.
    Field(String, Box<Expr>),
    /// `equal`: tolerance, lower bound counts, upper bound counts.
    Equal(Tolerance, bool, bool, Box<[Expr; 2]>),
    /// `equal-rounded`.
    EqualRounded(Rounding, Box<[Expr; 2]>),
    /// `round-to`.
    RoundTo(Rounding, Box<Expr>),
    /// `string-match`: heeds case, part counts.
    StringMatch(bool, bool, Box<[Expr; 2]>),
    /// `substring`: heeds case.
    Substring(bool, Box<[Expr; 2]>),
    /// `pattern-match` with a known pattern.
    Pattern(Box<regex::Regex>, Box<Expr>),
    /// `pattern-match` whose pattern is computed: heeds case.
    DynamicPattern(bool, Box<[Expr; 2]>),
    /// `inside`.
    Inside(Shape, Box<Expr>),
    /// `math-operator`.
    Math(Function, Vec<Expr>),
    /// `stats-operator`.
    Stats(Statistic, Box<Expr>),
    /// `custom-operator`: its name and other attributes.
    Custom(String, Vec<(String, String)>, Vec<Expr>),
    /// A test question.
    Test(Box<TestQuery>),
    /// Cannot run.
    Fault(String),
}
