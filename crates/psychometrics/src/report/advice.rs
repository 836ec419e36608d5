//! What a flag means, the rule behind it, and what to do: in words a teacher can act on.

use super::language::Language;
use crate::item::advise::{Flag, Thresholds};
use crate::item::{ItemStatistics, TestStatistics};
use serde::Serialize;

/// Advice on one flag.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Advice {
    /// Short name.
    pub name: String,
    /// What was found.
    pub finding: String,
    /// The rule that raised it.
    pub rule: String,
    /// What to do.
    pub action: String,
    /// Look before grades go out.
    pub serious: bool,
}

/// Advice on all flags of an item.
#[must_use]
pub fn advise(item: &ItemStatistics, limits: &Thresholds, language: Language) -> Vec<Advice> {
    item.flags.iter().map(|flag| one(item, flag, limits, language)).collect()
}

/// What may be said with this many persons; `None` when nothing needs saying.
#[must_use]
pub fn caution(test: &TestStatistics, limits: &Thresholds, language: Language) -> Option<String> {
    let n = test.n;
    Some(match language {
        Language::Nl if n < limits.show_only_below => format!(
            "Er zijn {n} kandidaten. Onder {} geven we geen oordeel over losse vragen: de getallen schommelen te veel.",
            limits.show_only_below
        ),
        Language::Nl if n < limits.warn_below => {
            format!(
                "Er zijn {n} kandidaten. Onder {} zijn Rit en Rir nog onzeker: kijk altijd ook zelf naar de vraag.",
                limits.warn_below
            )
        }
        Language::En if n < limits.show_only_below => format!(
            "There are {n} candidates. Below {} we do not judge single questions: the numbers vary too much.",
            limits.show_only_below
        ),
        Language::En if n < limits.warn_below => {
            format!(
                "There are {n} candidates. Below {} Rit and Rir are uncertain: always look at the question itself.",
                limits.warn_below
            )
        }
        _ => return None,
    })
}

