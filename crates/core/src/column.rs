//! Columns of the sheets a school hands in: what each is called, and what may stand in it. The areas write them down; reading
//! and writing files is the edge's work, so neither needs to know the other.

/// One column. Its words (label, help) stand in the texts under its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub key: &'static str,
    /// Other headers schools use for it, in any language.
    pub aliases: &'static [&'static str],
    pub shape: Shape,
    /// The header must be there and every row must fill it.
    pub required: bool,
    /// How a filled cell looks, in a template's example row.
    pub example: &'static str,
}

/// What may stand in a cell. A value travels as text: days as `2026-11-20`, times as `09:30`, yes and no as `true` and `false`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// At most so many characters.
    Text(usize),
    /// A whole number between two bounds.
    Whole(i64, i64),
    YesNo,
    Date,
    Time,
    /// One of these.
    Code(&'static [Choice]),
}

/// One allowed value of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    pub code: &'static str,
    /// Other words for it, in any language.
    pub aliases: &'static [&'static str],
}

impl Column {
    pub const fn text(key: &'static str, most_chars: usize, aliases: &'static [&'static str]) -> Self {
        Self { key, aliases, shape: Shape::Text(most_chars), required: false, example: "" }
    }

    pub const fn of(key: &'static str, shape: Shape, aliases: &'static [&'static str]) -> Self {
        Self { key, aliases, shape, required: false, example: "" }
    }

    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub const fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }
}
