//! Text to values.

use super::{BaseType, Scalar};

/// Why a text is not a value of the wanted base type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\u{201c}{text}\u{201d} is not a value of type {}", .base.name())]
pub struct ParseFault {
    /// The text, shortened.
    pub text: String,
    /// The wanted type.
    pub base: BaseType,
}

/// Reads a value; `Ok(None)` is NULL (an empty text).
///
/// # Errors
/// When the text does not have the form of the base type.
pub fn parse(text: &str, base: BaseType) -> Result<Option<Scalar<'_>>, ParseFault> {
    if base == BaseType::String || base == BaseType::File {
        return Ok(match text {
            "" => None,
            _ if base == BaseType::File => Some(Scalar::File(text)),
            _ => Some(Scalar::Str(text)),
        });
    }
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(None);
    }
    let scalar = match base {
        BaseType::Identifier => Some(Scalar::Id(trimmed)),
        BaseType::Boolean => match trimmed {
            "true" | "1" => Some(Scalar::Bool(true)),
            "false" | "0" => Some(Scalar::Bool(false)),
            _ => None,
        },
        BaseType::Integer => parse_integer(trimmed).map(Scalar::Int),
        BaseType::Float => parse_float(trimmed).map(Scalar::Float),
        BaseType::Point => {
            two(trimmed).and_then(|(x, y)| Some(Scalar::Point(parse_coordinate(x)?, parse_coordinate(y)?)))
        }
        BaseType::Pair => two(trimmed).map(|(a, b)| Scalar::Pair(a, b)),
        BaseType::DirectedPair => two(trimmed).map(|(a, b)| Scalar::Directed(a, b)),
        BaseType::Duration => parse_duration(trimmed).map(Scalar::Duration),
        BaseType::Uri => Some(Scalar::Uri(trimmed)),
        BaseType::IntOrIdentifier => Some(parse_integer(trimmed).map_or(Scalar::Id(trimmed), Scalar::Int)),
        BaseType::StringOrIdentifier => Some(Scalar::Str(trimmed)),
        BaseType::String | BaseType::File => None,
    };
    match scalar {
        Some(scalar) => Ok(Some(scalar)),
        None => Err(ParseFault { text: trimmed.chars().take(60).collect(), base }),
    }
}

fn two(text: &str) -> Option<(&str, &str)> {
    let mut words = text.split_whitespace();
    let pair = (words.next()?, words.next()?);
    words.next().is_none().then_some(pair)
}

/// Pointing devices report fractions of a pixel; QTI points are whole.
fn parse_coordinate(text: &str) -> Option<i32> {
    parse_integer(text).or_else(|| {
        let value = parse_float(text)?;
        let rounded = (value + 0.5).floor();
        (rounded.abs() < f64::from(i32::MAX)).then_some(rounded as i32)
    })
}

/// Reads a whole number of 32 bits.
pub fn parse_integer(text: &str) -> Option<i32> {
    text.strip_prefix('+').filter(|rest| !rest.starts_with(['+', '-'])).unwrap_or(text).parse().ok()
}

/// Reads a number: dot decimal, or a single decimal comma as Dutch candidates type it.
pub fn parse_float(text: &str) -> Option<f64> {
    match text {
        "INF" | "+INF" => return Some(f64::INFINITY),
        "-INF" => return Some(f64::NEG_INFINITY),
        "NaN" => return None,
        _ => {}
    }
    if !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b',' | b'e' | b'E')) {
        return None;
    }
    if text.contains(',') {
        if text.contains('.') || text.matches(',').count() > 1 {
            return None;
        }
        return text.replace(',', ".").parse().ok();
    }
    text.parse().ok()
}

/// Reads a duration: seconds as a number, or the ISO form `P1DT2H3M4.5S`.
pub fn parse_duration(text: &str) -> Option<f64> {
    if let Some(seconds) = parse_float(text) {
        return (seconds >= 0.0 && seconds.is_finite()).then_some(seconds);
    }
    let mut rest = text.strip_prefix('P')?;
    let mut time = false;
    let mut total = 0.0;
    let mut any = false;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('T') {
            if time {
                return None;
            }
            time = true;
            rest = after;
            continue;
        }
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let amount: f64 = rest.get(..end)?.parse().ok()?;
        let unit = rest.get(end..)?.chars().next()?;
        total += amount
            * match (unit, time) {
                ('W', false) => 604_800.0,
                ('D', false) => 86_400.0,
                ('H', true) => 3600.0,
                ('M', true) => 60.0,
                ('S', true) => 1.0,
                _ => return None,
            };
        any = true;
        rest = rest.get(end + unit.len_utf8()..)?;
    }
    any.then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_commas_are_numbers_and_thousands_are_not() {
        assert_eq!(parse_float("2,75"), Some(2.75));
        assert_eq!(parse_float("1.234,5"), None);
        assert_eq!(parse_float("1e3"), Some(1000.0));
        assert_eq!(parse_float("infinity"), None);
    }

    #[test]
    fn durations_are_seconds_or_iso() {
        assert_eq!(parse_duration("PT1M30S"), Some(90.0));
        assert_eq!(parse_duration("P1DT1H"), Some(90_000.0));
        assert_eq!(parse_duration("12.5"), Some(12.5));
        assert_eq!(parse_duration("PT"), None);
        assert_eq!(parse_duration("P1M"), None);
    }

    #[test]
    fn pairs_collapse_their_inner_space() {
        assert!(matches!(parse("A   B", BaseType::DirectedPair), Ok(Some(Scalar::Directed("A", "B")))));
        assert!(parse("A", BaseType::Pair).is_err());
        assert!(matches!(parse("", BaseType::Integer), Ok(None)));
    }
}
