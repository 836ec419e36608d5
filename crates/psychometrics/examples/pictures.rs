//! Writes every kind of picture, from simulated answers and markings, as one page: `pictures OUT.html`.

use regie_psychometrics::Table;
use regie_psychometrics::cut::what_if;
use regie_psychometrics::dif::{Members, mantel_haenszel};
use regie_psychometrics::item::Tally;
use regie_psychometrics::item::analyse::{Settings, analyse};
use regie_psychometrics::marker::{Ratings, severity};
use regie_psychometrics::number::random::Stream;
use regie_psychometrics::rasch::ability::{Method, Model, ability_table};
use regie_psychometrics::rasch::{Design, Missing, calibrate};
use regie_psychometrics::report::page::page;
use regie_psychometrics::report::plot_item::{characteristic, dif};
use regie_psychometrics::report::plot_scale::{information, marker_severity, person_item_map};
use regie_psychometrics::report::plot_test::{pass_rates, score_distribution};
use regie_psychometrics::report::{Language, Picture};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::args().nth(1).ok_or("name the page to write: pictures OUT.html")?;
    let mut stream = Stream::new(2026);
    let ids: Vec<String> = (1..=24).map(|j| format!("v{j:02}")).collect();
    let rows: Vec<Vec<Option<u16>>> = (0..900)
        .map(|person| {
            let theta = stream.normal();
            (0..24)
                .map(|j| {
                    let harder = if j == 5 && person % 2 == 1 { 0.9 } else { 0.0 };
                    let gap = theta - harder - (-2.0 + 4.0 * f64::from(j) / 23.0);
                    Some(u16::from(stream.uniform() < 1.0 / (1.0 + (-gap).exp())))
                })
                .collect()
        })
        .collect();
    let table = Table::from_rows(&ids.iter().map(String::as_str).collect::<Vec<_>>(), &rows)?;
    let found = analyse("all", &Tally::of(&table), &Settings { cut: Some(13), ..Settings::default() });
    let calibration = calibrate(&Design::of(&table, Missing::Wrong), &[])?;
    let model = Model::of(&calibration, &ids);
    let abilities = ability_table(&model, Method::Wle);
    let persons: Vec<(f64, f64)> = found
        .test
        .distribution
        .iter()
        .filter_map(|f| Some((abilities.iter().find(|a| a.score == f.score)?.theta?, f.n as f64)))
        .collect();
    let members = Members {
        focal: "groep 2".into(),
        reference: "groep 1".into(),
        of: (0..900).map(|p| Some(p % 2 == 1)).collect(),
    };
    let scores: Vec<u64> = rows.iter().map(|r| r.iter().flatten().map(|s| u64::from(*s)).sum()).collect();
    let sem = found.test.sem.value().unwrap_or(0.0);
    let what = what_if(&scores, &vec![None; 900], 0, 24, sem, found.test.lambda2.value().unwrap_or(0.0));
    let mut marks = String::from("object_id,Anja,Bram,Cora,Daan\n");
    for script in 0..40 {
        let truth = 6.0 + 1.5 * stream.normal();
        let shifts = [0.0, -0.9, 0.5, 0.3].map(|s| format!("{:.1}", truth + s + 0.7 * stream.normal()));
        marks += &format!("s{script},{}\n", shifts.join(","));
    }
    let nl = Language::Nl;
    let mut pictures: Vec<Picture> = vec![
        score_distribution(&found.test, nl),
        pass_rates(&what, &[], Some(13), nl),
        information(&model, abilities.iter().find(|a| a.score == 13).and_then(|a| a.theta), nl),
        person_item_map(&persons, &calibration, nl),
        dif(&mantel_haenszel(&table, &members, true).items, "groep 2", nl),
        marker_severity(&severity(&Ratings::read(marks.as_bytes())?)?, nl),
    ];
    pictures.extend(found.items.first().map(|item| characteristic(item, nl)));
    let body: String = pictures.iter().map(|p| p.html("Toon de getallen als tabel")).collect();
    std::fs::write(out, page("Plaatjes", &body, nl))?;
    Ok(())
}
