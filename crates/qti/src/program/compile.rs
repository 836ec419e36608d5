//! Rules from their elements.

use super::expression::expression;
use super::{Act, Expr, Program, Rule, standard};
use crate::import::{Files, Source};
use crate::item::Role;
use crate::report::Severity;
use crate::value::BaseType;
use crate::xml::{Element, Path};

/// The variables a program may speak of.
pub trait Scope {
    /// The slot of a variable.
    fn slot(&self, identifier: &str) -> Option<u16>;
    /// Its base type.
    fn base(&self, slot: u16) -> Option<BaseType>;
    /// What it is for.
    fn role(&self, slot: u16) -> Option<Role>;
    /// Whether this is a test, where items can be asked about.
    fn is_test(&self) -> bool;
}

/// What compiling needs beside the element.
pub struct Compiler<'c, 's, 'f> {
    /// The variables.
    pub scope: &'c dyn Scope,
    /// Where findings go and files come from.
    pub source: &'s mut Source<'f>,
    /// How deep included fragments may still go.
    pub includes: u8,
}

impl Compiler<'_, '_, '_> {
    /// Reports a fault and returns its text.
    pub fn fault(&mut self, element: &Element, path: &Path<'_>, message: String) -> String {
        self.source.report.add(
            Severity::Error,
            "processing",
            element.line,
            path.to_string(),
            message.clone(),
        );
        message
    }

    /// Reports a tolerant reading.
    pub fn warn(&mut self, element: &Element, path: &Path<'_>, message: String) {
        self.source.report.add(Severity::Warning, "processing", element.line, path.to_string(), message);
    }
}

/// Compiles a processing element: its template, or its rules.
pub fn compile_rules(element: &Element, path: &Path<'_>, compiler: &mut Compiler<'_, '_, '_>) -> Program {
    let template = element.get("template").filter(|t| !t.trim().is_empty());
    if element.elements().next().is_none() {
        if let Some(address) = template {
            let name = standard::template_name(address);
            return match standard::build(&name, compiler.scope, element.line) {
                Ok(program) => program,
                Err(message) => {
                    let message = compiler.fault(element, path, message);
                    let rules = vec![Rule { line: element.line, act: Act::Fault(message) }];
                    Program { rules, template: Some(name) }
                }
            };
        }
        if let Some(location) = element.get("template-location") {
            if compiler.source.files.is_some_and(Files::is_package) && compiler.includes > 0 {
                return located(location, element, path, compiler);
            }
            compiler.warn(
                element,
                path,
                format!("rules at {location} are not fetched; without rules in the item it is not scored by machine"),
            );
        }
    } else if template.is_some() {
        compiler.warn(element, path, "the item has rules of its own, so its template is not used".to_owned());
    }
    Program { rules: rules(element, path, compiler), template: None }
}

/// Rules kept in another file of the package.
fn located(
    location: &str,
    element: &Element,
    path: &Path<'_>,
    compiler: &mut Compiler<'_, '_, '_>,
) -> Program {
    match compiler.source.open_tree(location) {
        Ok(tree) => {
            compiler.includes -= 1;
            let program = compile_rules(&tree, &Path::root(&tree.name), compiler);
            compiler.includes += 1;
            program
        }
        Err(reason) => {
            let message =
                compiler.fault(element, path, format!("the rules at {location} cannot be used: {reason}"));
            Program { rules: vec![Rule { line: element.line, act: Act::Fault(message) }], template: None }
        }
    }
}

fn rules(element: &Element, path: &Path<'_>, compiler: &mut Compiler<'_, '_, '_>) -> Vec<Rule> {
    let all = element.elements().enumerate();
    all.map(|(i, child)| rule(child, &path.at(&child.name, i + 1), compiler)).collect()
}

