//! The file as a whole: its bytes, its trailer, its catalog, and what no object in it may hold.

use super::pdf::{Pdf, as_dictionary, number, stream_bytes};
use super::{Finding, finding};
use lopdf::{Dictionary, Object};

/// What must be true before anything is parsed.
pub(super) fn bytes(bytes: &[u8]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r'));
    let version = lines.next().unwrap_or_default();
    if !matches!(version, [b'%', b'P', b'D', b'F', b'-', b'1', b'.', b'0'..=b'7']) {
        findings.push(finding("file-header", "first line", &String::from_utf8_lossy(version)));
    }
    let marks = lines.find(|line| !line.is_empty()).unwrap_or_default();
    let high = marks.iter().skip(1).take(4).filter(|byte| **byte > 127).count();
    if marks.first() != Some(&b'%') || high < 4 {
        findings.push(finding("file-header", "second line", "no comment with four bytes above 127"));
    }
    let end = bytes
        .strip_suffix(b"\r\n")
        .or_else(|| bytes.strip_suffix(b"\n"))
        .or_else(|| bytes.strip_suffix(b"\r"));
    if !end.unwrap_or(bytes).ends_with(b"%%EOF") {
        findings.push(finding("file-trailer", "last line", "something follows the end of the file"));
    }
    findings
}

pub(super) fn trailer(pdf: &Pdf<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let trailer = &pdf.document.trailer;
    if pdf.array(trailer, "ID").len() != 2 {
        findings.push(finding("file-id-missing", "trailer", "no ID of two parts"));
    }
    if pdf.document.was_encrypted() || pdf.document.is_encrypted() {
        findings.push(finding("encrypted", "trailer", "the file is encrypted"));
    }
    findings
}

pub(super) fn catalog(pdf: &Pdf<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |rule, detail: &str| findings.push(finding(rule, "catalog", detail));
    let catalog = pdf.catalog();
    let mark_info = pdf.dictionary(catalog, "MarkInfo");
    if !mark_info.is_some_and(|info| pdf.is_true(info, "Marked")) {
        add("not-marked", "MarkInfo does not say Marked");
    }
    if mark_info.is_some_and(|info| pdf.is_true(info, "Suspects")) {
        add("not-marked", "MarkInfo says Suspects");
    }
    match pdf.text(catalog, "Lang") {
        None => add("language-missing", "no Lang"),
        Some(language) if language.is_empty() => add("language-missing", "an empty Lang"),
        Some(language) if !is_language(&language) => add("language-invalid", &language),
        Some(_) => {}
    }
    if !pdf
        .dictionary(catalog, "ViewerPreferences")
        .is_some_and(|shown| pdf.is_true(shown, "DisplayDocTitle"))
    {
        add("title-not-shown", "ViewerPreferences does not say DisplayDocTitle");
    }
    if let Some(form) = pdf.dictionary(catalog, "AcroForm") {
        if pdf.get(form, "XFA").is_some() {
            add("form-forbidden", "XFA");
        }
        if pdf.is_true(form, "NeedAppearances") {
            add("form-forbidden", "NeedAppearances");
        }
    }
    if let Some(names) = pdf.dictionary(catalog, "Names") {
        for (key, rule) in [
            ("JavaScript", "javascript"),
            ("EmbeddedFiles", "embedded-file"),
            ("AlternatePresentations", "presentation-forbidden"),
        ] {
            if pdf.get(names, key).is_some() {
                add(rule, key);
            }
        }
    }
    if pdf.get(catalog, "Requirements").is_some() {
        add("presentation-forbidden", "Requirements");
    }
    if let Some(perms) = pdf.dictionary(catalog, "Perms")
        && perms.iter().any(|(key, _)| !matches!(key.as_slice(), b"UR3" | b"DocMDP"))
    {
        add("form-forbidden", "Perms");
    }
    if let Some(layers) = pdf.dictionary(catalog, "OCProperties") {
        let configurations = pdf
            .dictionary(layers, "D")
            .into_iter()
            .chain(pdf.array(layers, "Configs").iter().filter_map(|object| as_dictionary(pdf.real(object))));
        for configuration in configurations {
            if pdf.text(configuration, "Name").is_none_or(|name| name.is_empty())
                || pdf.get(configuration, "AS").is_some()
            {
                add("optional-content", "a configuration without Name, or with AS");
            }
        }
    }
    if let Some(detail) = output_intent(pdf, catalog) {
        add("output-intent", &detail);
    }
    for (page, _, dictionary) in pdf.pages() {
        if pdf.get(dictionary, "PresSteps").is_some() {
            findings.push(finding("presentation-forbidden", &page, "PresSteps"));
        }
        let sides: Vec<f64> = pdf
            .inherited(dictionary, "MediaBox")
            .and_then(|found| found.as_array().ok())
            .map(|sides| sides.iter().filter_map(|side| number(pdf.real(side))).collect())
            .unwrap_or_default();
        let fits = |low: f64, high: f64| (3.0..=14_400.0).contains(&(high - low).abs());
        if !matches!(sides.as_slice(), [left, bottom, right, top] if fits(*left, *right) && fits(*bottom, *top))
        {
            findings.push(finding("page-size", &page, "no MediaBox between 3 and 14,400 points"));
        }
    }
    findings
}

