//! One version of an instrument: what it says, where it stands, and what can be done with it now. A draft is written
//! here; what was handed in is only looked at.

use super::document::{DocumentPage, NewDocument};
use super::instrument::{InstrumentPage, Instruments, valid};
use super::step::{Step, StepForm};
use super::{choices, dash, id_of, short, stage_chip};
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Chip, Column, Empty, Fact, Faults, Field, List, Notice, Row, Tone, Weight};
use crate::record::Shown;
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{Block, DetailView, FormView, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_catalog::approval;
use regie_catalog::version::{
    self, Condition, Content, ConversionRow, ResultKind, State as Stage, Whole, Write,
};
use regie_core::conversion;
use regie_core::id::InstrumentVersionId;
use regie_texts::Texts;

urls! {
    pub VersionPage { id: String } = "/versions/{id}";
    pub VersionEdit { id: String } = "/versions/{id}/edit";
}

pub(super) fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(VersionPage::at(), show)
        .get(VersionEdit::at(), edit)
        .post(VersionEdit::at(), save)
}

/// What may be done with a version that stands here, by whom.
pub(super) fn steps(me: &Me, stage: Stage) -> Vec<Step> {
    let all: &[(Step, Action)] = match stage {
        Stage::Draft => &[(Step::Submit, Action::EditInstruments), (Step::Variant, Action::EditInstruments)],
        Stage::Submitted => &[(Step::Agenda, Action::ApproveInstruments)],
        Stage::Approved => &[
            (Step::Activate, Action::ReleaseInstruments),
            (Step::Correct, Action::EditInstruments),
            (Step::Compare, Action::ReleaseInstruments),
            (Step::Suspend, Action::ReleaseInstruments),
            (Step::Retire, Action::ReleaseInstruments),
        ],
        Stage::Active => &[
            (Step::Correct, Action::EditInstruments),
            (Step::Compare, Action::ReleaseInstruments),
            (Step::Withdraw, Action::ReleaseInstruments),
            (Step::Suspend, Action::ReleaseInstruments),
            (Step::Retire, Action::ReleaseInstruments),
        ],
        Stage::Suspended => &[
            (Step::Resume, Action::ReleaseInstruments),
            (Step::Correct, Action::EditInstruments),
            (Step::Retire, Action::ReleaseInstruments),
        ],
        Stage::Rejected | Stage::Retired => &[(Step::Correct, Action::EditInstruments)],
    };
    all.iter().filter(|(_, action)| me.may(*action)).map(|(step, _)| *step).collect()
}

/// A grade in tenths as the reader writes it.
fn grade(texts: Texts, tenths: u32) -> String {
    texts.decimal(f64::from(tenths) / 10.0, 1)
}

fn variants(texts: Texts, whole: &Whole) -> List {
    let columns = vec![
        Column::new(texts.t("field-code"), Weight::Key),
        Column::new(texts.t("field-name"), Weight::Main),
        Column::new(texts.t("version-stage"), Weight::Main),
    ];
    let rows: Vec<Row> = whole
        .variants
        .iter()
        .map(|it| {
            let chip = match &it.withdrawn_why {
                Some(why) => {
                    Chip::new(Tone::Warn, texts.t("variant-withdrawn").with("why", why.clone()).to_string())
                }
                None => Chip::new(Tone::Ok, texts.t("variant-usable")),
            };
            Row {
                id: it.id.to_string(),
                name: it.code.clone(),
                cells: vec![Cell::text(it.code.clone()), Cell::text(it.name.clone()), Cell::Chip(chip)],
            }
        })
        .collect();
    let empty = Empty::new("copy", texts.t("variant-none"), texts.t("variant-none-text"));
    List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "variants", texts.t("variant-title"), columns, empty)
    }
}

