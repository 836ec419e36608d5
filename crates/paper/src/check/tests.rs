//! Clean documents have no findings, and each planted fault is found by its name.

use super::*;
use crate::document::{Choice, Content, Form, Frame, Language, Letter, List, ListColumn, Section, Signer};
use crate::render::{compile, render};
use crate::world::Sight;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;

fn text(text: &str) -> String {
    text.to_owned()
}

fn frame() -> Frame {
    Frame {
        language: Language::Nl,
        school: text("ROC Delta"),
        logo: None,
        title: text("Beoordeling & verslag"),
        session: Some(text("Nederlands 3F")),
        made_at: "2026-11-20T09:30:00+01:00[Europe/Amsterdam]".parse().unwrap(),
        ident: text("1"),
    }
}

fn list() -> Content {
    Content::List(List {
        intro: Some(text("Een lijst met genoeg gewone tekst om de maat van de letters te kennen.")),
        columns: vec![ListColumn::new("Naam", 2), ListColumn::new("Cijfer", 1)],
        rows: (0..90).map(|row| vec![format!("Student {row}"), text("7,5")]).collect(),
        wide: true,
        signers: vec![Signer { role: text("Afnameleider"), name: None }],
    })
}

fn letter() -> Content {
    Content::Letter(Letter {
        recipient: vec![text("Noa Visser")],
        place: text("Deltastad"),
        date: text("20 november 2026"),
        subject: text("Uitslag"),
        paragraphs: vec![text("Beste Noa,"), text("Het is gelukt.")],
        closing: text("Met vriendelijke groet,"),
        sender: vec![text("De examencommissie")],
        enclosures: vec![text("Resultatenlijst"), text("Toelichting")],
    })
}

fn form() -> Content {
    Content::Form(Form {
        intro: Some(text("Dit formulier hoort bij de proeve van bekwaamheid en telt genoeg gewone letters.")),
        facts_head: [text("Gegeven"), text("Waarde")],
        facts: vec![[text("Student"), text("Noa Visser")], [text("Bedrijf"), text("Bakkerij Юлия")]],
        sections: vec![Section {
            title: text("Werkproces 1"),
            text: Some(text("Kruis aan wat is waargenomen bij dit werkproces.")),
            choices: vec![
                Choice { label: text("Voldoende"), ticked: true },
                Choice { label: text("Goed"), ticked: false },
            ],
            lines: vec![text("Toelichting")],
        }],
        statement: Some(text("Volgens afspraak verlopen.")),
        signers: vec![Signer { role: text("Student"), name: Some(text("Noa Visser")) }],
    })
}

/// A document with everything a fault can be planted in.
static CLEAN: LazyLock<Vec<u8>> = LazyLock::new(|| render(&frame(), &form()).unwrap().pdf);

/// The rules that speak up once something is spoiled.
fn planted(spoil: impl FnOnce(&mut Document)) -> BTreeSet<&'static str> {
    let mut document = Document::load_mem(&CLEAN).unwrap();
    spoil(&mut document);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    let rules = check(&bytes).into_iter().map(|finding| finding.rule).collect();
    assert!(
        Document::load_mem(&bytes).is_ok() || rules == BTreeSet::from(["encrypted", "unreadable"]),
        "{rules:?}"
    );
    rules
}

