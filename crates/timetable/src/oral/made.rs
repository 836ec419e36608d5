//! Made-up oral days with a planted plan, and what can go wrong in them.
#![allow(clippy::indexing_slicing)] // indices are checked by sound(); orders are made here

use super::decode::Decoder;
use super::{Oral, Orals, Panel, Score, score};
use crate::search::Random;

/// A sick examiner: the panel cannot sit from `minute` on. Its orals may go to any panel that may take one of them.
pub fn fall_ill(o: &Orals, panel: usize, minute: u32) -> Orals {
    let mut now = o.clone();
    if let Some(p) = now.panels.get_mut(panel) {
        p.absent.push((minute, p.until.max(minute + 1)));
    }
    now
}

/// Makes orals with a planted plan: two orals a student, a panel for every five students, a quarter of the panels
/// absent for a while. Gives the orals, and the waiting minutes of the planted plan.
pub fn generate(students: usize, seed: u64) -> (Orals, Score) {
    let mut r = Random::new(seed);
    let n = students.clamp(1, 2000);
    let panels: Vec<Panel> = (0..n.div_ceil(5).max(2))
        .map(|i| {
            let absent = if r.below(4) == 0 {
                vec![if r.below(2) == 0 { (510, 630) } else { (930, 1050) }]
            } else {
                vec![]
            };
            let dislikes = if r.below(10) == 0 { vec![(510, 540)] } else { vec![] };
            Panel {
                name: format!("panel {}", i + 1),
                examiners: vec![2 * i, 2 * i + 1],
                from: 510,
                until: 1050,
                absent,
                dislikes,
            }
        })
        .collect();
    let mut o = Orals {
        students: n,
        panels,
        orals: Vec::new(),
        longest_run: 5,
        pause: 15,
        lunch: (30, 690, 780),
        gap: 15,
    };
    let subjects = 2 + n / 40;
    let half = o.panels.len();
    for student in 0..n {
        let first = r.below(subjects);
        for subject in [first, (first + 1) % subjects] {
            let mut panels: Vec<usize> =
                (0..half).filter(|p| p % subjects == subject || (p + 1) % subjects == subject).collect();
            if panels.is_empty() {
                panels = (0..half).collect();
            }
            let (preparation, exam) = ([0, 15, 20][r.below(3)], [15, 20, 25, 30][r.below(4)]);
            o.orals.push(Oral { student, preparation, exam, judging: 5, panels });
        }
    }
    // The planted plan: students one after another, each where both orals come soonest after each other.
    let mut decoder = Decoder::new(&o, None);
    let mut order = vec![Vec::new(); half];
    let mut plan = vec![None; o.orals.len()];
    for x in 0..o.orals.len() {
        let mut best: Option<(i64, usize)> = None;
        for &p in &o.orals[x].panels {
            order[p].push(x);
            decoder.decode(&order, &mut plan);
            order[p].pop();
            let placed = plan.iter().flatten().count() as i64;
            let end: u32 = plan[x].map_or(99_999, |q| q.start);
            let cost = i64::from(end) - placed * 100_000;
            if best.is_none_or(|b| cost < b.0) {
                best = Some((cost, p));
            }
        }
        order[best.map_or(0, |b| b.1)].push(x);
    }
    decoder.decode(&order, &mut plan);
    let s = score(&o, &plan, None);
    (o, s)
}