fn output_intent(pdf: &Pdf<'_>, catalog: &Dictionary) -> Option<String> {
    let intents: Vec<&Dictionary> = pdf
        .array(catalog, "OutputIntents")
        .iter()
        .filter_map(|object| as_dictionary(pdf.real(object)))
        .collect();
    let Some(intent) = intents.iter().find(|intent| pdf.name(intent, "S") == Some("GTS_PDFA1")) else {
        return Some("no output intent for PDF/A".to_owned());
    };
    if pdf.text(intent, "OutputConditionIdentifier").is_none_or(|identifier| identifier.is_empty()) {
        return Some("no OutputConditionIdentifier".to_owned());
    }
    let Some(profile) = pdf.get(intent, "DestOutputProfile") else {
        return Some("no colour profile".to_owned());
    };
    let bytes = stream_bytes(profile).unwrap_or_default();
    let space = bytes.get(16..20).unwrap_or_default();
    let components = as_dictionary(profile).and_then(|dictionary| pdf.integer(dictionary, "N"));
    let agrees = matches!((space, components), (b"RGB ", Some(3)) | (b"GRAY", Some(1)) | (b"CMYK", Some(4)));
    if bytes.get(36..40) != Some(b"acsp") || !agrees {
        return Some("the colour profile is damaged or of another space than it says".to_owned());
    }
    None
}

/// The shape of a language tag: `nl`, `nl-NL`, `zh-Hans-CN`.
pub(super) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let shaped =
        |part: &str| (1..=8).contains(&part.len()) && part.chars().all(|sign| sign.is_ascii_alphanumeric());
    (2..=8).contains(&first.len())
        && first.chars().all(|sign| sign.is_ascii_alphabetic())
        && parts.all(shaped)
}

/// Looks into every dictionary of the file, wherever it hides.
pub(super) fn objects(pdf: &Pdf<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, object) in &pdf.document.objects {
        let place = format!("object {}", id.0);
        let mut open = vec![object];
        while let Some(object) = open.pop() {
            match object {
                Object::Array(items) => open.extend(items),
                Object::Dictionary(dictionary) => {
                    findings.extend(forbidden(pdf, dictionary, false, &place));
                    open.extend(dictionary.iter().map(|(_, value)| value));
                }
                Object::Stream(stream) => {
                    findings.extend(forbidden(pdf, &stream.dict, true, &place));
                    open.extend(stream.dict.iter().map(|(_, value)| value));
                }
                _ => {}
            }
        }
    }
    findings
}