fn rule(element: &Element, path: &Path<'_>, compiler: &mut Compiler<'_, '_, '_>) -> Rule {
    let act = match element.name.as_str() {
        "qti-response-condition" | "qti-outcome-condition" | "qti-template-condition" => {
            condition(element, path, compiler)
        }
        "qti-set-outcome-value" => assign(element, path, compiler, &[Role::Outcome], Act::Set),
        "qti-set-template-value" => assign(element, path, compiler, &[Role::Template], Act::Set),
        "qti-set-correct-response" => assign(element, path, compiler, &[Role::Response], Act::SetCorrect),
        "qti-set-default-value" => {
            assign(element, path, compiler, &[Role::Response, Role::Outcome], Act::SetDefault)
        }
        "qti-lookup-outcome-value" => assign(element, path, compiler, &[Role::Outcome], Act::Lookup),
        "qti-template-constraint" => match only_child(element, path, compiler) {
            Ok(expr) => Act::Constraint(expr),
            Err(message) => Act::Fault(message),
        },
        "qti-exit-response" | "qti-exit-template" | "qti-exit-test" => Act::Exit,
        "qti-response-processing-fragment" | "qti-outcome-processing-fragment" => {
            Act::Group(rules(element, path, compiler))
        }
        "qti-include" | "include" => include(element, path, compiler),
        name => Act::Fault(compiler.fault(
            element,
            path,
            format!("<{name}> is not a processing rule of QTI; scoring stops there"),
        )),
    };
    Rule { line: element.line, act }
}

fn condition(element: &Element, path: &Path<'_>, compiler: &mut Compiler<'_, '_, '_>) -> Act {
    let mut branches = Vec::new();
    let mut otherwise = Vec::new();
    for (i, part) in element.elements().enumerate() {
        let here = path.at(&part.name, i + 1);
        if part.name.ends_with("-else") {
            otherwise = rules(part, &here, compiler);
            continue;
        }
        if !part.name.ends_with("-if") {
            let message = format!("<{}> cannot stand in a condition", part.name);
            return Act::Fault(compiler.fault(part, &here, message));
        }
        let mut children = part.elements().enumerate();
        let test = match children.next() {
            Some((i, test)) => expression(test, &here.at(&test.name, i + 1), compiler),
            None => Expr::Fault(compiler.fault(part, &here, "the condition has no test".to_owned())),
        };
        let then = children.map(|(i, r)| rule(r, &here.at(&r.name, i + 1), compiler)).collect();
        branches.push((test, then));
    }
    if branches.is_empty() && !otherwise.is_empty() {
        compiler.warn(
            element,
            path,
            "the condition has an else without an if; the else is done always".to_owned(),
        );
    } else if branches.is_empty() {
        return Act::Fault(compiler.fault(element, path, "the condition has no if".to_owned()));
    }
    Act::Condition(branches, otherwise)
}

fn assign(
    element: &Element,
    path: &Path<'_>,
    compiler: &mut Compiler<'_, '_, '_>,
    roles: &[Role],
    make: fn(u16, Expr) -> Act,
) -> Act {
    let identifier = element.get("identifier").unwrap_or_default().trim();
    let slot = compiler.scope.slot(identifier);
    let expr = only_child(element, path, compiler);
    match (slot, expr) {
        (_, Err(message)) => Act::Fault(message),
        (None, _) => {
            let message = format!("{identifier} is set but not declared; declare it or correct the name");
            Act::Fault(compiler.fault(element, path, message))
        }
        (Some(slot), Ok(expr)) => {
            if compiler.scope.role(slot).is_some_and(|role| roles.contains(&role)) {
                make(slot, expr)
            } else {
                let message = format!("{identifier} is not a variable this rule may change");
                Act::Fault(compiler.fault(element, path, message))
            }
        }
    }
}

fn only_child(
    element: &Element,
    path: &Path<'_>,
    compiler: &mut Compiler<'_, '_, '_>,
) -> Result<Expr, String> {
    let mut children = element.elements();
    match (children.next(), children.next()) {
        (Some(child), None) => Ok(expression(child, &path.at(&child.name, 1), compiler)),
        (None, _) => Err(compiler.fault(element, path, format!("<{}> has no expression", element.name))),
        _ => Err(compiler.fault(element, path, format!("<{}> takes one expression only", element.name))),
    }
}

/// Only files of the package, and not without end.
fn include(element: &Element, path: &Path<'_>, compiler: &mut Compiler<'_, '_, '_>) -> Act {
    let href = element.get("href").unwrap_or_default().to_owned();
    let refusal = if compiler.includes == 0 {
        Some("fragments include each other too deeply".to_owned())
    } else {
        None
    };
    let loaded = match refusal {
        Some(reason) => Err(reason),
        None => compiler.source.open_tree(&href),
    };
    match loaded {
        Ok(tree) => {
            compiler.includes -= 1;
            let root = Path::root(&tree.name);
            let list = rules(&tree, &root, compiler);
            compiler.includes += 1;
            Act::Group(list)
        }
        Err(reason) => {
            Act::Fault(compiler.fault(element, path, format!("the fragment {href} cannot be used: {reason}")))
        }
    }
}
