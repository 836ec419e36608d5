use super::store;
use crate::Error;
use crate::error::filled;
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::ExamPeriodId;
use regie_core::period::{Channel, Window};
use regie_db::{Event, Expect};
use serde_json::json;

#[derive(Debug, Clone)]
pub struct AddPeriod {
    pub id: ExamPeriodId,
    pub code: String,
    pub name: String,
    /// The days on which its exams are.
    pub begins: Date,
    pub ends: Date,
    /// From when to when each channel may register; one without times is shut.
    pub student: Option<Window>,
    pub teacher: Option<Window>,
    pub central: Option<Window>,
}

impl AddPeriod {
    pub(super) fn checked(self) -> Result<Self, Error> {
        if self.ends < self.begins {
            return Err(Error::EndBeforeBegin);
        }
        for (channel, window) in self.windows() {
            if window.is_some_and(|window| window.closes <= window.opens) {
                return Err(Error::Window(channel.code()));
            }
        }
        Ok(Self { code: filled("code", &self.code, 20)?, name: filled("name", &self.name, 120)?, ..self })
    }

    fn windows(&self) -> [(Channel, Option<Window>); 3] {
        [(Channel::Student, self.student), (Channel::Teacher, self.teacher), (Channel::Central, self.central)]
    }

    pub(super) fn shown(&self) -> serde_json::Value {
        shown(&self.code, &self.name, self.begins, self.ends, self.windows())
    }
}

/// What a journal line shows of a period.
pub(super) fn shown(
    code: &str,
    name: &str,
    begins: Date,
    ends: Date,
    windows: [(Channel, Option<Window>); 3],
) -> serde_json::Value {
    let mut all = json!({ "code": code, "name": name, "begins": begins, "ends": ends });
    for (channel, window) in windows {
        if let (Some(all), Some(window)) = (all.as_object_mut(), window) {
            all.insert(format!("{}Opens", channel.code()), json!(window.opens));
            all.insert(format!("{}Closes", channel.code()), json!(window.closes));
        }
    }
    all
}

pub async fn add(db: &Db, caller: &Caller, input: AddPeriod) -> Result<ExamPeriodId, Error> {
    let allowed = regie_access::here(&mut db.reader(caller.institution), caller, Action::EditPeriods).await?;
    let input = input.checked()?;
    db.write(allowed.caller(), input, |tx, period| {
        Box::pin(async move {
            tx.queue(
                store::insert(
                    period.id,
                    &period.code,
                    &period.name,
                    period.begins,
                    period.ends,
                    period.student.map(|it| it.opens),
                    period.student.map(|it| it.closes),
                    period.teacher.map(|it| it.opens),
                    period.teacher.map(|it| it.closes),
                    period.central.map(|it| it.opens),
                    period.central.map(|it| it.closes),
                ),
                Expect::unique(Error::CodeTaken(period.code.clone())),
            );
            Ok(tx.done(period.id, Event::new("period.added", period.id).new_value(period.shown())))
        })
    })
    .await
}
