//! Custom operators: a registry, with those of Dutch packages built in.

use crate::value::{Scalar, Val};
use bumpalo::Bump;
use std::collections::HashMap;

/// What a custom operator gets.
pub struct Call<'c, 'a> {
    /// Its operands, evaluated.
    pub operands: &'c [Val<'a>],
    /// Its attributes beside its name.
    pub attributes: &'a [(String, String)],
    /// Where new texts live.
    pub arena: &'a Bump,
}

/// A custom operator: its value, or the reason it cannot be had.
pub type Operator = for<'c, 'a> fn(Call<'c, 'a>) -> Result<Val<'a>, String>;

/// The custom operators an engine knows.
#[derive(Clone)]
pub struct Registry {
    operators: HashMap<String, Operator>,
}

impl Default for Registry {
    fn default() -> Self {
        let mut registry = Self { operators: HashMap::new() };
        for (name, operator) in BUILT_IN {
            for vendor in ["qade", "depcp"] {
                registry.register(&format!("{vendor}:{name}"), *operator);
            }
        }
        registry
    }
}

impl Registry {
    /// Adds an operator under the name items use in `definition` or `class`.
    pub fn register(&mut self, name: &str, operator: Operator) {
        self.operators.insert(name.to_owned(), operator);
    }

    /// Finds one.
    pub fn get(&self, name: &str) -> Option<Operator> {
        self.operators.get(name).copied()
    }
}

const BUILT_IN: &[(&str, Operator)] = &[
    ("Trim", trim),
    ("ToAscii", to_ascii),
    ("ParseCommaDecimal", comma_decimal),
    ("ParseDecimal", comma_decimal),
];

/// Whether the built-in registry has an operator of this name.
pub fn knows(name: &str) -> bool {
    name.split_once(':').is_some_and(|(vendor, rest)| {
        matches!(vendor, "qade" | "depcp") && BUILT_IN.iter().any(|(n, _)| *n == rest)
    })
}

fn text_of<'a>(call: &Call<'_, 'a>) -> Result<Option<&'a str>, String> {
    match call.operands {
        [Val::Null] => Ok(None),
        [Val::One(scalar)] => scalar.text().map(Some).ok_or_else(|| "the operand is not text".to_owned()),
        _ => Err("exactly one single text is needed".to_owned()),
    }
}

fn trim<'a>(call: Call<'_, 'a>) -> Result<Val<'a>, String> {
    Ok(text_of(&call)?.map_or(Val::Null, |text| Val::str(text.trim())))
}

/// Accents off, ligatures apart, typographic marks plain, so that `café` and `cafe` are the same answer.
fn to_ascii<'a>(call: Call<'_, 'a>) -> Result<Val<'a>, String> {
    use unicode_normalization::UnicodeNormalization;
    let Some(text) = text_of(&call)? else { return Ok(Val::Null) };
    if text.is_ascii() {
        return Ok(Val::str(text));
    }
    let mut out = bumpalo::collections::String::with_capacity_in(text.len(), call.arena);
    for c in text.nfkd() {
        match c {
            c if c.is_ascii() => out.push(c),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'Æ' => out.push_str("AE"),
            'œ' => out.push_str("oe"),
            'Œ' => out.push_str("OE"),
            'ø' => out.push('o'),
            'Ø' => out.push('O'),
            'đ' => out.push('d'),
            'ł' => out.push('l'),
            'Ł' => out.push('L'),
            '\u{2018}' | '\u{2019}' | '\u{201A}' => out.push('\''),
            '\u{201C}' | '\u{201D}' | '\u{201E}' => out.push('"'),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => out.push('-'),
            c if c.is_whitespace() => out.push(' '),
            // Combining marks and what has no ASCII form.
            _ => {}
        }
    }
    Ok(Val::str(out.into_bump_str()))
}

/// The comma is the decimal sign; a dot is not a number in this notation.
fn comma_decimal<'a>(call: Call<'_, 'a>) -> Result<Val<'a>, String> {
    let value = match call.operands {
        [Val::One(scalar)] if scalar.number().is_some() => {
            return Ok(Val::float(scalar.number().unwrap_or(f64::NAN)));
        }
        _ => text_of(&call)?,
    };
    let Some(text) = value.map(str::trim) else { return Ok(Val::Null) };
    if text.contains('.') {
        return Ok(Val::Null);
    }
    Ok(crate::value::parse_float(text).map_or(Val::Null, |number| Val::One(Scalar::Float(number))))
}
