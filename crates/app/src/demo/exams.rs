//! Which tests a school has, and which of them stand in the plan of a programme. Codes of keuzedelen are made up.

use super::programs::Drawn;
use regie_catalog::test::Kind;

pub struct Wanted {
    pub code: String,
    pub name: String,
    pub minutes: u32,
    pub kind: Kind,
    pub subject: Option<&'static str>,
    pub level: Option<&'static str>,
}

impl Wanted {
    pub fn new(code: impl Into<String>, name: impl Into<String>, minutes: u32, kind: Kind) -> Self {
        Self { code: code.into(), name: name.into(), minutes, kind, subject: None, level: None }
    }

    fn on(self, subject: &'static str, level: &'static str) -> Self {
        Self { subject: Some(subject), level: Some(level), ..self }
    }
}

/// Of the generic units: for Dutch and numeracy at each level, English at level 4.
pub fn generic() -> Vec<Wanted> {
    let mut all = Vec::new();
    for (level, central) in [("2F", 90), ("3F", 120)] {
        all.push(
            Wanted::new(
                format!("NE{level}-CE"),
                format!("Nederlands {level} lezen en luisteren (CE)"),
                central,
                Kind::Central,
            )
            .on("Nederlands", level),
        );
        for (part, name, minutes, kind) in [
            ("SCH", "schrijven", 90, Kind::Digital),
            ("SPR", "spreken", 20, Kind::Oral),
            ("GES", "gesprekken voeren", 20, Kind::Oral),
        ] {
            let name = format!("Nederlands {level} {name}");
            all.push(Wanted::new(format!("NE{level}-{part}"), name, minutes, kind).on("Nederlands", level));
        }
        all.push(
            Wanted::new(format!("REK{level}"), format!("Rekenen {level}"), 90, Kind::Digital)
                .on("rekenen", level),
        );
    }
    all.push(
        Wanted::new("ENB1-CE", "Engels B1 lezen en luisteren (CE)", 90, Kind::Central).on("Engels", "B1"),
    );
    for (part, name, minutes, kind) in [
        ("SCH", "schrijven", 60, Kind::Digital),
        ("SPR", "spreken", 20, Kind::Oral),
        ("GES", "gesprekken voeren", 20, Kind::Oral),
    ] {
        all.push(
            Wanted::new(format!("ENA2-{part}"), format!("Engels A2 {name}"), minutes, kind)
                .on("Engels", "A2"),
        );
    }
    all
}

/// Keuzedelen with codes that are made up.
pub const ELECTIVES: &[(&str, &str, Kind)] = &[
    ("K0901", "Digitale vaardigheden gevorderd", Kind::Digital),
    ("K0902", "Ondernemend gedrag", Kind::Oral),
    ("K0903", "Duurzaamheid in het beroep", Kind::Written),
    ("K0904", "Duits in de beroepscontext", Kind::Oral),
    ("K0905", "Internationaal werken", Kind::Practical),
    ("K0906", "Verdieping techniek", Kind::Practical),
];

/// Of the profession: per field and level, two tests of knowledge, a conversation and two proofs of competence.
pub fn of_field(field: usize, level: u32) -> Vec<Wanted> {
    let code = |part: &str| format!("B{:02}{level}-{part}", field + 1);
    vec![
        Wanted::new(
            code("K1T"),
            format!("Beroepskennis 1, veld {} niveau {level}", field + 1),
            60,
            Kind::Digital,
        ),
        Wanted::new(
            code("K2T"),
            format!("Beroepskennis 2, veld {} niveau {level}", field + 1),
            60,
            Kind::Written,
        ),
        Wanted::new(
            code("K1P"),
            format!("Proeve kerntaak 1, veld {} niveau {level}", field + 1),
            240,
            Kind::Practical,
        ),
        Wanted::new(
            code("K2P"),
            format!("Proeve kerntaak 2, veld {} niveau {level}", field + 1),
            180,
            Kind::Practical,
        ),
        Wanted::new(
            code("K2G"),
            format!("Eindgesprek kerntaak 2, veld {} niveau {level}", field + 1),
            45,
            Kind::Oral,
        ),
    ]
}

