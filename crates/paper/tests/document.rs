//! Every kind of document.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use regie_paper::{
    Choice, Content, Form, Frame, Language, Letter, List, ListColumn, Logo, PaperError, Section, Signer,
    render,
};

fn text(text: &str) -> String {
    text.to_owned()
}

fn frame(language: Language, title: &str) -> Frame {
    Frame {
        language,
        school: text("ROC Delta"),
        logo: Some(Logo::Svg(
            br##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><rect width="30" height="30" rx="6" fill="#0b5c8a"/><path d="M8 22 15 8l7 14z" fill="#fff"/></svg>"##
                .to_vec(),
        )),
        title: text(title),
        session: Some(text("Nederlands 3F lezen en luisteren · 20-11-2026 09:30 · B1.04")),
        made_at: "2026-11-20T08:15:00+01:00[Europe/Amsterdam]".parse().unwrap(),
        ident: text("01935a1e-7c00-7000-8000-000000000001"),
    }
}

fn list(rows: usize) -> Content {
    Content::List(List {
        intro: Some(text("Controleer bij binnenkomst het identiteitsbewijs.")),
        columns: vec![
            ListColumn::new("Nr.", 1),
            ListColumn::new("Naam", 4),
            ListColumn::new("Studentnummer", 2),
            ListColumn::new("Voorziening", 3),
        ],
        rows: (1..=rows)
            .map(|row| {
                vec![
                    row.to_string(),
                    format!("Şükrü Nguyễn-de Wit {row}"),
                    format!("03012{row:02}"),
                    if row % 4 == 0 { text("Extra tijd (30 minuten)") } else { String::new() },
                ]
            })
            .collect(),
        wide: false,
        signers: vec![Signer { role: text("Afnameleider"), name: Some(text("F. El Idrissi")) }],
    })
}

fn letter() -> Content {
    Content::Letter(Letter {
        recipient: vec![text("Noa Visser"), text("Dorpsstraat 1"), text("1234 AB Deltastad")],
        place: text("Deltastad"),
        date: text("20 november 2026"),
        subject: text("Uitslag van je examen"),
        paragraphs: vec![
            text("Beste Noa,"),
            text("De examencommissie heeft je resultaat vastgesteld: een 7,5."),
        ],
        closing: text("Met vriendelijke groet,"),
        sender: vec![text("mr. dr. J. Καλογερόπουλος"), text("voorzitter examencommissie")],
        enclosures: vec![text("Resultatenlijst")],
    })
}

fn form() -> Content {
    Content::Form(Form {
        intro: Some(text("Dit formulier hoort bij de proeve van bekwaamheid.")),
        facts_head: [text("Gegeven"), text("Waarde")],
        facts: vec![[text("Student"), text("Noa Visser")], [text("Leerbedrijf"), text("Bakkerij Юлия")]],
        sections: vec![Section {
            title: text("B1-K1-W1 Bereidt het werk voor"),
            text: Some(text("Kruis aan wat is waargenomen.")),
            choices: vec![
                Choice { label: text("Onvoldoende"), ticked: false },
                Choice { label: text("Voldoende"), ticked: true },
                Choice { label: text("Goed"), ticked: false },
            ],
            lines: vec![text("Toelichting")],
        }],
        statement: Some(text(
            "De ondergetekenden verklaren dat de beoordeling volgens de afspraken is verlopen.",
        )),
        signers: vec![
            Signer { role: text("Praktijkbeoordelaar"), name: Some(text("J. de Wit")) },
            Signer { role: text("Student"), name: None },
        ],
    })
}