fn forbidden(pdf: &Pdf<'_>, dictionary: &Dictionary, is_stream: bool, place: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |rule, detail: &str| findings.push(finding(rule, place, detail));
    let kind = pdf.name(dictionary, "Type").unwrap_or_default();
    let subtype = pdf.name(dictionary, "Subtype").unwrap_or_default();
    match pdf.name(dictionary, "S") {
        Some("JavaScript") => add("javascript", "a JavaScript action"),
        Some(
            action @ ("Launch" | "Sound" | "Movie" | "ResetForm" | "ImportData" | "Hide" | "SetOCGState"
            | "Rendition" | "Trans" | "GoTo3DView" | "SubmitForm"),
        ) => add("action-forbidden", action),
        Some(action @ ("GoToR" | "GoToE")) => add("external-reference", action),
        Some("Named") => {
            let name = pdf.name(dictionary, "N").unwrap_or_default();
            if !matches!(name, "NextPage" | "PrevPage" | "FirstPage" | "LastPage") {
                add("action-forbidden", name);
            }
        }
        _ => {}
    }
    if dictionary.has(b"JS") {
        add("javascript", "JS");
    }
    if dictionary.has(b"AA") {
        add("additional-actions", "AA");
    }
    if dictionary.has(b"EF") || kind == "EmbeddedFile" {
        add("embedded-file", "a file inside the file");
    }
    if is_stream {
        if ["F", "FFilter", "FDecodeParms"].iter().any(|key| dictionary.has(key.as_bytes())) {
            add("external-stream", "a stream whose data lies elsewhere");
        }
        let filters: Vec<&Object> = match pdf.get(dictionary, "Filter") {
            Some(Object::Array(filters)) => filters.iter().map(|filter| pdf.real(filter)).collect(),
            Some(filter) => vec![filter],
            None => Vec::new(),
        };
        for filter in filters {
            if let Ok(name @ (b"LZWDecode" | b"Crypt")) = filter.as_name() {
                add("filter-forbidden", &String::from_utf8_lossy(name));
            }
        }
        match subtype {
            "Image" if pdf.is_true(dictionary, "Interpolate") => add("image-forbidden-key", "Interpolate"),
            "Image" if dictionary.has(b"Alternates") => add("image-forbidden-key", "Alternates"),
            "Image" | "Form" if dictionary.has(b"OPI") => add("xobject-forbidden", "OPI"),
            "Form" if dictionary.has(b"PS") || dictionary.has(b"Subtype2") => add("xobject-forbidden", "PS"),
            "Form" if dictionary.has(b"Ref") => add("external-reference", "a form kept in another file"),
            "PS" => add("xobject-forbidden", "PostScript"),
            _ => {}
        }
    }
    if kind == "ExtGState" {
        let blends = pdf.get(dictionary, "BM").map(|mode| match mode {
            Object::Array(modes) => modes.iter().map(|mode| pdf.real(mode)).collect(),
            mode => vec![mode],
        });
        for mode in blends.unwrap_or_default() {
            if !mode.as_name().is_ok_and(is_blend_mode) {
                add("graphics-state", "an unknown blend mode");
            }
        }
        if dictionary.has(b"TR")
            || dictionary.has(b"HTP")
            || pdf.name(dictionary, "TR2").is_some_and(|name| name != "Default")
        {
            add("graphics-state", "a transfer function or halftone origin");
        }
    }
    if kind == "Annot" || is_annotation(dictionary, subtype) {
        annotation(pdf, dictionary, subtype, &mut add);
    }
    findings
}

fn annotation(
    pdf: &Pdf<'_>,
    dictionary: &Dictionary,
    subtype: &str,
    add: &mut dyn FnMut(&'static str, &str),
) {
    const INVISIBLE: i64 = 1;
    const HIDDEN: i64 = 1 << 1;
    const PRINT: i64 = 1 << 2;
    const NO_VIEW: i64 = 1 << 5;
    const TOGGLE_NO_VIEW: i64 = 1 << 8;
    if matches!(subtype, "3D" | "Sound" | "Screen" | "Movie" | "RichMedia" | "TrapNet" | "") {
        add("annotation-forbidden", subtype);
    }
    let flags = pdf.integer(dictionary, "F").unwrap_or(0);
    if subtype != "Popup"
        && (flags & PRINT == 0 || flags & (INVISIBLE | HIDDEN | NO_VIEW | TOGGLE_NO_VIEW) != 0)
    {
        add("annotation-flags", "not printed, or not shown");
    }
    if !matches!(subtype, "Popup" | "Link") && pdf.dictionary(dictionary, "AP").is_none() {
        add("annotation-appearance", subtype);
    }
}

/// Annotations need not say their type.
fn is_annotation(dictionary: &Dictionary, subtype: &str) -> bool {
    dictionary.has(b"Rect")
        && matches!(
            subtype,
            "Link" | "Widget" | "Text" | "FreeText" | "Stamp" | "FileAttachment" | "Movie" | "Screen"
        )
}

fn is_blend_mode(name: &[u8]) -> bool {
    matches!(
        name,
        b"Normal"
            | b"Compatible"
            | b"Multiply"
            | b"Screen"
            | b"Overlay"
            | b"Darken"
            | b"Lighten"
            | b"ColorDodge"
            | b"ColorBurn"
            | b"HardLight"
            | b"SoftLight"
            | b"Difference"
            | b"Exclusion"
            | b"Hue"
            | b"Saturation"
            | b"Color"
            | b"Luminosity"
    )
}