fn documents(texts: Texts, me: &Me, whole: &Whole) -> List {
    let open = me.may(Action::OpenInstruments);
    let columns = vec![
        Column::new(texts.t("document-name"), Weight::Key),
        Column::new(texts.t("document-purpose"), Weight::Main),
        Column::new(texts.t("document-audience"), Weight::Usual),
        Column::new(texts.t("document-moment"), Weight::Usual),
        Column::new(texts.t("document-size"), Weight::Wide).number(),
    ];
    let rows: Vec<Row> = whole
        .documents
        .iter()
        .map(|it| {
            let at = DocumentPage { id: whole.version.id.to_string(), document: it.id.to_string() };
            let variant = match it.variant_code.as_str() {
                "" => texts.t("document-all").to_string(),
                code => texts.t("document-variant").with("code", code.to_owned()).to_string(),
            };
            let name = match open {
                true => Cell::Link { text: it.name.clone(), href: at.to_string(), sub: Some(variant) },
                false => Cell::Two { text: it.name.clone(), sub: variant },
            };
            let moment = texts.of("moment", it.release_moment.code()).with("days", it.release_days);
            Row {
                id: it.id.to_string(),
                name: it.name.clone(),
                cells: vec![
                    name,
                    Cell::text(texts.of("purpose", it.purpose.code())),
                    Cell::text(texts.of("audience", it.audience.code())),
                    Cell::text(moment.to_string()),
                    Cell::text(texts.bytes(u64::try_from(it.size).unwrap_or_default())),
                ],
            }
        })
        .collect();
    let empty = Empty::new("file-text", texts.t("document-none"), texts.t("document-none-text"));
    List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "documents", texts.t("document-title"), columns, empty)
    }
}

fn content_facts(texts: Texts, whole: &Whole) -> Vec<Fact> {
    let content = &whole.content;
    let number = |it: Option<u32>| it.map_or_else(|| "–".into(), |it| texts.whole(it.into()));
    let mut facts = vec![
        Fact::new(texts.t("test-minutes"), texts.whole(content.minutes.into())),
        Fact::new(
            texts.t("version-extra"),
            texts.t(if content.extra_time { "word-yes" } else { "word-no" }).to_string(),
        ),
        Fact::new(
            texts.t("version-result"),
            content.result().map_or_else(|| "–".into(), |it| texts.of("result-kind", it.code()).to_string()),
        ),
        Fact::new(texts.t("version-max"), number(content.max_score)),
        Fact::new(texts.t("version-cut"), number(content.cut_score)),
        Fact::new(
            texts.t("version-cohorts"),
            dash(Some(content.cohorts.clone()).filter(|it| !it.is_empty())),
        ),
    ];
    for (kind, text) in &whole.conditions {
        facts.push(Fact::new(texts.of("condition", kind.code()), text.clone()));
    }
    if !whole.aids.is_empty() {
        facts.push(Fact::new(texts.t("version-aids"), whole.aids.join(", ")));
    }
    facts
}

/// Every score would be a long list: the ends, the cut and what lies around it say whether the table is right.
fn conversion_list(texts: Texts, whole: &Whole) -> List {
    let cut = whole.content.cut_score.unwrap_or_default();
    let last = whole.conversion.len().saturating_sub(1);
    let shown = whole
        .conversion
        .iter()
        .enumerate()
        .filter(|(n, row)| *n == 0 || *n == last || row.score.abs_diff(cut) <= 2);
    let rows: Vec<Row> = shown
        .map(|(_, row)| Row {
            id: format!("{}-{}", row.variant, row.score),
            name: row.score.to_string(),
            cells: vec![Cell::text(row.score.to_string()), Cell::text(grade(texts, row.grade))],
        })
        .collect();
    let columns = vec![
        Column::new(texts.t("conversion-score"), Weight::Key).number(),
        Column::new(texts.t("conversion-grade"), Weight::Main).number(),
    ];
    let empty = Empty::new("table", texts.t("conversion-none"), texts.t("conversion-none-text"));
    List {
        total: whole.conversion.len() as u64,
        rows,
        ..List::new(texts, "conversion", texts.t("conversion-title"), columns, empty)
    }
}

