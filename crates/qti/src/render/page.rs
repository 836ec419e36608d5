//! A page around an item, for looking at it.

use super::text::{Word, word};
use super::{Options, render};
use crate::safe::SafeCopy;
use crate::score::Responses;
use crate::xml::escape_into;

/// The style of items: light and dark, high contrast, and reflow at 400 %.
pub const STYLE: &str = include_str!("../../assets/item.css");
/// The island: comfort on top of what works without it.
pub const ISLAND: &str = include_str!("../../assets/island.js");
const PORTABLE: &str = include_str!("../../assets/portable.html");

/// The page for the frame of portable custom interactions, which may load files below `media` and nothing else.
///
/// Serve it at the address given as `portable`. It belongs in a frame with `sandbox="allow-scripts"` only.
pub fn portable_page(media: &str) -> String {
    // Inside a list of sources these would begin another one.
    let source: String =
        media.chars().filter(|c| !matches!(c, ';' | ',' | '"') && !c.is_whitespace()).collect();
    let mut safe = String::new();
    escape_into(&mut safe, &source, true);
    PORTABLE.replace("{media}", &safe)
}

/// Renders an item as a whole page that needs nothing else but its media.
pub fn page(copy: &SafeCopy, responses: &Responses, options: &Options) -> String {
    let lang = options.lang;
    let mut out = String::with_capacity(STYLE.len() + ISLAND.len() + 16 * 1024);
    let title = if copy.title.trim().is_empty() { word(lang, Word::Question) } else { copy.title.trim() };
    out.push_str("<!DOCTYPE html>\n<html lang=\"");
    out.push_str(lang.tag());
    out.push_str("\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    escape_into(&mut out, title, false);
    out.push_str("</title>\n<style>\n");
    out.push_str(STYLE);
    out.push_str("</style>\n</head>\n<body>\n<main>\n<h1");
    if let Some(language) =
        copy.language.as_deref().filter(|l| super::is_language(l) && !copy.title.trim().is_empty())
    {
        out.push_str(" lang=\"");
        escape_into(&mut out, language, true);
        out.push('"');
    }
    out.push('>');
    escape_into(&mut out, title, false);
    out.push_str("</h1>\n<form method=\"post\" autocomplete=\"off\">\n");
    out.push_str(&render(copy, responses, options));
    if !options.closed {
        out.push_str("<p><button type=\"submit\" class=\"qti-send\">");
        out.push_str(word(lang, Word::Send));
        out.push_str("</button></p>\n");
    }
    out.push_str("</form>\n</main>\n<script>\n");
    out.push_str(ISLAND);
    out.push_str("</script>\n</body>\n</html>\n");
    out
}
