//! From a draft to an item.

use super::check::{Issue, Problem, check};
use super::rules::{Built, base, declare, fill, is_right, named, number, op, share, when};
use super::{Area, Ask, Block, Choice, Draft, Image, Media, Question, TextGap};
use crate::import::{Document, Source, import};
use crate::item::Item;
use crate::xml::{Element, Limits, Node, read, write_document};

/// Builds an item.
///
/// # Errors
/// Everything that must be fixed first.
pub fn build(draft: &Draft) -> Result<Item, Vec<Issue>> {
    let issues = check(draft);
    if !issues.is_empty() {
        return Err(issues);
    }
    let text = write_document(&document(draft), "http://www.imsglobal.org/xsd/imsqtiasi_v3p0");
    let mut source = Source::alone(&draft.identifier);
    match import(text.as_bytes(), &mut source) {
        Ok(Document::Item(item)) if !source.report.has_errors() => Ok(*item),
        Ok(_) => {
            let why = source.report.first_error().map(|f| f.message.clone()).unwrap_or_default();
            Err(vec![Issue { block: 0, problem: Problem::Text(why) }])
        }
        Err(error) => Err(vec![Issue { block: 0, problem: Problem::Text(error.reason) }]),
    }
}

fn document(draft: &Draft) -> Element {
    let mut root = Element::new("qti-assessment-item")
        .with("identifier", draft.identifier.clone())
        .with("title", draft.title.clone())
        .with("adaptive", "false")
        .with("time-dependent", "false");
    if !draft.language.is_empty() {
        root.set("xml:lang", draft.language.clone());
    }
    let mut body = Element::new("qti-item-body");
    let (mut responses, mut outcomes, mut rules) = (Vec::new(), Vec::new(), Vec::new());
    let (mut total, mut human) = (0.0, false);
    let mut parts = Vec::new();
    for (i, block) in draft.blocks.iter().enumerate() {
        let name = format!("RESPONSE_{}", i + 1);
        match block {
            Block::Text(text) => body.children.push(Node::Element(rich("div", text))),
            Block::Media(media) => {
                responses.push(declare(&name, "single", "integer", &[], None));
                body.children.push(Node::Element(self::media(&name, media)));
            }
            Block::Question(question) => {
                let outcome = format!("SCORE_{}", i + 1);
                let built = self::question(&name, &outcome, question);
                responses.extend(built.responses);
                body.children.extend(built.body.into_iter().map(Node::Element));
                total += question.points;
                let mut declared = outcome_of(&outcome, question.points);
                match built.score {
                    Some(rule) => rules.push(rule),
                    None => {
                        human = true;
                        declared.set("external-scored", "human");
                    }
                }
                outcomes.push(declared);
                parts.push(named("qti-variable", &outcome));
            }
        }
    }
    let mut score = outcome_of("SCORE", total);
    if human {
        score.set("external-scored", "human");
    }
    let most = named("qti-outcome-declaration", "MAXSCORE")
        .with("cardinality", "single")
        .with("base-type", "float")
        .child(op("qti-default-value", [Element::new("qti-value").text_child(format!("{total}"))]));
    root = root.children_from(responses).child(score).child(most).children_from(outcomes).child(body);
    if !parts.is_empty() {
        let sum = named("qti-set-outcome-value", "SCORE").child(op("qti-sum", parts));
        root = root.child(Element::new("qti-response-processing").children_from(rules).child(sum));
    }
    root
}

fn outcome_of(identifier: &str, most: f64) -> Element {
    named("qti-outcome-declaration", identifier)
        .with("cardinality", "single")
        .with("base-type", "float")
        .with("normal-minimum", "0")
        .with("normal-maximum", format!("{most}"))
        .child(op("qti-default-value", [Element::new("qti-value").text_child("0")]))
}

/// A fragment in an element of its own; it was checked before.
fn rich(name: &str, text: &str) -> Element {
    let mut element = read(&format!("<div>{text}</div>"), &Limits::default())
        .unwrap_or_else(|_| Element::new("div").text_child(text));
    name.clone_into(&mut element.name);
    element
}

fn prompt(question: &Question) -> Element {
    rich("qti-prompt", &question.prompt)
}

/// How often the busiest thing is used: the same limit for all, so that no limit tells an answer.
fn most_uses(used: impl Iterator<Item = usize>) -> String {
    let mut counts = std::collections::BTreeMap::new();
    for thing in used {
        *counts.entry(thing).or_insert(0usize) += 1;
    }
    counts.into_values().max().unwrap_or(1).to_string()
}

/// Neutral identifiers: A to Z, then numbered.
fn letter(i: usize) -> String {
    let first = char::from(b'A' + u8::try_from(i % 26).unwrap_or(0));
    if i < 26 { first.to_string() } else { format!("{first}{}", i / 26) }
}

