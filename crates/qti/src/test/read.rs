//! Tests from their documents.

use super::{Branch, Control, Head, ItemRef, Node, Part, Section, Test, TimeLimit};
use crate::import::{Document, Source, import, resolve};
use crate::item::{Item, Role, Variables};
use crate::program::{Compiler, Expr, compile_expression, compile_rules};
use crate::report::Severity;
use crate::value::parse_float;
use crate::xml::{Element, Path};
use std::sync::Arc;

/// Reads a test from its cleaned document; sections and items come from the package of `source`.
pub fn read_test(mut document: Element, source: &mut Source<'_>) -> Test {
    adopt_sections(&mut document, source, &mut Vec::new());
    let root = Path::root(&document.name);
    let mut variables = Variables::of_test();
    for (i, child) in document.elements().enumerate() {
        if child.name == "qti-outcome-declaration" {
            variables.declare(child, Role::Outcome, &root.at(&child.name, i + 1), source);
        }
    }
    let mut reader = Reader { variables: &variables, source, seen: Vec::new() };
    let mut parts = Vec::new();
    let mut outcome_processing = None;
    for (i, child) in document.elements().enumerate() {
        let here = root.at(&child.name, i + 1);
        match child.name.as_str() {
            "qti-test-part" => parts.push(reader.part(child, &here)),
            "qti-outcome-processing" => {
                let mut compiler = Compiler { scope: &variables, source: reader.source, includes: 8 };
                outcome_processing = Some(compile_rules(child, &here, &mut compiler));
            }
            _ => {}
        }
    }
    let identifier = document.get("identifier").unwrap_or_default().trim().to_owned();
    if identifier.is_empty() {
        reader.say(Severity::Error, "identifier", &document, &root, "the test has no identifier".to_owned());
    }
    if parts.is_empty() {
        reader.say(Severity::Error, "empty", &document, &root, "the test has no part".to_owned());
    }
    let items = load_items(&parts, source);
    Test {
        identifier,
        title: document.get("title").unwrap_or_default().to_owned(),
        time: time(&document),
        feedback: document.all("qti-test-feedback").cloned().collect(),
        rubrics: document.all("qti-rubric-block").cloned().collect(),
        variables,
        parts,
        outcome_processing,
        items,
        document,
    }
}

/// Puts referred sections where they are referred to.
fn adopt_sections(element: &mut Element, source: &mut Source<'_>, inside: &mut Vec<String>) {
    for child in &mut element.children {
        let crate::xml::Node::Element(child) = child else { continue };
        if child.name != "qti-assessment-section-ref" {
            adopt_sections(child, source, inside);
            continue;
        }
        let href = child.get("href").unwrap_or_default().to_owned();
        let own = resolve(&source.base, &href).unwrap_or_default();
        let loaded = if inside.contains(&own) {
            Err("it lies inside itself".to_owned())
        } else if inside.len() >= 8 {
            Err("sections refer to each other too deeply".to_owned())
        } else {
            source.open_tree(&href)
        };
        match loaded {
            Ok(mut section) if section.name == "qti-assessment-section" => {
                // Addresses in the section are seen from its own file.
                inside.push(own.clone());
                let outer = std::mem::replace(&mut source.base, own);
                adopt_sections(&mut section, source, inside);
                inside.pop();
                let own = std::mem::replace(&mut source.base, outer);
                rebase(&mut section, &own, &source.base);
                *child = take_over(child, section);
            }
            Ok(other) => {
                let message = format!("{href} is <{}>, not a section", other.name);
                source.report.add(Severity::Error, "section", child.line, href, message);
            }
            Err(reason) => {
                let message = format!("the section {href} cannot be used: {reason}");
                source.report.add(Severity::Error, "section", child.line, href, message);
            }
        }
    }
}

/// What the reference itself says about the section goes before what the section says.
fn take_over(reference: &Element, mut section: Element) -> Element {
    for name in ["required", "fixed"] {
        if let Some(value) = reference.get(name) {
            section.set(name, value);
        }
    }
    let own = reference.children.iter().filter(|n| matches!(n, crate::xml::Node::Element(_))).cloned();
    section.children.splice(0..0, own);
    section
}

/// Addresses seen from the file `from`, rewritten as seen from the file `to`.
fn rebase(section: &mut Element, from: &str, to: &str) {
    let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    if folder(from) == folder(to) {
        return;
    }
    section.walk_mut(&mut |element| {
        for attribute in &mut element.attributes {
            let is_address = matches!(attribute.name.as_str(), "href" | "src" | "data" | "poster");
            if !is_address || attribute.value.starts_with(['#', '/']) || attribute.value.contains(':') {
                continue;
            }
            if let Some(path) = resolve(from, attribute.value.trim()) {
                attribute.value = relative(&path, to);
            }
        }
    });
}

