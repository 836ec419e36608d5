//! Positive numbers for the gamma functions: plain doubles, or doubles with an own exponent for tests so
//! long that plain ones would overflow.

/// A non-negative number that can be added and multiplied without cancellation.
pub trait Scalar: Copy {
    /// Nothing.
    const ZERO: Self;
    /// From a non-negative double.
    fn of(value: f64) -> Self;
    /// From the natural logarithm of the value.
    fn exp(log: f64) -> Self;
    /// Sum.
    fn plus(self, other: Self) -> Self;
    /// Product.
    fn times(self, other: Self) -> Self;
    /// Quotient as a double; 0 when both are nothing.
    fn ratio(self, other: Self) -> f64;
    /// `1 / self` scaled by a double.
    fn into_divisor_of(self, numerator: f64) -> Self;
    /// Natural logarithm.
    fn ln(self) -> f64;
    /// As a double; may overflow or underflow.
    fn value(self) -> f64;
    /// Is it nothing?
    fn is_zero(self) -> bool;
}

impl Scalar for f64 {
    const ZERO: Self = 0.0;
    #[inline(always)]
    fn of(value: f64) -> Self {
        value
    }
    fn exp(log: f64) -> Self {
        log.exp()
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }
    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self * other
    }
    #[inline(always)]
    fn ratio(self, other: Self) -> f64 {
        if self == 0.0 { 0.0 } else { self / other }
    }
    fn into_divisor_of(self, numerator: f64) -> Self {
        if self == 0.0 { 0.0 } else { numerator / self }
    }
    fn ln(self) -> f64 {
        f64::ln(self)
    }
    fn value(self) -> f64 {
        self
    }
    fn is_zero(self) -> bool {
        self == 0.0
    }
}

/// `fraction · 2^exponent`, the fraction in [½, 1) or zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wide {
    fraction: f64,
    exponent: i64,
}

impl Wide {
    fn normal(fraction: f64, exponent: i64) -> Self {
        if fraction == 0.0 {
            return Wide::ZERO;
        }
        let (fraction, shift) = libm::frexp(fraction);
        Wide { fraction, exponent: exponent + i64::from(shift) }
    }
}

impl Scalar for Wide {
    const ZERO: Self = Wide { fraction: 0.0, exponent: 0 };
    fn of(value: f64) -> Self {
        Wide::normal(value, 0)
    }
    fn exp(log: f64) -> Self {
        let exponent = (log / std::f64::consts::LN_2).floor();
        Wide::normal((log - exponent * std::f64::consts::LN_2).exp(), exponent as i64)
    }
    fn plus(self, other: Self) -> Self {
        let (large, small) = if self.fraction == 0.0 {
            return other;
        } else if other.fraction == 0.0 {
            return self;
        } else if self.exponent >= other.exponent {
            (self, other)
        } else {
            (other, self)
        };
        let distance = large.exponent - small.exponent;
        if distance > 120 {
            return large;
        }
        let shift = i32::try_from(-distance).unwrap_or(-120);
        Wide::normal(large.fraction + libm::ldexp(small.fraction, shift), large.exponent)
    }
    fn times(self, other: Self) -> Self {
        Wide::normal(self.fraction * other.fraction, self.exponent + other.exponent)
    }
    fn ratio(self, other: Self) -> f64 {
        if self.fraction == 0.0 {
            return 0.0;
        }
        let exponent = (self.exponent - other.exponent).clamp(-2000, 2000);
        libm::ldexp(self.fraction / other.fraction, i32::try_from(exponent).unwrap_or(0))
    }
    fn into_divisor_of(self, numerator: f64) -> Self {
        if self.fraction == 0.0 {
            Wide::ZERO
        } else {
            Wide::normal(numerator / self.fraction, -self.exponent)
        }
    }
    fn ln(self) -> f64 {
        self.fraction.ln() + self.exponent as f64 * std::f64::consts::LN_2
    }
    fn value(self) -> f64 {
        libm::ldexp(self.fraction, i32::try_from(self.exponent.clamp(-2000, 2000)).unwrap_or(0))
    }
    fn is_zero(self) -> bool {
        self.fraction == 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_numbers_calculate_like_plain_ones_and_reach_further() {
        let (a, b) = (3.7e-12, 8.1e200);
        assert_eq!(Wide::of(a).times(Wide::of(b)).value(), a * b);
        assert_eq!(Wide::of(a).plus(Wide::of(1.0)).value(), a + 1.0);
        let far = Wide::of(b).times(Wide::of(b));
        assert!((far.ln() - 2.0 * b.ln()).abs() < 1e-10);
        assert_eq!(far.ratio(Wide::of(b)), b);
        assert!((Wide::exp(2000.0).ln() - 2000.0).abs() < 1e-10);
    }
}
