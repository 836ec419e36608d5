//! A Rust file as tokens: what the compiler sees, without its help. Enough to find macros, names and comments, and
//! never fooled by a string that looks like one of them.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::ops::Range;
use std::str::FromStr;

pub struct Source<'a> {
    text: &'a str,
    tokens: TokenStream,
}

/// A macro call `name!(…)` with whatever brackets.
pub struct MacroCall {
    pub name: String,
    pub line: usize,
    pub body: TokenStream,
    pub in_tests: bool,
}

/// A lint that is switched off.
pub struct Allowance {
    pub line: usize,
    /// Without spaces.
    pub text: String,
    pub whole_module: bool,
    pub in_tests: bool,
}

impl<'a> Source<'a> {
    pub fn parse(text: &'a str) -> Result<Self, String> {
        // A byte order mark or a script line is no token.
        let tokens = TokenStream::from_str(text).map_err(|e| format!("not readable as Rust: {e}"))?;
        Ok(Self { text, tokens })
    }

    /// Every macro call, also inside others.
    pub fn macro_calls(&self) -> Vec<MacroCall> {
        let mut calls = Vec::new();
        walk(self.tokens.clone(), false, &mut |trees, in_tests| {
            for window in trees.windows(3) {
                if let [TokenTree::Ident(name), TokenTree::Punct(bang), TokenTree::Group(body)] = window
                    && bang.as_char() == '!'
                {
                    calls.push(MacroCall {
                        name: name.to_string(),
                        line: name.span().start().line,
                        body: body.stream(),
                        in_tests,
                    });
                }
            }
        });
        calls
    }

    /// Every `#[allow(…)]` and `#[expect(…)]`, also inside `cfg_attr`.
    pub fn allowances(&self) -> Vec<Allowance> {
        let mut allowances = Vec::new();
        walk(self.tokens.clone(), false, &mut |trees, in_tests| {
            for window in trees.windows(2) {
                let [TokenTree::Punct(before), TokenTree::Group(group)] = window else { continue };
                let text = group.stream().to_string().replace(' ', "");
                let allows = ["allow(", "expect("]
                    .iter()
                    .any(|w| text.starts_with(w) || text.contains(&format!(",{w}")));
                if group.delimiter() == Delimiter::Bracket && matches!(before.as_char(), '#' | '!') && allows
                {
                    let whole_module = before.as_char() == '!';
                    let line = group.span_open().start().line;
                    allowances.push(Allowance { line, text, whole_module, in_tests });
                }
            }
        });
        allowances
    }

    /// Every string literal outside of macros named in `except`, with its line; tests are left out.
    pub fn strings(&self, except: &[&str]) -> Vec<(usize, String)> {
        let mut strings = Vec::new();
        let skipped: Vec<Range<usize>> = self
            .macro_calls()
            .into_iter()
            .filter(|call| except.contains(&call.name.as_str()))
            .flat_map(|call| call.body.into_iter().map(|t| t.span().byte_range()))
            .collect();
        walk(self.tokens.clone(), false, &mut |trees, in_tests| {
            for tree in trees {
                let TokenTree::Literal(literal) = tree else { continue };
                let range = literal.span().byte_range();
                if in_tests || self.is_comment(&range) || skipped.iter().any(|s| s.contains(&range.start)) {
                    continue;
                }
                if let Some(value) = string_value(tree) {
                    strings.push((literal.span().start().line, value));
                }
            }
        });
        strings
    }

    /// The modules declared here: `mod name;` and `mod name { … }`.
    pub fn modules(&self) -> Vec<(usize, String)> {
        let mut modules = Vec::new();
        walk(self.tokens.clone(), false, &mut |trees, _| {
            for window in trees.windows(2) {
                if let [TokenTree::Ident(word), TokenTree::Ident(name)] = window
                    && word == "mod"
                {
                    modules.push((name.span().start().line, name.to_string()));
                }
            }
        });
        modules
    }

    /// Whether a path such as `chrono::` is named in the code.
    pub fn names_crate(&self, name: &str) -> Option<usize> {
        let mut line = None;
        walk(self.tokens.clone(), false, &mut |trees, _| {
            for window in trees.windows(2) {
                if let [TokenTree::Ident(ident), TokenTree::Punct(colon)] = window
                    && ident == name
                    && colon.as_char() == ':'
                {
                    line = line.or(Some(ident.span().start().line));
                }
            }
        });
        line
    }

