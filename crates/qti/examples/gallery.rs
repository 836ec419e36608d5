//! Renders our own items, and with `--all` every indexed sample, as pages:
//! `cargo run -p regie-qti --example gallery -- OUT [nl|en] [--all]`.
//! Beside each page stands a list of the texts the source shows to candidates, for checks in a browser.

#![allow(clippy::indexing_slicing, reason = "JSON by name gives null when it is not there")]

use regie_qti::import::{Document, Files, Source, import};
use regie_qti::item::Item;
use regie_qti::render::{Lang, State, page, portable_page, prepare};
use regie_qti::score::Engine;
use regie_qti::xml::{Element, Node};
use serde_json::{Value as Json, json};
use std::path::Path;

/// The files beside a sample.
struct Folder<'p>(&'p Path);

impl Files for Folder<'_> {
    fn open(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.0.join(path)).ok()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().ok_or("say where to write the pages")?;
    let lang = Lang::from_tag(&arguments.next().unwrap_or_else(|| "nl".to_owned()));
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/qti"));
    std::fs::create_dir_all(&out)?;
    let mut files = Vec::new();
    let own = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/items"));
    for entry in std::fs::read_dir(own)? {
        files.push(("own".to_owned(), entry?.path()));
    }
    files.sort();
    if std::env::args().any(|a| a == "--all") {
        for version in ["2.x", "3.0"] {
            let index: Json =
                serde_json::from_slice(&std::fs::read(folder.join(version).join("index.json"))?)?;
            for entry in index["files"].as_array().into_iter().flatten() {
                let file = entry["file"].as_str().unwrap_or_default();
                files.push((version.to_owned(), folder.join(version).join(file)));
            }
        }
    }
    let engine = Engine::new();
    live(&engine, own, Path::new(&out), lang)?;
    let mut list = Vec::new();
    for (source_name, path) in files {
        if path.extension().is_none_or(|e| e != "xml") {
            continue;
        }
        let file = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let folder = Folder(path.parent().unwrap_or(Path::new("")));
        let mut source = Source::within(&file, &folder);
        let Ok(Document::Item(item)) = import(&std::fs::read(&path)?, &mut source) else { continue };
        let stimuli = item.stimuli(&mut source);
        let base = path.parent().map(|p| p.to_string_lossy().into_owned()).unwrap_or_default();
        let state = State { media: format!("file://{base}/"), ..State::default() };
        let Ok(prepared) = prepare(&engine, &item, &stimuli, &state, lang) else { continue };
        let name = format!("{:03}.html", list.len());
        std::fs::write(
            Path::new(&out).join(&name),
            page(&prepared.copy, &prepared.responses, &prepared.options),
        )?;
        let kinds: Vec<Json> = item
            .interactions
            .iter()
            .map(|i| json!({"kind": format!("{:?}", i.kind), "response": i.identifier}))
            .collect();
        list.push(json!({
            "page": name, "file": format!("{source_name}/{}", path.display()), "name": file, "kinds": kinds,
            "texts": texts(&item, &stimuli),
        }));
    }
    std::fs::write(Path::new(&out).join("list.json"), serde_json::to_string_pretty(&list)?)?;
    println!("{} pages in {out}", list.len());
    Ok(())
}

/// Our portable interaction as it runs, empty and answered, with its frame: for a server on this computer.
fn live(engine: &Engine, own: &Path, out: &Path, lang: Lang) -> Result<(), Box<dyn std::error::Error>> {
    let media = out.join("media");
    std::fs::create_dir_all(&media)?;
    for entry in std::fs::read_dir(own.join("media"))? {
        let entry = entry?;
        std::fs::copy(entry.path(), media.join(entry.file_name()))?;
    }
    std::fs::write(out.join("frame.html"), portable_page("http://127.0.0.1:*"))?;
    let Document::Item(item) =
        import(&std::fs::read(own.join("portable.xml"))?, &mut Source::alone("portable.xml"))?
    else {
        return Ok(());
    };
    for (name, value, closed) in
        [("live", Json::Null, false), ("live-answered", json!("5"), false), ("live-closed", json!("5"), true)]
    {
        let state = State {
            responses: json!({"RESPONSE": value}),
            closed,
            portable: Some("frame.html".to_owned()),
            ..State::default()
        };
        let shown = prepare(engine, &item, &[], &state, lang)?;
        let html = page(&shown.copy, &shown.responses, &shown.options);
        std::fs::write(out.join(format!("{name}.html")), html)?;
    }
    Ok(())
}

/// What candidates must be able to read: everything in the body but feedback, templates and other views.
fn texts(item: &Item, stimuli: &[(String, Element)]) -> Vec<String> {
    let mut found = Vec::new();
    for (_, stimulus) in stimuli {
        collect(stimulus, &mut found);
    }
    if let Some(body) = item.document.find("qti-item-body") {
        collect(body, &mut found);
    }
    found
}

fn collect(element: &Element, found: &mut Vec<String>) {
    let hidden = element.name.starts_with("qti-feedback")
        || element.name.starts_with("qti-template")
        || element.get("template-identifier").is_some()
        || element.name == "qti-catalog-info"
        || element.name == "qti-interaction-modules"
        || matches!(element.name.as_str(), "object" | "audio" | "video")
        || (element.name == "qti-rubric-block"
            && element.get("view").is_some_and(|v| !v.contains("candidate")));
    if hidden {
        return;
    }
    for child in &element.children {
        match child {
            Node::Text(text) => {
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                if !text.is_empty() {
                    found.push(text);
                }
            }
            Node::Element(child) => collect(child, found),
        }
    }
}