/// A row of a sheet: unit, its name and kind, parent, rule, attempts, test, weight, after.
pub type Cells = [String; 9];

fn cells(words: [&str; 9]) -> Cells {
    words.map(str::to_owned)
}

/// The plan of a programme as a school would hand it in.
pub fn rows(drawn: &Drawn, n: usize) -> Vec<Cells> {
    let level = drawn.level;
    let mut rows = Vec::new();
    let reference = if level == 4 { "3F" } else { "2F" };
    let dutch = |part: &str| format!("NE{reference}-{part}");
    if level > 1 {
        rows.push(cells(["NED", "Nederlands", "generiek", "", "5", "2", &dutch("CE"), "50", ""]));
        for (part, weight) in [("SCH", "16"), ("SPR", "17"), ("GES", "17")] {
            rows.push(cells(["NED", "", "", "", "", "2", &dutch(part), weight, ""]));
        }
    }
    let numeracy = format!("REK{reference}");
    let rule = if level == 1 { "voldaan" } else { "5" };
    rows.push(cells(["REK", "Rekenen", "generiek", "", rule, "2", &numeracy, "100", ""]));
    if level == 4 {
        rows.push(cells(["ENG", "Engels", "generiek", "", "5", "2", "ENB1-CE", "50", ""]));
        for (part, weight) in [("SCH", "16"), ("SPR", "17"), ("GES", "17")] {
            rows.push(cells(["ENG", "", "", "", "", "2", &format!("ENA2-{part}"), weight, ""]));
        }
    }
    let test = |part: &str| format!("B{:02}{level}-{part}", drawn.field + 1);
    rows.push(cells(["B1-K1", "Voert het beroep uit", "kerntaak", "", "6", "2", &test("K1T"), "40", ""]));
    rows.push(cells(["B1-K1", "", "", "", "", "2", &test("K1P"), "60", ""]));
    rows.push(cells([
        "B1-K2",
        "Werkt aan kwaliteit en samenwerking",
        "kerntaak",
        "",
        "6",
        "2",
        &test("K2T"),
        "30",
        "B1-K1",
    ]));
    rows.push(cells(["B1-K2", "", "", "", "", "2", &test("K2P"), "50", ""]));
    rows.push(cells(["B1-K2", "", "", "", "", "2", &test("K2G"), "20", ""]));
    for part in 0..if level == 1 { 0 } else { 2 } {
        let (code, name, _) = ELECTIVES.get((n + part) % ELECTIVES.len()).copied().unwrap_or((
            "K0901",
            "Keuzedeel",
            Kind::Written,
        ));
        rows.push(cells([code, name, "keuzedeel", "", "6", "2", code, "100", ""]));
    }
    rows.push(cells(["LB", "Loopbaan en burgerschap", "burgerschap", "", "voldaan", "", "", "", ""]));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::programs::drawn;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn every_test_a_plan_names_is_made_and_weights_add_up() {
        let programs = drawn(230, 20);
        let mut there: BTreeSet<String> = generic().into_iter().map(|it| it.code).collect();
        there.extend(ELECTIVES.iter().map(|(code, ..)| (*code).to_owned()));
        for one in &programs {
            there.extend(of_field(one.field, one.level).into_iter().map(|it| it.code));
        }
        for (n, one) in programs.iter().enumerate() {
            let mut weights: BTreeMap<String, u32> = BTreeMap::new();
            for [unit, _, _, _, _, _, test, weight, _] in rows(one, n) {
                if test.is_empty() {
                    continue;
                }
                assert!(there.contains(&test), "{test} of {}", one.name);
                *weights.entry(unit).or_default() += weight.parse::<u32>().unwrap();
            }
            assert!(weights.values().all(|sum| *sum == 100), "{weights:?}");
        }
    }
}
