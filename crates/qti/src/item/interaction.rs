//! Interactions: which variable they fill, what may be chosen, and how often.

use super::Variables;
use crate::import::Source;
use crate::report::Severity;
use crate::value::{BaseType, Cardinality};
use crate::xml::{Element, Path};

/// The kinds of interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Choose from a list.
    Choice,
    /// Type a word or number.
    TextEntry,
    /// Write a text.
    ExtendedText,
    /// Choose from a list inside a sentence.
    InlineChoice,
    /// Connect members of two sets.
    Match,
    /// Fill gaps in a text.
    GapMatch,
    /// Put in order.
    Order,
    /// Choose words in a text.
    Hottext,
    /// Hand in a file.
    Upload,
    /// Listen or watch.
    Media,
    /// Choose areas of an image.
    Hotspot,
    /// Pair members of one set.
    Associate,
    /// Place labels on an image.
    GraphicGapMatch,
    /// Choose a number on a scale.
    Slider,
    /// Number areas of an image.
    GraphicOrder,
    /// Connect areas of an image.
    GraphicAssociate,
    /// Point at an image.
    SelectPoint,
    /// Place an object on an image.
    PositionObject,
    /// A button that ends the attempt.
    EndAttempt,
    /// A portable custom interaction.
    Portable,
    /// Draw on an image.
    Drawing,
    /// Something private to one system.
    Custom,
}

impl Kind {
    /// The kind of an element, if it is an interaction.
    pub fn of(name: &str) -> Option<Self> {
        Some(match name.strip_prefix("qti-")?.strip_suffix("-interaction")? {
            "choice" => Self::Choice,
            "text-entry" => Self::TextEntry,
            "extended-text" => Self::ExtendedText,
            "inline-choice" => Self::InlineChoice,
            "match" => Self::Match,
            "gap-match" => Self::GapMatch,
            "order" => Self::Order,
            "hottext" => Self::Hottext,
            "upload" => Self::Upload,
            "media" => Self::Media,
            "hotspot" => Self::Hotspot,
            "associate" => Self::Associate,
            "graphic-gap-match" => Self::GraphicGapMatch,
            "slider" => Self::Slider,
            "graphic-order" => Self::GraphicOrder,
            "graphic-associate" => Self::GraphicAssociate,
            "select-point" => Self::SelectPoint,
            "position-object" => Self::PositionObject,
            "end-attempt" => Self::EndAttempt,
            "portable-custom" => Self::Portable,
            "drawing" => Self::Drawing,
            "custom" => Self::Custom,
            _ => return None,
        })
    }

    /// Whether the candidate answers it, rather than plays or ends something.
    pub fn is_answered(self) -> bool {
        !matches!(self, Self::Media | Self::EndAttempt)
    }

    /// Whether its answers name choices.
    pub fn names_choices(self) -> bool {
        matches!(
            self,
            Self::Choice
                | Self::InlineChoice
                | Self::Order
                | Self::Hottext
                | Self::Hotspot
                | Self::GraphicOrder
        )
    }

    /// Whether its answers are pairs of choices.
    pub fn pairs_choices(self) -> bool {
        matches!(
            self,
            Self::Match | Self::GapMatch | Self::Associate | Self::GraphicGapMatch | Self::GraphicAssociate
        )
    }

    fn bases(self) -> &'static [BaseType] {
        match self {
            Self::Choice
            | Self::InlineChoice
            | Self::Order
            | Self::Hottext
            | Self::Hotspot
            | Self::GraphicOrder => &[BaseType::Identifier],
            Self::Match | Self::GapMatch | Self::GraphicGapMatch => &[BaseType::DirectedPair],
            Self::Associate | Self::GraphicAssociate => &[BaseType::Pair],
            Self::Upload | Self::Drawing => &[BaseType::File],
            Self::Slider | Self::Media => &[BaseType::Integer, BaseType::Float],
            Self::SelectPoint | Self::PositionObject => &[BaseType::Point],
            Self::EndAttempt => &[BaseType::Boolean],
            Self::TextEntry => &[BaseType::String, BaseType::Integer, BaseType::Float],
            Self::ExtendedText => &[BaseType::String, BaseType::Integer, BaseType::Float],
            Self::Portable | Self::Custom => &[],
        }
    }
}

