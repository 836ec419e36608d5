//! Reproducible numbers for simulation: the counter based generator of the guide (SplitMix64 output
//! function). A seed comes in as a parameter; nothing here reads a clock.

/// A stream of numbers fixed by its seed.
#[derive(Debug, Clone)]
pub struct Stream {
    state: u64,
}

impl Stream {
    /// The stream that belongs to `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Stream { state: seed.wrapping_shl(32) }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        let mut z = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.state = self.state.wrapping_add(1);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in [0, 1).
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * 2.0_f64.powi(-53)
    }

    /// A standard normal number (by its quantile function).
    pub fn normal(&mut self) -> f64 {
        super::distribution::normal_quantile((self.uniform() + 2.0_f64.powi(-54)).min(1.0 - 1e-16))
    }

    /// A whole number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        ((self.uniform() * bound as f64) as usize).min(bound.saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_one_of_the_data_generator() {
        // u(7, 0) computed with the published function: mix(7·2³²) >> 11 · 2⁻⁵³
        let mut stream = Stream::new(7);
        let first = stream.uniform();
        let mut z = (7_u64 << 32).wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        assert_eq!(first, ((z ^ (z >> 31)) >> 11) as f64 * 2.0_f64.powi(-53));
    }

    #[test]
    fn normal_numbers_have_mean_zero_and_variance_one() {
        let mut stream = Stream::new(3);
        let values: Vec<f64> = (0..20_000).map(|_| stream.normal()).collect();
        assert!(crate::number::sum::mean(&values).unwrap().abs() < 0.02);
        assert!((crate::number::sum::variance(&values).unwrap() - 1.0).abs() < 0.03);
    }
}
