//! People as a cell names them: by number, by a number they had before, or by mail address.

use super::{Row, Verdict};
use crate::Error;
use crate::person::Kind;
use jiff::civil::Date;
use regie_access::Reach;
use regie_core::id::PersonId;
use regie_db::{Ask, row, statements};
use std::collections::HashMap;
use uuid::Uuid;

row! {
    pub(super) struct Who {
        pub id: PersonId,
        pub number: Option<String>,
        pub mail: Option<String>,
        pub name: String,
        pub kind: Kind,
        pub active: bool,
        pub merged_into: Option<PersonId>,
        pub reached: bool,
    }
}

statements! {
    fn people(reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date) -> Who =
        "SELECT p.id, p.number, p.mail, p.display_name AS name, p.kind, p.state = 'active' AS active, p.merged_into,
            {person_in_reach p $2 $3 $4 $5} AS reached
         FROM person p WHERE p.institution = $1 AND p.state <> 'erased' ORDER BY p.id";

    fn former_numbers() -> (String, PersonId) =
        "SELECT code, person FROM person_code
         WHERE institution = $1 AND kind IN ('studentNumber', 'staffNumber', 'externalNumber') ORDER BY code, person";
}

/// Everybody of the school, to be found by what a cell says.
pub(super) struct People {
    all: Vec<Who>,
    by_word: HashMap<String, Vec<usize>>,
    by_id: HashMap<PersonId, usize>,
    /// Numbers that begin with a zero, without it: spreadsheets drop them.
    without_zeros: HashMap<String, String>,
}

impl People {
    pub async fn known(q: &mut impl Ask, reach: &Reach) -> Result<Self, Error> {
        let all = q.all(people(reach.kind, reach.me, reach.scope, reach.today)).await?;
        let by_id: HashMap<PersonId, usize> =
            all.iter().enumerate().map(|(index, who)| (who.id, index)).collect();
        let mut by_word: HashMap<String, Vec<usize>> = HashMap::new();
        let mut without_zeros = HashMap::new();
        for (index, who) in all.iter().enumerate() {
            if let Some(number) = &who.number {
                by_word.entry(number.clone()).or_default().push(index);
                if number.starts_with('0') {
                    without_zeros.insert(number.trim_start_matches('0').to_owned(), number.clone());
                }
            }
            if let Some(mail) = who.mail.as_ref().filter(|_| who.active) {
                by_word.entry(mail.to_lowercase()).or_default().push(index);
            }
        }
        for (number, person) in q.all(former_numbers()).await? {
            if let Some(index) = by_id.get(&person) {
                by_word.entry(number).or_insert_with(|| vec![*index]);
            }
        }
        Ok(Self { all, by_word, by_id, without_zeros })
    }

    /// Everybody a cell may mean, of these kinds, through mergers.
    fn meant(&self, word: &str, kinds: &[Kind]) -> Vec<&Who> {
        let word = if word.contains('@') { word.to_lowercase() } else { word.to_owned() };
        let mut found: Vec<&Who> = Vec::new();
        for index in self.by_word.get(&word).into_iter().flatten() {
            let mut who = self.all.get(*index);
            for _ in 0..10 {
                match who.and_then(|who| who.merged_into) {
                    Some(into) => who = self.by_id.get(&into).and_then(|index| self.all.get(*index)),
                    None => break,
                }
            }
            if let Some(who) = who
                && kinds.contains(&who.kind)
                && found.iter().all(|other| other.id != who.id)
            {
                found.push(who);
            }
        }
        found
    }

    /// The one a cell means, when there is exactly one: what tells rows apart.
    pub fn find(&self, word: Option<&str>, kinds: &[Kind]) -> Option<&Who> {
        match self.meant(word?, kinds).as_slice() {
            [who] => Some(who),
            _ => None,
        }
    }

    /// As [`Self::find`], with a refusal when it is nobody, more than one, out of reach or not active.
    pub fn must<P>(
        &self,
        row: &Row<'_>,
        key: &'static str,
        kinds: &[Kind],
        verdict: &mut Verdict<P>,
    ) -> Option<&Who> {
        let word = row.text(key)?;
        let who = match self.meant(word, kinds).as_slice() {
            [who] => *who,
            [] => {
                match self.without_zeros.get(word) {
                    Some(known) => verdict.refuse(
                        "import-number-zeros",
                        key,
                        [("value", word.into()), ("known", known.as_str().into())],
                    ),
                    None => verdict.refuse("import-person-unknown", key, [("value", word.into())]),
                }
                return None;
            }
            _ => {
                verdict.refuse("import-ambiguous", key, [("value", word.into())]);
                return None;
            }
        };
        if !who.reached {
            verdict.refuse("import-person-out-of-reach", key, []);
            return None;
        }
        if !who.active {
            verdict.told(&Error::NotActive(who.name.clone()));
            return None;
        }
        Some(who)
    }
}
