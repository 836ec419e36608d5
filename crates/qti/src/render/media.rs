//! Sound, film and embedded files: native players, never started by themselves.

use super::Writer;
use super::content::pixels;
use super::text::{Word, with};
use crate::xml::Element;

impl Writer<'_> {
    pub(super) fn media(&mut self, element: &Element) {
        self.raw("<div");
        self.classes("qti-interaction qti-media", element);
        self.attribute("data-response", element.get("response-identifier").unwrap_or_default());
        let plays = super::number(element, "max-plays").filter(|n| *n > 0);
        if let Some(plays) = plays {
            self.attribute("data-max-plays", &plays.to_string());
        }
        self.raw(">\n");
        self.prompt(element);
        if let Some(plays) = plays {
            let hint = with(self.lang, Word::Plays, &plays);
            self.raw("<p class=\"qti-hint\">");
            self.escaped(&hint, false);
            self.raw("</p>\n");
        }
        for child in element.elements().filter(|e| e.name != "qti-prompt") {
            match child.name.as_str() {
                "audio" | "video" => self.player(child),
                "object" => self.object(child),
                "img" => self.figure(child),
                _ => self.content(child),
            }
        }
        self.raw("</div>\n");
    }

    pub(super) fn player(&mut self, element: &Element) {
        let film = element.name == "video";
        let mut sources: Vec<(String, Option<String>)> = Vec::new();
        if let Some(source) = element.get("src") {
            sources.push((source.to_owned(), None));
        }
        for source in element.all("source") {
            if let Some(address) = source.get("src") {
                sources.push((address.to_owned(), source.get("type").map(str::to_owned)));
            }
        }
        let tracks: Vec<Element> = element.all("track").cloned().collect();
        self.write_player(film, &sources, &tracks, element);
    }

    fn write_player(
        &mut self,
        film: bool,
        sources: &[(String, Option<String>)],
        tracks: &[Element],
        element: &Element,
    ) {
        let (tag, name, counter) =
            if film { ("video", Word::Film, "film") } else { ("audio", Word::Sound, "sound") };
        let count = self.count(counter);
        let fallback = with(self.lang, name, &count);
        let label = element.get("aria-label").or(element.get("title")).unwrap_or(&fallback).to_owned();
        self.raw(&format!("<{tag} controls preload=\"metadata\""));
        self.attribute("aria-label", &label);
        if let (true, Some(poster)) = (film, element.get("poster")) {
            let poster = self.address(poster);
            self.attribute("poster", &poster);
        }
        for size in ["width", "height"] {
            if let (true, Some(value)) = (film, element.get(size).and_then(pixels)) {
                self.attribute(size, &value.to_string());
            }
        }
        self.raw(">");
        for (address, kind) in sources {
            let address = self.address(address);
            self.raw("<source");
            self.attribute("src", &address);
            if let Some(kind) = kind {
                self.attribute("type", kind);
            }
            self.raw(">");
        }
        for track in tracks {
            self.raw("<track");
            for name in ["src", "kind", "srclang", "label"] {
                if let Some(value) = track.get(name) {
                    let value = if name == "src" { self.address(value) } else { value.to_owned() };
                    self.attribute(name, &value);
                }
            }
            self.raw(">");
        }
        if let Some((address, _)) = sources.first() {
            let address = address.clone();
            self.file_link(&address, &label);
        }
        self.raw(&format!("</{tag}>"));
    }

    pub(super) fn object(&mut self, element: &Element) {
        let source = element.get("data").unwrap_or_default().to_owned();
        let kind = element.get("type").unwrap_or_default().to_ascii_lowercase();
        let ending = source.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        if source.is_empty() {
            self.content(element);
        } else if kind.starts_with("image/")
            || matches!(ending.as_str(), "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp")
        {
            self.figure(element);
        } else if kind.starts_with("audio/")
            || matches!(ending.as_str(), "mp3" | "ogg" | "oga" | "wav" | "m4a")
        {
            self.write_player(false, &[(source, element.get("type").map(str::to_owned))], &[], element);
        } else if kind.starts_with("video/") || matches!(ending.as_str(), "mp4" | "webm" | "ogv" | "m4v") {
            self.write_player(true, &[(source, element.get("type").map(str::to_owned))], &[], element);
        } else {
            let text = element.text();
            self.file_link(&source, text.trim());
        }
    }

    /// An image of the source, from `img` or `object`.
    pub(super) fn figure(&mut self, element: &Element) {
        let source = element.get("src").or(element.get("data")).unwrap_or_default();
        if source.is_empty() {
            return;
        }
        let address = self.address(source);
        self.raw("<img");
        self.attribute("src", &address);
        let label = self.image_name(element);
        self.attribute("alt", &label);
        for size in ["width", "height"] {
            if let Some(value) = element.get(size).and_then(pixels) {
                self.attribute(size, &value.to_string());
            }
        }
        self.raw(">");
    }

    /// What an image is called: its alternative text, the content of an object, or simply an image.
    pub(super) fn image_name(&self, element: &Element) -> String {
        let text = element.text();
        let named = element.get("alt").or(element.get("aria-label")).map(str::trim).filter(|n| !n.is_empty());
        match (named, text.trim()) {
            (Some(name), _) => name.to_owned(),
            (None, "") if element.name == "img" && element.get("alt").is_some() => String::new(),
            (None, "") => self.word(Word::Image).to_owned(),
            (None, text) => text.to_owned(),
        }
    }
}
