//! `run`.

use super::folder::Folder;
use super::{End, Out, read, read_json};
use crate::import::{Document, Source, import};
use crate::score::Engine;
use crate::test::{Script, read_test, run};

pub(super) fn take(file: &str, script: &str, out: &mut Out<'_>) -> Result<End, String> {
    let folder = Folder::around(file);
    let mut source = Source::within(folder.name(), &folder);
    let Document::Test(document) = import(&read(file)?, &mut source).map_err(|e| format!("{file}: {e}"))?
    else {
        return Err(format!("{file} is not a test; give a file that starts with qti-assessment-test"));
    };
    let test = read_test(document, &mut source);
    for finding in &source.report.findings {
        out.remark(finding);
    }
    let script: Script = read_json(script)?;
    let told = run(&Engine::new(), &test, &script);
    out.line(&format_args!("{told:#}"))?;
    let failed = |v: &serde_json::Value| v.get("scoringError").is_some_and(|e| !e.is_null());
    let items = told.get("items").and_then(|i| i.as_object());
    let stopped = failed(&told) || items.is_some_and(|items| items.values().any(failed));
    Ok(if stopped { End::Stopped } else { End::Fine })
}
