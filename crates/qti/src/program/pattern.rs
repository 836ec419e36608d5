//! XML Schema regular expressions in the notation of a linear-time engine.

use regex::{Regex, RegexBuilder};

/// XML name start characters, as in `\i`.
const INITIAL: &str = r":A-Z_a-z\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{2FF}\u{370}-\u{37D}\u{37F}-\u{1FFF}\u{200C}-\u{200D}\u{2070}-\u{218F}\u{2C00}-\u{2FEF}\u{3001}-\u{D7FF}\u{F900}-\u{FDCF}\u{FDF0}-\u{FFFD}\u{10000}-\u{EFFFF}";
/// What `\c` adds.
const MORE: &str = r"\-.0-9\u{B7}\u{300}-\u{36F}\u{203F}-\u{2040}";
/// Longest pattern taken.
const LONGEST: usize = 4096;

/// Compiles a schema pattern; it always stands for the whole text.
///
/// # Errors
/// A sentence when the pattern is not one of XML Schema, or would be too large.
pub fn xsd_regex(pattern: &str, case_sensitive: bool) -> Result<Regex, String> {
    if pattern.len() > LONGEST {
        return Err(format!("the pattern is longer than {LONGEST} characters"));
    }
    // Items made for browsers carry anchors; in XML Schema every pattern is anchored already.
    let bare = pattern.strip_prefix('^').unwrap_or(pattern);
    let bare = match bare.strip_suffix('$') {
        Some(head) if !head.ends_with('\\') => head,
        _ => bare,
    };
    let translated = translate(bare)?;
    RegexBuilder::new(&format!(r"\A(?:{translated})\z"))
        .case_insensitive(!case_sensitive)
        .size_limit(1 << 20)
        .build()
        .map_err(|e| format!("the pattern \u{201c}{pattern}\u{201d} is not a regular expression: {e}"))
}

fn translate(pattern: &str) -> Result<String, String> {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut chars = pattern.chars().peekable();
    // Depth of character classes: `[a-z-[aeiou]]` nests.
    let mut depth = 0usize;
    let mut class_start = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let next = chars.next().ok_or("the pattern ends in a backslash")?;
                escape(next, depth > 0, &mut chars, &mut out)?;
                class_start = false;
            }
            '[' if depth == 0 => {
                depth = 1;
                class_start = true;
                out.push('[');
                if chars.peek() == Some(&'^') {
                    chars.next();
                    out.push('^');
                }
            }
            '-' if depth > 0 && chars.peek() == Some(&'[') => {
                // Subtraction: the engine writes it as two hyphens.
                chars.next();
                depth += 1;
                class_start = true;
                out.push_str("--[");
                if chars.peek() == Some(&'^') {
                    chars.next();
                    out.push('^');
                }
            }
            ']' if depth > 0 && !class_start => {
                depth -= 1;
                out.push(']');
            }
            '-' if depth > 0 && (class_start || chars.peek() == Some(&']')) => {
                out.push_str("\\-");
                class_start = false;
            }
            '[' | '&' | '~' if depth > 0 => {
                out.push('\\');
                out.push(c);
                class_start = false;
            }
            '.' if depth == 0 => out.push_str(r"[^\n\r]"),
            '^' | '$' if depth == 0 => {
                // Literal in XML Schema.
                out.push('\\');
                out.push(c);
            }
            '(' if depth == 0 => {
                if chars.peek() == Some(&'?') {
                    chars.next();
                    if chars.next() != Some(':') {
                        return Err(
                            "look-around and named groups are not part of XML Schema patterns".to_owned()
                        );
                    }
                }
                out.push_str("(?:");
            }
            '?' | '*' | '+' if depth == 0 && matches!(chars.peek(), Some('?' | '+')) => {
                return Err("lazy and possessive repetition are not part of XML Schema patterns".to_owned());
            }
            ' ' | '#' => {
                out.push(c);
                class_start = false;
            }
            _ => {
                out.push(c);
                class_start = false;
            }
        }
    }
    Ok(out)
}