fn only(rule: &'static str) -> BTreeSet<&'static str> {
    BTreeSet::from([rule])
}

fn catalog(document: &mut Document) -> &mut Dictionary {
    document.catalog_mut().unwrap()
}

fn first_page(document: &Document) -> ObjectId {
    document.page_iter().next().unwrap()
}

/// The structure elements that say this role.
fn elements(document: &Document, role: &str) -> Vec<ObjectId> {
    let is = |object: &Object| {
        object.as_dict().is_ok_and(|found| {
            found.get(b"S").and_then(Object::as_name).ok() == Some(role.as_bytes()) && found.has(b"P")
        })
    };
    document.objects.iter().filter(|(_, object)| is(object)).map(|(id, _)| *id).collect()
}

fn set_role(document: &mut Document, from: &str, to: &str) {
    for id in elements(document, from) {
        document.get_dictionary_mut(id).unwrap().set("S", Object::Name(to.into()));
    }
}

fn dictionaries(document: &mut Document, change: impl Fn(&mut Dictionary)) {
    for object in document.objects.values_mut() {
        match object {
            Object::Dictionary(dictionary) => change(dictionary),
            Object::Stream(stream) => change(&mut stream.dict),
            _ => {}
        }
    }
}

fn metadata(document: &mut Document, from: &str, to: &str) {
    let id = catalog(document).get(b"Metadata").unwrap().as_reference().unwrap();
    let stream = document.get_object_mut(id).unwrap().as_stream_mut().unwrap();
    let before = String::from_utf8(stream.get_plain_content().unwrap()).unwrap();
    let after = before.replace(from, to);
    assert_ne!(before, after);
    stream.set_plain_content(after.into_bytes());
}

fn page_content(document: &mut Document, change: impl Fn(String) -> String) {
    let id = document.get_page_contents(first_page(document))[0];
    let stream = document.get_object_mut(id).unwrap().as_stream_mut().unwrap();
    // Strings are binary; each byte is one letter here and back.
    let before: String = stream.get_plain_content().unwrap().into_iter().map(char::from).collect();
    let after = change(before.clone());
    assert_ne!(before, after);
    stream.set_plain_content(after.chars().map(|sign| u8::try_from(u32::from(sign)).unwrap()).collect());
}

fn add_annotation(document: &mut Document, annotation: Dictionary) {
    let id = document.add_object(annotation);
    let page = first_page(document);
    document.get_dictionary_mut(page).unwrap().set("Annots", vec![Object::Reference(id)]);
}

#[test]
fn clean_documents_have_no_findings() {
    for content in [list(), letter(), form()] {
        for language in [Language::Nl, Language::En] {
            let rendered = render(&Frame { language, ..frame() }, &content).unwrap();
            assert_eq!(check(&rendered.pdf), []);
        }
    }
}

/// What later documents will use: the check must not cry wolf over it.
#[test]
fn a_clean_document_with_everything_in_it_has_no_findings() {
    let template = r#"
        #set document(title: "Alles")
        #set text(lang: "nl", font: "Atkinson Hyperlegible Next")
        #set page(header: [kop], footer: context counter(page).display())
        = Alles
        #outline()
        == Tekst
        Een zin met een #link("https://roc.example")[verwijzing], een voetnoot#footnote[Onderaan.], _nadruk_ en `code`.
        #quote(block: true)[Aangehaald.]
        - een
          - daaronder
        + eerst
        + dan
        / Woord: uitleg
        #lorem(120)
        == Beeld
        #figure(rect(width: 3cm, height: 1cm, fill: blue), alt: "Een blauw vlak", caption: [Een vlak])
        #figure(table(columns: 3,
            table.header[A][B][C],
            table.cell(colspan: 2)[breed], [c],
            table.cell(rowspan: 2)[hoog], [b], [c],
            [b], [c]), caption: [Een tabel])
        #pagebreak()
        === Dieper
        #lorem(60)
    "#;
    let sight = Sight::new("main.typ", "{}".to_owned(), None).unwrap().with_template(template);
    let (pdf, pages) = compile(&sight, &frame()).unwrap();
    assert_eq!(pages, 2);
    assert_eq!(check(&pdf), []);
}

#[test]
fn saving_a_file_again_plants_no_fault_of_its_own() {
    assert_eq!(planted(|_| {}), BTreeSet::new());
}

#[test]
fn faults_in_the_headings() {
    assert_eq!(planted(|pdf| set_role(pdf, "H2", "P")), only("heading-untagged"));
    let untitled = planted(|pdf| set_role(pdf, "H1", "P"));
    assert_eq!(untitled, BTreeSet::from(["heading-first", "heading-untagged"]));
    let none = planted(|pdf| {
        set_role(pdf, "H1", "P");
        set_role(pdf, "H2", "P");
    });
    assert_eq!(none, BTreeSet::from(["heading-missing", "heading-untagged"]));
    assert_eq!(planted(|pdf| set_role(pdf, "H2", "H3")), only("heading-skipped"));
    assert_eq!(planted(|pdf| set_role(pdf, "H2", "H")), only("heading-mixed"));
}

#[test]
fn faults_in_language_title_and_marking() {
    assert_eq!(planted(|pdf| drop(catalog(pdf).remove(b"Lang"))), only("language-missing"));
    let invalid =
        |pdf: &mut Document| catalog(pdf).set("Lang", Object::string_literal("nederlands, denk ik"));
    assert_eq!(planted(invalid), only("language-invalid"));
    assert_eq!(planted(|pdf| drop(catalog(pdf).remove(b"MarkInfo"))), only("not-marked"));
    let suspects = |pdf: &mut Document| {
        catalog(pdf).set("MarkInfo", dictionary! { "Marked" => true, "Suspects" => true });
    };
    assert_eq!(planted(suspects), only("not-marked"));
    assert_eq!(planted(|pdf| drop(catalog(pdf).remove(b"ViewerPreferences"))), only("title-not-shown"));
    let untitled = planted(|pdf| metadata(pdf, "Beoordeling &amp; verslag", ""));
    assert_eq!(untitled, BTreeSet::from(["metadata-differs", "title-missing"]));
}

