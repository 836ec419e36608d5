//! Colours of a school: whether people can read with them (WCAG 2.2, 1.4.3), and the nearest colour with which they can.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A colour of a screen: `#0b5563`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

/// What text needs against what is behind it.
pub const ENOUGH: f64 = 4.5;

const WHITE: Colour = Colour::new(0xff, 0xff, 0xff);
/// The grounds of the light theme on which the school's colour is written, lightest first (`tokens.css`).
const LIGHT: [Colour; 3] = [WHITE, Colour::new(0xf6, 0xf4, 0xef), Colour::new(0xef, 0xec, 0xe4)];
/// Those of the dark theme.
const DARK: [Colour; 4] = [
    Colour::new(0x16, 0x20, 0x2d),
    Colour::new(0x0e, 0x15, 0x1f),
    Colour::new(0x1b, 0x27, 0x36),
    Colour::new(0x11, 0x1a, 0x25),
];
/// What is written on a field of the school's colour in the dark theme.
const DARK_INK: Colour = Colour::new(0x06, 0x12, 0x1a);

/// A colour with which something cannot be read, and the nearest with which all can.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unreadable {
    pub colour: Colour,
    /// The worst contrast that was found, in hundredths.
    pub hundredths: u32,
    pub nearest: Colour,
}

/// In which theme a colour is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

impl Colour {
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// The contrast of two colours, from 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn linear(self) -> [f64; 3] {
        [self.red, self.green, self.blue].map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// Whether everything drawn with it can be read, and if not, with which colour it can.
    pub fn readable(self, theme: Theme) -> Result<Self, Unreadable> {
        let worst = self.worst(theme);
        if worst >= ENOUGH {
            return Ok(self);
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 100 and 2100")]
        Err(Unreadable { colour: self, hundredths: (worst * 100.0) as u32, nearest: self.nearest(theme) })
    }

    /// The worst contrast of all places where this colour is text, or is behind text.
    fn worst(self, theme: Theme) -> f64 {
        let soft = self.soft(theme);
        let (grounds, ink): (&[Colour], _) = match theme {
            Theme::Light => (&LIGHT, WHITE),
            Theme::Dark => (&DARK, DARK_INK),
        };
        grounds.iter().copied().chain([soft, ink]).map(|other| self.contrast(other)).fold(f64::MAX, f64::min)
    }

    /// The same hue, as little darker (in the dark theme: lighter) as needed. Lightness is that of Oklab, in which
    /// equal steps look equal.
    pub fn nearest(self, theme: Theme) -> Self {
        let [lightness, a, b] = self.oklab();
        let end = if theme == Theme::Light { 0.0 } else { 1.0 };
        (0..=200)
            .map(|step| {
                let part = f64::from(step) / 200.0;
                let there = lightness + (end - lightness) * part;
                // At both ends a colour has less room.
                let paler = 1.0 - 0.5 * part;
                Self::from_oklab([there, a * paler, b * paler])
            })
            .find(|colour| colour.worst(theme) >= ENOUGH)
            .unwrap_or(if theme == Theme::Light { Self::new(0, 0, 0) } else { WHITE })
    }

    /// For hovering and pressing: further from the ground.
    pub fn strong(self, theme: Theme) -> Self {
        let [lightness, a, b] = self.oklab();
        let step = if theme == Theme::Light { -0.08 } else { 0.08 };
        Self::from_oklab([(lightness + step).clamp(0.0, 1.0), a, b])
    }

    /// Behind what is chosen: almost the ground.
    pub fn soft(self, theme: Theme) -> Self {
        match theme {
            Theme::Light => self.mixed(WHITE, 0.10),
            Theme::Dark => self.mixed(DARK[0], 0.12),
        }
    }

    /// What is written on a field of it.
    pub const fn ink_on(theme: Theme) -> Self {
        match theme {
            Theme::Light => WHITE,
            Theme::Dark => DARK_INK,
        }
    }

    fn mixed(self, ground: Self, part: f64) -> Self {
        let mix =
            |one: u8, other: u8| byte((f64::from(one) * part + f64::from(other) * (1.0 - part)) / 255.0);
        Self::new(mix(self.red, ground.red), mix(self.green, ground.green), mix(self.blue, ground.blue))
    }

    fn oklab(self) -> [f64; 3] {
        let [r, g, b] = self.linear();
        let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
        let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
        let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
        [
            0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
            1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
            0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
        ]
    }

    fn from_oklab([lightness, a, b]: [f64; 3]) -> Self {
        let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
        let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
        let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
        let curve = |part: f64| {
            byte(if part <= 0.003_130_8 { part * 12.92 } else { 1.055 * part.powf(1.0 / 2.4) - 0.055 })
        };
        Self::new(
            curve(4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s),
            curve(-1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s),
            curve(-0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s),
        )
    }
}

fn byte(part: f64) -> u8 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
    {
        (part.clamp(0.0, 1.0) * 255.0).round() as u8
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// Not six hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a colour is written as #0b5563")]
pub struct NoColour;

impl FromStr for Colour {
    type Err = NoColour;

    fn from_str(text: &str) -> Result<Self, NoColour> {
        let text = text.trim().trim_start_matches('#');
        if text.len() != 6 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NoColour);
        }
        let number = u32::from_str_radix(text, 16).map_err(|_| NoColour)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self::new(red, green, blue))
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> String {
        colour.to_string()
    }
}