fn interaction(kind: &str, response: &str) -> Element {
    Element::new(kind).with("response-identifier", response)
}

fn yes(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

fn question(name: &str, outcome: &str, question: &Question) -> Built {
    let points = question.points;
    // Either the whole key, or a share for each part.
    let rule = |partial: bool| {
        if partial {
            named("qti-set-outcome-value", outcome).child(named("qti-map-response", name))
        } else {
            when(outcome, is_right(name), points)
        }
    };
    match &question.ask {
        Ask::Choice { choices, multiple, shuffle } => {
            let (declared, partial) = chosen(name, choices, *multiple, question);
            let list = choices.iter().enumerate().map(|(i, c)| {
                let choice = rich("qti-simple-choice", &c.text).with("identifier", letter(i));
                if c.fixed { choice.with("fixed", "true") } else { choice }
            });
            let body = interaction("qti-choice-interaction", name)
                .with("max-choices", if *multiple { "0" } else { "1" })
                .with("shuffle", yes(*shuffle))
                .child(prompt(question))
                .children_from(list);
            Built { responses: vec![declared], body: vec![body], score: Some(rule(partial)) }
        }
        Ask::Hottext { text, words, multiple } => {
            let (declared, partial) = chosen(name, words, *multiple, question);
            let parts: Vec<Element> = words
                .iter()
                .enumerate()
                .map(|(i, w)| rich("qti-hottext", &w.text).with("identifier", letter(i)))
                .collect();
            let mut content = rich("div", text);
            fill(&mut content, &parts);
            let body = interaction("qti-hottext-interaction", name)
                .with("max-choices", if *multiple { "0" } else { "1" })
                .child(prompt(question))
                .child(content);
            Built { responses: vec![declared], body: vec![body], score: Some(rule(partial)) }
        }
        Ask::TextEntry { text, gaps } => text_entry(name, outcome, question, text, gaps),
        Ask::InlineChoice { text, lists, shuffle } => {
            inline_choice(name, outcome, question, text, lists, *shuffle)
        }
        Ask::ExtendedText { lines, marking } => {
            let body = interaction("qti-extended-text-interaction", name)
                .with("expected-lines", lines.to_string())
                .child(prompt(question));
            let declared = declare(name, "single", "string", &[], None);
            Built {
                responses: vec![declared],
                body: vec![body].into_iter().chain(note(marking)).collect(),
                score: None,
            }
        }
        Ask::Upload { types, marking } => {
            let mut body = interaction("qti-upload-interaction", name).child(prompt(question));
            if !types.is_empty() {
                body.set("type", types.join(" "));
            }
            let declared = declare(name, "single", "file", &[], None);
            Built {
                responses: vec![declared],
                body: vec![body].into_iter().chain(note(marking)).collect(),
                score: None,
            }
        }
        Ask::Match { rows, columns, pairs, shuffle } => {
            let key: Vec<String> = pairs.iter().map(|(r, c)| format!("R{} C{}", r + 1, c + 1)).collect();
            let set = |prefix: &str, texts: &[String], at: fn(&(usize, usize)) -> usize| {
                op(
                    "qti-simple-match-set",
                    texts.iter().enumerate().map(|(i, text)| {
                        let uses = pairs.iter().filter(|p| at(p) == i).count();
                        rich("qti-simple-associable-choice", text)
                            .with("identifier", format!("{prefix}{}", i + 1))
                            // As often as is right, but never so that the number tells a row is unused.
                            .with("match-max", if prefix == "R" { uses.max(1) } else { 0 }.to_string())
                    }),
                )
            };
            let body = interaction("qti-match-interaction", name)
                .with("max-associations", "0")
                .with("shuffle", yes(*shuffle))
                .child(prompt(question))
                .child(set("R", rows, |p| p.0))
                .child(set("C", columns, |p| p.1));
            pairs_built(name, "directedPair", key, body, question, rule)
        }
        Ask::GapMatch { text, words, right, shuffle } => {
            let key: Vec<String> =
                right.iter().enumerate().map(|(g, w)| format!("W{} G{}", w + 1, g + 1)).collect();
            let uses = most_uses(right.iter().copied());
            let list = words.iter().enumerate().map(|(i, w)| {
                rich("qti-gap-text", w)
                    .with("identifier", format!("W{}", i + 1))
                    .with("match-max", uses.clone())
            });
            let gaps: Vec<Element> = (1..=right.len()).map(|g| named("qti-gap", &format!("G{g}"))).collect();
            let mut content = rich("div", text);
            fill(&mut content, &gaps);
            let body = interaction("qti-gap-match-interaction", name)
                .with("max-associations", right.len().to_string())
                .with("shuffle", yes(*shuffle))
                .child(prompt(question))
                .children_from(list)
                .child(content);
            pairs_built(name, "directedPair", key, body, question, rule)
        }
        Ask::Order { things } => {
            // The file itself must not give the order away: it stands in the order of the alphabet.
            let mut order: Vec<usize> = (0..things.len()).collect();
            order.sort_by_key(|i| things.get(*i).map(|t| t.to_lowercase()).unwrap_or_default());
            let place = |thing: usize| order.iter().position(|o| *o == thing).unwrap_or(0);
            let key: Vec<String> = (0..things.len()).map(|i| letter(place(i))).collect();
            let list = order.iter().enumerate().filter_map(|(at, thing)| {
                Some(rich("qti-simple-choice", things.get(*thing)?).with("identifier", letter(at)))
            });
            let body = interaction("qti-order-interaction", name)
                .with("shuffle", "true")
                .child(prompt(question))
                .children_from(list);
            let declared = declare(name, "ordered", "identifier", &key, None);
            Built { responses: vec![declared], body: vec![body], score: Some(rule(false)) }
        }
        Ask::Hotspot { image, areas, multiple } => {
            let choices: Vec<Choice> =
                areas.iter().map(|a| Choice { right: a.right, ..Choice::default() }).collect();
            let (declared, partial) = chosen(name, &choices, *multiple, question);
            let spots = areas.iter().enumerate().map(|(i, a)| area("qti-hotspot-choice", &letter(i), a));
            let body = interaction("qti-hotspot-interaction", name)
                .with("max-choices", if *multiple { "0" } else { "1" })
                .child(prompt(question))
                .child(picture(image))
                .children_from(spots);
            Built { responses: vec![declared], body: vec![body], score: Some(rule(partial)) }
        }
        Ask::Associate { things, pairs, shuffle } => {
            let key: Vec<String> =
                pairs.iter().map(|(a, b)| format!("{} {}", letter(*a), letter(*b))).collect();
            let uses = most_uses(pairs.iter().flat_map(|(a, b)| [*a, *b]));
            let list = things.iter().enumerate().map(|(i, t)| {
                rich("qti-simple-associable-choice", t)
                    .with("identifier", letter(i))
                    .with("match-max", uses.clone())
            });
            let body = interaction("qti-associate-interaction", name)
                .with("max-associations", pairs.len().to_string())
                .with("shuffle", yes(*shuffle))
                .child(prompt(question))
                .children_from(list);
            pairs_built(name, "pair", key, body, question, rule)
        }
        Ask::GraphicGapMatch { image, areas, labels, pairs } => {
            let key: Vec<String> = pairs.iter().map(|(l, a)| format!("L{} {}", l + 1, letter(*a))).collect();
            let list = labels.iter().enumerate().map(|(i, l)| {
                rich("qti-gap-text", l).with("identifier", format!("L{}", i + 1)).with("match-max", "0")
            });
            let uses = most_uses(pairs.iter().map(|(_, area)| *area));
            let spots = areas
                .iter()
                .enumerate()
                .map(|(i, a)| area("qti-associable-hotspot", &letter(i), a).with("match-max", uses.clone()));
            let body = interaction("qti-graphic-gap-match-interaction", name)
                .with("max-associations", "0")
                .child(prompt(question))
                .child(picture(image))
                .children_from(list)
                .children_from(spots);
            pairs_built(name, "directedPair", key, body, question, rule)
        }
        Ask::Slider { low, high, step, right, tolerance } => {
            let body = interaction("qti-slider-interaction", name)
                .with("lower-bound", format!("{low}"))
                .with("upper-bound", format!("{high}"))
                .with("step", format!("{step}"))
                .child(prompt(question));
            let declared = declare(name, "single", "float", &[format!("{right}")], None);
            let score = when(outcome, near(name, *right, *tolerance), points);
            Built { responses: vec![declared], body: vec![body], score: Some(score) }
        }
    }
}

/// The declaration of a choice, and whether it is mapped.
fn chosen(name: &str, choices: &[Choice], multiple: bool, question: &Question) -> (Element, bool) {
    let ids = |right: bool| -> Vec<String> {
        choices.iter().enumerate().filter(|(_, c)| c.right == right).map(|(i, _)| letter(i)).collect()
    };
    let partial = question.partial && multiple;
    let mapping = partial.then(|| share(&ids(true), &ids(false), question.points));
    (declare(name, if multiple { "multiple" } else { "single" }, "identifier", &ids(true), mapping), partial)
}

fn pairs_built(
    name: &str,
    kind: &str,
    key: Vec<String>,
    body: Element,
    question: &Question,
    rule: impl Fn(bool) -> Element,
) -> Built {
    let mapping = question.partial.then(|| share(&key, &[], question.points));
    let declared = declare(name, "multiple", kind, &key, mapping);
    Built { responses: vec![declared], body: vec![body], score: Some(rule(question.partial)) }
}

fn near(name: &str, right: f64, tolerance: f64) -> Element {
    op("qti-equal", [number(right), named("qti-variable", name)])
        .with("tolerance-mode", "absolute")
        .with("tolerance", format!("{tolerance} {tolerance}"))
}

fn text_entry(name: &str, outcome: &str, question: &Question, text: &str, gaps: &[TextGap]) -> Built {
    let (mut responses, mut fields, mut tests) = (Vec::new(), Vec::new(), Vec::new());
    for (i, gap) in gaps.iter().enumerate() {
        let own = format!("{name}_{}", i + 1);
        let mut field = interaction("qti-text-entry-interaction", &own);
        match gap {
            TextGap::Words { accepted, case_sensitive } => {
                let first: Vec<String> = accepted.first().map(|a| a.trim().to_owned()).into_iter().collect();
                responses.push(declare(&own, "single", "string", &first, None));
                let longest = accepted.iter().map(|a| a.chars().count()).max().unwrap_or(10);
                // Rounded up, so that the width does not tell the length.
                field.set("expected-length", (longest.div_ceil(10) * 10).to_string());
                let each = accepted.iter().map(|a| {
                    op("qti-string-match", [named("qti-variable", &own), base("string", a.trim())])
                        .with("case-sensitive", yes(*case_sensitive))
                });
                tests.push(op("qti-or", each));
            }
            TextGap::Number { right, tolerance } => {
                responses.push(declare(&own, "single", "float", &[format!("{right}")], None));
                field.set("expected-length", "10");
                tests.push(near(&own, *right, *tolerance));
            }
        }
        fields.push(field);
    }
    let mut content = rich("div", text);
    fill(&mut content, &fields);
    let score = several(outcome, question, tests);
    Built { responses, body: vec![rich("div", &question.prompt), content], score: Some(score) }
}

fn inline_choice(
    name: &str,
    outcome: &str,
    question: &Question,
    text: &str,
    lists: &[Vec<Choice>],
    shuffle: bool,
) -> Built {
    let (mut responses, mut fields, mut tests) = (Vec::new(), Vec::new(), Vec::new());
    for (i, list) in lists.iter().enumerate() {
        let own = format!("{name}_{}", i + 1);
        let right = list.iter().position(|c| c.right).unwrap_or(0);
        responses.push(declare(&own, "single", "identifier", &[letter(right)], None));
        let choices = list.iter().enumerate().map(|(n, c)| {
            let choice = rich("qti-inline-choice", &c.text).with("identifier", letter(n));
            if c.fixed { choice.with("fixed", "true") } else { choice }
        });
        fields.push(
            interaction("qti-inline-choice-interaction", &own)
                .with("shuffle", yes(shuffle))
                .children_from(choices),
        );
        tests.push(is_right(&own));
    }
    let mut content = rich("div", text);
    fill(&mut content, &fields);
    let score = several(outcome, question, tests);
    Built { responses, body: vec![rich("div", &question.prompt), content], score: Some(score) }
}

/// Several places in one question: all must be right, or each earns its share.
fn several(outcome: &str, question: &Question, tests: Vec<Element>) -> Element {
    if !question.partial || tests.len() < 2 {
        return when(outcome, op("qti-and", tests), question.points);
    }
    let each = question.points / tests.len() as f64;
    let rules = tests.into_iter().map(|test| {
        let sum = op("qti-sum", [named("qti-variable", outcome), number(each)]);
        Element::new("qti-response-condition").child(
            Element::new("qti-response-if")
                .child(test)
                .child(named("qti-set-outcome-value", outcome).child(sum)),
        )
    });
    op("qti-response-processing-fragment", rules.collect::<Vec<_>>())
}

/// What only markers see.
fn note(marking: &str) -> Option<Element> {
    if marking.trim().is_empty() {
        return None;
    }
    Some(
        Element::new("qti-rubric-block")
            .with("view", "scorer")
            .with("use", "scoring")
            .child(rich("qti-content-body", marking)),
    )
}

fn picture(image: &Image) -> Element {
    Element::new("img")
        .with("src", image.file.clone())
        .with("alt", image.alternative.clone())
        .with("width", image.width.to_string())
        .with("height", image.height.to_string())
}

fn area(name: &str, identifier: &str, area: &Area) -> Element {
    named(name, identifier)
        .with("shape", area.shape.clone())
        .with("coords", area.coords.clone())
        .with("hotspot-label", area.label.clone())
}

fn media(name: &str, media: &Media) -> Element {
    let player = Element::new(if media.kind.starts_with("video/") { "video" } else { "audio" })
        .with("aria-label", media.label.clone())
        .child(Element::new("source").with("src", media.file.clone()).with("type", media.kind.clone()));
    interaction("qti-media-interaction", name)
        .with("autostart", "false")
        .with("max-plays", media.plays.to_string())
        .child(player)
}