/// The address of `path` as seen from the file `base`.
fn relative(path: &str, base: &str) -> String {
    let mut folders: Vec<&str> = base.split('/').collect();
    folders.pop();
    let parts: Vec<&str> = path.split('/').collect();
    let shared = folders.iter().zip(&parts).take_while(|(a, b)| a == b).count();
    let shared = shared.min(parts.len().saturating_sub(1));
    let mut out = "../".repeat(folders.len() - shared);
    let rest = parts.get(shared..).unwrap_or_default().join("/");
    for c in rest.chars() {
        match c {
            '%' => out.push_str("%25"),
            '#' => out.push_str("%23"),
            '?' => out.push_str("%3F"),
            c => out.push(c),
        }
    }
    out
}

fn load_items(parts: &[Part], source: &mut Source<'_>) -> Vec<(String, Arc<Item>)> {
    fn references<'t>(nodes: &'t [Node], found: &mut Vec<&'t ItemRef>) {
        for node in nodes {
            match node {
                Node::Item(item) => found.push(item),
                Node::Section(section) => references(&section.children, found),
            }
        }
    }
    let mut all = Vec::new();
    for part in parts {
        references(&part.children, &mut all);
    }
    let Some(files) = source.files else { return Vec::new() };
    let mut read: Vec<(String, Arc<Item>)> = Vec::new();
    let mut items = Vec::new();
    for reference in all {
        let Some(path) = resolve(&source.base, &reference.href) else {
            let message = format!(
                "the address {} of {} leads out of the package or is empty; it has no item",
                reference.href, reference.head.identifier
            );
            source.report.add(Severity::Error, "address", 0, reference.href.clone(), message);
            continue;
        };
        if let Some((_, item)) = read.iter().find(|(p, _)| *p == path) {
            items.push((reference.head.identifier.clone(), Arc::clone(item)));
            continue;
        }
        let complain = |source: &mut Source<'_>, message: String| {
            source.report.add(Severity::Error, "missing", 0, path.clone(), message);
        };
        let Some(bytes) = files.open(&path) else {
            complain(source, format!("{path} is not there; {} has no item", reference.head.identifier));
            continue;
        };
        let mut own = Source::within(&path, files);
        match import(&bytes, &mut own) {
            Ok(Document::Item(item)) => {
                let item = Arc::new(*item);
                read.push((path.clone(), Arc::clone(&item)));
                items.push((reference.head.identifier.clone(), item));
            }
            Ok(_) => complain(source, format!("{path} is not an item")),
            Err(error) => complain(source, format!("{path}: {error}")),
        }
        source.report.absorb(own.report);
    }
    items
}

struct Reader<'r, 'f> {
    variables: &'r Variables,
    source: &'r mut Source<'f>,
    seen: Vec<String>,
}

impl Reader<'_, '_> {
    fn say(
        &mut self,
        severity: Severity,
        code: &'static str,
        element: &Element,
        path: &Path<'_>,
        message: String,
    ) {
        self.source.report.add(severity, code, element.line, path.to_string(), message);
    }

    fn identifier(&mut self, element: &Element, path: &Path<'_>) -> String {
        let identifier = element.get("identifier").unwrap_or_default().trim().to_owned();
        if identifier.is_empty() {
            self.say(
                Severity::Error,
                "identifier",
                element,
                path,
                format!("<{}> has no identifier", element.name),
            );
        } else if self.seen.contains(&identifier) {
            self.say(Severity::Error, "identifier", element, path, format!("{identifier} is used twice"));
        }
        self.seen.push(identifier.clone());
        identifier
    }

    fn conditions(&mut self, element: &Element, path: &Path<'_>) -> (Vec<Expr>, Vec<Branch>) {
        let (mut pre, mut branch) = (Vec::new(), Vec::new());
        for (i, child) in element.elements().enumerate() {
            let here = path.at(&child.name, i + 1);
            let is_pre = child.name == "qti-pre-condition";
            if !is_pre && child.name != "qti-branch-rule" {
                continue;
            }
            let when = match child.elements().next() {
                Some(test) => {
                    let mut compiler = Compiler { scope: self.variables, source: self.source, includes: 8 };
                    compile_expression(test, &here.at(&test.name, 1), &mut compiler)
                }
                None => Expr::Null,
            };
            if is_pre {
                pre.push(when);
            } else {
                branch
                    .push(Branch { when, target: child.get("target").unwrap_or_default().trim().to_owned() });
            }
        }
        (pre, branch)
    }

    fn part(&mut self, element: &Element, path: &Path<'_>) -> Part {
        let identifier = self.identifier(element, path);
        let mode = |name: &str, first: &str, second: &str, default: &str| {
            let value = element.get(name).unwrap_or(default).trim().to_owned();
            let known = value == first || value == second;
            (value == first, known, value)
        };
        let (linear, known, value) = mode("navigation-mode", "linear", "nonlinear", "linear");
        if !known || element.get("navigation-mode").is_none() {
            self.say(
                Severity::Warning,
                "mode",
                element,
                path,
                format!("the navigation mode {value} is not stated; linear is taken"),
            );
        }
        let linear = linear || !known;
        let (individual, known, value) = mode("submission-mode", "individual", "simultaneous", "individual");
        if !known {
            self.say(
                Severity::Warning,
                "mode",
                element,
                path,
                format!("the submission mode {value} is not known; individual is taken"),
            );
        }
        let (pre, branch) = self.conditions(element, path);
        let children = self.children(element, path);
        if !linear {
            let mut conditions = pre.len() + branch.len();
            element.walk(&mut |e| {
                conditions += usize::from(matches!(e.name.as_str(), "qti-pre-condition" | "qti-branch-rule"));
            });
            if conditions > 0 {
                let message = "pre-conditions and branch rules have no effect in a nonlinear part".to_owned();
                self.say(Severity::Warning, "nonlinear", element, path, message);
            }
        }
        Part {
            identifier,
            linear,
            individual: individual || !known,
            pre,
            branch,
            control: control(element),
            time: time(element),
            children,
            feedback: element.all("qti-test-feedback").cloned().collect(),
            rubrics: element.all("qti-rubric-block").cloned().collect(),
        }
    }

