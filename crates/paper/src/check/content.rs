//! What the pages paint: is each mark either part of the structure or an artifact, and how large is its text?

use super::pdf::{Pdf, as_dictionary, number, stream_bytes};
use super::{Finding, finding};
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Object, ObjectId};
use std::collections::{BTreeMap, BTreeSet};

/// Where content lies: a page, or a form drawn on it that numbers its own content.
pub(super) struct Sheet {
    pub(super) place: String,
    pub(super) id: ObjectId,
    /// Its number in the parent tree.
    pub(super) struct_parents: Option<i64>,
    /// Content that belongs to the structure, by its number.
    pub(super) marked: BTreeMap<i64, Marked>,
    pub(super) fonts: BTreeSet<ObjectId>,
    /// Fonts that stand in the resources themselves.
    pub(super) inline_fonts: Vec<Dictionary>,
    findings: Vec<Finding>,
}

#[derive(Default)]
pub(super) struct Marked {
    /// Of the largest text in it, in points; 0 without text.
    pub(super) size: f64,
    /// Bytes of text by size in tenths of a point.
    pub(super) sizes: BTreeMap<i64, usize>,
}

pub(super) fn read(pdf: &Pdf<'_>) -> Vec<Sheet> {
    let mut sheets = Vec::new();
    for (place, id, page) in pdf.pages() {
        let bytes =
            pdf.document.get_page_content_with_limit(id, super::pdf::MOST_UNPACKED).unwrap_or_default();
        let resources = pdf.inherited(page, "Resources").and_then(as_dictionary);
        let mut reader = Reader { pdf, sheets: Vec::new(), drawn: Vec::new() };
        let index = reader.open(place, id, pdf.integer(page, "StructParents"));
        reader.run(index, &bytes, resources, State::default(), &[]);
        sheets.extend(reader.sheets);
    }
    sheets
}

pub(super) fn check(sheets: &[Sheet]) -> Vec<Finding> {
    sheets.iter().flat_map(|sheet| sheet.findings.iter().cloned()).collect()
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Artifact,
    Tagged(i64),
    /// Marked for another reason, which says nothing about structure.
    Other,
}

/// A matrix as PDF writes it.
type Matrix = [f64; 6];
const SAME: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

#[derive(Clone)]
struct State {
    matrix: Matrix,
    size: f64,
    font: Option<Vec<u8>>,
}

impl Default for State {
    fn default() -> Self {
        Self { matrix: SAME, size: 0.0, font: None }
    }
}

struct Reader<'a, 'b> {
    pdf: &'b Pdf<'a>,
    sheets: Vec<Sheet>,
    /// Forms being drawn, so that one that draws itself ends.
    drawn: Vec<ObjectId>,
}

impl Reader<'_, '_> {
    fn open(&mut self, place: String, id: ObjectId, struct_parents: Option<i64>) -> usize {
        self.sheets.push(Sheet {
            place,
            id,
            struct_parents,
            marked: BTreeMap::new(),
            fonts: BTreeSet::new(),
            inline_fonts: Vec::new(),
            findings: Vec::new(),
        });
        self.sheets.len() - 1
    }

    fn add(&mut self, sheet: usize, rule: &'static str, detail: &str) {
        if let Some(sheet) = self.sheets.get_mut(sheet) {
            let found = finding(rule, &sheet.place, detail);
            // One fault repeated a thousand times on a page is one finding.
            if !sheet.findings.contains(&found) {
                sheet.findings.push(found);
            }
        }
    }

