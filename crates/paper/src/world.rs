//! All a template can see: the house's templates, the fonts, the data and the logo. No disk, no network, no clock.

use crate::document::Logo;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

/// The house's templates and fonts, parsed once.
pub(crate) static HOUSE: LazyLock<House> = LazyLock::new(House::new);

const TEMPLATES: [(&str, &str); 4] = [
    ("house.typ", include_str!("../templates/house.typ")),
    ("list.typ", include_str!("../templates/list.typ")),
    ("letter.typ", include_str!("../templates/letter.typ")),
    ("form.typ", include_str!("../templates/form.typ")),
];

/// The reading face, and a wide one for the letters it lacks (Greek, Cyrillic, Vietnamese).
const FONTS: [&[u8]; 5] = [
    include_bytes!("../fonts/AtkinsonHyperlegibleNext-Regular.ttf"),
    include_bytes!("../fonts/AtkinsonHyperlegibleNext-Bold.ttf"),
    include_bytes!("../fonts/AtkinsonHyperlegibleNext-Italic.ttf"),
    include_bytes!("../fonts/NotoSans-Regular.ttf"),
    include_bytes!("../fonts/NotoSans-Bold.ttf"),
];

pub(crate) struct House {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    sources: HashMap<FileId, Source>,
    /// The letters the reading face has as one piece, as a pattern. Without it the compiler builds a letter like ễ from a base and a loose
    /// mark of the reading face, and the text that is copied or read aloud then holds it twice.
    pub(crate) covered: String,
}

impl House {
    fn new() -> Self {
        let fonts: Vec<Font> = FONTS.into_iter().flat_map(|bytes| Font::iter(Bytes::new(bytes))).collect();
        let sources = TEMPLATES
            .into_iter()
            .filter_map(|(name, text)| {
                let id = file(name)?;
                Some((id, Source::new(id, text.to_owned())))
            })
            .collect();
        let covered = fonts.first().map(covered).unwrap_or_default();
        Self {
            covered,
            library: LazyHash::new(<Library as LibraryExt>::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            sources,
        }
    }

    /// Whether every font the template may use for it lacks this letter.
    pub(crate) fn lacks(&self, sign: char) -> bool {
        !self.fonts.iter().any(|font| font.info().coverage.contains(u32::from(sign)))
    }
}

fn covered(font: &Font) -> String {
    // The few Greek letters it has are signs of mathematics; among the letters of a Greek name they would stand out.
    let marks_and_greek = 0x0300..=0x03ff;
    let letters = font.info().coverage.iter().filter(|letter| !marks_and_greek.contains(letter));
    let pieces: String = letters.map(|letter| format!("\\x{{{letter:X}}}")).collect();
    format!("[{pieces}]")
}

/// One document's view.
pub(crate) struct Sight {
    main: FileId,
    template: Option<Source>,
    files: HashMap<FileId, Bytes>,
}

impl Sight {
    pub(crate) fn new(template: &str, data: String, logo: Option<&Logo>) -> Option<Self> {
        let mut files = HashMap::from([(file("data.json")?, Bytes::from_string(data))]);
        if let Some(logo) = logo {
            files.insert(file(logo.file_name())?, Bytes::new(logo.bytes().to_vec()));
        }
        Some(Self { main: file(template)?, template: None, files })
    }

    /// A template that is not the house's, for the tests of the check.
    #[cfg(test)]
    pub(crate) fn with_template(self, text: &str) -> Self {
        let template = Some(Source::new(self.main, text.to_owned()));
        Self { template, ..self }
    }
}

fn file(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(name).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn absent(id: FileId) -> FileError {
    FileError::NotFound(PathBuf::from(id.get().vpath().get_with_slash()))
}

impl World for Sight {
    fn library(&self) -> &LazyHash<Library> {
        &HOUSE.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &HOUSE.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        match &self.template {
            Some(template) if id == self.main => Ok(template.clone()),
            _ => HOUSE.sources.get(&id).cloned().ok_or_else(|| absent(id)),
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or_else(|| absent(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        HOUSE.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
