//! The one session model: what has to be planned, into what, under which rules.
//!
//! Benchmarks (ITC 2007, Toronto, Udine) and our own school files are read into this model; there is one search
//! and one score for all of them. Everything is an index into the lists of [`Problem`]; names are for people.

/// A moment in which exams can be sat.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Period {
    /// How people call it, for example "Mon 12 Jan 09:00".
    pub name: String,
    /// Day number; periods of one day are neighbours.
    pub day: u32,
    /// Start in minutes after midnight.
    pub start: u32,
    /// Length in minutes: an exam that takes longer does not fit.
    pub minutes: u32,
    /// Cost of every exam placed here.
    pub penalty: i32,
}

/// A room that seats people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Room {
    /// How people call it.
    pub name: String,
    /// Seats that may be used (the reserve already taken off).
    pub seats: u32,
    /// Cost of every exam placed here.
    pub penalty: i32,
    /// Site number.
    pub site: u32,
    /// What the room offers, a bit each (devices, secure, accessible, a room type…).
    pub features: u64,
    /// Periods in which the room is not available (lessons, building closed).
    pub closed: Vec<usize>,
}

/// One exam, or one part of an exam, that is sat by everyone in it at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exam {
    /// How people call it.
    pub name: String,
    /// Minutes, the longest extra time of its students included.
    pub minutes: u32,
    /// Seats it needs in each of its rooms.
    pub seats: u32,
    /// How many rooms it needs; 0 when seats are counted in [`Exam::demand`] (or not at all, as in Toronto).
    pub rooms: u32,
    /// Bits a room must offer.
    pub features: u64,
    /// Site it must be on, if any.
    pub site: Option<u32>,
    /// Shares its rooms with no other exam.
    pub alone: bool,
    /// Students (indices) who sit it; used for day limits and explanations.
    pub students: Vec<u32>,
    /// Periods it may be in; `None` means all.
    pub window: Option<Vec<usize>>,
    /// What it takes from the resources of its period: (resource, amount).
    pub demand: Vec<(usize, u32)>,
    /// Fixed: the plan may not move it (used when replanning).
    pub fixed: Option<usize>,
}

/// A rule between two exams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// The first is in a strictly later period than the second.
    After(usize, usize),
    /// Both in the same period.
    Together(usize, usize),
    /// In different periods.
    Apart(usize, usize),
    /// A cluster: same period, one seat per student, each test its own end time.
    Cluster(usize, usize),
}

/// A named table: what it costs when one exam is in period `a` and the other in period `b`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearness {
    /// Name of the cost in reports.
    pub name: String,
    /// Row `a`, column `b`, `periods * periods` numbers.
    pub cost: Vec<i32>,
}

/// A kind of bond between exams: when it clashes, and what nearness costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkKind {
    /// Name in reports, for example "students".
    pub name: String,
    /// Row `a`, column `b`: true when the two exams may not be in these periods.
    pub clash: Vec<bool>,
    /// Costs per unit of weight of the link.
    pub nearness: Vec<Nearness>,
}

/// Two exams that have something in common: students, a teacher, a curriculum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// First exam; `clash` and `cost` rows are its periods.
    pub a: usize,
    /// Second exam.
    pub b: usize,
    /// How much they have in common (students); multiplies the nearness cost.
    pub weight: i32,
    /// Index into [`Problem::kinds`].
    pub kind: usize,
}

/// Something with a capacity per period: seats of a class on a site, devices, invigilators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Name in reports.
    pub name: String,
    /// Capacity in each period.
    pub capacity: Vec<u32>,
    /// `None`: the capacity is a must; `Some(w)`: each unit over it costs `w`.
    pub weight: Option<i32>,
}

/// A named cost of having an exam in a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodRule {
    /// Name in reports.
    pub name: String,
    /// (exam, period, cost).
    pub cost: Vec<(usize, usize, i32)>,
}

