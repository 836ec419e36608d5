//! Style, script, icons and fonts: inside the binary, under names that carry their hash, so a browser
//! may keep them for ever.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

struct Asset {
    /// The name in the code: `style.css`.
    name: &'static str,
    /// The name on the wire: `style-1f2e3d4c5b.css`.
    file: &'static str,
    bytes: &'static [u8],
    brotli: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The names of the icons in the sprite.
const ICONS: &str = include_str!("../../../web-client/icons.txt");

/// The URL of an asset by its own name.
pub fn href(name: &str) -> String {
    let file = ASSETS.iter().find(|asset| asset.name == name).map_or(name, |asset| asset.file);
    format!("/assets/{file}")
}

/// Whether the browser's half is inside this binary.
pub fn built() -> bool {
    !ASSETS.is_empty()
}

/// Whether the sprite has this icon.
pub fn has_icon(name: &str) -> bool {
    ICONS.lines().any(|line| line == name)
}

/// The names of all icons, in order.
pub fn icons() -> impl Iterator<Item = &'static str> {
    ICONS.lines().filter(|line| !line.is_empty())
}

/// `GET /assets/{file}`
pub async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response {
    if !built() {
        let why = "The browser's half is not in this binary. Run `make assets` and build again.\n";
        return (StatusCode::NOT_FOUND, why).into_response();
    }
    let Some(asset) = ASSETS.iter().find(|asset| asset.file == file) else {
        return (StatusCode::NOT_FOUND, "There is no such file.\n").into_response();
    };
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let packed = asset.brotli.filter(|_| accepts_brotli(accepts));
    let mut response = packed.unwrap_or(asset.bytes).into_response();
    let set = response.headers_mut();
    set.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(asset.file)));
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    set.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if packed.is_some() {
        set.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}

/// `GET /favicon.ico`: asked for by browsers and machines that read no page.
pub async fn favicon() -> Redirect {
    Redirect::permanent(&href("favicon.svg"))
}

fn accepts_brotli(header: &str) -> bool {
    header.split(',').any(|part| {
        let mut words = part.split(';');
        words.next().is_some_and(|coding| coding.trim() == "br")
            && !words.any(|word| matches!(word.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn kind(file: &str) -> &'static str {
    match file.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "png" => "image/png",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_goes_only_to_who_wants_it() {
        assert!(accepts_brotli("gzip, deflate, br"));
        assert!(accepts_brotli("br;q=0.8"));
        assert!(!accepts_brotli("gzip, br;q=0"));
        assert!(!accepts_brotli("gzip, brr"));
    }

    #[test]
    fn every_icon_named_in_code_and_templates_is_in_the_sprite() {
        let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut folders = vec![here.join("src"), here.join("templates")];
        let mut missing = Vec::new();
        let mut seen = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let source = std::fs::read_to_string(&path).unwrap();
                for name in ["icon(\"", "Icon(\""].iter().flat_map(|start| source.split(start).skip(1)) {
                    let name = name.split('"').next().unwrap();
                    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
                    // Skips this test's own patterns.
                    if name.is_empty() || !name.chars().all(is_name) {
                        continue;
                    }
                    seen += 1;
                    if !has_icon(name) {
                        missing.push(format!("{}: {name}", path.display()));
                    }
                }
            }
        }
        assert!(missing.is_empty(), "add to web-client/icons.txt:\n{}", missing.join("\n"));
        assert!(seen > 20, "the search finds the icons: {seen}");
    }
}