fn escape(
    next: char,
    in_class: bool,
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    out: &mut String,
) -> Result<(), String> {
    let mut class = |content: &str, negated: bool| {
        if negated {
            out.push_str(&format!("[^{content}]"));
        } else if in_class {
            out.push_str(content);
        } else {
            out.push_str(&format!("[{content}]"));
        }
    };
    match next {
        'i' => class(INITIAL, false),
        'I' => class(INITIAL, true),
        'c' => class(&format!("{INITIAL}{MORE}"), false),
        'C' => class(&format!("{INITIAL}{MORE}"), true),
        'w' => class(r"\p{L}\p{M}\p{N}\p{S}", false),
        'W' => class(r"\p{L}\p{M}\p{N}\p{S}", true),
        's' => class(r" \t\n\r", false),
        'S' => class(r" \t\n\r", true),
        'd' => class(r"\p{Nd}", false),
        'D' => class(r"\p{Nd}", true),
        'p' | 'P' => {
            if chars.next() != Some('{') {
                return Err(format!("\\{next} needs a name in braces"));
            }
            let name: String = chars.by_ref().take_while(|c| *c != '}').collect();
            match name.strip_prefix("Is") {
                Some(block) => {
                    let range = super::block::range(block).ok_or_else(|| {
                        format!(
                            "the Unicode block {block} is not known in XML Schema; write the range itself"
                        )
                    })?;
                    class(&range, next == 'P');
                }
                None => out.push_str(&format!("\\{next}{{{name}}}")),
            }
        }
        'n' | 'r' | 't' => {
            out.push('\\');
            out.push(next);
        }
        'b' | 'B' | '0'..='9' | 'A' | 'z' | 'Z' => {
            return Err(format!("\\{next} is not part of XML Schema patterns"));
        }
        // Not escapes of XML Schema, but without another meaning there; the engine would take them as word edges.
        '<' | '>' => out.push(next),
        _ if next.is_ascii_punctuation() => {
            out.push('\\');
            out.push(next);
        }
        _ => return Err(format!("\\{next} is not part of XML Schema patterns")),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        xsd_regex(pattern, true).unwrap().is_match(text)
    }

    #[test]
    fn patterns_stand_for_the_whole_text() {
        assert!(matches("ab", "ab") && !matches("ab", "xab") && !matches("a|b", "ab"));
        assert!(matches(r"\d{1,3}(,\d+)?", "12,5"));
        assert!(matches("^ab$", "ab"), "browser anchors are tolerated");
    }

    #[test]
    fn classes_can_be_subtracted() {
        assert!(matches("[a-z-[aeiou]]+", "xyz") && !matches("[a-z-[aeiou]]+", "xaz"));
        assert!(matches(r"[\w-]+", "a-b"));
        assert!(matches(r"\i\c*", "naam-1") && !matches(r"\i\c*", "1naam"));
        assert!(matches(r"\p{IsGreek}+", "αβγ") && !matches(r"\p{IsGreek}", "a"));
        assert!(matches(r"[\p{IsRunic}\p{IsDingbats}]+", "ᚠ✂") && !matches(r"\P{IsRunic}", "ᚠ"));
        assert!(matches(r"a\<b", "a<b"), "not the edge of a word");
        assert!(matches(r"\P{Lu}", "a") && !matches(r"\P{Lu}", "A"));
    }

    #[test]
    fn what_is_not_schema_is_refused() {
        for bad in [r"(?=a)", r"a\b", r"(a)\1", "a*?", "[", "(", r"\p{IsKlingon}", "\\"] {
            assert!(xsd_regex(bad, true).is_err(), "{bad}");
        }
    }

    #[test]
    fn hostile_patterns_run_in_linear_time() {
        let regex = xsd_regex("(a+)+b", true).unwrap();
        assert!(!regex.is_match(&"a".repeat(100_000)));
        assert!(xsd_regex("((a{1,1000}){1,1000}){1,1000}", true).is_err());
    }
}
