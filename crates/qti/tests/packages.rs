//! Packages: in, out, and hostile.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

use proptest::prelude::*;
use regie_qti::import::{Document, Files, Source, import};
use regie_qti::package::{Archive, ArchiveLimits, Listing, Package, import_package, write_package};
use regie_qti::xml::{Element, write_document};
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn zipped(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn open(bytes: Vec<u8>) -> Result<Archive<Cursor<Vec<u8>>>, String> {
    Archive::open(Cursor::new(bytes), ArchiveLimits::default()).map_err(|e| e.to_string())
}

const MANIFEST: &str = r#"<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M"><metadata/><organizations/>
<resources><resource identifier="I" type="imsqti_item_xmlv2p1" href="items/q.xml"><file href="items/q.xml"/></resource></resources></manifest>"#;

const OLD: &str = r#"<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="q" title="q" adaptive="false" timeDependent="false">
<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"><correctResponse><value>A</value></correctResponse></responseDeclaration>
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
<itemBody><p><img src="../media/a.png" alt="a"/><img src="../media/none.png" alt="b"/></p>
<choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1"><prompt>?</prompt>
<simpleChoice identifier="A">a</simpleChoice></choiceInteraction></itemBody>
<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/></assessmentItem>"#;

fn sample() -> Package {
    let bytes = zipped(&[
        ("imsmanifest.xml", MANIFEST.into()),
        ("items/q.xml", OLD.into()),
        ("media/a.png", vec![1, 2, 3]),
    ]);
    import_package(&open(bytes).unwrap())
}

#[test]
fn a_package_comes_in_with_its_media_and_a_report() {
    let package = sample();
    assert_eq!(package.items.len(), 1);
    assert_eq!(package.media, ["media/a.png"]);
    let missing: Vec<_> = package.report.findings.iter().filter(|f| f.code == "missing").collect();
    assert_eq!(missing.len(), 1);
    assert!(
        missing[0].message.contains("media/none.png")
            && missing[0].line == 4
            && missing[0].file == "items/q.xml"
    );
}

#[test]
fn what_goes_out_comes_in_the_same() {
    let bytes = zipped(&[
        ("imsmanifest.xml", MANIFEST.into()),
        ("items/q.xml", OLD.into()),
        ("media/a.png", vec![1, 2, 3]),
    ]);
    let archive = open(bytes).unwrap();
    let package = import_package(&archive);
    let written = write_package(&package, &archive, Cursor::new(Vec::new())).unwrap().into_inner();
    let again = open(written).unwrap();
    assert_eq!(again.paths(), ["imsmanifest.xml", "items/q.xml", "media/a.png"]);
    assert_eq!(again.open("media/a.png"), Some(vec![1, 2, 3]));
    let back = import_package(&again);
    assert!(!back.report.has_errors(), "{:?}", back.report.first_error());
    assert_eq!(
        back.items[0].1.document.clone().without_lines(),
        package.items[0].1.document.clone().without_lines()
    );
    assert_eq!(back.manifest.resources[0].kind, "imsqti_item_xmlv3p0");
}

#[test]
fn names_that_lead_out_are_refused() {
    for name in ["../evil.xml", "/etc/passwd", "a/../../b", "C:/x", "a\\b", "a//b", "./a"] {
        let result = open(zipped(&[(name, b"x".to_vec())]));
        assert!(result.is_err_and(|e| e.contains("refused")), "{name}");
    }
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let result = open(zipped(&[("bomb.xml", vec![b' '; 4 << 20])]));
    assert!(result.is_err_and(|e| e.contains("times its size")));
    let small = ArchiveLimits { file: 1000, ..ArchiveLimits::default() };
    let bytes = zipped(&[("a.xml", vec![b'x'; 2000])]);
    assert!(Archive::open(Cursor::new(bytes), small).is_err());
    let few = ArchiveLimits { entries: 1, ..ArchiveLimits::default() };
    assert!(Archive::open(Cursor::new(zipped(&[("a", vec![]), ("b", vec![])])), few).is_err());
}

#[test]
fn a_header_that_lies_about_its_size_is_not_believed() {
    let mut bytes = zipped(&[("imsmanifest.xml", MANIFEST.into()), ("items/q.xml", vec![b' '; 50_000])]);
    // The announced size stands in the central directory, 24 bytes behind its signature.
    let needle = [0x50, 0x4B, 0x01, 0x02];
    let heads: Vec<usize> = (0..bytes.len() - 4).filter(|i| bytes[*i..*i + 4] == needle).collect();
    let at = heads[1] + 24;
    bytes[at..at + 4].copy_from_slice(&100u32.to_le_bytes());
    if let Ok(archive) = open(bytes) {
        assert!(archive.open("items/q.xml").is_none_or(|b| b.len() <= 100));
    }
}

#[test]
fn an_item_cannot_reach_outside_its_package() {
    let item = OLD.replace("../media/a.png", "../../../etc/passwd");
    let bytes = zipped(&[("imsmanifest.xml", MANIFEST.into()), ("items/q.xml", item.into())]);
    let package = import_package(&open(bytes).unwrap());
    assert!(package.report.findings.iter().any(|f| f.code == "address"));
    assert!(package.media.is_empty());
}

fn documents() -> Vec<(PathBuf, Element)> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|e| e == "xml") {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    walk(&here.join("tests/items"), &mut files);
    if here.join("../../../shared/qti").exists() {
        walk(&here.join("../../../shared/qti"), &mut files);
    }
    let read = |path: PathBuf| {
        let mut source = Source::alone("x");
        let document = match import(&std::fs::read(&path).unwrap(), &mut source) {
            Ok(Document::Item(item)) => item.document,
            Ok(Document::Test(document) | Document::Stimulus(document) | Document::Section(document)) => {
                document
            }
            _ => return None,
        };
        Some((path, document))
    };
    files.into_iter().filter_map(read).collect()
}