async fn show(
    State(house): State<House>,
    me: Me,
    Path(at): Path<VersionPage>,
) -> Result<View<DetailView>, Stop> {
    let texts = me.texts();
    let id: InstrumentVersionId = id_of(&at.id)?;
    let whole = version::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let one = &whole.version;
    let draft = one.state == Stage::Draft && me.may(Action::EditInstruments);
    let mut facts = vec![
        Fact::new(texts.t("instrument-one"), one.instrument_name.clone())
            .href(InstrumentPage { id: one.instrument.to_string() }),
        Fact::new(texts.t("instrument-route"), texts.of("route", one.route.code())),
        Fact::new(texts.t("version-author"), dash(one.made_name.clone())),
        Fact::new(texts.t("version-valid"), valid(texts, one.valid_from, one.valid_until)),
    ];
    if let Some(hash) = &one.hash {
        facts.push(Fact::new(texts.t("version-submitted"), dash(one.submitted_name.clone())));
        facts.push(Fact::new(texts.t("content-hash"), short(hash)));
    }
    if let (Some(hash), Some(held)) = (&one.hash, &one.delivered_hash) {
        let chip = match hash == held {
            true => Chip::new(Tone::Ok, texts.t("delivered-same")),
            false => Chip::new(Tone::Danger, texts.t("delivered-other")),
        };
        facts.push(Fact::new(texts.t("delivered-title"), short(held)).chip(chip));
    }
    let mut blocks = vec![
        Block::facts(texts.t("person-facts"), facts),
        Block::facts(texts.t("version-content"), content_facts(texts, &whole)),
    ];
    let texts_of =
        [("version-blueprint", &whole.content.blueprint), ("version-scheme", &whole.content.scheme)];
    let written: Vec<Fact> = texts_of
        .into_iter()
        .filter(|(_, text)| !text.is_empty() && me.may(Action::OpenInstruments))
        .map(|(key, text)| Fact::new(texts.t(key), text.clone()))
        .collect();
    if !written.is_empty() {
        blocks.push(Block::facts(texts.t("version-secret"), written));
    }
    let step = |step: Step, word: &'static str| {
        Button::link(texts.t(word), StepForm { id: at.id.clone(), step: step.code().into() }).icon("plus")
    };
    let variant_acts = if draft { vec![step(Step::Variant, "variant-add")] } else { Vec::new() };
    blocks.push(Block::list(texts.t("variant-title"), variant_acts, variants(texts, &whole)));
    let document_acts = match draft {
        true => vec![Button::link(texts.t("document-add"), NewDocument { id: at.id.clone() }).icon("upload")],
        false => Vec::new(),
    };
    blocks.push(Block::list(texts.t("document-title"), document_acts, documents(texts, &me, &whole)));
    if whole.content.result() == Some(ResultKind::Grade) {
        blocks.push(Block::list(texts.t("conversion-title"), Vec::new(), conversion_list(texts, &whole)));
    }
    let treatments =
        approval::of_version(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    if !treatments.is_empty() {
        let list = super::approval::approval_list(
            texts,
            treatments.len() as u64,
            treatments,
            me.may(Action::SeeDecisions),
        );
        blocks.push(Block::list(texts.t("nav-approvals"), Vec::new(), list));
    }
    let notice = match one.state {
        Stage::Draft => {
            let mut reader = house.db.reader(me.caller().institution);
            let lacks = version::lacks(&mut reader, me.caller(), &whole)
                .await
                .map_err(|error| me.stop(regie_catalog::Error::from(error)))?;
            let words: Vec<String> =
                lacks.iter().map(|lack| texts.of("told", lack.code()).to_string()).collect();
            (!words.is_empty())
                .then(|| Notice::new(Tone::Warn, words.join(" ")).title(texts.t("version-lacks")))
        }
        Stage::Suspended => one
            .suspended_why
            .clone()
            .map(|why| Notice::new(Tone::Warn, why).title(texts.t("version-suspended"))),
        _ => None,
    };
    let mut acts: Vec<Button> = steps(&me, one.state)
        .into_iter()
        .filter(|it| *it != Step::Variant)
        .map(|it| {
            let form = StepForm { id: at.id.clone(), step: it.code().into() };
            let button = Button::link(texts.of("step", it.code()), form).icon(it.icon());
            if it.ends() { button.quiet() } else { button }
        })
        .collect();
    let first = match draft {
        true => Some(
            Button::link(texts.t("person-edit"), VersionEdit { id: at.id.clone() }).icon("pencil").primary(),
        ),
        false if acts.is_empty() => None,
        false => Some(acts.remove(0).primary()),
    };
    let title = format!("{} {}", one.instrument_name, texts.t("version-of").with("number", one.number));
    let page = Page::new(me.viewer.clone(), title).under(texts.t("nav-instruments"), Instruments {});
    Ok(View::new(DetailView {
        chip: Some(stage_chip(texts, one.state)),
        acts,
        first,
        notice,
        ..DetailView::new(page, blocks)
    }))
}

