//! Every rule code of this crate with the arguments its text may use.

/// One rule code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    pub code: &'static str,
    pub args: &'static [&'static str],
}

/// All of them; `locales/*/sheets.ftl` has a text for each, which a test proves.
pub const CODES: &[Code] = &[
    // The file.
    code("sheet-file-empty", &[]),
    code("sheet-file-too-large", &["most"]),
    code("sheet-kind-unknown", &[]),
    code("sheet-kind-old", &[]),
    code("sheet-encrypted", &[]),
    code("sheet-damaged", &[]),
    code("sheet-archive-suspect", &[]),
    code("sheet-unpacks-too-large", &["most"]),
    code("sheet-encoding-broken", &["encoding"]),
    code("sheet-quote-unclosed", &[]),
    code("sheet-not-found", &["name", "names"]),
    code("sheet-too-many-rows", &["most"]),
    code("sheet-too-many-columns", &["most"]),
    code("sheet-too-many-cells", &["most"]),
    code("sheet-too-much-text", &["most"]),
    // The headers.
    code("sheet-header-row-empty", &[]),
    code("sheet-column-without-header", &[]),
    code("sheet-header-repeated", &["first"]),
    code("sheet-column-missing", &["column"]),
    code("sheet-column-used-twice", &[]),
    code("sheet-key-unknown", &["column"]),
    code("sheet-mapped-column-missing", &["letters", "column"]),
    code("sheet-example-skipped", &[]),
    // The cells.
    code("sheet-value-missing", &[]),
    code("sheet-formula-fault", &["value"]),
    code("sheet-cell-too-long", &["chars"]),
    code("sheet-text-too-long", &["value", "chars", "most"]),
    code("sheet-text-control", &["sign"]),
    code("sheet-text-rounded", &["value"]),
    code("sheet-text-became-date", &[]),
    code("sheet-whole-unreadable", &["value"]),
    code("sheet-whole-out-of-range", &["value", "least", "most"]),
    code("sheet-decimal-unreadable", &["value"]),
    code("sheet-decimal-ambiguous", &["value"]),
    code("sheet-decimal-too-fine", &["value", "places"]),
    code("sheet-decimal-out-of-range", &["value", "least", "most"]),
    code("sheet-yes-no-unreadable", &["value"]),
    code("sheet-date-unreadable", &["value"]),
    code("sheet-date-short-year", &["value"]),
    code("sheet-date-other-weekday", &["value"]),
    code("sheet-date-out-of-range", &["value", "first", "last"]),
    code("sheet-time-unreadable", &["value"]),
    code("sheet-code-unknown", &["value", "allowed"]),
    code("sheet-code-ambiguous", &["value", "allowed"]),
];

const fn code(code: &'static str, args: &'static [&'static str]) -> Code {
    Code { code, args }
}
