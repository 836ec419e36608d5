//! The words we add, in Dutch and English.

/// A language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Lang {
    /// Dutch.
    #[default]
    Nl,
    /// English.
    En,
}

/// One of our words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Choose one.
    ChooseOne,
    /// Choose as many as apply.
    ChooseMany,
    /// Choose at most n.
    ChooseMost,
    /// Choose at least n.
    ChooseLeast,
    /// An answer field.
    Answer,
    /// A gap in a text.
    Gap,
    /// A list in a sentence.
    Choice,
    /// Nothing chosen yet.
    Nothing,
    /// A position in an order.
    Position,
    /// Order these.
    OrderHint,
    /// Move up.
    Up,
    /// Move down.
    Down,
    /// Connect rows and columns.
    MatchHint,
    /// The words to place.
    Bank,
    /// A pair.
    Pair,
    /// First of a pair.
    First,
    /// Second of a pair.
    Second,
    /// An area of an image.
    Area,
    /// An image.
    Image,
    /// A point.
    Point,
    /// From the left.
    X,
    /// From the top.
    Y,
    /// How to place a point.
    PointHint,
    /// Hand in a file.
    Upload,
    /// Draw and hand in.
    DrawHint,
    /// A sound.
    Sound,
    /// A film.
    Film,
    /// How often it may be played.
    Plays,
    /// Characters typed.
    Characters,
    /// A value on a scale.
    Value,
    /// The item cannot be shown here.
    Portable,
    /// A frame with a portable interaction.
    Frame,
    /// Feedback.
    Feedback,
    /// The right answer.
    Solution,
    /// Explanation for the candidate.
    Note,
    /// Shared text.
    Stimulus,
    /// Send.
    Send,
    /// A question.
    Question,
    /// A linked file.
    File,
    /// Numbers may have a comma.
    NumberHint,
    /// Not more than the largest possible.
    Between,
    /// An empty heading of the first column.
    Row,
    /// As many pairs as fit.
    PairsMany,
    /// One pair.
    PairsOne,
    /// Not more pairs than this.
    PairsMost,
    /// The object to place.
    Place,
    /// Takes the order as it stands.
    Keep,
    /// The order shown is not yet an answer.
    Unordered,
}

/// The text of a word; `{}` takes a number or name.
pub fn word(lang: Lang, word: Word) -> &'static str {
    let (nl, en) = match word {
        Word::ChooseOne => ("Kies één antwoord.", "Choose one answer."),
        Word::ChooseMany => ("Kies alle antwoorden die passen.", "Choose all answers that apply."),
        Word::ChooseMost => ("Kies hoogstens {}.", "Choose at most {}."),
        Word::ChooseLeast => ("Kies er minstens {}.", "Choose at least {}."),
        Word::PairsMany => ("Maak alle paren die kloppen.", "Make all pairs that are right."),
        Word::PairsOne => ("Maak één paar.", "Make one pair."),
        Word::PairsMost => ("Maak hoogstens {} paren.", "Make at most {} pairs."),
        Word::Place => ("Om te plaatsen:", "To place:"),
        Word::Keep => ("Deze volgorde gebruiken", "Use this order"),
        Word::Unordered => ("Je hebt nog geen volgorde gekozen.", "You have not chosen an order yet."),
        Word::Answer => ("Antwoord {}", "Answer {}"),
        Word::Gap => ("Invulplek {}", "Gap {}"),
        Word::Choice => ("Keuze {}", "Choice {}"),
        Word::Nothing => ("– kies –", "– choose –"),
        Word::Position => ("Plaats {}", "Position {}"),
        Word::OrderHint => ("Zet in de goede volgorde.", "Put these in order."),
        Word::Up => ("{} omhoog", "Move {} up"),
        Word::Down => ("{} omlaag", "Move {} down"),
        Word::MatchHint => ("Kies bij elke rij wat erbij hoort.", "Choose what belongs to each row."),
        Word::Bank => ("Om in te vullen:", "To fill in:"),
        Word::Pair => ("Paar {}", "Pair {}"),
        Word::First => ("eerste", "first"),
        Word::Second => ("tweede", "second"),
        Word::Area => ("Gebied {}", "Area {}"),
        Word::Image => ("Afbeelding", "Image"),
        Word::Point => ("Punt {}", "Point {}"),
        Word::X => ("vanaf links", "from the left"),
        Word::Y => ("vanaf boven", "from the top"),
        Word::PointHint => (
            "Wijs een plek aan op de afbeelding, of vul de afstanden in. De pijltoetsen verschuiven de plek.",
            "Point at a place on the image, or fill in the distances. The arrow keys move the place.",
        ),
        Word::Upload => ("Bestand inleveren", "Hand in a file"),
        Word::DrawHint => (
            "Maak je tekening op papier of in een tekenprogramma en lever het bestand in.",
            "Make your drawing on paper or in a drawing program and hand in the file.",
        ),
        Word::Sound => ("Geluidsfragment {}", "Sound {}"),
        Word::Film => ("Filmfragment {}", "Film {}"),
        Word::Plays => ("Je mag dit {} keer afspelen.", "You may play this {} times."),
        Word::Characters => ("tekens", "characters"),
        Word::Value => ("Waarde {}", "Value {}"),
        Word::Portable => (
            "Dit onderdeel werkt alleen in een omgeving die het toelaat.",
            "This part works only in an environment that allows it.",
        ),
        Word::Frame => ("Interactief onderdeel {}", "Interactive part {}"),
        Word::Feedback => ("Feedback", "Feedback"),
        Word::Solution => ("Juist antwoord:", "Right answer:"),
        Word::Note => ("Toelichting", "Note"),
        Word::Stimulus => ("Bron", "Source"),
        Word::Send => ("Antwoord inleveren", "Hand in answer"),
        Word::Question => ("Vraag", "Question"),
        Word::File => ("Bestand {}", "File {}"),
        Word::NumberHint => ("Vul een getal in.", "Fill in a number."),
        Word::Between => ("Een getal van {}.", "A number from {}."),
        Word::Row => ("Onderdeel", "Part"),
    };
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}

/// The text of a word with its number or name.
pub fn with(lang: Lang, which: Word, what: &dyn std::fmt::Display) -> String {
    word(lang, which).replace("{}", &what.to_string())
}

impl Lang {
    /// From a language tag; Dutch when it is neither.
    pub fn from_tag(tag: &str) -> Self {
        if tag.to_ascii_lowercase().starts_with("en") { Self::En } else { Self::Nl }
    }

    /// The language tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }
}
