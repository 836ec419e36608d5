//! What a maker must still fix.

use super::{Area, Ask, Block, Choice, Draft, Image, Question, TextGap};
use crate::import::{clean, is_safe_address};
use crate::item::Shape;
use crate::render::Lang;
use crate::report::{Report, Severity};
use crate::xml::{Limits, read};
use serde::Serialize;

/// Something to fix, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// The block, from 1; 0 is the item itself.
    pub block: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Problem {
    /// No identifier, or one that QTI does not allow.
    Identifier,
    /// No title.
    Title,
    /// Nothing to show.
    Empty,
    /// A text that is not well-formed.
    Text(String),
    /// An image in a text without a description.
    Alternative,
    /// Nothing is asked.
    Prompt,
    /// Points are not above 0.
    Points,
    /// Fewer than two choices.
    TooFew,
    /// A choice without text.
    Blank(usize),
    /// Two choices are the same.
    Twice(usize),
    /// Nothing is right.
    NoneRight,
    /// More is right than can be chosen.
    ManyRight,
    /// Everything is right.
    AllRight,
    /// The text does not have each of its places once.
    Places(usize),
    /// A pair names something that is not there.
    Pair,
    /// An image without file, size or description.
    Image,
    /// An area without known shape, or outside the image.
    Area(usize),
    /// An area without a name.
    AreaName(usize),
    /// A scale that cannot be.
    Scale,
    /// A medium without file or with an unknown type.
    Media,
    /// A tolerance below 0, or a number that is none.
    Number(usize),
}

impl Issue {
    /// The sentence for the maker.
    pub fn text(&self, lang: Lang) -> String {
        let place = match (self.block, lang) {
            (0, Lang::Nl) => "Het item".to_owned(),
            (0, Lang::En) => "The item".to_owned(),
            (n, Lang::Nl) => format!("Blok {n}"),
            (n, Lang::En) => format!("Block {n}"),
        };
        let (nl, en) = self.problem.texts();
        format!("{place}: {}", if lang == Lang::Nl { nl } else { en })
    }
}

impl Problem {
    fn texts(&self) -> (String, String) {
        let both = |nl: &str, en: &str| (nl.to_owned(), en.to_owned());
        match self {
            Self::Identifier => both(
                "geef een code die met een letter begint en alleen letters, cijfers, - en _ heeft.",
                "give a code that starts with a letter and has only letters, digits, - and _.",
            ),
            Self::Title => both("geef een titel.", "give a title."),
            Self::Empty => both("voeg een tekst of vraag toe.", "add a text or a question."),
            Self::Text(why) => (
                format!("de tekst kan niet worden gelezen ({why})."),
                format!("the text cannot be read ({why})."),
            ),
            Self::Alternative => both(
                "beschrijf elke afbeelding in de tekst (alt), of geef aan dat zij versiering is (alt=\"\").",
                "describe each image in the text (alt), or say that it is decoration (alt=\"\").",
            ),
            Self::Prompt => both("schrijf op wat er gevraagd wordt.", "write what is asked."),
            Self::Points => both("geef meer dan 0 punten.", "give more than 0 points."),
            Self::TooFew => both("geef minstens twee mogelijkheden.", "give at least two possibilities."),
            Self::Blank(n) => (
                format!("mogelijkheid {n} is leeg; vul haar in of haal haar weg."),
                format!("possibility {n} is empty; fill it in or remove it."),
            ),
            Self::Twice(n) => {
                (format!("mogelijkheid {n} staat er al."), format!("possibility {n} is there already."))
            }
            Self::NoneRight => both("wijs aan wat goed is.", "say what is right."),
            Self::ManyRight => {
                both("er is meer goed dan gekozen kan worden.", "more is right than can be chosen.")
            }
            Self::AllRight => both(
                "alles is goed; dan valt er niets te kiezen.",
                "everything is right, so there is nothing to choose.",
            ),
            Self::Places(n) => (
                format!("zet de plekken [[1]] tot en met [[{n}]] elk één keer in de tekst."),
                format!("put the places [[1]] to [[{n}]] in the text once each."),
            ),
            Self::Pair => both(
                "een paar verwijst naar iets dat er niet is.",
                "a pair names something that is not there.",
            ),
            Self::Image => both(
                "kies een afbeelding, met breedte, hoogte en een beschrijving voor wie haar niet ziet.",
                "choose an image, with width, height and a description for who cannot see it.",
            ),
            Self::Area(n) => (
                format!("teken gebied {n} opnieuw, binnen de afbeelding."),
                format!("draw area {n} again, inside the image."),
            ),
            Self::AreaName(n) => (
                format!("geef gebied {n} een naam voor wie de afbeelding niet ziet."),
                format!("give area {n} a name for who cannot see the image."),
            ),
            Self::Scale => both(
                "de schaal klopt niet: laagste onder hoogste, stap boven 0, en het goede getal op een stap ertussen.",
                "the scale is not right: lowest below highest, step above 0, and the right number on a step between.",
            ),
            Self::Media => both("kies een geluids- of filmbestand.", "choose a sound or film file."),
            Self::Number(n) => (
                format!("plek {n}: geef een getal, en een afwijking van 0 of meer."),
                format!("place {n}: give a number, and a tolerance of 0 or more."),
            ),
        }
    }
}