    /// The comments, documentation included, line by line. Literals are blanked first, so `"// no comment"` is none.
    pub fn comment_lines(&self) -> Vec<(usize, String)> {
        let mut masked = self.text.as_bytes().to_vec();
        walk(self.tokens.clone(), false, &mut |trees, _| {
            for tree in trees {
                let TokenTree::Literal(literal) = tree else { continue };
                let range = literal.span().byte_range();
                if !self.is_comment(&range)
                    && let Some(bytes) = masked.get_mut(range)
                {
                    bytes.iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' ');
                }
            }
        });
        let masked = String::from_utf8_lossy(&masked).into_owned();
        let mut lines = Vec::new();
        let mut inside = false;
        for (number, line) in masked.lines().enumerate() {
            let opens = line.find("/*");
            let text = match (inside, line.find("//"), opens) {
                (true, ..) => Some(line),
                (false, Some(at), _) | (false, None, Some(at)) => line.get(at..),
                _ => None,
            };
            if let Some(text) = text {
                lines.push((number + 1, text.to_owned()));
            }
            let (open, close) = (line.rfind("/*"), line.rfind("*/"));
            inside = match (open, close) {
                (Some(open), Some(close)) => open > close,
                (Some(_), None) => line.find("//").is_none_or(|at| Some(at) > open),
                (None, Some(_)) => false,
                (None, None) => inside,
            };
        }
        lines
    }

    /// Documentation comments arrive as string literals; their place in the text gives them away.
    fn is_comment(&self, range: &Range<usize>) -> bool {
        self.text.get(range.clone()).is_some_and(|s| s.starts_with('/'))
    }
}

/// The text of a string literal; `None` for numbers, characters and bytes.
pub fn string_value(tree: &TokenTree) -> Option<String> {
    syn::parse2::<syn::LitStr>(tree.clone().into()).ok().map(|literal| literal.value())
}

/// Visits each list of sibling tokens, and says whether it stands under `#[cfg(test)]`.
fn walk(stream: TokenStream, in_tests: bool, visit: &mut impl FnMut(&[TokenTree], bool)) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    visit(&trees, in_tests);
    let mut test_item = false;
    for tree in &trees {
        match tree {
            TokenTree::Group(group) => {
                test_item |= is_cfg_test(group);
                walk(group.stream(), in_tests || test_item, visit);
                if group.delimiter() == Delimiter::Brace {
                    test_item = false;
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => test_item = false,
            _ => {}
        }
    }
}

fn is_cfg_test(group: &Group) -> bool {
    group.delimiter() == Delimiter::Bracket
        && group.stream().to_string().replace(' ', "").starts_with("cfg(test")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_that_look_like_code_are_not_code() {
        let source = Source::parse(r#"fn f() { let a = "todo!() // FIXME"; } // a comment"#).unwrap();
        assert!(source.macro_calls().is_empty());
        assert_eq!(source.comment_lines(), [(1, "// a comment".to_owned())]);
    }

    #[test]
    fn comments_of_all_kinds_are_found_with_their_line() {
        let text = "/// doc\nfn f() {}\n/* one\n   two */\nfn g() {} // end\n";
        let lines: Vec<usize> =
            Source::parse(text).unwrap().comment_lines().into_iter().map(|(n, _)| n).collect();
        assert_eq!(lines, [1, 3, 4, 5]);
    }

    #[test]
    fn macros_know_whether_they_stand_in_tests() {
        let text = "a!(); #[cfg(test)] mod tests { b! { c![] } } d!();";
        let calls = Source::parse(text).unwrap().macro_calls();
        let named: Vec<(String, bool)> = calls.into_iter().map(|c| (c.name, c.in_tests)).collect();
        let expected = [("a", false), ("d", false), ("b", true), ("c", true)].map(|(n, t)| (n.to_owned(), t));
        assert_eq!(named, expected);
    }

    #[test]
    fn strings_skip_comments_tests_and_named_macros() {
        let text = "/// doc\nconst A: &str = \"a\";\nsql! { \"b\" }\n#[cfg(test)]\nmod tests { const C: &str = \"c\"; }";
        assert_eq!(Source::parse(text).unwrap().strings(&["sql"]), [(2, "a".to_owned())]);
    }
}
