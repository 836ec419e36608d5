//! The statements of a Rust file: what stands in `statements! { … }` and `global_statements! { … }`.

use crate::rust_source::{Source, string_value};
use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeMap;

pub struct Statement {
    pub name: String,
    pub line: usize,
    pub sql: String,
    pub kind: Kind,
    pub in_tests: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Inside one institution, `$1`.
    Tenant,
    /// As `Tenant`, the half of a pair that only SQLite reads.
    SqliteHalf,
    /// On tables above institutions.
    Global,
    /// Housekeeping over all institutions, by the layer that keeps them apart.
    System,
}

pub const MACROS: &[(&str, Kind)] = &[
    ("statements", Kind::Tenant),
    ("sqlite_statements", Kind::SqliteHalf),
    ("postgres_statements", Kind::Tenant),
    ("global_statements", Kind::Global),
    ("system_statements", Kind::System),
];

/// Every statement of the file; the errors name the line that could not be read.
pub fn read(source: &Source) -> Result<Vec<Statement>, String> {
    let mut statements = Vec::new();
    for call in source.macro_calls() {
        if let Some((_, kind)) = MACROS.iter().find(|(name, _)| *name == call.name) {
            for part in split(call.body) {
                statements.push(statement(&part, *kind, call.in_tests)?);
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
fn statement(part: &[TokenTree], kind: Kind, in_tests: bool) -> Result<Statement, String> {
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
    Ok(Statement { name: name.to_string(), line: name.span().start().line, sql, kind, in_tests })
}

/// Conditions that statements share: name to text, in which `{1}`, `{2}` … stand for the arguments.
pub type Fragments = BTreeMap<String, String>;

/// The fragments of a file: `fragments! { name = "…"; }`.
pub fn fragments(source: &Source) -> Result<Fragments, String> {
    let mut fragments = Fragments::new();
    for call in source.macro_calls().into_iter().filter(|call| call.name == "fragments") {
        for part in split(call.body) {
            let name = part.windows(2).find_map(|w| match w {
                [TokenTree::Ident(name), TokenTree::Punct(equals)] if equals.as_char() == '=' => Some(name),
                _ => None,
            });
            let line = part.first().map_or(0, |tree| tree.span().start().line);
            let (Some(name), Some(sql)) = (name, part.last().and_then(string_value)) else {
                return Err(format!("line {line}: not of the form `name = \"SQL\";`"));
            };
            fragments.insert(name.to_string(), sql);
        }
    }
    Ok(fragments)
}

/// The statement as PostgreSQL would get it: tokens and fragments filled in as `db` does.
pub fn expanded(sql: &str, fragments: &Fragments) -> Result<String, String> {
    tokens(sql, &|name, arguments| match (name, arguments) {
        ("contains", [text, part]) => Ok(format!("strpos({text}, {part}) > 0")),
        ("true" | "false", []) => Ok(name.to_uppercase()),
        ("among_ids" | "among_texts", [set]) => Ok(format!("= ANY({set})")),
        _ => {
            let text =
                fragments.get(name).ok_or_else(|| format!("`{{{name}}}` is no token and no fragment"))?;
            tokens(text, &|number, _| {
                let at = number.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
                let argument = at.and_then(|at| arguments.get(at));
                argument.map(|a| (*a).to_owned()).ok_or_else(|| format!("fragment {name} wants {{{number}}}"))
            })
        }
    })
}

/// DDL with every `{type}` as a plain name.
pub fn ddl(sql: &str) -> String {
    let plain = tokens(sql, &|name, _| Ok(format!(" {name}")));
    plain.unwrap_or_else(|_| sql.to_owned())
}

/// What a token with its arguments stands for.
type Turn<'a> = dyn Fn(&str, &[&str]) -> Result<String, String> + 'a;

fn tokens(sql: &str, turn: &Turn<'_>) -> Result<String, String> {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some((before, behind)) = rest.split_once('{') {
        let (token, after) = behind.split_once('}').ok_or("a `{` is never closed")?;
        let mut words = token.split_whitespace();
        let name = words.next().unwrap_or_default();
        out.push_str(before);
        out.push_str(&turn(name, &words.collect::<Vec<_>>())?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
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
        let short: Vec<_> = read.iter().map(|s| (s.name.as_str(), s.line, s.sql.as_str(), s.kind)).collect();
        assert_eq!(
            short,
            [
                ("claim", 4, "UPDATE session SET a = ';'", Kind::Tenant),
                ("find", 5, "SELECT 1", Kind::Tenant),
                ("all", 7, "SELECT 2", Kind::Global)
            ]
        );
    }

    #[test]
    fn what_cannot_be_read_is_an_error_and_no_silence() {
        let text = "statements! {\n fn a() = concat!(\"x\", \"y\");\n}";
        assert!(read(&Source::parse(text).unwrap()).is_err_and(|e| e.contains("line 2")));
    }

    #[test]
    fn tokens_and_fragments_become_standard_sql() {
        let text = r#"fragments! { /// Why.
            reached = "({1}.unit = {2} OR {2} IS NULL)"; }"#;
        let fragments = fragments(&Source::parse(text).unwrap()).unwrap();
        let full = |sql: &str| expanded(sql, &fragments);
        assert_eq!(full("a {among_ids $2} AND b = {true}").unwrap(), "a = ANY($2) AND b = TRUE");
        assert_eq!(
            full("{reached p $3} AND {contains p.x $4}").unwrap(),
            "(p.unit = $3 OR $3 IS NULL) AND strpos(p.x, $4) > 0"
        );
        assert_eq!(full("{raeched p $3}").unwrap_err(), "`{raeched}` is no token and no fragment");
        assert_eq!(full("{reached p}").unwrap_err(), "fragment reached wants {2}");
        assert!(full("{reached p").is_err());
        assert_eq!(ddl("a {uuid} NOT NULL){strict};"), "a  uuid NOT NULL) strict;");
    }
}