/// Everything that must be fixed; empty when the item can be built.
pub fn check(draft: &Draft) -> Vec<Issue> {
    let mut issues = Vec::new();
    let mut chars = draft.identifier.chars();
    let starts = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    if !starts || !chars.all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) {
        issues.push(Issue { block: 0, problem: Problem::Identifier });
    }
    if draft.title.trim().is_empty() {
        issues.push(Issue { block: 0, problem: Problem::Title });
    }
    if draft.blocks.is_empty() {
        issues.push(Issue { block: 0, problem: Problem::Empty });
    }
    for (i, block) in draft.blocks.iter().enumerate() {
        let mut problems = Problems(Vec::new());
        match block {
            Block::Text(text) => {
                problems.text(text);
                problems.when(text.trim().is_empty(), Problem::Empty);
            }
            Block::Media(media) => {
                let known = media.kind.starts_with("audio/") || media.kind.starts_with("video/");
                problems.when(!known || !is_file(&media.file), Problem::Media);
            }
            Block::Question(question) => problems.question(question),
        }
        issues.extend(problems.0.into_iter().map(|problem| Issue { block: i + 1, problem }));
    }
    issues
}

fn is_file(file: &str) -> bool {
    !file.trim().is_empty()
        && is_safe_address("img", file)
        && crate::import::resolve("item.xml", file).is_some()
}

struct Problems(Vec<Problem>);

impl Problems {
    fn when(&mut self, wrong: bool, problem: Problem) {
        if wrong {
            self.0.push(problem);
        }
    }

    fn text(&mut self, text: &str) {
        match read(&format!("<div>{text}</div>"), &Limits::default()) {
            Err(error) => self.0.push(Problem::Text(error.reason)),
            Ok(mut element) => {
                let mut nameless = false;
                element.walk(&mut |e| nameless |= e.name == "img" && e.get("alt").is_none());
                self.when(nameless, Problem::Alternative);
                // What an import would leave out, a maker must know of.
                let mut report = Report::new("text");
                clean(&mut element, &mut report);
                if let Some(finding) = report.findings.iter().find(|f| f.severity > Severity::Info) {
                    self.0.push(Problem::Text(finding.message.clone()));
                }
            }
        }
    }