fn one(item: &ItemStatistics, flag: &Flag, limits: &Thresholds, language: Language) -> Advice {
    let nl = language == Language::Nl;
    let num = |v: f64| language.number(v, 2);
    let key: Vec<&str> = item.options.iter().filter(|o| o.key).filter_map(|o| o.option.as_deref()).collect();
    let key = key.join(", ");
    let (name, finding, rule, action) = match flag {
        Flag::Miskey { option, rar, key_rar } => {
            if nl {
                (
                    "Sleutel controleren".to_owned(),
                    format!("Antwoord {option} is vooral gekozen door kandidaten die de rest van de toets goed maken (Rar {}). Voor de sleutel {key} is dat {}.", num(*rar), num(*key_rar)),
                    "Een fout antwoord hangt sterker samen met de rest van de toets dan de sleutel; of de sleutel hangt negatief samen en een fout antwoord meer dan 0,15.".to_owned(),
                    format!("Controleer de sleutel. Is {option} ook goed, of is de vraag dubbelzinnig? Pas dan de sleutel aan of haal de vraag uit de score, en bereken de uitslag opnieuw."),
                )
            } else {
                (
                    "Check the key".to_owned(),
                    format!("Answer {option} attracts candidates who do well on the rest of the test (Rar {}). For the key {key} it is {}.", num(*rar), num(*key_rar)),
                    "A wrong answer goes together with the rest of the test more strongly than the key; or the key goes against it and a wrong answer with it by more than 0.15.".to_owned(),
                    format!("Check the key. Is {option} right as well, or is the question ambiguous? Then change the key or drop the question, and calculate the results again."),
                )
            }
        }
        Flag::NegativeRir { rir } => {
            if nl {
                (
                    "Werkt averechts".to_owned(),
                    format!("Goede kandidaten maken deze vraag slechter dan zwakke (Rir {}).", num(*rir)),
                    "Rir is kleiner dan 0.".to_owned(),
                    "Lees de vraag en het antwoordmodel na: verkeerde sleutel, strikvraag of niet-onderwezen stof? Overweeg de vraag te laten vervallen.".to_owned(),
                )
            } else {
                (
                    "Works the wrong way".to_owned(),
                    format!("Good candidates do worse on this question than weak ones (Rir {}).", num(*rir)),
                    "Rir is below 0.".to_owned(),
                    "Read the question and the marking scheme again: wrong key, trick question, matter not taught? Consider dropping it.".to_owned(),
                )
            }
        }
        Flag::LowRir { rir } => {
            if nl {
                (
                    "Onderscheidt weinig".to_owned(),
                    format!("De vraag hangt nauwelijks samen met de rest van de toets (Rir {}).", num(*rir)),
                    format!("Rir is kleiner dan {}.", num(limits.low_rir)),
                    "Bekijk of de vraag meet wat de toets meet. Herschrijf de vraag voor een volgende keer."
                        .to_owned(),
                )
            } else {
                (
                    "Tells little apart".to_owned(),
                    format!(
                        "The question hardly goes together with the rest of the test (Rir {}).",
                        num(*rir)
                    ),
                    format!("Rir is below {}.", num(limits.low_rir)),
                    "See whether the question measures what the test measures. Rewrite it for next time."
                        .to_owned(),
                )
            }
        }
        Flag::Easy { p } => {
            if nl {
                (
                    "Erg gemakkelijk".to_owned(),
                    format!("Bijna iedereen scoort hier vol (p-waarde {}).", num(*p)),
                    format!("De p-waarde is hoger dan {}.", num(limits.easy)),
                    "Geen probleem als iedereen dit moet kennen. De vraag helpt niet om verschil te zien."
                        .to_owned(),
                )
            } else {
                (
                    "Very easy".to_owned(),
                    format!("Nearly everybody gets full marks here (p {}).", num(*p)),
                    format!("p is above {}.", num(limits.easy)),
                    "Fine if everybody must know this. It does not help to tell candidates apart.".to_owned(),
                )
            }
        }
        Flag::Hard { p } => {
            if nl {
                (
                    "Erg moeilijk".to_owned(),
                    format!("Weinig kandidaten maken deze vraag goed (p-waarde {}).", num(*p)),
                    format!("De p-waarde is lager dan {} of lager dan de kans om goed te raden.", num(limits.hard)),
                    "Is de stof behandeld en is de vraag duidelijk? Zo niet: herschrijf de vraag of laat haar vervallen.".to_owned(),
                )
            } else {
                (
                    "Very hard".to_owned(),
                    format!("Few candidates get this question right (p {}).", num(*p)),
                    format!("p is below {} or below the chance of guessing right.", num(limits.hard)),
                    "Was this taught, and is the question clear? If not, rewrite or drop it.".to_owned(),
                )
            }
        }
        Flag::NoVariance => {
            if nl {
                (
                    "Geen verschil".to_owned(),
                    "Alle kandidaten hebben dezelfde score.".to_owned(),
                    "De vraag heeft geen spreiding; Rit en Rir bestaan dan niet.".to_owned(),
                    "De vraag telt mee in de score, niet in de betrouwbaarheid.".to_owned(),
                )
            } else {
                (
                    "No difference".to_owned(),
                    "All candidates have the same score.".to_owned(),
                    "The question has no spread, so Rit and Rir do not exist.".to_owned(),
                    "It counts in the score, not in the reliability.".to_owned(),
                )
            }
        }
        Flag::PopularDistractor { option, share } => {
            if nl {
                (
                    "Afleider boven sleutel".to_owned(),
                    format!("Antwoord {option} is vaker gekozen ({}) dan de sleutel {key}.", language.percent(*share)),
                    "Een fout antwoord is vaker gekozen dan het goede.".to_owned(),
                    "Controleer de sleutel. Klopt die, dan heeft een hardnekkige misvatting veel kandidaten misleid: bespreek haar in de les.".to_owned(),
                )
            } else {
                (
                    "Distractor above the key".to_owned(),
                    format!("Answer {option} was chosen more often ({}) than the key {key}.", language.percent(*share)),
                    "A wrong answer was chosen more often than the right one.".to_owned(),
                    "Check the key. If it is right, a stubborn misconception misled many: discuss it in class.".to_owned(),
                )
            }
        }
        Flag::IdleOptions { options } => {
            let list = options.join(", ");
            if nl {
                (
                    "Afleider werkt niet".to_owned(),
                    format!("Bijna niemand koos {list}."),
                    format!("Minder dan {} koos dit antwoord.", language.percent(limits.idle_option)),
                    "Bedenk een geloofwaardiger fout antwoord, of laat het weg.".to_owned(),
                )
            } else {
                (
                    "Idle distractor".to_owned(),
                    format!("Hardly anybody chose {list}."),
                    format!("Less than {} chose this answer.", language.percent(limits.idle_option)),
                    "Find a more plausible wrong answer, or leave it out.".to_owned(),
                )
            }
        }
        Flag::ManyBlank { share } => {
            if nl {
                (
                    "Vaak overgeslagen".to_owned(),
                    format!("{} liet de vraag open.", language.percent(*share)),
                    format!("Meer dan {} open.", language.percent(limits.many_blank)),
                    "Is de vraag goed te vinden en te begrijpen?".to_owned(),
                )
            } else {
                (
                    "Often skipped".to_owned(),
                    format!("{} left the question blank.", language.percent(*share)),
                    format!("More than {} blank.", language.percent(limits.many_blank)),
                    "Can the question be found and understood?".to_owned(),
                )
            }
        }
        Flag::NotReached { share } => {
            if nl {
                (
                    "Niet aan toegekomen".to_owned(),
                    format!("{} kwam niet aan deze vraag toe.", language.percent(*share)),
                    format!("Meer dan {} stopte voor deze vraag.", language.percent(limits.many_blank)),
                    "De toets was mogelijk te lang voor de tijd.".to_owned(),
                )
            } else {
                (
                    "Not reached".to_owned(),
                    format!("{} did not get to this question.", language.percent(*share)),
                    format!("More than {} stopped before it.", language.percent(limits.many_blank)),
                    "The test may have been too long for the time.".to_owned(),
                )
            }
        }
    };
    Advice { name, finding, rule, action, serious: flag.is_serious() }
}
