//! Numbers as the Netherlands and spreadsheets write them.

use super::said;
use crate::column::Decimal;
use crate::finding::{Finding, clip};
use crate::sheet::Cell;

pub(super) fn whole(cell: &Cell, least: i64, most: i64) -> Result<i64, Finding> {
    let unreadable = || Finding::new("sheet-whole-unreadable").with("value", clip(&super::shown(cell)));
    let number = match cell {
        Cell::Number(_) => exact(cell).and_then(|number| number.in_units(0)).ok_or_else(unreadable)?,
        Cell::Text(text) => {
            let text = without_spaces(text);
            let digits = if is_grouped(&text, '.') { text.replace('.', "") } else { text };
            let plain = digits.strip_prefix(['-', '+']).unwrap_or(&digits);
            if plain.is_empty() || !plain.chars().all(|sign| sign.is_ascii_digit()) {
                return Err(unreadable());
            }
            digits.parse().map_err(|_| unreadable())?
        }
        _ => return Err(unreadable()),
    };
    if number < least || number > most {
        return Err(Finding::new("sheet-whole-out-of-range")
            .with("value", number)
            .with("least", least)
            .with("most", most));
    }
    Ok(number)
}

pub(super) fn decimal(cell: &Cell, least: Decimal, most: Decimal, places: u8) -> Result<Decimal, Finding> {
    let value = || clip(&super::shown(cell));
    let unreadable = || Finding::new("sheet-decimal-unreadable").with("value", value());
    let number = match cell {
        Cell::Number(_) => exact(cell).ok_or_else(unreadable)?,
        Cell::Text(text) => {
            let text = without_spaces(text);
            // 1.234 is a thousand in the Netherlands and a little over one in an English export.
            if is_grouped(&text, '.') || is_grouped(&text, ',') && places < 3 {
                return Err(Finding::new("sheet-decimal-ambiguous").with("value", value()));
            }
            with_point(&text).and_then(|digits| Decimal::parse(&digits)).ok_or_else(unreadable)?
        }
        _ => return Err(unreadable()),
    };
    if number.places() > places {
        return Err(Finding::new("sheet-decimal-too-fine")
            .with("value", said(number))
            .with("places", u32::from(places)));
    }
    if number < least || number > most {
        return Err(Finding::new("sheet-decimal-out-of-range")
            .with("value", said(number))
            .with("least", said(least))
            .with("most", said(most)));
    }
    Ok(number)
}

/// A number as the sheet shows it: 15 digits, without the noise of the binary fraction.
fn exact(cell: &Cell) -> Option<Decimal> {
    let Cell::Number(number) = cell else { return None };
    let size = number.abs();
    if !number.is_finite() || size >= 1e15 {
        return None;
    }
    let before = if size < 1.0 { 1 } else { 1 + size.log10().floor() as usize };
    Decimal::parse(&format!("{number:.*}", 15usize.saturating_sub(before).min(12)))
}

pub(super) fn shown(number: f64) -> String {
    match exact(&Cell::Number(number)) {
        Some(number) => said(number),
        None => number.to_string(),
    }
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|sign| !crate::sheet::is_blank(*sign) && *sign != '\'').collect()
}

/// `1.234` and `12.345.678`: groups of three after the mark.
fn is_grouped(text: &str, mark: char) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let mut groups = digits.split(mark);
    let Some(first) = groups.next() else { return false };
    let is_number = |group: &str| group.chars().all(|sign| sign.is_ascii_digit());
    let mut more = 0;
    for group in groups {
        if group.len() != 3 || !is_number(group) {
            return false;
        }
        more += 1;
    }
    more > 0 && (1..=3).contains(&first.len()) && is_number(first) && first != "0"
}

/// `7,5`, `1.234,5` and `1,234.5` with a point and without groups.
fn with_point(text: &str) -> Option<String> {
    match (text.rfind(','), text.rfind('.')) {
        (None, _) if text.matches('.').count() > 1 => None,
        (None, _) => Some(text.to_owned()),
        (Some(_), None) => Some(text.replacen(',', ".", 1)).filter(|digits| !digits.contains(',')),
        (Some(comma), Some(point)) => {
            let (mark, group) = if comma > point { (',', '.') } else { ('.', ',') };
            let (whole, part) = text.rsplit_once(mark)?;
            is_grouped(whole, group).then(|| format!("{}.{part}", whole.replace(group, "")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell {
        Cell::Text(text.into())
    }

    #[test]
    fn whole_numbers_may_be_grouped_but_not_broken() {
        let read = |cell: Cell| whole(&cell, -10_000_000, 10_000_000).map_err(|finding| finding.code);
        assert_eq!(read(text("1200")), Ok(1200));
        assert_eq!(read(text("1.200")), Ok(1200));
        assert_eq!(read(text("1 200")), Ok(1200));
        assert_eq!(read(text("-5")), Ok(-5));
        assert_eq!(read(Cell::Number(30.0)), Ok(30));
        assert_eq!(read(Cell::Number(29.999_999_999_999_996)), Ok(30));
        for wrong in
            [text("12,5"), text("twaalf"), text("1e3"), text("-"), Cell::Number(7.5), Cell::YesNo(true)]
        {
            assert_eq!(read(wrong), Err("sheet-whole-unreadable"));
        }
        assert_eq!(read(text("99999999")), Err("sheet-whole-out-of-range"));
        assert_eq!(read(text("99999999999999999999999")), Err("sheet-whole-unreadable"));
    }

    #[test]
    fn grades_are_read_with_comma_and_with_point() {
        let read = |cell: Cell| {
            decimal(&cell, Decimal::new(10, 1), Decimal::new(100, 1), 1).map_err(|finding| finding.code)
        };
        assert_eq!(read(text("7,5")), Ok(Decimal::new(75, 1)));
        assert_eq!(read(text("7.5")), Ok(Decimal::new(75, 1)));
        assert_eq!(read(text("8")), Ok(Decimal::new(80, 1)));
        assert_eq!(read(Cell::Number(7.500_000_000_000_001)), Ok(Decimal::new(75, 1)));
        assert_eq!(read(Cell::Number(0.1 + 5.4)), Ok(Decimal::new(55, 1)));
        assert_eq!(read(text("7,55")), Err("sheet-decimal-too-fine"));
        assert_eq!(read(text("10,1")), Err("sheet-decimal-out-of-range"));
        assert_eq!(read(text("1.234")), Err("sheet-decimal-ambiguous"));
        for wrong in [text("7,5,5"), text("zeven"), text(","), text("1.23,45"), Cell::Number(f64::NAN)] {
            assert_eq!(read(wrong), Err("sheet-decimal-unreadable"));
        }
        let wide = |said: &str| decimal(&text(said), Decimal::new(0, 0), Decimal::new(1_000_000, 0), 3);
        assert_eq!(wide("1.234,5"), Ok(Decimal::new(12_345, 1)));
        assert_eq!(wide("1,234.5"), Ok(Decimal::new(12_345, 1)));
        assert_eq!(wide("0,125"), Ok(Decimal::new(125, 3)));
    }
}
