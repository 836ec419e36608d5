//! Parts of documents that are derived from other files. They stand between two marks:
//! `<!-- generated: NAME -->` and `<!-- end of NAME -->`; `cargo xtask generate` writes what is between.

use crate::house::{House, TEXT};
use crate::schema::Schema;
use crate::workspace::Workspace;
use crate::{Finding, Findings};
use std::collections::BTreeMap;

type Make = fn(&Workspace) -> Result<String, String>;

/// File, name of the part, and what makes it.
const PARTS: &[(&str, &str, Make)] =
    &[("ARCHITECTURE.md", "arrows", arrows), ("docs/tables.md", "tables", tables)];

pub fn check(workspace: &Workspace) -> Result<Findings, String> {
    let mut findings = Findings::new();
    for (file, part, make) in PARTS {
        if let Err(what) = workspace.read(file).and_then(|text| {
            let current = replaced(&text, part, &make(workspace)?)
                .ok_or("the marks of the generated part are missing")?;
            if current == text { Ok(()) } else { Err("the generated part is not current".to_owned()) }
        }) {
            findings.push(Finding::new(
                format!("{file} ({part})"),
                what,
                "run `cargo xtask generate` and look at the difference",
            ));
        }
    }
    Ok(findings)
}

pub fn write(workspace: &Workspace) -> Result<(), String> {
    for (file, part, make) in PARTS {
        let text = workspace.read(file)?;
        let current = replaced(&text, part, &make(workspace)?)
            .ok_or_else(|| format!("{file}: no `<!-- generated: {part} -->` … `<!-- end of {part} -->`"))?;
        if current != text {
            std::fs::write(workspace.root.join(file), current).map_err(|e| format!("{file}: {e}"))?;
            println!("{file}: {part} written");
        }
    }
    Ok(())
}

fn replaced(text: &str, part: &str, made: &str) -> Option<String> {
    let (open, close) = (format!("<!-- generated: {part} -->\n"), format!("<!-- end of {part} -->"));
    let (before, rest) = text.split_once(&open)?;
    let (_, after) = rest.split_once(&close)?;
    Some(format!("{before}{open}{}\n{close}{after}", made.trim_end()))
}

fn arrows(_: &Workspace) -> Result<String, String> {
    Ok(House::parse(TEXT)?.markdown())
}

fn tables(workspace: &Workspace) -> Result<String, String> {
    let (schema, _) = Schema::read(workspace)?;
    let mut areas: BTreeMap<&str, [Vec<String>; 3]> = BTreeMap::new();
    for (name, relation) in &schema.relations {
        let [own, above, views] = areas.entry(&relation.area).or_default();
        let column = match (relation.view, relation.tenant) {
            (true, _) => views,
            (false, true) => own,
            (false, false) => above,
        };
        column.push(format!("`{name}`"));
    }
    let mut text = String::from(
        "| Area | Tables of an institution | Tables above institutions | Published views |\n|---|---|---|---|\n",
    );
    for (area, columns) in areas {
        text.push_str(&format!("| {area} | {} |\n", columns.map(|c| c.join(", ")).join(" | ")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::planted;

    #[test]
    fn a_stale_part_is_found_and_generate_mends_it() {
        let files = [
            ("ARCHITECTURE.md", "# A\n<!-- generated: arrows -->\nold\n<!-- end of arrows -->\nrest\n"),
            ("docs/tables.md", "<!-- generated: tables -->\n<!-- end of tables -->\n"),
            ("migrations/0001.sql", "-- area: people\nCREATE TABLE person (institution INT, id INT);"),
        ];
        let (_folder, workspace) = planted(&files);
        assert_eq!(check(&workspace).unwrap().len(), 2);
        write(&workspace).unwrap();
        assert_eq!(check(&workspace).unwrap(), []);
        let page = workspace.read("ARCHITECTURE.md").unwrap();
        assert!(
            page.contains("| core | nothing of ours |") && page.ends_with("rest\n") && !page.contains("old")
        );
        assert!(workspace.read("docs/tables.md").unwrap().contains("| people | `person` |  |  |"));
    }

    #[test]
    fn a_page_without_marks_is_found() {
        let (_folder, workspace) = planted(&[("ARCHITECTURE.md", "# A\n"), ("docs/tables.md", "")]);
        assert!(check(&workspace).unwrap()[0].what.contains("marks"));
    }
}
