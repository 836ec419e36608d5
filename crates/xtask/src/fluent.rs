//! Every text in every language: the same keys, the same attributes, the same variables.

use crate::workspace::Workspace;
use crate::{Finding, Findings};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use std::collections::{BTreeMap, BTreeSet};

const LANGUAGES: &[&str] = &["nl", "en"];

/// Key (`message` or `message.attribute`) to where it stands and which variables it uses.
type Texts = BTreeMap<String, Text>;

#[derive(Debug)]
struct Text {
    file: String,
    variables: BTreeSet<String>,
}

pub fn check(workspace: &Workspace) -> Result<Findings, String> {
    let mut findings = Findings::new();
    let mut languages: BTreeMap<&str, Texts> = LANGUAGES.iter().map(|l| (*l, Texts::new())).collect();
    for file in workspace.files_ending(&[".ftl"]) {
        let Some(language) = file.strip_prefix("locales/").and_then(|f| f.split('/').next()) else {
            continue;
        };
        let Some(texts) = languages.get_mut(language) else {
            findings.push(Finding::new(file, format!("there is no language `{language}`"), "use nl or en"));
            continue;
        };
        read(file, &workspace.read(file)?, texts, &mut findings);
    }
    for (language, texts) in &languages {
        for (other, others) in languages.iter().filter(|(other, _)| *other != language) {
            compare(language, texts, other, others, &mut findings);
        }
    }
    Ok(findings)
}

fn read(file: &str, source: &str, texts: &mut Texts, findings: &mut Findings) {
    let resource = match fluent_syntax::parser::parse(source) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            for error in errors {
                let line = source.get(..error.pos.start).unwrap_or(source).matches('\n').count() + 1;
                findings.push(Finding::new(
                    format!("{file}:{line}"),
                    error.to_string(),
                    "see projectfluent.org/fluent/guide",
                ));
            }
            resource
        }
    };
    for entry in &resource.body {
        let (id, value, attributes) = match entry {
            Entry::Message(message) => {
                (message.id.name.to_owned(), message.value.as_ref(), &message.attributes)
            }
            Entry::Term(term) => (format!("-{}", term.id.name), Some(&term.value), &term.attributes),
            _ => continue,
        };
        let patterns = value.map(|v| (id.clone(), v)).into_iter();
        let patterns = patterns.chain(attributes.iter().map(|a| (format!("{id}.{}", a.id.name), &a.value)));
        for (key, pattern) in patterns {
            let mut variables = BTreeSet::new();
            collect(pattern, &mut variables);
            if let Some(before) = texts.insert(key.clone(), Text { file: file.to_owned(), variables }) {
                findings.push(Finding::new(
                    file,
                    format!("`{key}` stands twice in this language, also in {}", before.file),
                    "keep one; begin a key with its area",
                ));
            }
        }
    }
}

fn compare(language: &str, texts: &Texts, other: &str, others: &Texts, findings: &mut Findings) {
    for (key, text) in texts {
        match others.get(key) {
            None => findings.push(Finding::new(
                &text.file,
                format!("`{key}` has no text in {other}"),
                format!(
                    "write it in {}",
                    text.file.replacen(&format!("/{language}/"), &format!("/{other}/"), 1)
                ),
            )),
            // Said once, from the first language.
            Some(same)
                if language == *LANGUAGES.first().unwrap_or(&"") && same.variables != text.variables =>
            {
                findings.push(Finding::new(
                    &text.file,
                    format!(
                        "`{key}` uses {:?} in {language} and {:?} in {other}",
                        text.variables, same.variables
                    ),
                    "both texts are given the same values",
                ));
            }
            Some(_) => {}
        }
    }
}

fn collect(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            expression_variables(expression, variables);
        }
    }
}

fn expression_variables(expression: &Expression<&str>, variables: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => inline_variables(inline, variables),
        Expression::Select { selector, variants } => {
            inline_variables(selector, variables);
            variants.iter().for_each(|variant| collect(&variant.value, variables));
        }
    }
}

fn inline_variables(inline: &InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => drop(variables.insert(id.name.to_owned())),
        InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|argument| inline_variables(argument, variables));
        }
        InlineExpression::Placeable { expression } => expression_variables(expression, variables),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::planted;

    fn said(nl: &str, en: &str) -> Vec<String> {
        let (_folder, workspace) = planted(&[("locales/nl/people.ftl", nl), ("locales/en/people.ftl", en)]);
        check(&workspace).unwrap().into_iter().map(|f| f.what).collect()
    }

    #[test]
    fn the_same_keys_in_both_languages_pass() {
        let nl = "a = Hoi { $name }\n    .title = Titel\n-school = Regie\nn = { $n ->\n    [one] een\n   *[other] { $n } stuks\n }\n";
        let en = "a = Hi { $name }\n    .title = Title\n-school = Regie\nn = { $n ->\n    [one] one\n   *[other] { $n } pieces\n }\n";
        assert_eq!(said(nl, en), [""; 0]);
    }

    #[test]
    fn a_key_or_attribute_missing_on_either_side_is_named() {
        assert_eq!(said("a = Ja\nb = Nee\n", "a = Yes\n"), ["`b` has no text in en"]);
        assert_eq!(said("a = Ja\n", "a = Yes\nb = No\n"), ["`b` has no text in nl"]);
        assert_eq!(said("a = Ja\n    .title = T\n", "a = Yes\n"), ["`a.title` has no text in en"]);
    }

    #[test]
    fn a_key_given_twice_is_named() {
        assert!(said("a = Ja\na = Jawel\n", "a = Yes\n")[0].contains("stands twice"));
    }

    #[test]
    fn texts_that_use_different_values_are_named() {
        assert!(said("a = Hoi { $naam }\n", "a = Hi { $name }\n")[0].contains("`a` uses"));
    }

    #[test]
    fn broken_syntax_is_placed() {
        let (_folder, workspace) =
            planted(&[("locales/nl/a.ftl", "a = Ja\n\nb { = \n"), ("locales/en/a.ftl", "a = Yes\n")]);
        assert!(check(&workspace).unwrap()[0].place.starts_with("locales/nl/a.ftl:3"));
    }

    #[test]
    fn a_language_nobody_asked_for_is_named() {
        let (_folder, workspace) = planted(&[("locales/de/a.ftl", "a = Ja\n")]);
        assert_eq!(check(&workspace).unwrap()[0].what, "there is no language `de`");
    }
}
