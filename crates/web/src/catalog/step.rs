//! The steps in the life of a version, each a form with what it needs and what it brings about.

use super::id_of;
use super::instrument::Instruments;
use super::version::{VersionPage, steps};
use crate::error::Error;
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Choice, Faults, Field};
use crate::record::Shown;
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{FormView, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_catalog::approval::{self, Open};
use regie_catalog::version::{
    self, Correct, Delivered, PutVariant, Whole, activate, correct, delivered, put_variant, resume, retire,
    submit, suspend, withdraw_variant,
};
use regie_core::id::InstrumentVersionId;

urls! {
    pub StepForm { id: String, step: String } = "/versions/{id}/steps/{step}";
}

pub(super) fn door() -> crate::door::Door<House> {
    crate::door::Door::default().get(StepForm::at(), ask).post(StepForm::at(), take)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A form variant is added to the draft.
    Variant,
    Submit,
    Agenda,
    Activate,
    Suspend,
    Resume,
    Retire,
    /// One form is withdrawn.
    Withdraw,
    Correct,
    /// What the platform holds is compared with what was approved.
    Compare,
}

impl Step {
    const ALL: [Step; 10] = [
        Step::Variant,
        Step::Submit,
        Step::Agenda,
        Step::Activate,
        Step::Suspend,
        Step::Resume,
        Step::Retire,
        Step::Withdraw,
        Step::Correct,
        Step::Compare,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Step::Variant => "variant",
            Step::Submit => "submit",
            Step::Agenda => "agenda",
            Step::Activate => "activate",
            Step::Suspend => "suspend",
            Step::Resume => "resume",
            Step::Retire => "retire",
            Step::Withdraw => "withdraw",
            Step::Correct => "correct",
            Step::Compare => "compare",
        }
    }

    pub const fn icon(self) -> &'static str {
        match self {
            Step::Variant => "plus",
            Step::Submit => "send",
            Step::Agenda => "gavel",
            Step::Activate | Step::Resume => "play",
            Step::Suspend | Step::Withdraw => "octagon-alert",
            Step::Retire => "archive",
            Step::Correct => "pencil-line",
            Step::Compare => "shield-check",
        }
    }

    /// It takes something away from people.
    pub const fn ends(self) -> bool {
        matches!(self, Step::Suspend | Step::Retire | Step::Withdraw)
    }
}

/// The version and the step, when this reader may do it where the version stands now.
async fn found(house: &House, me: &Me, at: &StepForm) -> Result<(Whole, Step), Stop> {
    let id: InstrumentVersionId = id_of(&at.id)?;
    let whole = version::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let step = Step::ALL.into_iter().find(|step| step.code() == at.step).ok_or(Error::NotFound)?;
    match steps(me, whole.version.state).contains(&step) {
        true => Ok((whole, step)),
        false => Err(me.stop(regie_catalog::Error::NotNow(whole.version.state.code()))),
    }
}

fn form(house: &House, me: &Me, whole: &Whole, step: Step, filled: &Filled, faults: Faults) -> FormView {
    let texts = me.texts();
    let fields = match step {
        Step::Variant => vec![
            Field::text(texts, "code", texts.t("field-code")).short(),
            Field::text(texts, "name", texts.t("field-name")),
        ],
        Step::Agenda => vec![Field::date(texts, "meeting", texts.t("approval-meeting"))],
        Step::Suspend | Step::Resume | Step::Retire => {
            vec![Field::area(texts, "why", texts.t("field-reason"))]
        }
        Step::Withdraw => {
            let usable = whole.variants.iter().filter(|it| it.withdrawn_at.is_none());
            let variants =
                usable.map(|it| Choice::new(it.id.to_string(), format!("{} {}", it.code, it.name))).collect();
            vec![
                Field::select(texts, "variant", texts.t("variant-one"), variants),
                Field::area(texts, "why", texts.t("field-reason")),
            ]
        }
        Step::Compare => {
            vec![Field::text(texts, "hash", texts.t("delivered-hash")).hint(texts.t("delivered-hint"))]
        }
        Step::Submit | Step::Activate | Step::Correct => Vec::new(),
    };
    let fields = fields.into_iter().map(|field| filled.put(field)).collect();
    let id = whole.version.id.to_string();
    let back = VersionPage { id: id.clone() };
    let title = texts.of("step", step.code());
    let page = Page::new(me.viewer.clone(), title)
        .under(texts.t("nav-instruments"), Instruments {})
        .under(whole.version.instrument_name.clone(), back.clone());
    let version = whole.version.version.to_string();
    let url = StepForm { id, step: step.code().into() }.to_string();
    let action = with_query(&url, [("version", version.as_str())]);
    FormView::new(house, me, page, action, back, fields, faults)
        .about(texts.of("step-text", step.code()))
        .submit(texts.of("step", step.code()), step.ends())
}