#[test]
fn every_document_is_equal_after_a_round_trip() {
    for (path, document) in documents() {
        let text = write_document(&document, "http://www.imsglobal.org/xsd/imsqtiasi_v3p0");
        let mut source = Source::alone("x");
        let back = match import(text.as_bytes(), &mut source) {
            Ok(Document::Item(item)) => item.document,
            Ok(Document::Test(document) | Document::Stimulus(document) | Document::Section(document)) => {
                document
            }
            other => panic!("{}: {other:?}", path.display()),
        };
        assert_eq!(back.without_lines(), document.without_lines(), "{}", path.display());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_make_the_importer_fall_over(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let mut source = Source::alone("x");
        let _ = import(&bytes, &mut source);
        let _ = open(bytes);
    }

    #[test]
    fn a_damaged_item_is_read_or_refused(cut in 0usize..900, put in "[<>&\"'a-z/= \u{0}-\u{1f}]{0,12}") {
        let mut text = OLD.to_owned();
        let cut = (0..=cut.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap();
        text.insert_str(cut, &put);
        let mut source = Source::alone("x");
        let _ = import(text.as_bytes(), &mut source);
    }
}

#[test]
fn what_is_referred_to_comes_along_though_nothing_lists_it() {
    let test = r#"<qti-assessment-test xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="T" title="t">
<qti-test-part identifier="P" navigation-mode="linear" submission-mode="individual"><qti-assessment-section identifier="S" title="s" visible="true">
<qti-assessment-item-ref identifier="q" href="../items/q.xml"/><qti-assessment-item-ref identifier="z" href="../items/z.xml"/>
</qti-assessment-section></qti-test-part></qti-assessment-test>"#;
    let manifest =
        MANIFEST.replace("imsqti_item_xmlv2p1", "imsqti_test_xmlv3p0").replace("items/q.xml", "tests/t.xml");
    let bytes = zipped(&[
        ("imsmanifest.xml", manifest.into()),
        ("tests/t.xml", test.into()),
        ("items/q.xml", OLD.into()),
        ("media/a.png", vec![1, 2, 3]),
        ("notes.txt", vec![1]),
    ]);
    let archive = open(bytes).unwrap();
    let package = import_package(&archive);
    assert_eq!(package.items.len(), 1);
    assert_eq!(package.media, ["media/a.png"]);
    let has =
        |code: &str, path: &str| package.report.findings.iter().any(|f| f.code == code && f.path == path);
    assert!(has("unused", "notes.txt") && has("missing", "items/z.xml"), "{:?}", package.report.findings);
    let written = write_package(&package, &archive, Cursor::new(Vec::new())).unwrap().into_inner();
    let again = import_package(&open(written).unwrap());
    assert_eq!((again.items.len(), again.tests.len(), again.tests[0].1.items.len()), (1, 1, 1));
}

#[test]
fn what_strays_is_reported_and_names_must_be_names() {
    let item = |inner: &str| {
        format!(
            r#"<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="q" title="q" adaptive="false" time-dependent="false">{inner}</qti-assessment-item>"#
        )
    };
    let mut source = Source::alone("q.xml");
    import(item("<qti-outcome-processing/><qti-item-body/>").as_bytes(), &mut source).unwrap();
    assert!(
        source
            .report
            .findings
            .iter()
            .any(|f| f.code == "misplaced" && f.message.contains("qti-outcome-processing"))
    );
    let mut source = Source::alone("q.xml");
    let text = item(
        r#"<qti-item-body><qti-choice-interaction response-identifier="R" max-chioces="1"/></qti-item-body>"#,
    );
    import(text.as_bytes(), &mut source).unwrap();
    assert!(
        source.report.findings.iter().any(|f| f.code == "attribute" && f.message.contains("max-chioces"))
    );
    // Names of 2.x that would not be names, or would stand twice, once they are read as 3.0.
    let old = OLD
        .replace("<simpleChoice identifier", "<simpleChoice Xmlns='1' show-hide='a' showHide='b' identifier");
    let Document::Item(read) = import(old.as_bytes(), &mut Source::alone("q.xml")).unwrap() else {
        panic!("no item")
    };
    let text = write_document(&read.document, "http://www.imsglobal.org/xsd/imsqtiasi_v3p0");
    let Document::Item(again) = import(text.as_bytes(), &mut Source::alone("q.xml")).unwrap() else {
        panic!("no item")
    };
    assert_eq!(again.document.without_lines(), read.document.without_lines());
    assert_eq!(text.matches("show-hide=\"a\"").count(), 1);
    for bad in ["<p :::='1'/>", "<p 1a='1'/>", "<a:b:c xmlns:a='x'/>", "<:p/>"] {
        let found = import(item(bad).as_bytes(), &mut Source::alone("q.xml"));
        assert!(found.is_err_and(|e| e.code == "not-well-formed"), "{bad}");
    }
}
