//! The names we know: QTI elements, the HTML that may stand in content, and what HTML may carry.

/// Every QTI 3.0 element, without `qti-`. Sorted.
const QTI: &[&str] = &[
    "and",
    "any-n",
    "area-map-entry",
    "area-mapping",
    "assessment-item",
    "assessment-item-ref",
    "assessment-section",
    "assessment-section-ref",
    "assessment-stimulus",
    "assessment-stimulus-ref",
    "assessment-test",
    "associable-hotspot",
    "associate-interaction",
    "base-value",
    "branch-rule",
    "calculator",
    "calculator-info",
    "calculator-type",
    "card",
    "card-entry",
    "catalog",
    "catalog-info",
    "choice-interaction",
    "companion-materials-info",
    "container-size",
    "contains",
    "content-body",
    "context-declaration",
    "context-variable",
    "correct",
    "correct-response",
    "custom-interaction",
    "custom-operator",
    "custom-option",
    "default",
    "default-value",
    "delete",
    "description",
    "digital-material",
    "divide",
    "drawing-interaction",
    "duration-gte",
    "duration-lt",
    "end-attempt-interaction",
    "equal",
    "equal-rounded",
    "exit-response",
    "exit-template",
    "exit-test",
    "extended-text-interaction",
    "feedback-block",
    "feedback-inline",
    "field-value",
    "file-href",
    "gap",
    "gap-img",
    "gap-match-interaction",
    "gap-text",
    "gcd",
    "graphic-associate-interaction",
    "graphic-gap-match-interaction",
    "graphic-order-interaction",
    "gt",
    "gte",
    "hotspot-choice",
    "hotspot-interaction",
    "hottext",
    "hottext-interaction",
    "html-content",
    "include",
    "index",
    "increment-si",
    "increment-us",
    "inline-choice",
    "inline-choice-interaction",
    "inside",
    "integer-divide",
    "integer-modulus",
    "integer-to-float",
    "interaction-markup",
    "interaction-module",
    "interaction-modules",
    "interpolation-table",
    "interpolation-table-entry",
    "is-null",
    "item-body",
    "item-file-info",
    "item-session-control",
    "lcm",
    "lookup-outcome-value",
    "lt",
    "lte",
    "major-increment",
    "map-entry",
    "map-response",
    "map-response-point",
    "mapping",
    "match",
    "match-interaction",
    "match-table",
    "match-table-entry",
    "math-constant",
    "math-operator",
    "max",
    "media-interaction",
    "member",
    "min",
    "minimum-length",
    "minor-increment",
    "modal-feedback",
    "multiple",
    "not",
    "null",
    "number-correct",
    "number-incorrect",
    "number-presented",
    "number-responded",
    "number-selected",
    "or",
    "order-interaction",
    "ordered",
    "ordering",
    "outcome-condition",
    "outcome-declaration",
    "outcome-else",
    "outcome-else-if",
    "outcome-if",
    "outcome-maximum",
    "outcome-minimum",
    "outcome-processing",
    "outcome-processing-fragment",
    "pattern-match",
    "physical-material",
    "portable-custom-interaction",
    "position-object-interaction",
    "position-object-stage",
    "power",
    "pre-condition",
    "printed-variable",
    "product",
    "prompt",
    "protractor",
    "random",
    "random-float",
    "random-integer",
    "repeat",
    "resource-icon",
    "response-condition",
    "response-declaration",
    "response-else",
    "response-else-if",
    "response-if",
    "response-processing",
    "response-processing-fragment",
    "round",
    "round-to",
    "rubric-block",
    "rule",
    "rule-system-si",
    "rule-system-us",
    "select-point-interaction",
    "selection",
    "set-correct-response",
    "set-default-value",
    "set-outcome-value",
    "set-template-value",
    "simple-associable-choice",
    "simple-choice",
    "simple-match-set",
    "slider-interaction",
    "stats-operator",
    "stimulus-body",
    "string-match",
    "stylesheet",
    "substring",
    "subtract",
    "sum",
    "table",
    "template-block",
    "template-block-feedback",
    "template-condition",
    "template-constraint",
    "template-declaration",
    "template-default",
    "template-else",
    "template-else-if",
    "template-if",
    "template-inline",
    "template-processing",
    "template-variable",
    "test-feedback",
    "test-part",
    "test-variables",
    "text-entry-interaction",
    "time-limits",
    "truncate",
    "upload-interaction",
    "value",
    "variable",
    "variable-mapping",
    "weight",
];

/// Names that exist in QTI 2.x only.
const OLD: &[&str] = &["infoControl", "testRubricBlock"];

/// HTML elements that may stand in content. Sorted.
const HTML: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "audio",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "label",
    "li",
    "mark",
    "nav",
    "object",
    "ol",
    "p",
    "param",
    "picture",
    "pre",
    "q",
    "rb",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "track",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

/// MathML presentation and content that is drawn by browsers. Sorted.
const MATHML: &[&str] = &[
    "annotation",
    "annotation-xml",
    "maction",
    "maligngroup",
    "malignmark",
    "math",
    "menclose",
    "merror",
    "mfenced",
    "mfrac",
    "mglyph",
    "mi",
    "mlabeledtr",
    "mlongdiv",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "ms",
    "mscarries",
    "mscarry",
    "msgroup",
    "msline",
    "mspace",
    "msqrt",
    "msrow",
    "mstack",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "none",
    "semantics",
    "ci",
    "cn",
    "apply",
    "csymbol",
];

