//! ITC 2007, examination track: the competition's text format, read and written.

use super::ReadError;
use crate::problem::{Exam, LinkKind, Nearness, Period, PeriodRule, Plan, Problem, Relation, Room};
use std::collections::BTreeMap;

/// Most exams, periods and rooms taken from a file; more is a broken file.
const MOST: usize = 100_000;

#[derive(Default)]
struct Raw {
    exams: Vec<(u32, Vec<u64>)>,
    periods: Vec<(String, String, u32, i32)>,
    rooms: Vec<(u32, i32)>,
    relations: Vec<Relation>,
    alone: Vec<usize>,
    weights: BTreeMap<String, i32>,
    front: (usize, usize, i32),
    announced: BTreeMap<String, (usize, usize)>,
}

/// Reads an instance.
pub fn read(text: &str) -> Result<Problem, ReadError> {
    let mut raw = Raw::default();
    let mut section = String::new();
    for (index, line) in text.lines().enumerate() {
        let no = index + 1;
        let trimmed = line.trim();
        if trimmed.is_empty() {
            continue;
        }
        if let Some(head) = trimmed.strip_prefix('[') {
            let Some(head) = head.strip_suffix(']') else {
                return Err(ReadError::at(no, line.len(), "a section head that ends in ]"));
            };
            let (name, count) = head.split_once(':').unwrap_or((head, ""));
            section = name.trim().to_owned();
            if !count.is_empty() {
                let n = count.trim().parse().ok().filter(|&n: &usize| n <= MOST);
                let n =
                    n.ok_or_else(|| ReadError::at(no, name.len() + 3, "a number of lines after the colon"))?;
                raw.announced.insert(section.clone(), (n, no));
            }
            continue;
        }
        raw.line(&section, &Fields::new(no, line))?;
    }
    raw.check()?;
    raw.problem()
}

/// The fields of one line with their columns.
struct Fields<'a> {
    no: usize,
    width: usize,
    list: Vec<(usize, &'a str)>,
}

impl<'a> Fields<'a> {
    fn new(no: usize, line: &'a str) -> Self {
        let mut list = Vec::new();
        let mut start = None;
        for (i, c) in line.char_indices().chain([(line.len(), ',')]) {
            if c == ',' || c.is_whitespace() {
                if let Some(s) = start.take() {
                    list.push((s + 1, line.get(s..i).unwrap_or("")));
                }
            } else if start.is_none() {
                start = Some(i);
            }
        }
        Fields { no, width: line.len(), list }
    }

    fn text(&self, i: usize, what: &str) -> Result<&'a str, ReadError> {
        self.list.get(i).map(|&(_, t)| t).ok_or_else(|| ReadError::at(self.no, self.width + 1, what))
    }

    fn number<T: std::str::FromStr>(&self, i: usize, what: &str) -> Result<T, ReadError> {
        let text = self.text(i, what)?;
        let column = self.list.get(i).map_or(1, |f| f.0);
        text.parse().map_err(|_| ReadError::at(self.no, column, &format!("{what}, not {text:?}")))
    }

    fn within<T: std::str::FromStr + PartialOrd>(
        &self,
        i: usize,
        what: &str,
        low: T,
        high: T,
    ) -> Result<T, ReadError> {
        let n: T = self.number(i, what)?;
        let column = self.list.get(i).map_or(1, |f| f.0);
        if n < low || n > high {
            Err(ReadError::at(self.no, column, &format!("{what} of a size that can be")))
        } else {
            Ok(n)
        }
    }
}