/// Something that can be chosen.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its identifier.
    pub identifier: String,
    /// How often it may be used in pairs; 0 is without limit.
    pub match_max: usize,
    /// How often it must be used in pairs.
    pub match_min: usize,
    /// The other side it belongs to: 0 first, 1 second (targets, gaps).
    pub side: u8,
}

/// An interaction of an item.
#[derive(Clone, Debug)]
pub struct Interaction {
    /// What kind.
    pub kind: Kind,
    /// The name of the variable it fills.
    pub identifier: String,
    /// The slot of that variable.
    pub slot: Option<u16>,
    /// Most choices or pairs; 0 is without limit.
    pub maximum: usize,
    /// Fewest choices or pairs.
    pub minimum: usize,
    /// What can be chosen.
    pub choices: Vec<Choice>,
    /// The form a typed answer must have.
    pub pattern: Option<String>,
    /// Lowest and highest value of a slider.
    pub bounds: Option<(f64, f64)>,
    /// Line in the source.
    pub line: u32,
}

/// Reads all interactions of an item body and sets what they decide about their variables.
pub fn interactions(
    document: &Element,
    variables: &mut Variables,
    source: &mut Source<'_>,
) -> Vec<Interaction> {
    let mut found = Vec::new();
    let root = Path::root(&document.name);
    for (i, child) in document.elements().enumerate() {
        if child.name == "qti-item-body" {
            collect(child, &root.at(&child.name, i + 1), variables, source, &mut found);
        }
    }
    found
}

fn collect(
    element: &Element,
    path: &Path<'_>,
    variables: &mut Variables,
    source: &mut Source<'_>,
    found: &mut Vec<Interaction>,
) {
    if let Some(kind) = Kind::of(&element.name) {
        found.push(read(kind, element, path, variables, source));
    }
    for (i, child) in element.elements().enumerate() {
        collect(child, &path.at(&child.name, i + 1), variables, source, found);
    }
}