    fn question(&mut self, question: &Question) {
        self.text(&question.prompt);
        self.when(question.prompt.trim().is_empty(), Problem::Prompt);
        self.when(!(question.points.is_finite() && question.points > 0.0), Problem::Points);
        match &question.ask {
            Ask::Choice { choices, multiple, .. } => self.choices(choices, *multiple),
            Ask::TextEntry { text, gaps } => {
                self.places(text, gaps.len());
                for (i, gap) in gaps.iter().enumerate() {
                    match gap {
                        TextGap::Words { accepted, .. } => {
                            self.when(accepted.is_empty(), Problem::NoneRight);
                            self.when(accepted.iter().any(|a| a.trim().is_empty()), Problem::Blank(i + 1));
                        }
                        TextGap::Number { right, tolerance } => {
                            let fine = right.is_finite() && tolerance.is_finite() && *tolerance >= 0.0;
                            self.when(!fine, Problem::Number(i + 1));
                        }
                    }
                }
            }
            Ask::InlineChoice { text, lists, .. } => {
                self.places(text, lists.len());
                for list in lists {
                    self.choices(list, false);
                }
            }
            Ask::ExtendedText { marking, .. } | Ask::Upload { marking, .. } => self.text(marking),
            Ask::Match { rows, columns, pairs, .. } => {
                self.things(rows);
                self.things(columns);
                self.pairs(pairs, rows.len(), columns.len());
            }
            Ask::GapMatch { text, words, right, .. } => {
                self.places(text, right.len());
                self.things(words);
                self.when(right.iter().any(|w| *w >= words.len()), Problem::Pair);
            }
            Ask::Order { things } => self.things(things),
            Ask::Hottext { text, words, multiple } => {
                self.places(text, words.len());
                self.choices(words, *multiple);
            }
            Ask::Hotspot { image, areas, multiple } => {
                self.image(image, areas);
                let right = areas.iter().filter(|a| a.right).count();
                self.when(areas.len() < 2, Problem::TooFew);
                self.when(right == 0, Problem::NoneRight);
                self.when(right > 1 && !multiple, Problem::ManyRight);
            }
            Ask::Associate { things, pairs, .. } => {
                self.things(things);
                self.pairs(pairs, things.len(), things.len());
                self.when(pairs.iter().any(|(a, b)| a == b), Problem::Pair);
            }
            Ask::GraphicGapMatch { image, areas, labels, pairs } => {
                self.image(image, areas);
                self.things(labels);
                self.pairs(pairs, labels.len(), areas.len());
            }
            Ask::Slider { low, high, step, right, tolerance } => {
                let numbers = [low, high, step, right, tolerance].iter().all(|n| n.is_finite());
                let off = (right - low).rem_euclid(*step);
                let reachable = off.min(step - off) <= tolerance.max(step * 1e-6);
                let fine = numbers
                    && low < high
                    && *step > 0.0
                    && reachable
                    && right >= low
                    && right <= high
                    && *tolerance >= 0.0;
                self.when(!fine, Problem::Scale);
            }
        }
    }

    fn choices(&mut self, choices: &[Choice], multiple: bool) {
        let texts: Vec<String> = choices.iter().map(|c| c.text.clone()).collect();
        self.things(&texts);
        let right = choices.iter().filter(|c| c.right).count();
        self.when(right == 0, Problem::NoneRight);
        self.when(right > 1 && !multiple, Problem::ManyRight);
        self.when(multiple && right > 0 && right == choices.len(), Problem::AllRight);
    }

    fn things(&mut self, things: &[String]) {
        self.when(things.len() < 2, Problem::TooFew);
        for (i, thing) in things.iter().enumerate() {
            self.text(thing);
            self.when(thing.trim().is_empty(), Problem::Blank(i + 1));
            let before = things.iter().take(i).any(|t| t.trim() == thing.trim());
            self.when(before && !thing.trim().is_empty(), Problem::Twice(i + 1));
        }
    }

    fn places(&mut self, text: &str, count: usize) {
        self.text(text);
        // Places count in running text only; in an attribute nothing can stand.
        let running = read(&format!("<div>{text}</div>"), &Limits::default()).map(|e| e.text());
        let text = running.unwrap_or_default();
        let each = (1..=count).all(|n| text.matches(&format!("[[{n}]]")).count() == 1);
        self.when(count == 0 || !each || text.matches("[[").count() != count, Problem::Places(count.max(1)));
    }

    fn pairs(&mut self, pairs: &[(usize, usize)], left: usize, right: usize) {
        self.when(pairs.is_empty(), Problem::NoneRight);
        self.when(pairs.iter().any(|(a, b)| *a >= left || *b >= right), Problem::Pair);
        let double = pairs.iter().enumerate().any(|(i, p)| pairs.iter().take(i).any(|q| p == q));
        self.when(double, Problem::Pair);
    }

    fn image(&mut self, image: &Image, areas: &[Area]) {
        let fine = is_file(&image.file)
            && image.width > 0
            && image.height > 0
            && !image.alternative.trim().is_empty();
        self.when(!fine, Problem::Image);
        for (i, area) in areas.iter().enumerate() {
            let inside = match Shape::read(&area.shape, &area.coords) {
                Some(Shape::Default) | None => false,
                Some(shape) => {
                    let (x, y) = shape.middle();
                    x >= 0.0 && y >= 0.0 && x <= f64::from(image.width) && y <= f64::from(image.height)
                }
            };
            self.when(!inside, Problem::Area(i + 1));
            self.when(area.label.trim().is_empty(), Problem::AreaName(i + 1));
        }
    }
}