#[test]
fn faults_in_what_the_file_says_of_itself() {
    assert_eq!(planted(|pdf| drop(catalog(pdf).remove(b"Metadata"))), only("metadata-missing"));
    let broken = planted(|pdf| metadata(pdf, "</rdf:RDF>", ""));
    assert_eq!(broken, only("metadata-missing"));
    let level = |pdf: &mut Document| metadata(pdf, "<pdfaid:conformance>A<", "<pdfaid:conformance>B<");
    assert_eq!(planted(level), only("pdfa-identification"));
    let part = |pdf: &mut Document| metadata(pdf, "<pdfuaid:part>1</pdfuaid:part>", "");
    assert_eq!(planted(part), only("pdfua-identification"));
    let other_time = |pdf: &mut Document| metadata(pdf, "<xmp:CreateDate>2026", "<xmp:CreateDate>2025");
    assert_eq!(planted(other_time), only("metadata-differs"));
}

#[test]
fn faults_in_fonts_and_colours() {
    let bare = planted(|pdf| dictionaries(pdf, |found| drop(found.remove(b"FontFile2"))));
    assert_eq!(bare, only("font-not-embedded"));
    let mute = planted(|pdf| dictionaries(pdf, |found| drop(found.remove(b"ToUnicode"))));
    assert_eq!(mute, only("font-without-unicode"));
    let unmapped = planted(|pdf| dictionaries(pdf, |found| drop(found.remove(b"CIDToGIDMap"))));
    assert_eq!(unmapped, only("font-incomplete"));
    assert_eq!(planted(|pdf| drop(catalog(pdf).remove(b"OutputIntents"))), only("output-intent"));
    let ink = |page: String| page.replacen("BT", "0 0 0 1 k BT", 1);
    assert_eq!(planted(|pdf| page_content(pdf, ink)), only("device-colour"));
    let blended = |pdf: &mut Document| {
        pdf.add_object(dictionary! { "Type" => "ExtGState", "BM" => "Sparkling" });
    };
    assert_eq!(planted(blended), only("graphics-state"));
}

#[test]
fn faults_in_marked_content() {
    let bare = planted(|pdf| page_content(pdf, |page| format!("{page}\nBT /f0 10 Tf (a) Tj ET")));
    assert_eq!(bare, only("content-unmarked"));
    let lost = planted(|pdf| page_content(pdf, |page| page.replacen("/MCID 1>>", "/MCID 999>>", 1)));
    assert_eq!(lost, BTreeSet::from(["content-not-in-structure", "structure-without-content"]));
    let twice = planted(|pdf| page_content(pdf, |page| page.replacen("/MCID 1>>", "/MCID 0>>", 1)));
    assert_eq!(twice, BTreeSet::from(["content-not-in-structure", "structure-without-content"]));
    let nested = |page: String| page.replacen("BT", "/Artifact BMC 0 0 m 1 1 l S EMC BT", 40);
    assert_eq!(planted(|pdf| page_content(pdf, nested)), only("artifact-mixed"));
    let open = planted(|pdf| page_content(pdf, |page| format!("{page}\n/Artifact BMC")));
    assert_eq!(open, only("artifact-mixed"));
}

#[test]
fn faults_in_the_tree() {
    let bare = planted(|pdf| drop(catalog(pdf).remove(b"StructTreeRoot")));
    assert_eq!(bare, only("structure-missing"));
    let root = |pdf: &mut Document| catalog(pdf).get(b"StructTreeRoot").unwrap().as_reference().unwrap();
    let no_way_back = planted(|pdf| {
        let root = root(pdf);
        pdf.get_dictionary_mut(root).unwrap().remove(b"ParentTree");
    });
    assert_eq!(no_way_back, only("parent-tree"));
    let stranger = planted(|pdf| {
        let (child, other) = (elements(pdf, "H2")[0], elements(pdf, "TR")[0]);
        pdf.get_dictionary_mut(child).unwrap().set("P", Object::Reference(other));
    });
    assert_eq!(stranger, only("parent-link"));
    let with_roles = |map: Dictionary| {
        planted(|pdf| {
            let root = root(pdf);
            pdf.get_dictionary_mut(root).unwrap().set("RoleMap", map);
        })
    };
    let strong = dictionary! { "Strong" => "Span" };
    assert_eq!(with_roles(strong.clone()), BTreeSet::new());
    assert_eq!(with_roles(dictionary! {}), only("role-unknown"));
    let mut circular = strong.clone();
    circular.set("Left", "Right");
    circular.set("Right", "Left");
    assert_eq!(with_roles(circular), only("role-circular"));
    let mut remapped = strong;
    remapped.set("P", "Span");
    assert_eq!(with_roles(remapped), only("role-standard-remapped"));
    assert_eq!(
        planted(|pdf| set_role(pdf, "H2", "Kopje")),
        BTreeSet::from(["heading-untagged", "role-unknown"])
    );
}