async fn ask(State(house): State<House>, me: Me, Path(at): Path<StepForm>) -> Result<View<FormView>, Stop> {
    let (whole, step) = found(&house, &me, &at).await?;
    Ok(View::new(form(&house, &me, &whole, step, &Filled::default(), Faults::none(me.texts()))))
}

async fn take(
    State(house): State<House>,
    me: Me,
    Path(at): Path<StepForm>,
    Query(shown): Query<Shown>,
    filled: Filled,
) -> Result<Response, Stop> {
    let texts = me.texts();
    let (whole, step) = found(&house, &me, &at).await?;
    let (db, caller, id) = (&house.db, filled.caller(&me), whole.version.id);
    let (shown, why) = (shown.version, filled.text("why").to_owned());
    let mut back = VersionPage { id: at.id.clone() }.to_string();
    let mut reading = filled.reading(texts);
    let done = match step {
        Step::Variant => {
            let (code, name) = (filled.text("code").into(), filled.text("name").into());
            let input = PutVariant { id, version: shown, variant: house.new_id(), code, name };
            put_variant(db, &caller, input).await
        }
        Step::Submit => submit(db, &caller, id, shown).await.map(drop),
        Step::Activate => activate(db, &caller, id, shown).await,
        Step::Suspend => suspend(db, &caller, id, shown, why).await,
        Step::Resume => resume(db, &caller, id, shown, why).await,
        Step::Retire => retire(db, &caller, id, shown, why).await,
        Step::Correct => {
            let input = Correct { from: id, id: house.new_id() };
            correct(db, &caller, input).await.map(|next| {
                back = VersionPage { id: next.to_string() }.to_string();
            })
        }
        Step::Compare => {
            let input = Delivered { id, hash: filled.text("hash").into() };
            delivered(db, &caller, input).await.map(drop)
        }
        Step::Withdraw => {
            let chosen = reading.chosen("variant");
            match reading.end(chosen) {
                Ok(variant) => withdraw_variant(db, &caller, id, variant, why).await,
                Err(faults) => return Ok(again(&house, &me, &whole, step, &filled, faults)),
            }
        }
        Step::Agenda => {
            let chosen = reading.date("meeting");
            match reading.end(chosen) {
                Ok(meeting) => {
                    let input = Open { id: house.new_id(), version: id, meeting };
                    approval::open(db, &caller, input).await.map(|opened| {
                        back = super::approval::ApprovalPage { id: opened.to_string() }.to_string();
                    })
                }
                Err(faults) => return Ok(again(&house, &me, &whole, step, &filled, faults)),
            }
        }
    };
    match done {
        Ok(()) => Ok(to(back)),
        // Everything that is missing at once, not one thing after the other.
        Err(regie_catalog::Error::Lacks(lacks)) => {
            let mut faults = Faults::none(texts);
            for lack in lacks {
                faults.add("", texts.of("told", lack.code()));
            }
            Ok(again(&house, &me, &whole, step, &filled, faults))
        }
        Err(error) => {
            let faults = fault(texts, error)?;
            Ok(again(&house, &me, &whole, step, &filled, faults))
        }
    }
}

fn again(house: &House, me: &Me, whole: &Whole, step: Step, filled: &Filled, faults: Faults) -> Response {
    View::invalid(form(house, me, whole, step, filled, faults)).into_response()
}
