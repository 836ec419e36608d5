//! No crate escapes the lints of the workspace, and who sets one aside says why, as close by as possible.

use crate::rust_source::Source;
use crate::workspace::Workspace;
use crate::{Finding, Findings};

/// What keeps Regie from falling over, and its runs repeatable.
const LAW: &[&str] = &[
    "clippy::unwrap_used",
    "clippy::expect_used",
    "clippy::panic",
    "clippy::indexing_slicing",
    "clippy::string_slice",
    "clippy::disallowed_methods",
    "clippy::disallowed_types",
    "unsafe_code",
];
/// Made of tests only.
const TESTS_ONLY: &[&str] = &["testkit"];

pub fn check(workspace: &Workspace) -> Result<Findings, String> {
    let mut findings = Findings::new();
    for file in workspace.files_ending(&["/Cargo.toml"]) {
        let is_crate = file.split('/').count() == 3 && file.starts_with("crates/");
        if is_crate && !workspace.read(file)?.replace(' ', "").contains("[lints]\nworkspace=true") {
            let way_out = "add `[lints]` with `workspace = true`";
            findings.push(Finding::new(file, "is outside the lints of the workspace", way_out));
        }
    }
    for file in workspace.files_ending(&[".rs"]) {
        let Some(name) = Workspace::crate_of(file).filter(|_| file.contains("/src/")) else { continue };
        if TESTS_ONLY.contains(&name) {
            continue;
        }
        let text = workspace.read(file)?;
        let Ok(source) = Source::parse(&text) else { continue };
        let lines: Vec<&str> = text.lines().collect();
        let comment = |number: usize| {
            lines
                .get(number.wrapping_sub(1))
                .is_some_and(|line| line.contains("// ") || line.contains("//! "))
        };
        for this in
            source.allowances().into_iter().filter(|a| !a.in_tests && LAW.iter().any(|l| a.text.contains(l)))
        {
            let place = format!("{file}:{}", this.line);
            let says_why = this.text.contains("reason=") || [0, 1].iter().any(|up| comment(this.line - up));
            if this.whole_module && file.ends_with("/src/lib.rs") && !this.text.starts_with("cfg_attr(test") {
                let way_out = "set it aside in the module or on the item that needs it";
                findings.push(Finding::new(place, "sets a law aside for a whole crate", way_out));
            } else if !says_why {
                let way_out = "give `reason = \"…\"`, or a comment on the line or the one above";
                findings.push(Finding::new(place, "sets a law aside without a reason", way_out));
            }
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::planted;

    fn said(file: &str, text: &str) -> Vec<String> {
        let (_folder, workspace) = planted(&[(file, text)]);
        check(&workspace).unwrap().into_iter().map(|f| format!("{}: {}", f.place, f.what)).collect()
    }

    #[test]
    fn a_crate_without_the_lints_of_the_workspace_is_named() {
        assert_eq!(said("crates/a/Cargo.toml", "[lints]\nworkspace = true\n"), [""; 0]);
        assert_eq!(said("crates/a/Cargo.toml", "[package]\n").len(), 1);
        assert_eq!(said("crates/a/Cargo.toml", "[lints.clippy]\nall = \"allow\"\n").len(), 1);
        assert_eq!(said("Cargo.toml", "[workspace]\n"), [""; 0]);
    }

    #[test]
    fn a_law_is_set_aside_with_a_reason_only() {
        let file = "crates/a/src/noun.rs";
        for fine in [
            "#[allow(clippy::unwrap_used, reason = \"cannot be empty\")]\nfn f() {}",
            "#[allow(clippy::unwrap_used)] // cannot be empty\nfn f() {}",
            "// the inner loop: every index was made by the model\n#![allow(clippy::indexing_slicing)]",
            "#[allow(dead_code)]\nfn f() {}",
            "#[cfg(test)]\nmod tests {\n#![allow(clippy::unwrap_used)]\n}",
        ] {
            assert_eq!(said(file, fine), [""; 0], "{fine}");
        }
        for bad in [
            "#[allow(clippy::unwrap_used)]\nfn f() {}",
            "#![allow(clippy::indexing_slicing)]",
            "#[expect(clippy::panic)]\nfn f() {}",
            "#[cfg_attr(unix, allow(clippy::panic))]\nfn f() {}",
            "fn f() {\n    #[allow(unsafe_code)]\n    {}\n}",
        ] {
            assert_eq!(said(file, bad).len(), 1, "{bad}");
        }
    }

    #[test]
    fn no_crate_sets_a_law_aside_as_a_whole() {
        let text = "//! Words.\n#![allow(clippy::unwrap_used, reason = \"everywhere\")]";
        assert!(said("crates/a/src/lib.rs", text)[0].contains("whole crate"));
        assert_eq!(said("crates/testkit/src/lib.rs", text), [""; 0]);
    }
}
