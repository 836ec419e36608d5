//! The manifest of a package.

use crate::import::resolve;
use crate::report::{Report, Severity};
use crate::xml::Element;
use std::collections::HashSet;

/// What a manifest lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Its identifier.
    pub identifier: String,
    /// Its resources.
    pub resources: Vec<Resource>,
}

/// One resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resource {
    /// Its identifier.
    pub identifier: String,
    /// Its type, as `imsqti_item_xmlv3p0`.
    pub kind: String,
    /// Its main file.
    pub href: Option<String>,
    /// All its files.
    pub files: Vec<String>,
    /// Other resources it needs.
    pub dependencies: Vec<String>,
}

impl Manifest {
    /// Reads a manifest and compares it with what is there.
    pub fn read(tree: &Element, paths: &[String], report: &mut Report) -> Self {
        let mut manifest =
            Self { identifier: tree.get("identifier").unwrap_or_default().to_owned(), ..Self::default() };
        if tree.name != "manifest" {
            report.add(
                Severity::Error,
                "manifest",
                tree.line,
                "/".to_owned(),
                "the manifest does not start with <manifest>",
            );
            return manifest;
        }
        let present: HashSet<&str> = paths.iter().map(String::as_str).collect();
        for resource in tree.find("resources").into_iter().flat_map(Element::elements) {
            if resource.name != "resource" {
                continue;
            }
            let identifier = resource.get("identifier").unwrap_or_default().to_owned();
            let mut path = |address: &str, line: u32| {
                let place = format!("/manifest/resources/resource[@identifier='{identifier}']");
                let Some(path) = resolve("imsmanifest.xml", address.trim()) else {
                    report.add(
                        Severity::Error,
                        "address",
                        line,
                        place,
                        format!("{address} leads out of the package"),
                    );
                    return None;
                };
                if !present.contains(path.as_str()) {
                    let message = format!("{path} is listed but not in the package");
                    report.add(Severity::Error, "missing", line, place, message);
                    return None;
                }
                Some(path)
            };
            let href = resource.get("href").and_then(|h| path(h, resource.line));
            let files = resource.all("file").filter_map(|f| path(f.get("href")?, f.line)).collect();
            let dependencies = resource
                .all("dependency")
                .filter_map(|d| d.get("identifierref"))
                .map(str::to_owned)
                .collect();
            let kind = resource.get("type").unwrap_or_default().to_owned();
            manifest.resources.push(Resource { identifier, kind, href, files, dependencies });
        }
        let known: HashSet<String> = manifest.resources.iter().map(|r| r.identifier.clone()).collect();
        for resource in &manifest.resources {
            for wanted in resource.dependencies.iter().filter(|d| !known.contains(*d)) {
                let place = format!("/manifest/resources/resource[@identifier='{}']", resource.identifier);
                let message = format!("{wanted} is needed but not listed");
                report.add(Severity::Warning, "dependency", tree.line, place, message);
            }
        }
        let mut described = 0;
        tree.walk(&mut |e| {
            described += usize::from(e.name == "metadata" && e.elements().any(|c| !is_schema(&c.name)))
        });
        if described > 0 {
            let message = format!(
                "metadata of {described} places in the manifest is not read and not part of an export"
            );
            report.add(Severity::Info, "metadata", tree.line, "/manifest".to_owned(), message);
        }
        if manifest.resources.is_empty() {
            report.add(
                Severity::Warning,
                "manifest",
                tree.line,
                "/manifest".to_owned(),
                "the manifest lists nothing",
            );
        }
        manifest
    }
}

/// What names the kind of package only.
fn is_schema(name: &str) -> bool {
    matches!(name, "schema" | "schemaversion")
}