/// Everything the planner has to know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problem {
    /// Periods in time order.
    pub periods: Vec<Period>,
    /// Rooms.
    pub rooms: Vec<Room>,
    /// Exams.
    pub exams: Vec<Exam>,
    /// Rules between exams.
    pub relations: Vec<Relation>,
    /// Kinds of links.
    pub kinds: Vec<LinkKind>,
    /// Links between exams.
    pub links: Vec<Link>,
    /// Resources with a capacity per period.
    pub resources: Vec<Resource>,
    /// Named costs per exam and period.
    pub period_rules: Vec<PeriodRule>,
    /// Cost of every further duration in one room and period.
    pub mixed_durations: i32,
    /// Most exams a day per student (index); empty or 0: no limit.
    pub day_limit: Vec<u8>,
}

impl Problem {
    /// Number of different days, counting from 0.
    pub fn days(&self) -> usize {
        self.periods.iter().map(|p| p.day as usize + 1).max().unwrap_or(0)
    }

    /// May the exam be in the period at all: window and length, other exams left aside.
    pub fn fits_period(&self, exam: usize, period: usize) -> bool {
        let (Some(e), Some(p)) = (self.exams.get(exam), self.periods.get(period)) else { return false };
        e.minutes <= p.minutes
            && e.window.as_ref().is_none_or(|w| w.contains(&period))
            && e.fixed.is_none_or(|f| f == period)
    }

    /// May the exam be in the room at all: seats, features and site, other exams left aside.
    pub fn fits_room(&self, exam: usize, room: usize) -> bool {
        let (Some(e), Some(r)) = (self.exams.get(exam), self.rooms.get(room)) else { return false };
        e.seats <= r.seats && (e.features & r.features) == e.features && e.site.is_none_or(|s| s == r.site)
    }

    /// Checks that all indices and table sizes are right; the sentence says what is not.
    pub fn sound(&self) -> Result<(), String> {
        let (n, np, nr) = (self.exams.len(), self.periods.len(), self.resources.len());
        if np > 4096 || n > 200_000 || self.rooms.len() > 60_000 {
            return Err(format!(
                "{n} exams, {np} periods and {} rooms are more than this planner takes (200000, 4096, 60000)",
                self.rooms.len()
            ));
        }
        for (i, e) in self.exams.iter().enumerate() {
            if let Some(p) = e.window.iter().flatten().chain(e.fixed.iter()).find(|&&p| p >= np) {
                return Err(format!("exam {} ({i}) names period {p}, there are {np}", e.name));
            }
            if let Some((k, _)) = e.demand.iter().find(|(k, _)| *k >= nr) {
                return Err(format!("exam {} ({i}) names resource {k}, there are {nr}", e.name));
            }
        }
        for r in &self.relations {
            let (Relation::After(a, b)
            | Relation::Together(a, b)
            | Relation::Apart(a, b)
            | Relation::Cluster(a, b)) = *r;
            if a >= n || b >= n {
                return Err(format!("{r:?} names an exam that is not there; there are {n}, counted from 0"));
            }
        }
        for l in &self.links {
            if l.a >= n || l.b >= n || l.a == l.b || l.kind >= self.kinds.len() {
                return Err(format!("the link {l:?} does not join two different exams by a known kind"));
            }
        }
        for k in &self.kinds {
            if k.clash.len() != np * np || k.nearness.iter().any(|t| t.cost.len() != np * np) {
                return Err(format!("the tables of link kind {} must have {np} rows of {np}", k.name));
            }
        }
        if let Some(r) = self.resources.iter().find(|r| r.capacity.len() != np) {
            return Err(format!("resource {} must have a capacity for each of the {np} periods", r.name));
        }
        if let Some(r) = self.rooms.iter().find(|r| r.closed.iter().any(|&p| p >= np)) {
            return Err(format!("room {} is closed in a period that is not there", r.name));
        }
        for rule in &self.period_rules {
            if rule.cost.iter().any(|&(e, p, _)| e >= n || p >= np) {
                return Err(format!("the rule {} names an exam or period that is not there", rule.name));
            }
        }
        Ok(())
    }
}

/// Where every exam is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Period of each exam; `None` when it has no place.
    pub period: Vec<Option<usize>>,
    /// Rooms of each exam, as many as it needs.
    pub rooms: Vec<Vec<usize>>,
}

impl Plan {
    /// A plan in which no exam has a place yet.
    pub fn empty(exams: usize) -> Self {
        Plan { period: vec![None; exams], rooms: vec![Vec::new(); exams] }
    }
}
