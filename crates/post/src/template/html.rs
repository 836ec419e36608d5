//! The HTML part: the text in paragraphs and lists, with its links, in the house's frame.

use std::fmt::Write;

/// Paragraphs where the text has empty lines, lists where lines begin with a dash.
pub(super) fn from_text(text: &str) -> String {
    let mut html = String::new();
    for block in text.split("\n\n") {
        let lines: Vec<&str> = block.lines().filter(|line| !line.is_empty()).collect();
        if lines.is_empty() {
            continue;
        }
        if lines.iter().all(|line| line.starts_with("- ")) {
            html.push_str("<ul>\n");
            for line in lines {
                html.push_str("<li>");
                with_links(&mut html, line.trim_start_matches("- "));
                html.push_str("</li>\n");
            }
            html.push_str("</ul>\n");
            continue;
        }
        html.push_str("<p>");
        for (index, line) in lines.into_iter().enumerate() {
            if index > 0 {
                html.push_str("<br>\n");
            }
            with_links(&mut html, line);
        }
        html.push_str("</p>\n");
    }
    html
}

/// Nothing is fetched from elsewhere: opening a mail tells nobody.
pub(super) fn page(subject: &str, language: &str, body: &str) -> String {
    let mut html = String::with_capacity(body.len() + 700);
    html.push_str("<!doctype html>\n<html lang=\"");
    escape(&mut html, language);
    html.push_str("\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    escape(&mut html, subject);
    html.push_str(
        "</title>\n</head>\n<body style=\"margin:0;padding:24px;background:#ffffff;color:#1c2430;\
         font-family:'Atkinson Hyperlegible Next',Verdana,sans-serif;font-size:16px;line-height:1.5\">\n\
         <main style=\"max-width:600px\">\n",
    );
    html.push_str(body);
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

fn with_links(html: &mut String, line: &str) {
    for (index, word) in line.split(' ').enumerate() {
        if index > 0 {
            html.push(' ');
        }
        let bare = word
            .trim_start_matches(['(', '<', '"'])
            .trim_end_matches(['.', ',', ')', '>', '"', ';', ':', '!', '?']);
        if !(bare.starts_with("https://") || bare.starts_with("http://")) {
            escape(html, word);
            continue;
        }
        let (before, rest) = word.split_once(bare).unwrap_or(("", word));
        escape(html, before);
        html.push_str("<a href=\"");
        escape(html, bare);
        html.push_str("\">");
        escape(html, bare);
        html.push_str("</a>");
        escape(html, rest);
    }
}

fn escape(html: &mut String, text: &str) {
    for sign in text.chars() {
        // Writing into a string cannot fail.
        let _ = match sign {
            '<' => html.write_str("&lt;"),
            '>' => html.write_str("&gt;"),
            '&' => html.write_str("&amp;"),
            '"' => html.write_str("&quot;"),
            '\'' => html.write_str("&#39;"),
            sign => html.write_char(sign),
        };
    }
}
