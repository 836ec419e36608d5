//! Any bytes: read or refused; what was read is the same after a round trip.
#![no_main]

use libfuzzer_sys::fuzz_target;
use regie_qti::import::{Document, Source, import};
use regie_qti::package::{Archive, ArchiveLimits, import_package};
use regie_qti::test::read_test;
use regie_qti::xml::write_document;

fuzz_target!(|data: &[u8]| {
    if data.starts_with(b"PK") {
        let limits = ArchiveLimits { total: 16 << 20, file: 4 << 20, ..ArchiveLimits::default() };
        if let Ok(archive) = Archive::open(std::io::Cursor::new(data), limits) {
            import_package(&archive);
        }
        return;
    }
    let mut source = Source::alone("fuzz");
    let document = match import(data, &mut source) {
        Ok(Document::Item(item)) => item.document,
        Ok(Document::Test(document)) => {
            read_test(document.clone(), &mut source);
            document
        }
        _ => return,
    };
    let text = write_document(&document, "http://www.imsglobal.org/xsd/imsqtiasi_v3p0");
    let back = match import(text.as_bytes(), &mut Source::alone("again")) {
        Ok(Document::Item(item)) => item.document,
        Ok(Document::Test(document)) => document,
        Ok(_) => panic!("another kind of document came back"),
        // Written out, a document can be longer than what is accepted.
        Err(error) if error.code == "too-large" => return,
        Err(error) => panic!("what was written cannot be read: {error}"),
    };
    assert_eq!(back.without_lines(), document.without_lines());
});