fn read(
    kind: Kind,
    element: &Element,
    path: &Path<'_>,
    variables: &mut Variables,
    source: &mut Source<'_>,
) -> Interaction {
    let line = element.line;
    let mut say =
        |severity, code, message: String| source.report.add(severity, code, line, path.to_string(), message);
    let identifier = element.get("response-identifier").unwrap_or_default().trim().to_owned();
    let slot = variables.named(&identifier).map(|(slot, _)| slot);
    match slot.and_then(|s| variables.get(s)) {
        None if identifier.is_empty() => {
            say(Severity::Error, "response", "the interaction has no response-identifier".to_owned());
        }
        None => say(
            Severity::Error,
            "response",
            format!("{identifier} is answered here but not declared; add a response declaration"),
        ),
        Some(variable) => {
            let bases = kind.bases();
            let fits = variable.cardinality == Cardinality::Record
                || bases.is_empty()
                || variable.base.is_some_and(|b| bases.contains(&b));
            if !fits {
                let have = variable.base.map_or("no type", BaseType::name);
                let want = bases.iter().map(|b| b.name()).collect::<Vec<_>>().join(" or ");
                say(
                    Severity::Warning,
                    "response",
                    format!("{identifier} is of type {have}; this interaction gives {want}"),
                );
            }
        }
    }
    if kind == Kind::Custom {
        say(
            Severity::Warning,
            "custom-interaction",
            "this interaction is private to another system; candidates get a plain answer field instead"
                .to_owned(),
        );
    }
    if kind == Kind::Portable {
        for modules in element.all("qti-interaction-modules") {
            let places = ["primary-configuration", "secondary-configuration"];
            if let Some(file) = places.iter().find_map(|name| modules.get(name)) {
                let message = format!(
                    "the module configuration {file} is not read; give each module as a qti-interaction-module with its path"
                );
                say(Severity::Warning, "portable-configuration", message);
            }
        }
        if element.find("qti-context-variable").is_some() {
            let message = "context variables are not given to the interaction; it sees template variables and its properties";
            say(Severity::Warning, "portable-context", message.to_owned());
        }
    }
    if (kind == Kind::TextEntry || kind == Kind::ExtendedText)
        && let (Some(slot), Some(radix)) = (slot, element.get("base").and_then(|b| b.trim().parse().ok()))
        && let Some(variable) = variables.list.get_mut(usize::from(slot))
        && (2..=36).contains(&radix)
    {
        variable.radix = radix;
    }
    let count = |name: &str| element.get(name).and_then(|v| v.trim().parse::<usize>().ok());
    let (max_name, min_name, default_max) = match kind {
        Kind::Match | Kind::Associate | Kind::GraphicAssociate | Kind::GapMatch | Kind::GraphicGapMatch => {
            ("max-associations", "min-associations", 1)
        }
        Kind::SelectPoint | Kind::Order | Kind::GraphicOrder => ("max-choices", "min-choices", 0),
        Kind::Media => ("max-plays", "min-plays", 0),
        Kind::ExtendedText => ("max-strings", "min-strings", 0),
        _ => ("max-choices", "min-choices", 1),
    };
    let number = |name: &str| element.get(name).and_then(|v| crate::value::parse_float(v.trim()));
    let choices = choices(kind, element);
    let mut seen = std::collections::HashSet::new();
    for choice in &choices {
        if choice.identifier.is_empty() {
            say(Severity::Error, "choice", "a choice has no identifier".to_owned());
        } else if !seen.insert(choice.identifier.as_str()) {
            say(
                Severity::Error,
                "choice",
                format!("the identifier {} is used by two choices", choice.identifier),
            );
        }
    }
    Interaction {
        kind,
        slot,
        maximum: count(max_name).unwrap_or(default_max),
        minimum: count(min_name).unwrap_or(0),
        choices,
        pattern: element.get("pattern-mask").map(str::to_owned),
        bounds: match kind {
            Kind::Slider => number("lower-bound").zip(number("upper-bound")),
            _ => None,
        },
        line,
        identifier,
    }
}

fn choices(kind: Kind, element: &Element) -> Vec<Choice> {
    let mut found = Vec::new();
    let make = |e: &Element, side| {
        let count = |name: &str, default| e.get(name).and_then(|v| v.trim().parse().ok()).unwrap_or(default);
        Choice {
            identifier: e.get("identifier").unwrap_or_default().trim().to_owned(),
            // Gaps take one word unless they say otherwise; everything else defaults to one as well.
            match_max: count("match-max", 1),
            match_min: count("match-min", 0),
            side,
        }
    };
    match kind {
        Kind::Match => {
            for (side, set) in element.all("qti-simple-match-set").enumerate() {
                let side = u8::from(side > 0);
                found.extend(set.all("qti-simple-associable-choice").map(|e| make(e, side)));
            }
        }
        Kind::TextEntry
        | Kind::ExtendedText
        | Kind::Upload
        | Kind::Media
        | Kind::Slider
        | Kind::EndAttempt => {}
        _ => element.walk(&mut |e| match e.name.as_str() {
            "qti-simple-choice"
            | "qti-inline-choice"
            | "qti-hottext"
            | "qti-hotspot-choice"
            | "qti-simple-associable-choice"
            | "qti-gap-text"
            | "qti-gap-img" => found.push(make(e, 0)),
            "qti-gap" => found.push(make(e, 1)),
            "qti-associable-hotspot" => {
                found.push(make(e, u8::from(kind == Kind::GraphicGapMatch)));
            }
            _ => {}
        }),
    }
    found
}
