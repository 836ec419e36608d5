//! Mending JSON as it stands in documents: comments, forgotten and superfluous commas.
//!
//! Only for looking at a file together with its author; the exchange itself never mends anything.

/// The mended text and what was done to it, line by line.
#[must_use]
pub fn repair(text: &str) -> (String, Vec<String>) {
    let mut out = String::with_capacity(text.len());
    let mut done = Vec::new();
    let mut state = State { line: 1, last: None, word_ended: false };
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => {
                state.before_value(&mut out, &mut done);
                out.push('"');
                let mut escaped = false;
                for inner in rest.by_ref() {
                    out.push(inner);
                    state.line += usize::from(inner == '\n');
                    match inner {
                        _ if escaped => escaped = false,
                        '\\' => escaped = true,
                        '"' => break,
                        _ => {}
                    }
                }
                state.last = Some('"');
                state.word_ended = false;
            }
            '#' => state.skip_comment(&mut rest, &mut out, &mut done),
            '/' if rest.peek() == Some(&'/') => state.skip_comment(&mut rest, &mut out, &mut done),
            '{' | '[' => {
                state.before_value(&mut out, &mut done);
                out.push(c);
                state.saw(c);
            }
            '}' | ']' => {
                if state.last == Some(',') {
                    remove_comma(&mut out);
                    done.push(format!("line {}: removed the comma before {c}", state.line));
                }
                out.push(c);
                state.saw(c);
            }
            ',' => {
                if matches!(state.last, Some(',' | '{' | '[') | None) {
                    done.push(format!("line {}: removed a comma too many", state.line));
                } else {
                    out.push(c);
                    state.saw(c);
                }
            }
            ':' => {
                out.push(c);
                state.saw(c);
            }
            c if c.is_whitespace() => {
                state.line += usize::from(c == '\n');
                state.word_ended = state.last == Some('w');
                out.push(c);
            }
            _ => {
                if state.last != Some('w') || state.word_ended {
                    state.before_value(&mut out, &mut done);
                }
                out.push(c);
                state.saw('w');
            }
        }
    }
    (out, done)
}

struct State {
    line: usize,
    /// The last character that means something; `w` for a number, true, false or null.
    last: Option<char>,
    /// Whether white space followed that word.
    word_ended: bool,
}

impl State {
    fn saw(&mut self, c: char) {
        self.last = Some(c);
        self.word_ended = false;
    }

    /// Two values in a row lack a comma between them.
    fn before_value(&mut self, out: &mut String, done: &mut Vec<String>) {
        if matches!(self.last, Some('"' | '}' | ']' | 'w')) {
            let end = out.trim_end().len();
            out.insert(end, ',');
            done.push(format!("line {}: inserted the missing comma", self.line));
        }
    }

    fn skip_comment(
        &mut self,
        rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
        out: &mut String,
        done: &mut Vec<String>,
    ) {
        done.push(format!("line {}: removed a comment", self.line));
        for c in rest.by_ref() {
            if c == '\n' {
                out.push('\n');
                self.line += 1;
                break;
            }
        }
        self.word_ended = self.last == Some('w');
    }
}

fn remove_comma(out: &mut String) {
    if let Some(place) = out.rfind(',') {
        out.remove(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn mended(text: &str) -> (Value, usize) {
        let (text, done) = repair(text);
        (serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}")), done.len())
    }

    #[test]
    fn what_is_right_stays_as_it_is() {
        let text = r#"{"a": [1, 2.5e3, true, null, "x, # y // z", {}], "b": "\"q\\"}"#;
        assert_eq!(repair(text), (text.to_owned(), vec![]));
    }

    #[test]
    fn comments_and_commas_are_mended() {
        let text = "{ # the session\n \"a\": \"x\" // here\n \"b\": [1 2,],\n \"c\": {\"d\": true,}\n \"e\": null,\n}";
        let (value, repairs) = mended(text);
        assert_eq!(value, json!({ "a": "x", "b": [1, 2], "c": { "d": true }, "e": null }));
        assert_eq!(repairs, 8);
    }
}
