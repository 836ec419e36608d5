//! The standard response processing templates.

use super::{Act, Expr, Op, Program, Rule, Scope};
use crate::value::{Atom, BaseType};

/// The last segment of a template address, whatever version or scheme it has.
pub fn template_name(address: &str) -> String {
    let last = address.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    last.trim_end_matches(".xml").trim_end_matches(".XML").to_owned()
}

/// Builds a template's rules.
///
/// # Errors
/// A sentence when the template is unknown or a variable it uses is not declared.
pub fn build(name: &str, scope: &dyn Scope, line: u32) -> Result<Program, String> {
    let need = |id: &str| {
        scope
            .slot(id)
            .ok_or_else(|| format!("the template {name} uses {id}, which is not declared; declare it"))
    };
    let response = need("RESPONSE")?;
    let score = need("SCORE")?;
    let rule = |act| Rule { line, act };
    let set = |slot, expr| rule(Act::Set(slot, expr));
    // The template writes floats; an integer outcome takes the same number as an integer.
    let points = |value: i32| match scope.base(score) {
        Some(BaseType::Integer) => Expr::Base(Atom::Int(value)),
        _ => Expr::Base(Atom::Float(f64::from(value))),
    };
    let is_correct = || Expr::Op(Op::Match, vec![Expr::Variable(response), Expr::Correct(response)]);
    let is_null = || Expr::Op(Op::IsNull, vec![Expr::Variable(response)]);
    let word = |text: &str| Expr::Base(Atom::Id(text.to_owned()));
    let choose = |test, yes: Vec<Rule>, no: Vec<Rule>| rule(Act::Condition(vec![(test, yes)], no));
    let rules = match name {
        "match_correct" | "CC2_match" => {
            vec![choose(is_correct(), vec![set(score, points(1))], vec![set(score, points(0))])]
        }
        "map_response" => vec![choose(
            is_null(),
            vec![set(score, points(0))],
            vec![set(score, Expr::MapResponse(response))],
        )],
        "map_response_point" | "CC2_map_response_point" => vec![choose(
            is_null(),
            vec![set(score, points(0))],
            vec![set(score, Expr::MapResponsePoint(response))],
        )],
        // Seen in content for one engine: points for leaving the answer open.
        "match_nothing" => {
            let full = scope.slot("MAXSCORE").map_or_else(|| points(1), Expr::Variable);
            vec![choose(is_null(), vec![set(score, full)], vec![set(score, points(0))])]
        }
        "CC2_match_basic" => {
            let (max, feedback) = (need("MAXSCORE")?, need("FEEDBACKBASIC")?);
            vec![choose(
                is_correct(),
                vec![set(score, Expr::Variable(max)), set(feedback, word("correct"))],
                vec![set(feedback, word("incorrect"))],
            )]
        }
        "CC2_map_response" => {
            let (max, feedback) = (need("MAXSCORE")?, need("FEEDBACK")?);
            let full = Expr::Op(Op::Match, vec![Expr::Variable(score), Expr::Variable(max)]);
            vec![
                choose(is_null(), vec![set(score, points(0))], vec![set(score, Expr::MapResponse(response))]),
                choose(full, vec![set(feedback, word("correct"))], vec![set(feedback, word("incorrect"))]),
            ]
        }
        _ => {
            return Err(format!(
                "the response processing template {name} is not a standard one; write its rules in the item"
            ));
        }
    };
    Ok(Program { rules, template: Some(name.to_owned()) })
}
