//! The statements of a Rust file: what stands in `statements! { … }` and `global_statements! { … }`.

use crate::rust_source::{Source, string_value};
use proc_macro2::{TokenStream, TokenTree};

pub struct Statement {
    pub name: String,
    pub line: usize,
    pub sql: String,
    /// Above tenants: `$1` is not the institution.
    pub global: bool,
    pub in_tests: bool,
}

pub const MACROS: &[(&str, bool)] = &[("statements", false), ("global_statements", true)];

/// Every statement of the file; the errors name the line that could not be read.
pub fn read(source: &Source) -> Result<Vec<Statement>, String> {
    let mut statements = Vec::new();
    for call in source.macro_calls() {
        if let Some((_, global)) = MACROS.iter().find(|(name, _)| *name == call.name) {
            for part in split(call.body) {
                statements.push(statement(&part, *global, call.in_tests)?);
            }
        }
    }
    Ok(statements)
}

fn split(body: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut parts = vec![Vec::new()];
    for tree in body {
        let ends = matches!(&tree, TokenTree::Punct(p) if p.as_char() == ';');
        if ends {
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(tree);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// `#[doc…] vis fn name(args) -> Row = "…"`.
fn statement(part: &[TokenTree], global: bool, in_tests: bool) -> Result<Statement, String> {
    let first = part.first().map_or(0, |tree| tree.span().start().line);
    let unreadable = || format!("line {first}: not of the form `fn name(arguments) -> Row = \"SQL\";`");
    let name = part
        .windows(3)
        .find_map(|w| match w {
            [TokenTree::Ident(word), TokenTree::Ident(name), TokenTree::Group(_)] if word == "fn" => {
                Some(name)
            }
            _ => None,
        })
        .ok_or_else(unreadable)?;
    let sql = part.last().and_then(string_value).ok_or_else(unreadable)?;
    Ok(Statement { name: name.to_string(), line: name.span().start().line, sql, global, in_tests })
}

/// `{among_ids $2}` becomes `IN ($2)`, every other `{token …}` a plain name: what is left is standard SQL.
pub fn plain(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let (token, after) = behind.split_once('}').unwrap_or((behind, ""));
        match token.split_once(' ') {
            Some((name, argument)) if name.starts_with("among") => out.push_str(&format!("IN ({argument})")),
            Some((name, _)) => out.push_str(name),
            None => out.push_str(token),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_read_with_name_line_and_text() {
        let text = r#"
            statements! {
                /// Why; with a semicolon.
                pub fn claim(session: SessionId, rows: Vec<Row>) = "UPDATE session SET a = ';'";
                pub(crate) fn find(id: RoomId) -> RoomRow = r"SELECT 1";
            }
            global_statements! { fn all() -> X = "SELECT 2"; }
        "#;
        let read = read(&Source::parse(text).unwrap()).unwrap();
        let short: Vec<_> =
            read.iter().map(|s| (s.name.as_str(), s.line, s.sql.as_str(), s.global)).collect();
        assert_eq!(
            short,
            [
                ("claim", 4, "UPDATE session SET a = ';'", false),
                ("find", 5, "SELECT 1", false),
                ("all", 7, "SELECT 2", true)
            ]
        );
    }

    #[test]
    fn what_cannot_be_read_is_an_error_and_no_silence() {
        let text = "statements! {\n fn a() = concat!(\"x\", \"y\");\n}";
        assert!(read(&Source::parse(text).unwrap()).is_err_and(|e| e.contains("line 2")));
    }

    #[test]
    fn tokens_become_standard_sql() {
        assert_eq!(plain("a {among_ids $2} AND b {time} c"), "a IN ($2) AND b time c");
    }
}