    fn run(
        &mut self,
        sheet: usize,
        bytes: &[u8],
        resources: Option<&Dictionary>,
        mut state: State,
        around: &[Mark],
    ) {
        let Ok(content) = Content::decode(bytes) else {
            self.add(sheet, "unreadable", "its content cannot be parsed");
            return;
        };
        let mut saved: Vec<State> = Vec::new();
        let mut marks: Vec<Mark> = around.to_vec();
        let mut text = SAME;
        for Operation { operator, operands } in &content.operations {
            let numbers = || -> Vec<f64> { operands.iter().filter_map(number).collect() };
            match operator.as_str() {
                "q" => saved.push(state.clone()),
                "Q" => state = saved.pop().unwrap_or_default(),
                "cm" => {
                    if let Ok(by) = Matrix::try_from(numbers()) {
                        state.matrix = times(by, state.matrix);
                    }
                }
                "BT" => text = SAME,
                "Tm" => text = Matrix::try_from(numbers()).unwrap_or(SAME),
                "Tf" => {
                    state.size = operands.get(1).and_then(number).unwrap_or(0.0);
                    state.font = operands.first().and_then(|name| name.as_name().ok()).map(<[u8]>::to_vec);
                    self.font(sheet, resources, state.font.as_deref());
                }
                "BMC" | "BDC" => {
                    let mark = self.mark(resources, operands);
                    self.nest(sheet, &marks, mark);
                    marks.push(mark);
                }
                "EMC" => {
                    if marks.len() <= around.len() {
                        self.add(sheet, "artifact-mixed", "marked content ends that never began");
                    } else {
                        marks.pop();
                    }
                }
                "Tj" | "TJ" | "'" | "\"" => {
                    self.paint(sheet, &marks, "text");
                    let letters: usize = operands.iter().map(letters).sum();
                    self.measure(sheet, &marks, state.size * scale(times(text, state.matrix)), letters);
                }
                "S" | "s" | "f" | "F" | "f*" | "B" | "B*" | "b" | "b*" | "sh" | "BI" | "EI" => {
                    self.paint(sheet, &marks, "a drawing");
                }
                "k" | "K" => {
                    self.add(sheet, "device-colour", "DeviceCMYK, which the output intent does not describe")
                }
                "cs" | "CS"
                    if operands.first().and_then(|name| name.as_name().ok()) == Some(b"DeviceCMYK") =>
                {
                    self.add(sheet, "device-colour", "DeviceCMYK, which the output intent does not describe");
                }
                "Do" => self.draw(sheet, resources, operands, &state, &marks),
                _ => {}
            }
        }
        if marks.len() > around.len() {
            self.add(sheet, "artifact-mixed", "marked content that never ends");
        }
    }

    fn draw(
        &mut self,
        sheet: usize,
        resources: Option<&Dictionary>,
        operands: &[Object],
        state: &State,
        marks: &[Mark],
    ) {
        const DEEPEST: usize = 12;
        let pdf = self.pdf;
        let name = operands.first().and_then(|name| name.as_name().ok()).unwrap_or_default();
        let reference = resources
            .and_then(|resources| pdf.dictionary(resources, "XObject"))
            .and_then(|objects| objects.get(name).ok());
        let Some(object) = reference else {
            self.add(sheet, "unreadable", "it draws an object that is not there");
            return;
        };
        let id = object.as_reference().unwrap_or_default();
        let Some(dictionary) = as_dictionary(pdf.real(object)) else { return };
        if pdf.name(dictionary, "Subtype") != Some("Form") {
            self.paint(sheet, marks, "an image");
            return;
        }
        if self.drawn.contains(&id) || self.drawn.len() >= DEEPEST {
            return;
        }
        let bytes = stream_bytes(pdf.real(object)).unwrap_or_default();
        let own = pdf.dictionary(dictionary, "Resources").or(resources);
        let matrix = pdf
            .array(dictionary, "Matrix")
            .iter()
            .filter_map(|part| number(pdf.real(part)))
            .collect::<Vec<_>>();
        let mut inside = state.clone();
        if let Ok(by) = Matrix::try_from(matrix) {
            inside.matrix = times(by, inside.matrix);
        }
        self.drawn.push(id);
        match pdf.integer(dictionary, "StructParents") {
            Some(number) => {
                let place = self
                    .sheets
                    .get(sheet)
                    .map(|sheet| format!("{}, form {}", sheet.place, id.0))
                    .unwrap_or_default();
                let form = self.open(place, id, Some(number));
                self.run(form, &bytes, own, inside, &[]);
            }
            None => self.run(sheet, &bytes, own, inside, marks),
        }
        self.drawn.pop();
    }

