//! Passwords that are easy to guess at a school: one or two words everybody thinks of, dressed up with capitals, digits
//! and signs. General strength is judged elsewhere (`zxcvbn`); that knows English and not our doors and calendars.

use regie_core::name::folded;
use std::collections::HashSet;
use std::sync::LazyLock;

const LIST: &str = include_str!("weak/words.txt");

static WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    LIST.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});

const WORDS_AT_MOST: usize = 2;
/// Letters that belong to no word and change nothing about how easy it is.
const LOOSE: usize = 2;
/// More signs and digits than this are no decoration any more.
const DECORATION: usize = 10;
const SHORTEST_WORD: usize = 3;
const LONGEST_WORD: usize = 24;

/// Whether it is made of at most two such words. `about` are words of this person and this school.
pub(crate) fn is_easy(password: &str, about: &[&str]) -> bool {
    let signs: Vec<char> = password.chars().flat_map(char::to_lowercase).collect();
    if signs.iter().filter(|sign| !sign.is_alphabetic()).count() > DECORATION {
        return false;
    }
    let about: HashSet<String> =
        about.iter().map(|word| letters(word.chars())).filter(|word| word.len() >= SHORTEST_WORD).collect();
    is_made_of(&signs, &about)
}

/// What is typed for a letter to look clever.
const fn undressed(sign: char) -> char {
    match sign {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        '8' => 'b',
        other => other,
    }
}

fn letters(signs: impl Iterator<Item = char>) -> String {
    folded(&signs.collect::<String>()).chars().filter(char::is_ascii_alphabetic).collect()
}

/// Cuts it into words: of every beginning the fewest loose letters with no, one and two words.
fn is_made_of(signs: &[char], about: &HashSet<String>) -> bool {
    const NEVER: usize = usize::MAX;
    let mut best = vec![[NEVER; WORDS_AT_MOST + 1]; signs.len() + 1];
    if let Some(first) = best.first_mut() {
        *first = [0, NEVER, NEVER];
    }
    for (at, sign) in signs.iter().enumerate() {
        let Some(here) = best.get(at).copied() else { continue };
        if here.iter().all(|loose| *loose > LOOSE) {
            continue;
        }
        let known: Vec<usize> = (at + SHORTEST_WORD..=signs.len().min(at + LONGEST_WORD))
            .filter(|end| {
                let word = signs.get(at..*end).unwrap_or_default();
                let word = letters(word.iter().map(|sign| undressed(*sign)));
                WORDS.contains(word.as_str()) || about.contains(&word)
            })
            .collect();
        for (words, loose) in here.into_iter().enumerate().filter(|(_, loose)| *loose <= LOOSE) {
            improve(&mut best, at + 1, words, loose + usize::from(sign.is_alphabetic()));
            if words < WORDS_AT_MOST {
                known.iter().for_each(|end| improve(&mut best, *end, words + 1, loose));
            }
        }
    }
    best.last().is_some_and(|end| end.iter().skip(1).any(|loose| *loose <= LOOSE))
}

fn improve(best: &mut [[usize; WORDS_AT_MOST + 1]], at: usize, words: usize, loose: usize) {
    if let Some(there) = best.get_mut(at).and_then(|place| place.get_mut(words)) {
        *there = loose.min(*there);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_list_is_easy_however_it_is_dressed() {
        assert!(WORDS.len() > 450);
        for word in WORDS.iter() {
            assert!(word.len() >= SHORTEST_WORD && word.bytes().all(|b| b.is_ascii_lowercase()), "{word}");
            let (first, rest) = word.split_at(1);
            let capital = format!("{}{rest}", first.to_uppercase());
            let clever = word.replace('o', "0").replace('e', "3").replace('a', "@").replace('s', "$");
            let dressed = [
                format!("{capital}2026!"),
                format!("{word}{word}"),
                format!("123{capital}456"),
                format!("{clever}-01"),
                format!("Welkom_{word}"),
            ];
            for text in dressed {
                assert!(is_easy(&text, &[]), "{text}");
            }
        }
    }

    #[test]
    fn names_of_the_school_and_the_person_are_easy_too() {
        let about = ["noor", "devries", "delta", "zadkine"];
        for easy in ["Zadkine2026!", "noor.devries", "DELTA-examen-26", "Wëlkom@Delta1"] {
            assert!(is_easy(easy, &about), "{easy}");
        }
        assert!(!is_easy("Zadkine2026!", &[]), "nobody else's name");
    }

    #[test]
    fn a_few_loose_words_are_not() {
        for good in [
            "drie gele fietsen in de kelder",
            "vier blauwe stoelen op het dak",
            "zes ovens vol warm brood",
            "kaas zonder trein naar Zwolle",
            "k7!vQz#2mWp",
            "",
        ] {
            assert!(!is_easy(good, &["noor", "devries"]), "{good}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_judged_without_trouble(text: String, about: Vec<String>) {
            let about: Vec<&str> = about.iter().map(String::as_str).collect();
            let _ = is_easy(&text, &about);
        }
    }
}
