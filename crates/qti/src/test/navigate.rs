//! Moving through a test and answering on the way.

use super::Test;
use super::session::{ItemState, Refusal, Status, TestSession};
use crate::item::Role;
use crate::score::{Engine, Random, Responses, Scratch, Session, check_responses, is_answered};
use crate::value::{Atom, BaseType, Value};

/// Where a branch leads.
enum Way {
    /// To a stop of the route.
    To(usize),
    /// Out of the part, to the next.
    NextPart,
    /// To a part.
    Part(usize),
    /// Out of the test.
    End,
}

impl TestSession {
    pub(super) fn enter_first(&mut self, engine: &Engine, test: &Test, random: &mut Random) {
        // Each item gets a seed of its own, so that its draws do not depend on the way through the test.
        for item in &mut self.items {
            item.session.seed = u64::from(random.draw().to_bits() as u32) ^ random.draw().to_bits();
        }
        self.go_to_part(engine, test, 0);
    }

    /// Enters a part, or the first later one whose pre-conditions hold.
    fn go_to_part(&mut self, engine: &Engine, test: &Test, from: usize) {
        let mut number = from;
        self.position = None;
        while let Some(part) = test.parts.get(number) {
            let open = !part.linear || part.pre.iter().all(|c| self.holds(engine, test, c));
            let first = self.route.iter().position(|s| s.part == number);
            match (open, first) {
                (true, Some(first)) => {
                    if let Some(at) = self.admitted(engine, test, first, &[]) {
                        self.open(engine, test, at);
                        return;
                    }
                }
                _ => self.skip_part(number),
            }
            number += 1;
        }
    }

    fn skip_part(&mut self, number: usize) {
        for (stop, item) in self.route.iter().zip(&mut self.items) {
            if stop.part == number && item.status == Status::Initial {
                item.status = Status::Skipped;
            }
        }
    }