    fn children(&mut self, element: &Element, path: &Path<'_>) -> Vec<Node> {
        let mut nodes = Vec::new();
        for (i, child) in element.elements().enumerate() {
            let here = path.at(&child.name, i + 1);
            match child.name.as_str() {
                "qti-assessment-section" => nodes.push(Node::Section(Box::new(self.section(child, &here)))),
                "qti-assessment-item-ref" => nodes.push(Node::Item(Box::new(self.item_ref(child, &here)))),
                _ => {}
            }
        }
        nodes
    }

    fn head(&mut self, element: &Element, path: &Path<'_>) -> Head {
        let identifier = self.identifier(element, path);
        let (pre, branch) = self.conditions(element, path);
        Head {
            identifier,
            required: flag(element, "required", false),
            fixed: flag(element, "fixed", false),
            pre,
            branch,
            control: control(element),
            time: time(element),
        }
    }

    fn section(&mut self, element: &Element, path: &Path<'_>) -> Section {
        let head = self.head(element, path);
        let children = self.children(element, path);
        let selection = element.find("qti-selection").and_then(|s| {
            let select = s.get("select")?.trim().parse().ok()?;
            Some((select, flag(s, "with-replacement", false)))
        });
        if let Some((select, false)) = selection
            && select > children.len()
        {
            let message = format!("{select} of {} children are to be drawn; all are taken", children.len());
            self.say(Severity::Warning, "selection", element, path, message);
        }
        Section {
            title: element.get("title").unwrap_or_default().to_owned(),
            visible: flag(element, "visible", true),
            keep_together: flag(element, "keep-together", true),
            selection,
            shuffle: element.find("qti-ordering").is_some_and(|o| flag(o, "shuffle", false)),
            rubrics: element.all("qti-rubric-block").cloned().collect(),
            children,
            head,
        }
    }

    fn item_ref(&mut self, element: &Element, path: &Path<'_>) -> ItemRef {
        let head = self.head(element, path);
        let mut weights = Vec::new();
        for weight in element.all("qti-weight") {
            match weight.get("value").and_then(|v| parse_float(v.trim())) {
                Some(value) => weights.push((weight.get("identifier").unwrap_or_default().to_owned(), value)),
                None => {
                    self.say(Severity::Error, "weight", weight, path, "the weight is not a number".to_owned())
                }
            }
        }
        let mut template_defaults = Vec::new();
        for default in element.all("qti-template-default") {
            if let Some(value) = default.elements().next() {
                let mut compiler = Compiler { scope: self.variables, source: self.source, includes: 8 };
                let expr = compile_expression(value, &path.at(&default.name, 1), &mut compiler);
                template_defaults
                    .push((default.get("template-identifier").unwrap_or_default().to_owned(), expr));
            }
        }
        let pair = |m: &Element| {
            Some((
                m.get("source-identifier")?.trim().to_owned(),
                m.get("target-identifier")?.trim().to_owned(),
            ))
        };
        ItemRef {
            head,
            href: element.get("href").unwrap_or_default().to_owned(),
            categories: element
                .get("category")
                .unwrap_or_default()
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            weights,
            mappings: element.all("qti-variable-mapping").filter_map(pair).collect(),
            template_defaults,
        }
    }
}

fn flag(element: &Element, name: &str, default: bool) -> bool {
    element.get(name).map_or(default, |v| matches!(v.trim(), "true" | "1"))
}

fn time(element: &Element) -> Option<TimeLimit> {
    let limits = element.find("qti-time-limits")?;
    let seconds = |name: &str| limits.get(name).and_then(|v| crate::value::parse_duration(v.trim()));
    Some(TimeLimit {
        min: seconds("min-time"),
        max: seconds("max-time"),
        late: flag(limits, "allow-late-submission", false),
    })
}

fn control(element: &Element) -> Control {
    let Some(control) = element.find("qti-item-session-control") else { return Control::default() };
    let get = |name: &str| control.get(name).map(|v| matches!(v.trim(), "true" | "1"));
    Control {
        max_attempts: control.get("max-attempts").and_then(|v| v.trim().parse().ok()),
        show_feedback: get("show-feedback"),
        allow_review: get("allow-review"),
        show_solution: get("show-solution"),
        allow_comment: get("allow-comment"),
        allow_skipping: get("allow-skipping"),
        validate_responses: get("validate-responses"),
    }
}