fn form(house: &House, me: &Me, whole: &Whole, filled: &Filled, faults: Faults) -> FormView {
    let texts = me.texts();
    let results = choices(texts, "result-kind", ResultKind::ALL.iter().map(|it| it.code()));
    let mut fields = vec![
        Field::number(texts, "minutes", texts.t("test-minutes")),
        Field::check(texts, "extra_time", texts.t("version-extra")),
        Field::radios(texts, "result", texts.t("version-result"), results),
        Field::number(texts, "max_score", texts.t("version-max")).optional(),
        Field::number(texts, "cut_score", texts.t("version-cut")).optional(),
        Field::area(texts, "conversion", texts.t("conversion-title"))
            .hint(texts.t("conversion-hint"))
            .optional(),
        Field::text(texts, "cohorts", texts.t("version-cohorts")).optional(),
        Field::area(texts, "blueprint", texts.t("version-blueprint")).optional(),
        Field::area(texts, "scheme", texts.t("version-scheme")).optional(),
        Field::area(texts, "aids", texts.t("version-aids")).hint(texts.t("version-aids-hint")).optional(),
    ];
    fields.extend(Condition::ALL.iter().map(|kind| {
        let name = format!("condition-{}", kind.code());
        Field::text(texts, &name, texts.of("condition", kind.code())).optional()
    }));
    let fields = fields.into_iter().map(|field| filled.put(field)).collect();
    let id = whole.version.id.to_string();
    let back = VersionPage { id: id.clone() };
    let page = Page::new(me.viewer.clone(), texts.t("version-write"))
        .under(texts.t("nav-instruments"), Instruments {})
        .under(whole.version.instrument_name.clone(), back.clone());
    let version = whole.version.version.to_string();
    let action = with_query(&VersionEdit { id }.to_string(), [("version", version.as_str())]);
    FormView::new(house, me, page, action, back, fields, faults)
}

async fn edit(
    State(house): State<House>,
    me: Me,
    Path(at): Path<VersionEdit>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::EditInstruments)?;
    let whole = version::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    let content = &whole.content;
    let number = |it: Option<u32>| it.map(|it| it.to_string()).unwrap_or_default();
    let mut filled = Filled::of([
        ("minutes", content.minutes.to_string()),
        ("result", content.result.clone()),
        ("max_score", number(content.max_score)),
        ("cut_score", number(content.cut_score)),
        ("cohorts", content.cohorts.clone()),
        ("blueprint", content.blueprint.clone()),
        ("scheme", content.scheme.clone()),
        ("aids", whole.aids.join("\n")),
        ("conversion", table_text(&whole)),
    ])
    .and("extra_time", content.extra_time.then(|| "yes".to_owned()));
    for (kind, text) in &whole.conditions {
        filled = filled.and(&format!("condition-{}", kind.code()), [text.clone()]);
    }
    Ok(View::new(form(&house, &me, &whole, &filled, Faults::none(me.texts()))))
}