#[test]
fn faults_in_tables_lists_figures_and_notes() {
    // The other cells still name the headers that are none now.
    let headless = planted(|pdf| set_role(pdf, "TH", "TD"));
    assert_eq!(headless, BTreeSet::from(["header-without-scope", "table-without-headers"]));
    let scopeless = planted(|pdf| {
        for id in elements(pdf, "TH") {
            pdf.get_dictionary_mut(id).unwrap().remove(b"A");
        }
    });
    assert_eq!(scopeless, only("header-without-scope"));
    let nameless = planted(|pdf| {
        for id in elements(pdf, "TH") {
            pdf.get_dictionary_mut(id).unwrap().remove(b"ID");
        }
    });
    assert_eq!(nameless, only("header-without-scope"));
    let wide = planted(|pdf| {
        let id = elements(pdf, "TD")[0];
        let spanning = dictionary! { "O" => "Table", "ColSpan" => 2 };
        pdf.get_dictionary_mut(id).unwrap().set("A", spanning);
    });
    assert_eq!(wide, only("table-irregular"));
    assert!(planted(|pdf| set_role(pdf, "TR", "Div")).contains("table-nesting"));
    assert!(planted(|pdf| set_role(pdf, "LBody", "Div")).contains("list-nesting"));
    assert!(planted(|pdf| set_role(pdf, "L", "Div")).contains("list-nesting"));
    assert_eq!(planted(|pdf| set_role(pdf, "H2", "Figure")), only("figure-without-alt"));
    let told = planted(|pdf| {
        set_role(pdf, "H2", "Figure");
        let id = elements(pdf, "Figure")[0];
        pdf.get_dictionary_mut(id).unwrap().set("Alt", Object::string_literal("een tekening"));
    });
    assert_eq!(told, BTreeSet::new());
    let note = planted(|pdf| {
        let id = elements(pdf, "P")[0];
        pdf.get_dictionary_mut(id).unwrap().set("S", "Note");
    });
    assert_eq!(note, only("note-without-id"));
}

#[test]
fn faults_in_what_can_be_clicked() {
    let link = || {
        dictionary! {
            "Type" => "Annot", "Subtype" => "Link", "F" => 4,
            "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()],
        }
    };
    let loose = planted(|pdf| add_annotation(pdf, link()));
    assert_eq!(loose, BTreeSet::from(["annotation-untagged", "annotation-without-text"]));
    let unordered = planted(|pdf| {
        add_annotation(pdf, link());
        let page = first_page(pdf);
        pdf.get_dictionary_mut(page).unwrap().remove(b"Tabs");
    });
    assert!(unordered.contains("tab-order"));
    let mut hidden = link();
    hidden.set("F", 2);
    assert!(planted(|pdf| add_annotation(pdf, hidden)).contains("annotation-flags"));
    let mut movie = link();
    movie.set("Subtype", "Movie");
    let movie = planted(|pdf| add_annotation(pdf, movie));
    assert!(movie.contains("annotation-forbidden") && movie.contains("annotation-appearance"), "{movie:?}");
}

