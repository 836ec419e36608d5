//! Decisions have a number of their own, in the file's name and in its heading.

use crate::workspace::Workspace;
use crate::{Finding, Findings};
use std::collections::BTreeMap;

const FOLDER: &str = "docs/decisions/";

pub fn check(workspace: &Workspace) -> Result<Findings, String> {
    let mut findings = Findings::new();
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    for file in workspace.files_ending(&[".md"]) {
        let Some((number, _)) = file.strip_prefix(FOLDER).and_then(|name| name.split_once('-')) else {
            continue;
        };
        if number == "000" {
            continue;
        }
        if let Some(other) = taken.insert(number, file) {
            let way_out = "take the next free number, in the name and in the heading";
            findings.push(Finding::new(file, format!("{number} is taken by {other}"), way_out));
        }
        if !workspace.read(file)?.starts_with(&format!("# {number}: ")) {
            let way_out = "begin with the number of its name and the decision as a sentence";
            findings.push(Finding::new(file, format!("does not begin with `# {number}: `"), way_out));
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::planted;

    fn said(files: &[(&str, &str)]) -> Vec<String> {
        let (_folder, workspace) = planted(files);
        check(&workspace).unwrap().into_iter().map(|f| f.what).collect()
    }

    #[test]
    fn a_number_is_given_once_and_stands_in_the_heading() {
        let fine = ("docs/decisions/001-a.md", "# 001: one thing\n");
        assert_eq!(said(&[fine, ("docs/decisions/000-template.md", "# NNN: x\n")]), [""; 0]);
        let twice = said(&[fine, ("docs/decisions/001-b.md", "# 001: another\n")]);
        assert_eq!(twice, ["001 is taken by docs/decisions/001-a.md"]);
        assert_eq!(said(&[("docs/decisions/002-a.md", "# 003: x\n")]), ["does not begin with `# 002: `"]);
    }
}