/// A table that is the straight line stays empty in the form: the line follows from highest score and cut.
fn table_text(whole: &Whole) -> String {
    let content = &whole.content;
    let line = content.max_score.zip(content.cut_score).and_then(|(most, cut)| conversion::linear(most, cut));
    let own: Vec<u32> = whole.conversion.iter().map(|row| row.grade).collect();
    if line.as_ref() == Some(&own) {
        return String::new();
    }
    let lines = whole.conversion.iter().map(|row| {
        let grade = format!("{},{}", row.grade / 10, row.grade % 10);
        match row.variant.as_str() {
            "" => format!("{} = {grade}", row.score),
            variant => format!("{variant}: {} = {grade}", row.score),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// `20 = 5,5`, one to a line, with a variant in front when it is of one alone. Gives the line that is none.
fn table(text: &str) -> Result<Vec<ConversionRow>, String> {
    let mut rows = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let wrong = || line.chars().take(40).collect::<String>();
        let (variant, rest) = line.split_once(':').unwrap_or(("", line));
        let (score, grade) = rest.split_once('=').ok_or_else(wrong)?;
        let score = score.trim().parse().map_err(|_| wrong())?;
        let (whole, part) = grade.trim().split_once([',', '.']).unwrap_or((grade.trim(), "0"));
        let (whole, part): (u32, u32) =
            (whole.parse().map_err(|_| wrong())?, part.parse().map_err(|_| wrong())?);
        if whole > 10 || part > 9 {
            return Err(wrong());
        }
        rows.push(ConversionRow { variant: variant.trim().to_owned(), score, grade: whole * 10 + part });
    }
    Ok(rows)
}

async fn save(
    State(house): State<House>,
    me: Me,
    Path(at): Path<VersionEdit>,
    Query(shown): Query<Shown>,
    filled: Filled,
) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(Action::EditInstruments)?;
    let id: InstrumentVersionId = id_of(&at.id)?;
    let whole = version::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let mut reading = filled.reading(texts);
    let minutes = reading.number("minutes");
    let result = reading.code("result", ResultKind::from_code);
    let max_score = filled.maybe("max_score").and_then(|_| reading.number("max_score"));
    let cut_score = filled.maybe("cut_score").and_then(|_| reading.number("cut_score"));
    let given = table(filled.text("conversion"));
    if let Err(line) = &given {
        reading.fault("conversion", texts.t("conversion-line").with("line", line.clone()));
    }
    let faults = match reading.end(minutes.zip(result)) {
        Ok((minutes, result)) => {
            let mut conversion = given.unwrap_or_default();
            if conversion.is_empty()
                && result == ResultKind::Grade
                && let Some(line) =
                    max_score.zip(cut_score).and_then(|(most, cut)| conversion::linear(most, cut))
            {
                let row = |(score, grade)| ConversionRow { variant: String::new(), score, grade };
                conversion = (0..).zip(line).map(row).collect();
            }
            let conditions = Condition::ALL
                .iter()
                .filter_map(|kind| Some((kind.code(), filled.maybe(&format!("condition-{}", kind.code()))?)))
                .collect();
            let input = Write {
                id,
                version: shown.version,
                content: Content {
                    minutes,
                    extra_time: filled.has("extra_time"),
                    result: result.code().into(),
                    max_score,
                    cut_score,
                    cohorts: filled.text("cohorts").into(),
                    blueprint: filled.text("blueprint").into(),
                    scheme: filled.text("scheme").into(),
                },
                conditions,
                aids: filled.text("aids").lines().map(ToOwned::to_owned).collect(),
                conversion,
            };
            match version::write(&house.db, &filled.caller(&me), input).await {
                Ok(()) => return Ok(to(VersionPage { id: at.id })),
                Err(error) => fault(texts, error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &whole, &filled, faults)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_reads_line_by_line() {
        let rows = table("0 = 1\n20 = 5,5\n\nB: 50 = 10.0\n").unwrap();
        let short: Vec<_> = rows.iter().map(|row| (row.variant.as_str(), row.score, row.grade)).collect();
        assert_eq!(short, [("", 0, 10), ("", 20, 55), ("B", 50, 100)]);
        for wrong in ["20", "x = 5", "20 = 5,55", "20 = 11", "20 = "] {
            assert!(table(wrong).is_err(), "{wrong}");
        }
    }
}