#[test]
fn faults_that_act_or_reach_outside() {
    let action = |action: Dictionary| planted(|pdf| catalog(pdf).set("OpenAction", action));
    let script = dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("app.alert(1)") };
    assert_eq!(action(script), only("javascript"));
    assert_eq!(action(dictionary! { "S" => "Launch" }), only("action-forbidden"));
    assert_eq!(action(dictionary! { "S" => "Named", "N" => "Print" }), only("action-forbidden"));
    assert_eq!(action(dictionary! { "S" => "GoToR" }), only("external-reference"));
    assert_eq!(planted(|pdf| catalog(pdf).set("AA", Dictionary::new())), only("additional-actions"));
    let names =
        |key: &str| planted(|pdf| catalog(pdf).set("Names", dictionary! { key => Dictionary::new() }));
    assert_eq!(names("JavaScript"), only("javascript"));
    assert_eq!(names("EmbeddedFiles"), only("embedded-file"));
    assert_eq!(names("AlternatePresentations"), only("presentation-forbidden"));
    let stream = |dictionary: Dictionary| {
        planted(|pdf| {
            pdf.add_object(Stream::new(dictionary, vec![1, 2]));
        })
    };
    assert_eq!(stream(dictionary! { "F" => Object::string_literal("elders.txt") }), only("external-stream"));
    assert_eq!(stream(dictionary! { "Filter" => "LZWDecode" }), only("filter-forbidden"));
    assert_eq!(stream(dictionary! { "Subtype" => "PS" }), only("xobject-forbidden"));
    assert_eq!(
        stream(dictionary! { "Subtype" => "Image", "Interpolate" => true }),
        only("image-forbidden-key")
    );
    assert_eq!(stream(dictionary! { "Type" => "EmbeddedFile" }), only("embedded-file"));
    let form = |form: Dictionary| planted(|pdf| catalog(pdf).set("AcroForm", form));
    assert_eq!(form(dictionary! { "XFA" => Object::string_literal("x") }), only("form-forbidden"));
    assert_eq!(form(dictionary! { "NeedAppearances" => true }), only("form-forbidden"));
    let layers = dictionary! { "D" => dictionary! { "AS" => Vec::<Object>::new() } };
    assert_eq!(planted(|pdf| catalog(pdf).set("OCProperties", layers)), only("optional-content"));
}

#[test]
fn faults_in_the_file_itself() {
    assert_eq!(planted(|pdf| drop(pdf.trailer.remove(b"ID"))), only("file-id-missing"));
    let tiny = |pdf: &mut Document| {
        let page = first_page(pdf);
        pdf.get_dictionary_mut(page).unwrap().set("MediaBox", vec![0.into(), 0.into(), 1.into(), 1.into()]);
    };
    assert_eq!(planted(tiny), only("page-size"));
    let rules =
        |bytes: &[u8]| -> BTreeSet<&str> { check(bytes).into_iter().map(|finding| finding.rule).collect() };
    let newer = [b"%PDF-2.0".as_slice(), &CLEAN[8..]].concat();
    assert_eq!(rules(&newer), only("file-header"));
    assert_eq!(rules(&[CLEAN.as_slice(), b"\nmeer"].concat()), only("file-trailer"));
    let locked = planted(|pdf| {
        let version = lopdf::EncryptionVersion::V2 {
            document: pdf,
            owner_password: "eigenaar",
            user_password: "",
            key_length: 128,
            permissions: lopdf::Permissions::all(),
        };
        let state = lopdf::EncryptionState::try_from(version).unwrap();
        pdf.encrypt(&state).unwrap();
    });
    assert!(locked.contains("encrypted"), "{locked:?}");
    assert!(rules(&CLEAN[..CLEAN.len() / 2]).contains("unreadable"));
    assert!(rules(b"").contains("unreadable"));
}

/// A rule nobody can break in these tests is a rule nobody knows to work.
#[test]
fn every_rule_has_its_planted_fault() {
    let source = include_str!("tests.rs");
    for rule in RULES {
        assert!(source.contains(&format!("\"{}\"", rule.name)), "{} has no planted fault", rule.name);
    }
}

#[test]
fn a_template_cannot_reach_the_disk_the_net_or_the_clock() {
    let fails = |template: &str| {
        let sight = Sight::new("main.typ", "{}".to_owned(), None).unwrap().with_template(template);
        compile(&sight, &frame()).unwrap_err().to_string()
    };
    assert!(fails("#read(\"/etc/passwd\")").contains("main.typ:1: "));
    assert!(fails("#read(\"../../etc/passwd\")").contains("main.typ:1: "));
    assert!(fails("\n#import \"@preview/cetz:0.3.0\": *").contains("main.typ:2: "));
    assert!(fails("#datetime.today()").contains("main.typ:1: "));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_file_never_panics(places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let mut bytes = CLEAN.clone();
        for (place, byte) in places {
            let index = place.index(bytes.len());
            bytes[index] = byte;
        }
        for finding in check(&bytes) {
            prop_assert!(RULES.iter().any(|rule| rule.name == finding.rule));
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let bytes = [b"%PDF-1.7\n".as_slice(), &bytes].concat();
        prop_assert!(!check(&bytes).is_empty());
    }
}
