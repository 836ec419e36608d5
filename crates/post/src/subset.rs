//! The part of the template language a school may use: printing, `if` and `for`.
//!
//! The engine limits its steps but not its memory: a few hundred `{% set a = a ~ a %}` fill any machine within the fuel.
//! So whatever can make a value grow (assignment, joining, arithmetic, literal lists, function calls) is not in the language at all,
//! and what is left can only write, which is capped.

use crate::template::Fault;

/// Refuses everything outside the subset, with the line it stands on.
pub(crate) fn check(source: &str) -> Result<(), Fault> {
    let mut line = 1;
    let mut rest = source;
    while let Some(start) = rest.find('{') {
        line += lines(rest.get(..start).unwrap_or_default());
        rest = rest.get(start..).unwrap_or_default();
        if let Some(after) = rest.strip_prefix("{#") {
            let Some((comment, after)) = after.split_once("#}") else { return Err(unclosed(line)) };
            line += lines(comment);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("{{") {
            rest = tag(after, Kind::Print, &mut line)?;
        } else if let Some(after) = rest.strip_prefix("{%") {
            rest = tag(after, Kind::Block, &mut line)?;
        } else {
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Print,
    Block,
}

#[derive(Debug, Clone, PartialEq)]
enum Token<'a> {
    Word(&'a str),
    Literal,
    Compare,
    Dot,
    Pipe,
    Comma,
    Open,
    Close,
}

fn lines(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}

fn unclosed(line: u32) -> Fault {
    Fault::new("mail-template-unclosed", Some(line))
}

fn refused(what: &str, line: u32) -> Fault {
    Fault::new("mail-template-not-allowed", Some(line)).with("what", what)
}

/// Checks one tag and gives what follows it.
fn tag<'a>(text: &'a str, kind: Kind, line: &mut u32) -> Result<&'a str, Fault> {
    let opened = *line;
    let end = if kind == Kind::Print { "}}" } else { "%}" };
    let mut tokens = Vec::new();
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    loop {
        if let Some(after) = rest.strip_prefix(end) {
            sentence(&tokens, kind, opened)?;
            return Ok(after);
        }
        let Some(sign) = rest.chars().next() else { return Err(unclosed(opened)) };
        let one = rest.get(sign.len_utf8()..).unwrap_or_default();
        rest = match sign {
            '\n' => {
                *line += 1;
                one
            }
            sign if sign.is_whitespace() => one,
            '-' | '+' if one.starts_with(end) => one,
            '\'' | '"' => {
                let (after, crossed) = string(one, sign).ok_or_else(|| unclosed(opened))?;
                *line += crossed;
                tokens.push(Token::Literal);
                after
            }
            '0'..='9' => {
                tokens.push(Token::Literal);
                one.trim_start_matches(|sign: char| sign.is_ascii_digit() || sign == '_')
            }
            sign if sign.is_alphabetic() || sign == '_' => {
                let after = rest.trim_start_matches(|sign: char| sign.is_alphanumeric() || sign == '_');
                let word = rest.get(..rest.len() - after.len()).unwrap_or_default();
                tokens.push(Token::Word(word));
                after
            }
            '.' => {
                tokens.push(Token::Dot);
                one
            }
            '|' => {
                tokens.push(Token::Pipe);
                one
            }
            ',' => {
                tokens.push(Token::Comma);
                one
            }
            '(' => {
                tokens.push(Token::Open);
                one
            }
            ')' => {
                tokens.push(Token::Close);
                one
            }
            '=' | '!' if one.starts_with('=') => {
                tokens.push(Token::Compare);
                one.get(1..).unwrap_or_default()
            }
            '<' | '>' => {
                tokens.push(Token::Compare);
                one.strip_prefix('=').unwrap_or(one)
            }
            other => return Err(refused(&other.to_string(), *line)),
        };
    }
}

/// What follows a string literal, and the line ends inside it.
fn string(text: &str, quote: char) -> Option<(&str, u32)> {
    let mut crossed = 0;
    let mut escaped = false;
    for (index, sign) in text.char_indices() {
        match sign {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' => crossed += 1,
            _ if sign == quote => return Some((text.get(index + 1..)?, crossed)),
            _ => {}
        }
    }
    None
}

fn sentence(tokens: &[Token<'_>], kind: Kind, line: u32) -> Result<(), Fault> {
    if kind == Kind::Print {
        return expression(tokens, line);
    }
    match tokens {
        [Token::Word("if" | "elif"), condition @ ..] => expression(condition, line),
        [Token::Word("else" | "endif" | "endfor")] => Ok(()),
        [Token::Word("for"), Token::Word(_), Token::Word("in"), path @ ..] => {
            let is_path =
                path.chunks(2).all(|pair| matches!(pair, [Token::Word(_)] | [Token::Word(_), Token::Dot]));
            let ends = matches!(path.last(), Some(Token::Word(word)) if !matches!(*word, "if" | "recursive"));
            if is_path && ends { Ok(()) } else { Err(refused("for … in", line)) }
        }
        [Token::Word(word), ..] => Err(refused(word, line)),
        _ => Err(refused("{% %}", line)),
    }
}

/// Values, filters and comparisons; round brackets only to group and to hold a filter's arguments.
fn expression(tokens: &[Token<'_>], line: u32) -> Result<(), Fault> {
    let mut brackets: Vec<bool> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let before = |back: usize| index.checked_sub(back).and_then(|index| tokens.get(index));
        match token {
            Token::Open => {
                let holds_arguments = match before(1) {
                    Some(Token::Word("and" | "or" | "not" | "in" | "if" | "else"))
                    | Some(Token::Compare | Token::Open)
                    | None => false,
                    Some(Token::Word(_)) if before(2) == Some(&Token::Pipe) => true,
                    _ => return Err(refused("( )", line)),
                };
                brackets.push(holds_arguments);
            }
            Token::Close if brackets.pop().is_none() => return Err(refused(")", line)),
            Token::Comma if brackets.last() != Some(&true) => return Err(refused(",", line)),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn printing_choosing_and_repeating_are_allowed() {
        for source in [
            "Beste {{ person.name }},",
            "{{- a|default('x', true)|upper -}}",
            "{% if a and (b or not c) %}x{% elif a.b == 'q' and n >= 3 %}y{% else %}z{% endif %}",
            "{% for item in order.items %}{{ loop.index }} {{ item.name|join(', ') }}{% endfor %}",
            "{# een { opmerking\n #} { los } {{ '}}' }}",
            "{{ a if b is defined else 'leeg' }}",
        ] {
            assert_eq!(check(source), Ok(()), "{source}");
        }
    }

    #[test]
    fn whatever_can_grow_a_value_or_reach_outside_is_not() {
        for source in [
            "{% set a = a ~ a %}",
            "{{ a ~ a }}",
            "{{ 'x' * 1000000000 }}",
            "{{ a + a }}",
            "{{ [a, a]|join }}",
            "{{ (a, a)|join }}",
            "{{ {'a': a} }}",
            "{{ a[0:9] }}",
            "{{ range(100000) }}",
            "{{ a.upper() }}",
            "{% for x in (a, a) %}{% endfor %}",
            "{% for x in a|list %}{% endfor %}",
            "{% for x in a recursive %}{% endfor %}",
            "{% for x in a if x %}{% endfor %}",
            "{% include 'secret' %}",
            "{% import 'x' as y %}",
            "{% extends 'x' %}",
            "{% macro m() %}{% endmacro %}",
            "{% with a = b %}{% endwith %}",
            "{% filter upper %}{% endfilter %}",
            "{% block x %}{% endblock %}",
            "{% raw %}{% endraw %}",
            "{% do x %}",
            "{% autoescape false %}{% endautoescape %}",
        ] {
            assert_eq!(check(source).unwrap_err().code, "mail-template-not-allowed", "{source}");
        }
    }

    #[test]
    fn the_line_of_the_fault_is_named() {
        let fault = check("een\ntwee {{ goed }}\n{# x\n#}\nvijf {{ a ~ b }}").unwrap_err();
        assert_eq!((fault.line, fault.code), (Some(5), "mail-template-not-allowed"));
        let fault = check("een\ntwee {{ open\n").unwrap_err();
        assert_eq!((fault.line, fault.code), (Some(2), "mail-template-unclosed"));
    }
}
