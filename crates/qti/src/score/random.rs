//! The one generator: Mulberry32. Small, fast, and the same stream from the same seed everywhere, also in
//! browsers, so that a published seed can be replayed by others. It draws exercises, it guards no secrets.

/// A stream of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Random {
    state: u32,
}

impl Random {
    /// The stream of a seed; the upper half of the seed is folded in.
    pub fn new(seed: u64) -> Self {
        Self { state: (seed as u32) ^ ((seed >> 32) as u32) }
    }

    /// Goes on where a stored stream stopped.
    pub fn resume(state: u32) -> Self {
        Self { state }
    }

    /// What to store.
    pub fn state(&self) -> u32 {
        self.state
    }

    /// The next number from 0 up to 1.
    pub fn draw(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x6D2B_79F5);
        let mut t = self.state;
        t = (t ^ (t >> 15)).wrapping_mul(t | 1);
        t ^= t.wrapping_add((t ^ (t >> 7)).wrapping_mul(t | 61));
        f64::from(t ^ (t >> 14)) / 4_294_967_296.0
    }

    /// A whole number from 0 up to `count`.
    pub fn below(&mut self, count: usize) -> usize {
        let drawn = (self.draw() * count as f64) as usize;
        drawn.min(count.saturating_sub(1))
    }

    /// Puts a list in random order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        let mut random = Random::new(42);
        assert_eq!(random.draw(), 0.601_103_751_920_163_6);
        let mut again = Random::resume(random.state());
        assert_eq!(random.draw(), again.draw());
    }
}
