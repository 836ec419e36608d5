//! How long a thousand proposals take, refused and accepted ones together: `cargo bench -p regie-timetable`.

use divan::Bencher;
use regie_timetable::generate::{Wish, school};
use regie_timetable::search::{Control, Limit, Options, solve};
use std::sync::atomic::AtomicBool;

fn main() {
    divan::main();
}

#[divan::bench(args = [300, 3000], sample_count = 5)]
fn hundred_thousand_proposals(bencher: Bencher<'_, '_>, students: usize) {
    let school = school(&Wish { seed: 1, students, load: 0.8, people: 0.9, over_constrained: false });
    let problem = regie_timetable::school::problem(&school);
    bencher.counter(divan::counter::ItemsCount::new(100_000u64)).bench(|| {
        let control = Control { clock: &|| 0.0, cancel: &AtomicBool::new(false), progress: &|_| {} };
        solve(&problem, &Options { limit: Limit::Proposals(100_000), ..Options::default() }, &control)
    });
}