impl TryFrom<String> for Colour {
    type Error = NoColour;

    fn try_from(text: String) -> Result<Self, NoColour> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().unwrap()
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert_eq!(colour("#000000").contrast(WHITE), 21.0);
        assert_eq!(WHITE.contrast(WHITE), 1.0);
        // The grey that just passes on white.
        assert!((colour("#767676").contrast(WHITE) - 4.54).abs() < 0.01);
        assert!((colour("#777777").contrast(WHITE) - 4.48).abs() < 0.01);
    }

    #[test]
    fn our_own_colours_pass_and_a_bright_yellow_does_not() {
        assert!(colour("#0b5563").readable(Theme::Light).is_ok());
        assert!(colour("#6cc7d3").readable(Theme::Dark).is_ok());
        let refused = colour("#ffd200").readable(Theme::Light).unwrap_err();
        assert!(refused.hundredths < 150, "{refused:?}");
        assert!(refused.nearest.readable(Theme::Light).is_ok());
        // Still the school's hue: more red than green, hardly any blue.
        let Colour { red, green, blue } = refused.nearest;
        assert!(red > green && green > blue && blue < 40, "{}", refused.nearest);
        assert!(colour("#0b5563").readable(Theme::Dark).is_err(), "too dark for the dark theme");
    }

    #[test]
    fn the_nearest_is_readable_and_no_further_than_needed_for_every_colour() {
        for red in (0..=255).step_by(17) {
            for green in (0..=255).step_by(17) {
                for blue in (0..=255).step_by(17) {
                    let colour = Colour::new(red, green, blue);
                    for theme in [Theme::Light, Theme::Dark] {
                        match colour.readable(theme) {
                            Ok(same) => assert_eq!(colour.nearest(theme), same),
                            Err(refused) => {
                                let found = refused.nearest.worst(theme);
                                assert!(
                                    (ENOUGH..8.0).contains(&found),
                                    "{colour} {theme:?}: {refused:?} {found}"
                                );
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn only_six_digits_are_a_colour() {
        for wrong in ["", "#fff", "red", "#12345g", "#1234567", "12 456", "#é1234", "url(x)"] {
            assert_eq!(wrong.parse::<Colour>(), Err(NoColour), "{wrong}");
        }
        assert_eq!(colour(" 0B5563 ").to_string(), "#0b5563");
    }
}