impl Raw {
    fn line(&mut self, section: &str, f: &Fields<'_>) -> Result<(), ReadError> {
        match section {
            "Exams" => {
                let minutes = f.within(0, "the duration in minutes", 0, 100_000)?;
                let students =
                    (1..f.list.len())
                        .map(|i| f.number(i, "a student number"))
                        .collect::<Result<Vec<u64>, _>>()?;
                self.exams.push((minutes, students));
            }
            "Periods" => self.periods.push((
                f.text(0, "a date dd:mm:yyyy")?.to_owned(),
                f.text(1, "a time hh:mm:ss")?.to_owned(),
                f.within(2, "the length in minutes", 0, 100_000)?,
                f.within(3, "the period penalty", -1_000_000, 1_000_000)?,
            )),
            "Rooms" => self.rooms.push((
                f.within(0, "the seats", 0, 1_000_000)?,
                f.within(1, "the room penalty", -1_000_000, 1_000_000)?,
            )),
            "PeriodHardConstraints" => {
                let (a, b) = (f.number(0, "an exam number")?, f.number(2, "an exam number")?);
                let n = self.exams.len();
                for (i, e) in [(0, a), (2, b)] {
                    if e >= n {
                        let column = f.list.get(i).map_or(1, |x| x.0);
                        return Err(ReadError::at(
                            f.no,
                            column,
                            &format!("an exam number below {n}, not {e}"),
                        ));
                    }
                }
                match f.text(1, "AFTER, EXAM_COINCIDENCE or EXCLUSION")? {
                    "AFTER" => self.relations.push(Relation::After(a, b)),
                    "EXAM_COINCIDENCE" => self.relations.push(Relation::Together(a.min(b), a.max(b))),
                    "EXCLUSION" => self.relations.push(Relation::Apart(a.min(b), a.max(b))),
                    other => {
                        let column = f.list.get(1).map_or(1, |x| x.0);
                        return Err(ReadError::at(
                            f.no,
                            column,
                            &format!("AFTER, EXAM_COINCIDENCE or EXCLUSION, not {other:?}"),
                        ));
                    }
                }
            }
            "RoomHardConstraints" => {
                let e: usize = f.number(0, "an exam number")?;
                if e >= self.exams.len() {
                    return Err(ReadError::at(
                        f.no,
                        1,
                        &format!("an exam number below {}, not {e}", self.exams.len()),
                    ));
                }
                let word = f.text(1, "ROOM_EXCLUSIVE")?;
                if word != "ROOM_EXCLUSIVE" {
                    let column = f.list.get(1).map_or(1, |x| x.0);
                    return Err(ReadError::at(f.no, column, &format!("ROOM_EXCLUSIVE, not {word:?}")));
                }
                self.alone.push(e);
            }
            "InstitutionalWeightings" => match f.text(0, "the name of a weighting")? {
                "FRONTLOAD" => {
                    self.front = (
                        f.number(1, "the number of largest exams")?,
                        f.number(2, "the number of last periods")?,
                        f.within(3, "a weight", 0, 100_000)?,
                    );
                }
                name @ ("TWOINAROW" | "TWOINADAY" | "PERIODSPREAD" | "NONMIXEDDURATIONS") => {
                    self.weights.insert(name.to_owned(), f.within(1, "a weight", 0, 100_000)?);
                }
                other => return Err(ReadError::at(f.no, 1, &format!("a known weighting, not {other:?}"))),
            },
            _ => {
                return Err(ReadError::at(
                    f.no,
                    1,
                    "a section head such as [Exams:12] before the first line",
                ));
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<(), ReadError> {
        let lists =
            [("Exams", self.exams.len()), ("Periods", self.periods.len()), ("Rooms", self.rooms.len())];
        for (name, found) in lists {
            match self.announced.get(name) {
                None => {
                    return Err(ReadError::at(
                        1,
                        1,
                        &format!("a section [{name}:number] somewhere in the file"),
                    ));
                }
                Some(&(n, no)) if n != found => {
                    return Err(ReadError::at(
                        no,
                        1,
                        &format!("{n} lines in section {name}, there are {found}"),
                    ));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn problem(self) -> Result<Problem, ReadError> {
        let np = self.periods.len();
        let mut days: Vec<&str> = Vec::new();
        let mut periods = Vec::with_capacity(np);
        for (date, time, minutes, penalty) in &self.periods {
            let day = days.iter().position(|d| d == date).unwrap_or_else(|| {
                days.push(date);
                days.len() - 1
            });
            let mut clock = time.split(':').map(|t| t.parse().unwrap_or(0u32));
            let start = clock.next().unwrap_or(0).min(24) * 60 + clock.next().unwrap_or(0).min(59);
            periods.push(Period {
                name: format!("{date} {time}"),
                day: day as u32,
                start,
                minutes: *minutes,
                penalty: *penalty,
            });
        }
        let mut student_index: BTreeMap<u64, u32> = BTreeMap::new();
        let mut exams = Vec::with_capacity(self.exams.len());
        for (i, (minutes, labels)) in self.exams.iter().enumerate() {
            let mut students: Vec<u32> = labels
                .iter()
                .map(|l| {
                    let next = student_index.len() as u32;
                    *student_index.entry(*l).or_insert(next)
                })
                .collect();
            students.sort_unstable();
            students.dedup();
            exams.push(Exam {
                name: format!("exam {i}"),
                minutes: *minutes,
                seats: students.len() as u32,
                rooms: 1,
                alone: self.alone.contains(&i),
                students,
                ..Exam::default()
            });
        }
        let rooms = self.rooms.iter().enumerate().map(|(i, &(seats, penalty))| Room {
            name: i.to_string(),
            seats,
            penalty,
            ..Room::default()
        });
        let weight = |name: &str| self.weights.get(name).copied().unwrap_or(0);
        let (row, day, span) = (weight("TWOINAROW"), weight("TWOINADAY"), weight("PERIODSPREAD"));
        let table = |f: &dyn Fn(usize, usize, bool) -> i32| -> Vec<i32> {
            let day_of: Vec<u32> = periods.iter().map(|p| p.day).collect();
            (0..np * np)
                .map(|i| {
                    let (a, b) = (i / np, i % np);
                    let one = day_of.get(a) == day_of.get(b);
                    if a == b { 0 } else { f(a.abs_diff(b), a, one) }
                })
                .collect()
        };
        let nearness = vec![
            Nearness {
                name: "two_in_a_row".into(),
                cost: table(&|gap, _, one| if one && gap == 1 { row } else { 0 }),
            },
            Nearness {
                name: "two_in_a_day".into(),
                cost: table(&|gap, _, one| if one && gap > 1 { day } else { 0 }),
            },
            Nearness {
                name: "period_spread".into(),
                cost: table(&|gap, _, _| i32::from(gap as i64 <= i64::from(span))),
            },
        ];
        let clash = (0..np * np).map(|i| i / np == i % np).collect();
        let mut largest: Vec<usize> = (0..exams.len()).collect();
        largest.sort_by_key(|&e| (std::cmp::Reverse(exams.get(e).map_or(0, |x| x.students.len())), e));
        let (count, last, front_weight) = self.front;
        let first_late = np.saturating_sub(last);
        let cost = largest
            .iter()
            .take(count)
            .flat_map(|&e| (first_late..np).map(move |p| (e, p, front_weight)))
            .collect();
        let links = super::common_students(&exams, 0);
        Ok(Problem {
            periods,
            rooms: rooms.collect(),
            relations: self.relations,
            kinds: vec![LinkKind { name: "students".into(), clash, nearness }],
            links,
            period_rules: vec![PeriodRule { name: "front_load".into(), cost }],
            mixed_durations: weight("NONMIXEDDURATIONS"),
            exams,
            ..Problem::default()
        })
    }
}

/// Writes a plan: `period, room` per exam.
pub fn write(plan: &Plan) -> String {
    let mut out = String::new();
    for (p, rooms) in plan.period.iter().zip(&plan.rooms) {
        match (p, rooms.first()) {
            (Some(p), Some(r)) => out.push_str(&format!("{p}, {r}\n")),
            _ => out.push_str("-1, -1\n"),
        }
    }
    out
}

/// Reads a plan for a problem.
pub fn read_plan(problem: &Problem, text: &str) -> Result<Plan, ReadError> {
    let mut plan = Plan::default();
    for (index, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let f = Fields::new(index + 1, line);
        let (p, r): (i64, i64) = (f.number(0, "a period number")?, f.number(1, "a room number")?);
        let p = usize::try_from(p).ok().filter(|&p| p < problem.periods.len());
        let r = usize::try_from(r).ok().filter(|&r| r < problem.rooms.len());
        plan.period.push(p.filter(|_| r.is_some()));
        plan.rooms.push(r.into_iter().collect());
    }
    let (found, wanted) = (plan.period.len(), problem.exams.len());
    if found != wanted {
        return Err(ReadError::at(
            text.lines().count(),
            1,
            &format!("one line per exam: {wanted} lines, there are {found}"),
        ));
    }
    Ok(plan)
}
