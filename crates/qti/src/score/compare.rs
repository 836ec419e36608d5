//! Comparing values: `match`, `member`, `contains`, texts and numbers with tolerance.

use super::Fault;
use crate::value::{Scalar, Val};
use unicode_normalization::{UnicodeNormalization, is_nfc};

fn unlike(a: &Val<'_>, b: &Val<'_>) -> Fault {
    Fault::new(format!("{} cannot be compared with {}", a.describe(), b.describe()))
}

/// `match`: `None` is NULL.
pub(super) fn matched(a: Val<'_>, b: Val<'_>) -> Result<Option<bool>, Fault> {
    Ok(Some(match (a, b) {
        (Val::Null, _) | (_, Val::Null) => return Ok(None),
        (Val::One(x), Val::One(y)) => x.same(&y).ok_or_else(|| unlike(&a, &b))?,
        (Val::Bag(x), Val::Bag(y)) => {
            comparable(&a, &b, x, y)?;
            x.len() == y.len() && includes(x, y)
        }
        (Val::List(x), Val::List(y)) => {
            comparable(&a, &b, x, y)?;
            x.len() == y.len() && x.iter().zip(y).all(|(m, n)| m.same(n) == Some(true))
        }
        (Val::Record(x), Val::Record(y)) => {
            x.len() == y.len()
                && x.iter().all(|(k, v)| y.iter().any(|(l, w)| k == l && v.same(w) == Some(true)))
        }
        _ => return Err(unlike(&a, &b)),
    }))
}

fn comparable(a: &Val<'_>, b: &Val<'_>, x: &[Scalar<'_>], y: &[Scalar<'_>]) -> Result<(), Fault> {
    match (x.first(), y.first()) {
        (Some(m), Some(n)) if m.same(n).is_none() => Err(unlike(a, b)),
        _ => Ok(()),
    }
}

/// Whether every member of `part` occurs in `whole`, as often as in `part`.
pub(super) fn includes(whole: &[Scalar<'_>], part: &[Scalar<'_>]) -> bool {
    if let ([m], [n]) = (whole, part) {
        return m.same(n) == Some(true);
    }
    part.iter().enumerate().all(|(i, wanted)| {
        let same = |m: &&Scalar<'_>| m.same(wanted) == Some(true);
        // Counting again for a repeated member is needless work, but right.
        let needed = part.iter().take(i + 1).filter(same).count();
        whole.iter().filter(same).count() >= needed
    })
}

/// `contains`: parts of a bag, or a run of a list.
pub(super) fn contains(a: Val<'_>, b: Val<'_>) -> Result<Option<bool>, Fault> {
    let bag = |x: &[Scalar<'_>], y: &[Scalar<'_>]| {
        comparable(&a, &b, x, y)?;
        Ok(Some(includes(x, y)))
    };
    match (a, b) {
        (Val::Null, _) | (_, Val::Null) => Ok(None),
        (Val::Bag(x), Val::Bag(y)) => bag(x, y),
        // A single part is a container of one; packages count on it.
        (Val::Bag(x) | Val::List(x), Val::One(y)) => bag(x, &[y]),
        (Val::List(x), Val::List(y)) => {
            comparable(&a, &b, x, y)?;
            let run = |w: &[Scalar<'_>]| w.iter().zip(y).all(|(m, n)| m.same(n) == Some(true));
            Ok(Some(x.windows(y.len().max(1)).any(run)))
        }
        _ => Err(unlike(&a, &b)),
    }
}

/// `member`: a single value in a container; a single value counts as a container of one.
pub(super) fn member(a: Val<'_>, b: Val<'_>) -> Result<Option<bool>, Fault> {
    match (a, b) {
        (Val::Null, _) | (_, Val::Null) => Ok(None),
        (Val::One(x), Val::Bag(y) | Val::List(y)) => {
            comparable(&a, &b, &[x], y)?;
            Ok(Some(y.iter().any(|m| m.same(&x) == Some(true))))
        }
        (Val::One(x), Val::One(y)) => x.same(&y).map(Some).ok_or_else(|| unlike(&a, &b)),
        _ => Err(unlike(&a, &b)),
    }
}

/// Two texts, composed and folded as wanted.
pub(super) fn texts(a: &str, b: &str, sensitive: bool, compare: fn(&str, &str) -> bool) -> bool {
    if a.is_ascii() && b.is_ascii() {
        if sensitive {
            return compare(a, b);
        }
        return compare(&a.to_ascii_lowercase(), &b.to_ascii_lowercase());
    }
    let form = |text: &str| {
        let composed: String = if is_nfc(text) { text.to_owned() } else { text.nfc().collect() };
        if sensitive { composed } else { composed.to_lowercase() }
    };
    compare(&form(a), &form(b))
}

/// Whether `y` lies in the window around `x`.
pub(super) fn within(low: f64, high: f64, y: f64, include_low: bool, include_high: bool) -> bool {
    (y > low || (include_low && y == low)) && (y < high || (include_high && y == high))
}
