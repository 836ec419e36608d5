//! Texts made comparable: case, accents and punctuation away.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `E-mailadres (privé)` becomes `emailadresprive`.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for sign in text.nfkd().filter(|sign| !is_combining_mark(*sign)) {
        match sign {
            'ß' => folded.push_str("ss"),
            'æ' | 'Æ' => folded.push_str("ae"),
            'œ' | 'Œ' => folded.push_str("oe"),
            'ø' | 'Ø' => folded.push('o'),
            'ł' | 'Ł' => folded.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => folded.push('d'),
            'ı' => folded.push('i'),
            _ if sign.is_alphanumeric() => folded.extend(sign.to_lowercase()),
            _ => {}
        }
    }
    // Lower-casing can leave a mark behind, as of the Turkish capital I.
    folded.retain(|sign| !is_combining_mark(sign));
    folded
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn case_accents_and_punctuation_do_not_count() {
        assert_eq!(fold("E-mailadres (privé)"), "emailadresprive");
        assert_eq!(fold("Øystein Æbelø"), "oysteinaebelo");
        assert_eq!(fold("İĳ"), "iij");
    }
}