/// Speech markup kept for reading aloud.
const SSML: &[&str] = &[
    "audio", "break", "desc", "emphasis", "lexicon", "mark", "p", "phoneme", "prosody", "s", "say-as",
    "speak", "sub", "voice", "w", "token", "lang",
];

/// Whether `name` (with `qti-`) is a QTI 3.0 element.
pub fn is_qti(name: &str) -> bool {
    name.strip_prefix("qti-").is_some_and(|rest| QTI.contains(&rest))
}

/// The 3.0 name of a 2.x element, if it is one.
pub fn upgraded(name: &str) -> Option<String> {
    let special = match name {
        "durationLT" => Some("qti-duration-lt"),
        "durationGTE" => Some("qti-duration-gte"),
        // A caption or table of HTML must not become a QTI name.
        "table" | "param" => return None,
        _ => None,
    };
    if let Some(name) = special {
        return Some(name.to_owned());
    }
    if name.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let new = format!("qti-{}", kebab(name));
    is_qti(&new).then_some(new)
}

/// Whether the name belongs to 2.x alone.
pub fn is_old(name: &str) -> bool {
    OLD.contains(&name)
}

/// `responseIdentifier` to `response-identifier`; names that start with a capital are none of 2.x and stay.
pub fn kebab(name: &str) -> String {
    if name.starts_with(|c: char| c.is_ascii_uppercase()) {
        return name.to_owned();
    }
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('-');
            out.push(c.to_ascii_lowercase());
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether an HTML element may stand in content.
pub fn is_html(name: &str) -> bool {
    HTML.binary_search(&name).is_ok()
}

/// Whether a MathML element may stand in content.
pub fn is_mathml(name: &str) -> bool {
    MATHML.contains(&name)
}

/// Whether a speech element is kept.
pub fn is_ssml(name: &str) -> bool {
    SSML.contains(&name)
}

/// Whether an attribute may stand on an HTML element.
pub fn is_html_attribute(element: &str, name: &str) -> bool {
    if name.starts_with("data-") || name.starts_with("aria-") {
        return true;
    }
    if matches!(name, "id" | "class" | "lang" | "xml:lang" | "xml:space" | "dir" | "title" | "role" | "label")
    {
        return true;
    }
    match element {
        "a" => matches!(name, "href" | "type" | "hreflang"),
        "img" => matches!(name, "src" | "alt" | "width" | "height" | "longdesc" | "srcset" | "sizes"),
        "object" => matches!(name, "data" | "type" | "width" | "height"),
        "param" => matches!(name, "name" | "value"),
        "audio" | "video" => matches!(
            name,
            "src" | "controls" | "loop" | "muted" | "poster" | "preload" | "width" | "height" | "crossorigin"
        ),
        "source" => matches!(name, "src" | "srcset" | "type" | "media" | "sizes"),
        "track" => matches!(name, "src" | "kind" | "srclang" | "label" | "default"),
        "td" | "th" => {
            matches!(name, "colspan" | "rowspan" | "headers" | "scope" | "abbr" | "align" | "valign")
        }
        "col" | "colgroup" => matches!(name, "span"),
        "table" => matches!(name, "summary"),
        "ol" => matches!(name, "start" | "type" | "reversed"),
        "li" => name == "value",
        "q" | "blockquote" | "del" | "ins" => matches!(name, "cite" | "datetime"),
        "time" => name == "datetime",
        "details" => name == "open",
        _ => false,
    }
}

/// Whether an address may be kept: inside the package, or a web address, or an image in the text itself.
pub fn is_safe_address(element: &str, value: &str) -> bool {
    let cleaned: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let lower = cleaned.to_ascii_lowercase();
    match lower.find([':', '/', '?', '#']) {
        Some(at) if lower.as_bytes().get(at) == Some(&b':') => {
            let scheme = lower.get(..at).unwrap_or_default();
            match scheme {
                "http" | "https" => true,
                "mailto" => element == "a",
                "data" => {
                    let rest = lower.get(at + 1..).unwrap_or_default();
                    ["image/png", "image/jpeg", "image/gif", "image/webp", "audio/", "video/"]
                        .iter()
                        .any(|kind| rest.starts_with(kind))
                }
                _ => false,
            }
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_html_list_is_sorted_for_searching() {
        assert!(HTML.windows(2).all(|w| w[0] < w[1]));
    }

    #[test]
    fn names_of_two_become_names_of_three() {
        assert_eq!(upgraded("choiceInteraction").as_deref(), Some("qti-choice-interaction"));
        assert_eq!(upgraded("anyN").as_deref(), Some("qti-any-n"));
        assert_eq!(upgraded("durationGTE").as_deref(), Some("qti-duration-gte"));
        assert_eq!(upgraded("p"), None);
        assert_eq!(upgraded("table"), None);
        assert_eq!(upgraded("mod"), None);
    }

    #[test]
    fn script_addresses_are_refused_however_they_are_spelled() {
        for bad in [
            "javascript:alert(1)",
            " java\nscript:x",
            "JAVASCRIPT:x",
            "vbscript:x",
            "data:text/html,x",
            "file:///etc/passwd",
        ] {
            assert!(!is_safe_address("a", bad), "{bad}");
        }
        for good in ["img/a.png", "a.png?x:y", "https://x.nl/a", "data:image/png;base64,AA=="] {
            assert!(is_safe_address("img", good), "{good}");
        }
    }
}
