//! Numbers: rounding on the decimal notation, whole-number division, statistics, functions.

use crate::program::{Function, Statistic};

/// Half up towards positive infinity, as QTI rounds to whole numbers.
pub fn round_half_up(x: f64) -> f64 {
    let floor = x.floor();
    if x - floor >= 0.5 { floor + 1.0 } else { floor }
}

/// Rounds to a number of significant figures or decimal places, half away from zero, on the shortest decimal
/// notation of the number: 1.005 becomes 1.01, as on paper.
pub fn round_decimal(x: f64, figures: i32, significant: bool) -> Option<f64> {
    if x.is_nan() || (significant && figures < 1) || (!significant && figures < 0) {
        return None;
    }
    if x.is_infinite() || x == 0.0 {
        return Some(x);
    }
    let text = format!("{:e}", x.abs());
    let (mantissa, exponent) = text.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
    let keep = if significant { i64::from(figures) } else { i64::from(exponent) + 1 + i64::from(figures) };
    if keep >= digits.len() as i64 {
        return Some(x);
    }
    if keep < 0 {
        return Some(0.0);
    }
    let keep = usize::try_from(keep).ok()?;
    let mut kept: Vec<u8> = digits.iter().copied().take(keep).collect();
    let mut exponent = exponent;
    if digits.get(keep).is_some_and(|d| *d >= 5) {
        let mut carry = true;
        for digit in kept.iter_mut().rev() {
            if *digit == 9 {
                *digit = 0;
            } else {
                *digit += 1;
                carry = false;
                break;
            }
        }
        if carry {
            kept.insert(0, 1);
            exponent += 1;
        }
    }
    if kept.is_empty() {
        return Some(0.0);
    }
    let mut notation = String::with_capacity(kept.len() + 8);
    if x < 0.0 {
        notation.push('-');
    }
    for (i, digit) in kept.iter().enumerate() {
        if i == 1 {
            notation.push('.');
        }
        notation.push(char::from(b'0' + digit));
    }
    notation.push_str(&format!("e{exponent}"));
    notation.parse().ok()
}

/// Rounds down, whatever the signs.
pub fn floor_divide(a: i32, b: i32) -> Option<i32> {
    if b == 0 {
        return None;
    }
    let (a, b) = (i64::from(a), i64::from(b));
    let quotient = a / b;
    let down = if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient };
    i32::try_from(down).ok()
}

/// Greatest common divisor.
pub fn gcd(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// A statistic of values; `None` is NULL.
pub fn statistic(kind: Statistic, values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    if values.is_empty() {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n;
    let squares = || values.iter().map(|v| (v - mean).powi(2)).sum::<f64>();
    match kind {
        Statistic::Mean => Some(mean),
        Statistic::PopVariance => Some(squares() / n),
        Statistic::PopSd => Some((squares() / n).sqrt()),
        Statistic::SampleVariance if values.len() > 1 => Some(squares() / (n - 1.0)),
        Statistic::SampleSd if values.len() > 1 => Some((squares() / (n - 1.0)).sqrt()),
        Statistic::SampleVariance | Statistic::SampleSd => None,
    }
}

/// A function of one number; NaN is NULL for the caller.
pub fn function(kind: Function, x: f64) -> f64 {
    match kind {
        Function::Sin => x.sin(),
        Function::Cos => x.cos(),
        Function::Tan => x.tan(),
        Function::Sec => 1.0 / x.cos(),
        Function::Csc => 1.0 / x.sin(),
        Function::Cot => 1.0 / x.tan(),
        Function::Asin => x.asin(),
        Function::Acos => x.acos(),
        Function::Atan => x.atan(),
        Function::Atan2 => f64::NAN,
        Function::Asec => (1.0 / x).acos(),
        Function::Acsc => (1.0 / x).asin(),
        Function::Acot => (1.0 / x).atan(),
        Function::Sinh => x.sinh(),
        Function::Cosh => x.cosh(),
        Function::Tanh => x.tanh(),
        Function::Sech => 1.0 / x.cosh(),
        Function::Csch => 1.0 / x.sinh(),
        Function::Coth => 1.0 / x.tanh(),
        Function::Log if x < 0.0 => f64::NAN,
        Function::Log => x.log10(),
        Function::Ln => x.ln(),
        Function::Exp => x.exp(),
        Function::Abs => x.abs(),
        Function::Signum if x == 0.0 => 0.0,
        Function::Signum => x.signum(),
        Function::Floor => x.floor(),
        Function::Ceil => x.ceil(),
        Function::ToDegrees => x.to_degrees(),
        Function::ToRadians => x.to_radians(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_that_of_paper() {
        assert_eq!(round_decimal(1.005, 2, false), Some(1.01));
        assert_eq!(round_decimal(-1.005, 2, false), Some(-1.01));
        assert_eq!(round_decimal(3.175, 3, true), Some(3.18));
        assert_eq!(round_decimal(3.1749, 3, true), Some(3.17));
        assert_eq!(round_decimal(99.95, 1, false), Some(100.0));
        assert_eq!(round_decimal(1_234_567.0, 3, true), Some(1_230_000.0));
        assert_eq!(round_decimal(0.04, 1, false), Some(0.0));
        assert_eq!(round_decimal(0.05, 1, false), Some(0.1));
        assert_eq!(round_decimal(0.6, 0, false), Some(1.0));
        assert_eq!(round_decimal(1.0, 0, true), None);
        assert_eq!(round_half_up(-6.5), -6.0);
        assert_eq!(round_half_up(6.5), 7.0);
        assert_eq!(round_half_up(0.499_999_999_999_999_94), 0.0);
    }

    #[test]
    fn division_goes_down() {
        assert_eq!(floor_divide(-7, 2), Some(-4));
        assert_eq!(floor_divide(7, -2), Some(-4));
        assert_eq!(floor_divide(7, 0), None);
        assert_eq!(floor_divide(i32::MIN, -1), None);
    }
}