fn all() -> [(&'static str, Content); 3] {
    [("list", list(70)), ("letter", letter()), ("form", form())]
}

/// The words of each page, as a reader would copy them.
fn pages(pdf: &[u8]) -> Vec<String> {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    document.get_pages().keys().map(|page| document.extract_text(&[*page]).unwrap()).collect()
}

#[test]
fn every_page_says_which_school_which_session_and_which_page_it_is() {
    let rendered = render(&frame(Language::Nl, "Deelnemerslijst"), &list(70)).unwrap();
    assert_eq!((rendered.pages, rendered.replaced), (2, vec![]));
    for (index, page) in pages(&rendered.pdf).iter().enumerate() {
        for said in ["ROC Delta", "Nederlands 3F lezen en luisteren", "20-11-2026 08:15", "Studentnummer"] {
            assert!(page.contains(said), "{said} on page {index}:\n{page}");
        }
        assert!(page.contains(&format!("Pagina {} van 2", index + 1)), "{page}");
    }
    let english = render(&frame(Language::En, "Participants"), &list(1)).unwrap();
    assert!(pages(&english.pdf)[0].contains("Page 1 of 1"));
}

/// The extraction starts a line where the font changes; the text itself is one.
fn without_breaks(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn names_in_any_european_script_are_printed_and_can_be_copied() {
    let list = pages(&render(&frame(Language::Nl, "Lijst"), &list(2)).unwrap().pdf).concat();
    assert!(without_breaks(&list).contains("ŞükrüNguyễn-deWit20301202"), "{list}");
    let mut content = letter();
    if let Content::Letter(letter) = &mut content {
        // As some machines write it: letters and marks apart.
        letter.recipient = vec![text("Rene\u{301}e Mu\u{308}ller")];
    }
    let letter = pages(&render(&frame(Language::Nl, "Brief"), &content).unwrap().pdf).concat();
    assert!(letter.contains("Renée Müller"), "{letter}");
    assert!(
        letter.contains("Καλογερόπουλος") && letter.contains("Betreft: Uitslag van je examen"),
        "{letter}"
    );
    let form = pages(&render(&frame(Language::Nl, "Formulier"), &form()).unwrap().pdf).concat();
    assert!(form.contains("Юлия") && form.contains("Voldoende (aangekruist)"), "{form}");
    assert!(without_breaks(&form).contains("Praktijkbeoordelaar—J.deWit"), "{form}");
}

#[test]
fn a_letter_no_font_has_is_replaced_and_named_instead_of_stopping_the_document() {
    let mut content = letter();
    if let Content::Letter(letter) = &mut content {
        letter.recipient = vec![text("王小明 😀\u{7}")];
    }
    let rendered = render(&frame(Language::Nl, "Brief"), &content).unwrap();
    assert_eq!(rendered.replaced, ['\u{7}', '小', '明', '王', '😀']);
    assert!(pages(&rendered.pdf)[0].contains("??? ??"));
    assert_eq!(regie_paper::check::check(&rendered.pdf), []);
}

#[test]
fn data_is_never_read_as_template() {
    let sly = "#read(\"/etc/passwd\") = kop *vet* $x^2$ @bron <label> \\ // \u{2028}";
    let mut content = letter();
    if let Content::Letter(letter) = &mut content {
        letter.paragraphs = vec![text(sly)];
        letter.subject = text(sly);
    }
    let rendered = render(&frame(Language::Nl, sly), &content).unwrap();
    let page = pages(&rendered.pdf).concat();
    assert!(page.contains("#read(\"/etc/passwd\") = kop *vet* $x^2$ @bron <label>"), "{page}");
}

#[test]
fn what_cannot_be_a_document_says_why() {
    let broken = |content: Content| render(&frame(Language::Nl, "Lijst"), &content).unwrap_err();
    let mut ragged = list(3);
    if let Content::List(list) = &mut ragged {
        list.rows[1].pop();
    }
    assert_eq!(broken(ragged), PaperError::Row { row: 2, cells: 3, columns: 4 });
    assert_eq!(broken(Content::List(List::default())), PaperError::NoColumns);
    assert_eq!(render(&frame(Language::Nl, "  "), &letter()).unwrap_err(), PaperError::NoTitle);
    for logo in [Logo::Svg(b"<svg".to_vec()), Logo::Png(b"not a png".to_vec())] {
        let frame = Frame { logo: Some(logo), ..frame(Language::Nl, "Brief") };
        assert!(matches!(render(&frame, &letter()).unwrap_err(), PaperError::Logo(_)));
    }
}

#[test]
fn an_empty_list_says_so() {
    let rendered = render(&frame(Language::Nl, "Lijst"), &list(0)).unwrap();
    assert!(pages(&rendered.pdf)[0].contains("Deze lijst is leeg."));
    assert_eq!(regie_paper::check::check(&rendered.pdf), []);
}

fn fingerprints() -> String {
    let one = |(name, content): (&str, Content)| {
        let pdf = render(&frame(Language::Nl, "Gelijk"), &content).unwrap().pdf;
        format!(
            "{name} {:?} {}",
            pdf.len(),
            pdf.iter().fold(7u64, |sum, byte| sum.wrapping_mul(31) + u64::from(*byte))
        )
    };
    all().into_iter().map(one).collect::<Vec<_>>().join(", ")
}

#[test]
fn equal_input_gives_equal_bytes_also_in_another_process_and_thread() {
    let here = fingerprints();
    assert_eq!(std::thread::spawn(fingerprints).join().unwrap(), here);
    let elsewhere = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "fingerprints_of_this_process", "--nocapture", "--include-ignored"])
        .output()
        .unwrap();
    let said = String::from_utf8(elsewhere.stdout).unwrap();
    assert!(said.contains(&here), "{here}\n{said}");
    let later = Frame {
        made_at: "2026-11-20T08:15:01+01:00[Europe/Amsterdam]".parse().unwrap(),
        ..frame(Language::Nl, "Gelijk")
    };
    assert_ne!(
        render(&later, &letter()).unwrap().pdf,
        render(&frame(Language::Nl, "Gelijk"), &letter()).unwrap().pdf
    );
}

#[test]
fn fingerprints_of_this_process() {
    let fingerprints = fingerprints();
    assert_eq!(fingerprints.split(", ").count(), 3);
    println!("{fingerprints}");
}

/// `cargo test --release -p regie-paper --test document -- --ignored --nocapture speed`
#[test]
#[ignore = "a measurement"]
fn speed() {
    for (name, content) in all() {
        render(&frame(Language::Nl, "Snel"), &content).unwrap();
        let started = std::time::Instant::now();
        for run in 0..50 {
            let frame = Frame {
                ident: run.to_string(),
                session: Some(format!("zitting {run}")),
                ..frame(Language::Nl, "Snel")
            };
            render(&frame, &content).unwrap();
        }
        println!("{name}: {:?} a document", started.elapsed() / 50);
    }
}

/// Writes the documents into the target folder and says where.
#[test]
#[ignore = "for the eye"]
fn pictures() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    for (name, content) in all() {
        let rendered = render(&frame(Language::Nl, "Deelnemerslijst"), &content).unwrap();
        let path = folder.join(format!("{name}.pdf"));
        std::fs::write(&path, rendered.pdf).unwrap();
        println!("{}", path.display());
    }
}
