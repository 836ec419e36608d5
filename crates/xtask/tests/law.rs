//! The lints of the workspace bite. A crate with one offence per line is checked under the workspace's own lint set and
//! clippy.toml; every offence must be refused by the lint that is meant for it. Without this test a renamed function
//! upstream would make a ban silent.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, also in its small parts"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One offence a line, and the lint that must refuse it.
const OFFENCES: &[(&str, &str)] = &[
    ("let _ = std::time::SystemTime::now();", "disallowed_methods"),
    ("let _ = jiff::Timestamp::now();", "disallowed_methods"),
    ("let _ = jiff::Zoned::now();", "disallowed_methods"),
    ("let _ = jiff::tz::TimeZone::system();", "disallowed_methods"),
    ("let _ = jiff::tz::TimeZone::try_system();", "disallowed_methods"),
    ("let _ = uuid::Timestamp::now(uuid::NoContext);", "disallowed_methods"),
    ("let _ = uuid::Uuid::now_v7();", "disallowed_methods"),
    ("let _ = uuid::Uuid::new_v4();", "disallowed_methods"),
    ("let _ = rand::rng();", "disallowed_methods"),
    ("let _: u8 = rand::random();", "disallowed_methods"),
    ("let _ = rand::random_range(0..3);", "disallowed_methods"),
    ("let _ = rand::random_bool(0.5);", "disallowed_methods"),
    ("let _ = rand::random_ratio(1, 2);", "disallowed_methods"),
    ("let _ = rand::random_iter::<u8>();", "disallowed_methods"),
    ("rand::fill(&mut [0u8; 4][..]);", "disallowed_methods"),
    ("let _: rand::rngs::StdRng = rand::SeedableRng::from_os_rng();", "disallowed_methods"),
    ("let _: Result<rand::rngs::StdRng, _> = rand::SeedableRng::try_from_os_rng();", "disallowed_methods"),
    ("let _ = std::env::var(\"A\");", "disallowed_methods"),
    ("let _ = std::env::var_os(\"A\");", "disallowed_methods"),
    ("let _ = std::env::vars();", "disallowed_methods"),
    ("let _ = std::env::vars_os();", "disallowed_methods"),
    ("if at > 9 { std::process::exit(1) }", "disallowed_methods"),
    ("let _: Option<chrono::DateTime<chrono::Utc>> = None;", "disallowed_types"),
    ("let _: Option<rand::rngs::OsRng> = None;", "disallowed_types"),
    ("let _: Option<rand::rngs::ThreadRng> = None;", "disallowed_types"),
    ("let _ = Some(at).unwrap();", "unwrap_used"),
    ("let _ = Some(at).expect(\"never\");", "expect_used"),
    ("if at > 8 { panic!(\"never\") }", "panic"),
    ("let _ = list[at];", "indexing_slicing"),
    ("let _ = &\"word\"[at..];", "string_slice"),
    ("if at > 7 { todo!() }", "todo"),
    ("if at > 6 { unimplemented!() }", "unimplemented"),
    ("let _ = dbg!(at);", "dbg_macro"),
    ("let _ = unsafe { list.get_unchecked(at) };", "unsafe_code"),
    ("std::mem::forget(vec![at]);", "mem_forget"),
];

#[test]
fn every_ban_bites() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let plant = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("law");
    let law = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let law = law.get(law.find("[workspace.lints.rust]").unwrap()..law.find("[profile.").unwrap()).unwrap();
    let body: String = OFFENCES.iter().map(|(offence, _)| format!("    {offence}\n")).collect();
    for (name, text) in [
        ("Cargo.toml", manifest(&law.replace("[workspace.lints", "[lints"))),
        ("clippy.toml", std::fs::read_to_string(root.join("clippy.toml")).unwrap()),
        // A stand-in: the real one would be a dependency of ours, which is just what is forbidden.
        (
            "chrono/Cargo.toml",
            "[package]\nname = \"chrono\"\nversion = \"0.4.0\"\nedition = \"2024\"\n".into(),
        ),
        ("chrono/src/lib.rs", "pub struct Utc;\npub struct DateTime<Zone>(pub Zone);\n".into()),
        ("src/lib.rs", format!("pub fn offend(list: &[u8], at: usize) {{\n{body}}}\n")),
    ] {
        let path = plant.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        // Written only when it differs, so that a second run finds its build warm.
        if std::fs::read_to_string(&path).ok().as_deref() != Some(&text) {
            std::fs::write(path, text).unwrap();
        }
    }
    std::fs::copy(root.join("Cargo.lock"), plant.join("Cargo.lock")).unwrap();

    let output = Command::new("cargo")
        .args(["clippy", "--offline", "--quiet", "--message-format=json"])
        .current_dir(&plant)
        .env("CARGO_TARGET_DIR", plant.join("target"))
        .env_remove("CLIPPY_CONF_DIR")
        .output()
        .unwrap();
    let refused = refused(&String::from_utf8_lossy(&output.stdout));
    let silent: Vec<_> = OFFENCES
        .iter()
        .enumerate()
        .filter(|(at, (_, lint))| !refused.contains(&(at + 2, (*lint).to_owned())))
        .map(|(_, offence)| offence)
        .collect();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(silent.is_empty(), "these pass although the law forbids them: {silent:#?}\n{errors}");
}

fn manifest(lints: &str) -> String {
    format!(
        "[package]\nname = \"law\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         chrono = {{ path = \"chrono\" }}\njiff = \"0.2\"\nrand = \"0.9\"\n\
         uuid = {{ version = \"1\", features = [\"v4\", \"v7\"] }}\n\n{lints}"
    )
}

/// `(line, lint)` of every error in the planted file.
fn refused(messages: &str) -> BTreeSet<(usize, String)> {
    let mut refused = BTreeSet::new();
    for message in messages.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()) {
        let message = &message["message"];
        let lint = message["code"]["code"].as_str().unwrap_or_default().trim_start_matches("clippy::");
        for span in message["spans"].as_array().into_iter().flatten() {
            if message["level"] == "error" && span["file_name"] == "src/lib.rs" {
                let line = usize::try_from(span["line_start"].as_u64().unwrap()).unwrap();
                refused.insert((line, lint.to_owned()));
            }
        }
    }
    refused
}