    /// The first stop from `at` on whose sections and item may be entered, inside the same part.
    fn admitted(&mut self, engine: &Engine, test: &Test, at: usize, before: &[String]) -> Option<usize> {
        let part = self.route.get(at)?.part;
        let linear = test.parts.get(part)?.linear;
        let mut at = at;
        let mut entered: Vec<String> = before.to_vec();
        'stops: loop {
            let stop = self.route.get(at).filter(|s| s.part == part)?.clone();
            if !linear {
                return Some(at);
            }
            for section in &stop.sections {
                if entered.contains(section) {
                    continue;
                }
                let conditions = test.section(section).map(|s| s.head.pre.as_slice()).unwrap_or_default();
                if !conditions.iter().all(|c| self.holds(engine, test, c)) {
                    // The whole section is passed over.
                    while self.route.get(at).is_some_and(|s| s.part == part && s.sections.contains(section)) {
                        self.skip(at);
                        at += 1;
                    }
                    continue 'stops;
                }
                entered.push(section.clone());
            }
            let conditions =
                test.reference(&stop.reference).map(|r| r.head.pre.as_slice()).unwrap_or_default();
            if conditions.iter().all(|c| self.holds(engine, test, c)) {
                return Some(at);
            }
            self.skip(at);
            at += 1;
        }
    }

    fn skip(&mut self, at: usize) {
        if let Some(item) = self.item_mut(at)
            && item.status == Status::Initial
        {
            item.status = Status::Skipped;
        }
    }

    /// Opens an item: its template values are drawn the first time.
    fn open(&mut self, engine: &Engine, test: &Test, at: usize) {
        self.position = Some(at);
        let Some(stop) = self.route.get(at).cloned() else { return };
        let given: Vec<(String, Value)> = test
            .reference(&stop.reference)
            .map(|r| {
                r.template_defaults.iter().map(|(n, e)| (n.clone(), self.value_of(engine, test, e))).collect()
            })
            .unwrap_or_default();
        let Some(state) = self.item_mut(at) else { return };
        if !state.presented {
            state.presented = true;
            if let Some(item) = test.item(&stop.reference) {
                let (session, flag) = Session::start(engine, item, state.session.seed, &given);
                state.session = session;
                if let Some(flag) = flag {
                    state.flags.push(format!("{flag:?}"));
                }
            }
        }
        if state.is_open() {
            state.status = Status::Interacting;
        }
    }

    fn at(&self) -> Result<usize, Refusal> {
        if self.suspended {
            return Err(Refusal::Suspended);
        }
        self.position.ok_or(Refusal::Over)
    }

    /// Keeps answers without handing them in.
    ///
    /// # Errors
    /// When the item takes no more answers or its time is over.
    pub fn save(&mut self, test: &Test, responses: Responses) -> Result<(), Refusal> {
        let at = self.at()?;
        let late = self.may_answer(test, at)?;
        if let Some(state) = self.item_mut(at) {
            state.responses = responses;
            state.late |= late;
        }
        Ok(())
    }

    /// Whether an answer still counts; `true` when it counts though late.
    fn may_answer(&self, test: &Test, at: usize) -> Result<bool, Refusal> {
        let name = self.route.get(at).map(|s| s.key.clone()).unwrap_or_default();
        let state = self.items.get(at).ok_or_else(|| Refusal::Unreachable(name.clone()))?;
        if !state.is_open() {
            return Err(Refusal::Closed(name));
        }
        let passed = self.passed(test, at);
        match passed.iter().find(|(_, late)| !late) {
            Some((limit, _)) => Err(Refusal::TooLate(limit.clone())),
            None => Ok(!passed.is_empty()),
        }
    }

    /// Hands in an attempt at the open item.
    ///
    /// # Errors
    /// When it is too late, the item is closed, or the answer must be complete and is not.
    pub fn answer(&mut self, engine: &Engine, test: &Test, responses: Responses) -> Result<(), Refusal> {
        let at = self.at()?;
        let late = self.may_answer(test, at)?;
        let stop = self.route.get(at).cloned().ok_or(Refusal::Over)?;
        let part = test.parts.get(stop.part).ok_or(Refusal::Over)?;
        let control = self.control(test, at);
        let item = test.item(&stop.reference).cloned();
        if let Some(item) = &item {
            let remarks = check_responses(item, &responses);
            if control.validate_responses == Some(true)
                && part.linear
                && part.individual
                && !remarks.is_empty()
            {
                return Err(Refusal::Invalid(remarks.join("; ")));
            }
            if let Some(state) = self.item_mut(at) {
                state.flags = remarks;
            }
        }
        let Some(state) = self.item_mut(at) else { return Err(Refusal::Over) };
        state.responses = responses;
        state.late |= late;
        if !part.individual {
            // One attempt, whose answers can be replaced; rules run when the part ends.
            state.session.attempts = 1;
            return Ok(());
        }
        state.session.attempts += 1;
        self.score(engine, test, at);
        let Some(state) = self.item_mut(at) else { return Err(Refusal::Over) };
        let adaptive = item.as_ref().is_some_and(|i| i.adaptive);
        let done = if adaptive {
            item.as_ref().is_some_and(|i| state.session.is_completed(i))
        } else {
            let most = control.max_attempts.unwrap_or(1);
            most > 0 && state.session.attempts >= i32::try_from(most).unwrap_or(i32::MAX)
        };
        if done {
            state.status = Status::Closed;
        }
        if self.process_outcomes(engine, test) {
            self.end(engine, test);
        }
        Ok(())
    }

    /// Runs the rules of one item on its answers.
    fn score(&mut self, engine: &Engine, test: &Test, at: usize) {
        let Some(item) = self.route.get(at).and_then(|s| test.item(&s.reference)).cloned() else { return };
        let Some(state) = self.items.get_mut(at) else { return };
        let mut scratch = Scratch::new();
        let session = state.session.clone();
        let result = engine.score(&item, &session, &state.responses, &mut scratch).map(|scored| {
            let named = scored.outcomes().map(|(n, v)| (n.to_owned(), Value::from(v))).collect::<Vec<_>>();
            let flags: Vec<String> =
                scored.flags.iter().map(|f| format!("{}: {}", f.response, f.message)).collect();
            (named, scored.owned(), scored.responses(), scored.random, flags)
        });
        match result {
            Ok((mut named, owned, answered, random, flags)) => {
                // What a person gives has no value before: a 0 would count.
                state.to_be_marked = item.to_be_marked().into_iter().map(str::to_owned).collect();
                for (name, value) in &mut named {
                    if state.to_be_marked.contains(name) {
                        *value = Value::Null;
                    }
                }
                state.outcomes = named;
                state.session.outcomes = owned;
                state.answered = answered;
                state.session.random = random;
                state.flags.extend(flags);
                state.scoring_error = None;
            }
            Err(error) => {
                state.scoring_error = Some(error.to_string());
                let defaults = engine.defaults(&item, &session, &mut scratch);
                state.outcomes = defaults.outcomes().map(|(n, v)| (n.to_owned(), Value::from(v))).collect();
            }
        }
    }

    /// Goes on to what comes next.
    ///
    /// # Errors
    /// When the item may not be left yet.
    pub fn next(&mut self, engine: &Engine, test: &Test) -> Result<(), Refusal> {
        let at = self.at()?;
        let stop = self.route.get(at).cloned().ok_or(Refusal::Over)?;
        let part = test.parts.get(stop.part).ok_or(Refusal::Over)?;
        if !part.linear {
            self.leave(at);
            match self.route.get(at + 1).filter(|s| s.part == stop.part) {
                Some(_) => self.open(engine, test, at + 1),
                None => self.leave_part(engine, test, stop.part),
            }
            return Ok(());
        }
        let out_of_time = !self.passed(test, at).is_empty();
        if !out_of_time {
            self.may_leave(test, at)?;
        }
        self.close(at, part.individual);
        match self.way_from(engine, test, at) {
            Way::End => self.end(engine, test),
            Way::NextPart => self.leave_part(engine, test, stop.part),
            Way::Part(number) => {
                self.finish_part(engine, test, stop.part);
                self.go_to_part(engine, test, number);
            }
            Way::To(to) => {
                for passed in at + 1..to {
                    self.skip(passed);
                }
                match self.admitted(engine, test, to, &stop.sections) {
                    Some(to) => self.open(engine, test, to),
                    None => self.leave_part(engine, test, stop.part),
                }
            }
        }
        Ok(())
    }

    fn may_leave(&self, test: &Test, at: usize) -> Result<(), Refusal> {
        let Some(stop) = self.route.get(at) else { return Ok(()) };
        let Some(part) = test.parts.get(stop.part) else { return Ok(()) };
        let after: &[String] = match self.route.get(at + 1) {
            Some(next) if next.part == stop.part => &next.sections,
            _ => &[],
        };
        let leaving: Vec<String> = stop.sections.iter().filter(|s| !after.contains(s)).cloned().collect();
        if let Some(name) = self.too_early(test, at, &leaving) {
            return Err(Refusal::TooEarly(name));
        }
        let Some(state) = self.items.get(at) else { return Ok(()) };
        let skipped = state.session.attempts == 0 || !is_answered(&state.responses);
        let asks =
            test.item(&stop.reference).is_none_or(|i| i.interactions.iter().any(|k| k.kind.is_answered()));
        if part.individual && self.control(test, at).allow_skipping == Some(false) && skipped && asks {
            return Err(Refusal::Skipping(stop.key.clone()));
        }
        Ok(())
    }

    fn leave(&mut self, at: usize) {
        if let Some(state) = self.item_mut(at)
            && state.status == Status::Interacting
        {
            state.status = Status::Suspended;
        }
    }

    fn close(&mut self, at: usize, individual: bool) {
        if let Some(state) = self.item_mut(at)
            && state.is_open()
        {
            state.status = if individual { Status::Closed } else { Status::Suspended };
        }
    }

    /// Follows branch rules: of the item, then of each section that ends here, then of the part.
    fn way_from(&mut self, engine: &Engine, test: &Test, at: usize) -> Way {
        let Some(stop) = self.route.get(at).cloned() else { return Way::End };
        let rules = test.reference(&stop.reference).map(|r| r.head.branch.clone()).unwrap_or_default();
        if let Some(way) = self.branch(engine, test, at, stop.sections.last(), &rules) {
            return way;
        }
        let next = self.route.get(at + 1).filter(|s| s.part == stop.part).cloned();
        for (depth, section) in stop.sections.iter().enumerate().rev() {
            if next.as_ref().is_some_and(|n| n.sections.contains(section)) {
                continue;
            }
            let rules = test.section(section).map(|s| s.head.branch.clone()).unwrap_or_default();
            // The section of a section is the one around it.
            let around = depth.checked_sub(1).and_then(|d| stop.sections.get(d));
            if let Some(way) = self.branch(engine, test, at, around, &rules) {
                return way;
            }
        }
        if next.is_some() { Way::To(at + 1) } else { Way::NextPart }
    }

    /// The way of the first rule that holds; `around` is the section an `EXIT_SECTION` leaves.
    fn branch(
        &mut self,
        engine: &Engine,
        test: &Test,
        at: usize,
        around: Option<&String>,
        rules: &[super::Branch],
    ) -> Option<Way> {
        for rule in rules {
            if !self.holds(engine, test, &rule.when) {
                continue;
            }
            let stop = self.route.get(at)?.clone();
            let target = rule.target.as_str();
            match target {
                "EXIT_TEST" => return Some(Way::End),
                "EXIT_TESTPART" => return Some(Way::NextPart),
                "EXIT_SECTION" => {
                    let Some(section) = around else { continue };
                    let to = (at + 1..self.route.len()).find(|i| {
                        self.route
                            .get(*i)
                            .is_some_and(|s| s.part == stop.part && !s.sections.contains(section))
                    });
                    return Some(to.map_or(Way::NextPart, Way::To));
                }
                _ => {}
            }
            let ahead = (at + 1..self.route.len()).find(|i| {
                self.route.get(*i).is_some_and(|s| {
                    s.part == stop.part
                        && (s.key == target
                            || s.reference == target
                            || s.sections.iter().any(|n| n == target))
                })
            });
            if let Some(to) = ahead {
                return Some(Way::To(to));
            }
            if let Some(number) =
                test.parts.iter().position(|p| p.identifier == target).filter(|n| *n > stop.part)
            {
                return Some(Way::Part(number));
            }
            self.warnings
                .push(format!("a branch leads to {target}, which does not lie ahead; it was not followed"));
        }
        None
    }

    /// Goes to an item of the same part.
    ///
    /// # Errors
    /// In linear parts, and when the item is not in this part.
    pub fn go(&mut self, engine: &Engine, test: &Test, key: &str) -> Result<(), Refusal> {
        let at = self.at()?;
        let to = self.index_of(key).ok_or_else(|| Refusal::Unreachable(key.to_owned()))?;
        let (Some(here), Some(there)) = (self.route.get(at), self.route.get(to)) else {
            return Err(Refusal::Over);
        };
        if here.part != there.part {
            return Err(Refusal::Unreachable(key.to_owned()));
        }
        if test.parts.get(here.part).is_some_and(|p| p.linear) && to != at {
            return Err(Refusal::Linear);
        }
        let closed = self.items.get(to).is_some_and(|s| !s.is_open());
        if closed && self.control(test, to).allow_review == Some(false) {
            return Err(Refusal::Closed(key.to_owned()));
        }
        self.leave(at);
        self.open(engine, test, to);
        Ok(())
    }

    /// Goes one item back.
    ///
    /// # Errors
    /// In linear parts and at the start of a part.
    pub fn previous(&mut self, engine: &Engine, test: &Test) -> Result<(), Refusal> {
        let at = self.at()?;
        let key = at.checked_sub(1).and_then(|i| self.route.get(i)).map(|s| s.key.clone());
        let linear = self.route.get(at).and_then(|s| test.parts.get(s.part)).is_some_and(|p| p.linear);
        match (linear, key) {
            (true, _) => Err(Refusal::Linear),
            (false, Some(key)) => self.go(engine, test, &key),
            (false, None) => Err(Refusal::Unreachable("the item before the first".to_owned())),
        }
    }

    /// Ends the part and goes on to the next.
    ///
    /// # Errors
    /// When the test is over or suspended.
    pub fn end_part(&mut self, engine: &Engine, test: &Test) -> Result<(), Refusal> {
        let at = self.at()?;
        let number = self.route.get(at).map(|s| s.part).ok_or(Refusal::Over)?;
        self.leave_part(engine, test, number);
        Ok(())
    }

    fn leave_part(&mut self, engine: &Engine, test: &Test, number: usize) {
        let at = self.position.unwrap_or_default();
        self.finish_part(engine, test, number);
        if self.position.is_none() {
            return;
        }
        let rules = test.parts.get(number).filter(|p| p.linear).map(|p| p.branch.clone()).unwrap_or_default();
        match self.branch(engine, test, at, None, &rules) {
            Some(Way::End) => self.position = None,
            Some(Way::Part(to)) => self.go_to_part(engine, test, to),
            _ => self.go_to_part(engine, test, number + 1),
        }
    }

    /// Closes everything in a part; simultaneous answers are processed now.
    fn finish_part(&mut self, engine: &Engine, test: &Test, number: usize) {
        let individual = test.parts.get(number).is_none_or(|p| p.individual);
        for at in 0..self.route.len() {
            if self.route.get(at).is_none_or(|s| s.part != number) {
                continue;
            }
            let scored = self.items.get(at).is_some_and(|i| i.status != Status::Skipped);
            if !individual && scored {
                self.score(engine, test, at);
            }
            if let Some(state) = self.item_mut(at)
                && state.is_open()
            {
                state.status = Status::Closed;
            }
        }
        if self.process_outcomes(engine, test) {
            self.position = None;
        }
    }

    /// Ends the test.
    pub fn end(&mut self, engine: &Engine, test: &Test) {
        if let Some(number) = self.current().map(|s| s.part) {
            self.finish_part(engine, test, number);
        }
        self.position = None;
    }

    /// Sets an outcome that a person or another system has to give.
    ///
    /// # Errors
    /// When the test has no such item.
    pub fn mark(
        &mut self,
        engine: &Engine,
        test: &Test,
        key: &str,
        outcome: &str,
        value: Value,
    ) -> Result<(), Refusal> {
        let at = self.index_of(key).ok_or_else(|| Refusal::Unreachable(key.to_owned()))?;
        let item = self.route.get(at).and_then(|s| test.item(&s.reference));
        let declared = item.and_then(|i| i.variables.named(outcome)).map(|(_, v)| v);
        let Some(declared) = declared.filter(|v| v.role == Role::Outcome) else {
            return Err(Refusal::Wrong(format!("{key} has no outcome {outcome}")));
        };
        let value = match (value, declared.base) {
            (Value::One(Atom::Float(f)), Some(BaseType::Integer))
                if f.fract() == 0.0 && f.abs() <= f64::from(i32::MAX) =>
            {
                Value::One(Atom::Int(f as i32))
            }
            (value, _) => value,
        };
        let fits = value.atoms().iter().all(|a| Some(a.base_type()) == declared.base);
        if !fits {
            let base = declared.base.map_or("a record", BaseType::name);
            return Err(Refusal::Wrong(format!("{outcome} of {key} is of type {base}")));
        }
        if let Some(state) = self.item_mut(at) {
            state.to_be_marked.retain(|name| name != outcome);
            state.outcomes.retain(|(name, _)| name != outcome);
            state.outcomes.push((outcome.to_owned(), value));
        }
        self.process_outcomes(engine, test);
        Ok(())
    }

    /// Keeps a comment.
    ///
    /// # Errors
    /// When comments are not allowed here.
    pub fn comment(&mut self, test: &Test, text: &str) -> Result<(), Refusal> {
        let at = self.at()?;
        if self.control(test, at).allow_comment != Some(true) {
            return Err(Refusal::Comment);
        }
        if let Some(state) = self.item_mut(at) {
            state.comment = Some(text.to_owned());
        }
        Ok(())
    }
}

impl ItemState {
    /// Whether the page may show the right answers: on review, where the test allows it.
    pub fn shows_solution(&self, control: super::Control) -> bool {
        self.status == Status::Closed && control.show_solution == Some(true)
    }

    /// Whether the page may show what the answer earned.
    pub fn shows_feedback(&self, control: super::Control, individual: bool) -> bool {
        individual && control.show_feedback == Some(true) && self.session.attempts > 0
    }
}