    fn mark(&self, resources: Option<&Dictionary>, operands: &[Object]) -> Mark {
        if operands.first().and_then(|name| name.as_name().ok()) == Some(b"Artifact") {
            return Mark::Artifact;
        }
        let properties = match operands.get(1) {
            Some(Object::Dictionary(dictionary)) => Some(dictionary),
            Some(Object::Name(name)) => resources
                .and_then(|resources| self.pdf.dictionary(resources, "Properties"))
                .and_then(|known| known.get(name).ok())
                .and_then(|found| as_dictionary(self.pdf.real(found))),
            _ => None,
        };
        match properties.and_then(|properties| self.pdf.integer(properties, "MCID")) {
            Some(number) => Mark::Tagged(number),
            None => Mark::Other,
        }
    }

    fn nest(&mut self, sheet: usize, around: &[Mark], mark: Mark) {
        let tagged = around.iter().any(|mark| matches!(mark, Mark::Tagged(_)));
        let artifact = around.contains(&Mark::Artifact);
        match mark {
            Mark::Tagged(_) if artifact => self.add(sheet, "artifact-mixed", "structure inside an artifact"),
            Mark::Artifact if tagged => self.add(sheet, "artifact-mixed", "an artifact inside the structure"),
            Mark::Tagged(number) => {
                let again = self
                    .sheets
                    .get_mut(sheet)
                    .is_some_and(|sheet| sheet.marked.insert(number, Marked::default()).is_some());
                if again {
                    self.add(sheet, "content-not-in-structure", &format!("MCID {number} is used twice"));
                }
            }
            _ => {}
        }
    }

    fn paint(&mut self, sheet: usize, marks: &[Mark], what: &str) {
        if marks.iter().all(|mark| *mark == Mark::Other) {
            self.add(sheet, "content-unmarked", &format!("{what} that is neither structure nor artifact"));
        }
    }

    fn measure(&mut self, sheet: usize, marks: &[Mark], size: f64, letters: usize) {
        let tagged = marks
            .iter()
            .rev()
            .find_map(|mark| if let Mark::Tagged(number) = mark { Some(*number) } else { None });
        let marked = tagged
            .and_then(|number| self.sheets.get_mut(sheet).and_then(|sheet| sheet.marked.get_mut(&number)));
        if let Some(marked) = marked {
            marked.size = marked.size.max(size);
            *marked.sizes.entry((size * 10.0).round() as i64).or_default() += letters;
        }
    }

    fn font(&mut self, sheet: usize, resources: Option<&Dictionary>, name: Option<&[u8]>) {
        let font = resources
            .and_then(|resources| self.pdf.dictionary(resources, "Font"))
            .zip(name)
            .and_then(|(fonts, name)| fonts.get(name).ok());
        match font {
            Some(Object::Reference(id)) => {
                if let Some(sheet) = self.sheets.get_mut(sheet) {
                    sheet.fonts.insert(*id);
                }
            }
            Some(Object::Dictionary(font)) => {
                if let Some(sheet) = self.sheets.get_mut(sheet) {
                    sheet.inline_fonts.push(font.clone());
                }
            }
            _ => self.add(sheet, "font-not-embedded", "text in a font that is not there"),
        }
    }
}

fn times(first: Matrix, then: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = first;
    let [g, h, i, j, k, l] = then;
    [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l]
}

/// How much larger text becomes.
fn scale([a, b, c, d, ..]: Matrix) -> f64 {
    (a * d - b * c).abs().sqrt()
}

fn letters(operand: &Object) -> usize {
    match operand {
        Object::String(bytes, _) => bytes.len(),
        Object::Array(parts) => parts.iter().map(letters).sum(),
        _ => 0,
    }
}
