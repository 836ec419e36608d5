//! Names that tell: a file called `juist.png` or a choice called `correct`.

use sha2::{Digest, Sha256};

/// Words that give an answer away, in the languages of our packages.
const TELLING: &[&str] = &[
    "correct",
    "incorrect",
    "right",
    "wrong",
    "answer",
    "antwoord",
    "solution",
    "oplossing",
    "juist",
    "onjuist",
    "goed",
    "fout",
    "sleutel",
    "key",
    "distractor",
    "afleider",
    "score",
    "richtig",
    "falsch",
    "true",
    "false",
];

/// Whether a name contains a telling word as a word of its own.
pub fn is_telling(name: &str) -> bool {
    let mut word = String::new();
    let mut before = ' ';
    let mut found = false;
    let mut check = |word: &mut String| {
        let lower = word.to_ascii_lowercase();
        found |= TELLING.iter().any(|t| lower == *t || (t.len() > 4 && lower.starts_with(t)));
        word.clear();
    };
    for c in name.chars() {
        // camelCase starts a new word.
        if !c.is_alphabetic() || (c.is_uppercase() && before.is_lowercase()) {
            check(&mut word);
        }
        if c.is_alphabetic() {
            word.push(c);
        }
        before = c;
    }
    check(&mut word);
    found
}

/// A neutral name for a file, the same each time, with its extension.
pub fn neutral_file(path: &str) -> String {
    let digest = Sha256::digest(path.as_bytes());
    let short: String = digest.iter().take(8).map(|b| format!("{b:02x}")).collect();
    let extension: String = path
        .rsplit_once('.')
        .map(|(_, e)| e.chars().filter(char::is_ascii_alphanumeric).take(5).collect())
        .unwrap_or_default();
    if extension.is_empty() { format!("media/{short}") } else { format!("media/{short}.{extension}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telling_words_are_found_as_words() {
        for telling in ["img/correct_1.png", "juisteAntwoord", "fout-2.mp3", "CorrectAnswer", "choice_wrong"]
        {
            assert!(is_telling(telling), "{telling}");
        }
        for plain in
            ["ChoiceA", "keyboard.png", "goederen.png", "copyright.png", "img/earth.png", "_a65fab45"]
        {
            assert!(!is_telling(plain), "{plain}");
        }
    }
}
