//! The committee at work: what is before it, its list, its votes, its decision.

use super::version::VersionPage;
use super::{id_of, short};
use crate::address::{Address, page};
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{
    Button, Cell, Chip, Choice, Column, Empty, Fact, Faults, Field, Filter, List, Notice, Row, Tone, Weight,
    Wish,
};
use crate::record::Shown;
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{Block, DetailView, FormView, ListView, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_catalog::Paging;
use regie_catalog::approval::{
    self, ApprovalLine, CheckItem, Choice as Voted, Decide, Point, Said, State as Stage, Whole,
};
use regie_core::id::ApprovalId;
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Approvals = "/approvals";
    pub ApprovalPage { id: String } = "/approvals/{id}";
    pub ApprovalVote { id: String } = "/approvals/{id}/vote";
    pub ApprovalCheck { id: String } = "/approvals/{id}/check";
    pub ApprovalDecide { id: String } = "/approvals/{id}/decide";
}

pub(super) fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Approvals::at(), list)
        .get(ApprovalPage::at(), show)
        .get(ApprovalVote::at(), ask_vote)
        .post(ApprovalVote::at(), vote)
        .get(ApprovalCheck::at(), ask_check)
        .post(ApprovalCheck::at(), check)
        .get(ApprovalDecide::at(), ask_decide)
        .post(ApprovalDecide::at(), decide)
}

fn state_chip(texts: Texts, state: Stage) -> Chip {
    let tone = match state {
        Stage::Open => Tone::Now,
        Stage::Approved => Tone::Ok,
        Stage::Rejected => Tone::Danger,
    };
    Chip::new(tone, texts.of("approval-state", state.code()))
}

fn number(year: Option<i64>, number: Option<i64>) -> String {
    year.zip(number).map_or_else(|| "–".to_owned(), |(year, number)| format!("{year}-{number}"))
}

pub(super) fn approval_list(texts: Texts, total: u64, lines: Vec<ApprovalLine>, open: bool) -> List {
    let columns = vec![
        Column::new(texts.t("instrument-one"), Weight::Key),
        Column::new(texts.t("version-stage"), Weight::Main),
        Column::new(texts.t("approval-meeting"), Weight::Usual),
        Column::new(texts.t("approval-votes"), Weight::Usual),
        Column::new(texts.t("decision-number"), Weight::Wide),
    ];
    let rows = lines.into_iter().map(|line| {
        let name = format!("{} {}", line.instrument_name, texts.t("version-of").with("number", line.number));
        let votes = texts.t("approval-of").with("have", line.votes).with("need", line.quorum).to_string();
        Row {
            id: line.id.to_string(),
            name: name.clone(),
            cells: vec![
                match open {
                    true => Cell::link(name, ApprovalPage { id: line.id.to_string() }),
                    false => Cell::text(name),
                },
                Cell::Chip(state_chip(texts, line.state)),
                Cell::text(texts.date(line.meeting)),
                Cell::text(votes),
                Cell::text(number(line.decision_year, line.decision_number)),
            ],
        }
    });
    let empty = Empty::new("gavel", texts.t("approval-none"), texts.t("approval-none-text"));
    List {
        total,
        rows: rows.collect(),
        ..List::new(texts, "approvals", texts.t("nav-approvals"), columns, empty)
    }
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    state: String,
    page: Option<u32>,
}

async fn list(
    State(house): State<House>,
    me: Me,
    Query(asked): Query<Asked>,
) -> Result<View<ListView>, Stop> {
    let texts = me.texts();
    let state = Stage::from_code(&asked.state);
    let paging = Paging { page: page(asked.page), size: 50 };
    let found =
        approval::list(&house.db, me.caller(), state, paging).await.map_err(|error| me.stop(error))?;
    let address = Address::new(Approvals {}).keep("state", &asked.state);
    let mut states = vec![(String::new(), texts.t("approval-state-all").to_string())];
    states.extend(
        Stage::ALL.iter().map(|it| {
            (it.code().to_owned(), texts.of("approval-state", it.code()).to_string().to_lowercase())
        }),
    );
    let filter = Filter {
        action: Approvals {}.to_string(),
        wishes: vec![
            Wish::Words(texts.t("filter-show").to_string()),
            Wish::Choose {
                name: "state".into(),
                label: texts.t("version-stage").to_string(),
                options: states,
                chosen: asked.state.clone(),
            },
        ],
    };
    let chosen = state.map(|it| address.chosen("state", texts.of("approval-state", it.code()).to_string()));
    let pager = address.pager(texts, paging.page, paging.size, found.total);
    let list = List {
        filter: Some(filter),
        active: chosen.into_iter().collect(),
        clear: Approvals {}.to_string(),
        pager,
        ..approval_list(texts, found.total, found.lines, true)
    };
    Ok(View::new(ListView::new(Page::new(me.viewer.clone(), texts.t("nav-approvals")), list)))
}

async fn seen(house: &House, me: &Me, id: &str) -> Result<Whole, Stop> {
    let id: ApprovalId = id_of(id)?;
    approval::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))
}

fn checks(texts: Texts, whole: &Whole) -> List {
    let columns = vec![
        Column::new(texts.t("check-point"), Weight::Key),
        Column::new(texts.t("check-said"), Weight::Main),
        Column::new(texts.t("check-remark"), Weight::Usual),
    ];
    let rows: Vec<Row> = Point::ALL
        .iter()
        .map(|point| {
            let found = whole.checks.iter().find(|check| check.code == *point);
            let name = texts.of("check-point", point.code()).to_string();
            let said = match found.map(|check| check.answer) {
                None => Cell::text("–"),
                Some(said) => {
                    let tone = match said {
                        Said::Yes => Tone::Ok,
                        Said::No => Tone::Danger,
                        Said::NotApplicable => Tone::Plain,
                    };
                    Cell::Chip(Chip::new(tone, texts.of("check-said", said.code())))
                }
            };
            let remark = found.and_then(|check| check.remark.clone()).unwrap_or_default();
            Row {
                id: point.code().into(),
                name: name.clone(),
                cells: vec![Cell::text(name), said, Cell::text(remark)],
            }
        })
        .collect();
    let empty = Empty::new("list-checks", texts.t("approval-none"), texts.t("approval-none-text"));
    List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "checks", texts.t("check-title"), columns, empty)
    }
}

fn votes(texts: Texts, whole: &Whole) -> List {
    let columns = vec![
        Column::new(texts.t("person-name"), Weight::Key),
        Column::new(texts.t("vote-one"), Weight::Main),
        Column::new(texts.t("check-remark"), Weight::Usual),
    ];
    let rows: Vec<Row> = whole
        .votes
        .iter()
        .map(|vote| {
            let name = vote.name.clone().unwrap_or_else(|| "–".into());
            let tone = match vote.vote {
                Voted::For => Tone::Ok,
                Voted::Against => Tone::Danger,
                Voted::Abstained | Voted::Recused => Tone::Plain,
            };
            Row {
                id: vote.person.to_string(),
                name: name.clone(),
                cells: vec![
                    Cell::text(name),
                    Cell::Chip(Chip::new(tone, texts.of("vote", vote.vote.code()))),
                    Cell::text(vote.remark.clone().unwrap_or_default()),
                ],
            }
        })
        .collect();
    let empty = Empty::new("hand", texts.t("vote-none"), texts.t("vote-none-text"));
    List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "votes", texts.t("approval-votes"), columns, empty)
    }
}

async fn show(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ApprovalPage>,
) -> Result<View<DetailView>, Stop> {
    let texts = me.texts();
    let whole = seen(&house, &me, &at.id).await?;
    let one = &whole.approval;
    let tally = whole.tally();
    let dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".into());
    let name = format!("{} {}", one.instrument_name, texts.t("version-of").with("number", one.number));
    let mut facts = vec![
        Fact::new(texts.t("instrument-one"), name.clone())
            .href(VersionPage { id: one.instrument_version.to_string() }),
        Fact::new(texts.t("approval-meeting"), texts.date(one.meeting)),
        Fact::new(
            texts.t("approval-quorum"),
            texts.t("approval-of").with("have", tally.counted()).with("need", one.quorum).to_string(),
        ),
        Fact::new(texts.t("content-hash"), short(&one.hash)),
        Fact::new(texts.t("approval-opened"), dash(&one.opened_name)),
    ];
    if one.state != Stage::Open {
        facts.push(Fact::new(texts.t("decision-number"), number(one.decision_year, one.decision_number)));
        facts.push(Fact::new(texts.t("approval-decided"), dash(&one.decided_name)));
        if one.findings.is_some() {
            facts.push(Fact::new(texts.t("approval-findings"), dash(&one.findings)));
        }
    }
    let open = one.state == Stage::Open && me.may(Action::ApproveInstruments);
    let at = || at.id.clone();
    let (mut acts, mut first) = (Vec::new(), None);
    let mut check_acts = Vec::new();
    if open {
        check_acts.push(Button::link(texts.t("check-fill"), ApprovalCheck { id: at() }).icon("square-check"));
        acts.push(Button::link(texts.t("vote-cast"), ApprovalVote { id: at() }).icon("hand"));
        first = Some(
            Button::link(texts.t("approval-decide"), ApprovalDecide { id: at() }).icon("gavel").primary(),
        );
    }
    let short_of = (open && tally.counted() < one.quorum).then(|| {
        let text = texts.t("approval-short").with("have", tally.counted()).with("need", one.quorum);
        Notice::new(Tone::Info, text.to_string())
    });
    let blocks = vec![
        Block::facts(texts.t("person-facts"), facts),
        Block::list(texts.t("check-title"), check_acts, checks(texts, &whole)),
        Block::list(texts.t("approval-votes"), Vec::new(), votes(texts, &whole)),
    ];
    let page = Page::new(me.viewer.clone(), name).under(texts.t("nav-approvals"), Approvals {});
    Ok(View::new(DetailView {
        chip: Some(state_chip(texts, one.state)),
        acts,
        first,
        notice: short_of,
        ..DetailView::new(page, blocks)
    }))
}

/// A form of this treatment, which comes back with the version that was on screen.
fn framed(
    house: &House,
    me: &Me,
    whole: &Whole,
    (title, url): (&'static str, String),
    fields: Vec<Field>,
    faults: Faults,
) -> FormView {
    let texts = me.texts();
    let back = ApprovalPage { id: whole.approval.id.to_string() };
    let page = Page::new(me.viewer.clone(), texts.t(title))
        .under(texts.t("nav-approvals"), Approvals {})
        .under(whole.approval.instrument_name.clone(), back.clone());
    let version = whole.approval.version.to_string();
    let action = with_query(&url, [("version", version.as_str())]);
    FormView::new(house, me, page, action, back, fields, faults)
}

fn vote_page(house: &House, me: &Me, whole: &Whole, filled: &Filled, faults: Faults) -> FormView {
    let texts = me.texts();
    let all = Voted::ALL
        .iter()
        .map(|it| Choice::new(it.code(), texts.of("vote", it.code())).note(texts.of("vote-note", it.code())))
        .collect();
    let fields = vec![
        filled.put(Field::radios(texts, "vote", texts.t("vote-one"), all)),
        filled.put(Field::area(texts, "remark", texts.t("check-remark")).optional()),
    ];
    let url = ApprovalVote { id: whole.approval.id.to_string() }.to_string();
    framed(house, me, whole, ("vote-cast", url), fields, faults)
}

async fn ask_vote(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ApprovalVote>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::ApproveInstruments)?;
    let whole = seen(&house, &me, &at.id).await?;
    Ok(View::new(vote_page(&house, &me, &whole, &Filled::default(), Faults::none(me.texts()))))
}

async fn vote(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ApprovalVote>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::ApproveInstruments)?;
    let texts = me.texts();
    let whole = seen(&house, &me, &at.id).await?;
    let mut reading = filled.reading(texts);
    let choice = reading.code("vote", Voted::from_code);
    let faults = match reading.end(choice) {
        Ok(choice) => {
            let remark = filled.maybe("remark");
            match approval::cast(&house.db, &filled.caller(&me), whole.approval.id, choice, remark).await {
                Ok(()) => return Ok(to(ApprovalPage { id: at.id })),
                Err(error) => fault(texts, error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(vote_page(&house, &me, &whole, &filled, faults)).into_response())
}

fn check_page(house: &House, me: &Me, whole: &Whole, filled: &Filled, faults: Faults) -> FormView {
    let texts = me.texts();
    let mut fields = Vec::new();
    for point in Point::ALL {
        let said =
            Said::ALL.iter().map(|it| Choice::new(it.code(), texts.of("check-said", it.code()))).collect();
        fields.push(filled.put(Field::radios(
            texts,
            point.code(),
            texts.of("check-point", point.code()),
            said,
        )));
        let name = format!("{}-remark", point.code());
        let label =
            texts.t("check-remark-of").with("point", texts.of("check-point", point.code()).to_string());
        fields.push(filled.put(Field::text(texts, &name, label.to_string()).optional()));
    }
    let url = ApprovalCheck { id: whole.approval.id.to_string() }.to_string();
    framed(house, me, whole, ("check-fill", url), fields, faults)
}

async fn ask_check(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ApprovalCheck>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::ApproveInstruments)?;
    let whole = seen(&house, &me, &at.id).await?;
    let mut filled = Filled::default();
    for check in &whole.checks {
        filled = filled.and(check.code.code(), [check.answer.code().to_owned()]);
        filled = filled.and(&format!("{}-remark", check.code.code()), check.remark.clone());
    }
    Ok(View::new(check_page(&house, &me, &whole, &filled, Faults::none(me.texts()))))
}

async fn check(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ApprovalCheck>,
    Query(shown): Query<Shown>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::ApproveInstruments)?;
    let texts = me.texts();
    let whole = seen(&house, &me, &at.id).await?;
    let items: Vec<CheckItem> = Point::ALL
        .iter()
        .filter_map(|point| {
            let said = Said::from_code(filled.text(point.code()))?;
            Some(CheckItem { point: *point, said, remark: filled.maybe(&format!("{}-remark", point.code())) })
        })
        .collect();
    let mut faults = Faults::none(texts);
    if items.is_empty() {
        faults.add(Point::Coverage.code(), texts.t("told-choose-one"));
    } else {
        let (id, caller) = (whole.approval.id, filled.caller(&me));
        match approval::answer(&house.db, &caller, id, shown.version, items).await {
            Ok(()) => return Ok(to(ApprovalPage { id: at.id })),
            Err(error) => faults = fault(texts, error)?,
        }
    }
    Ok(View::invalid(check_page(&house, &me, &whole, &filled, faults)).into_response())
}

fn decide_page(house: &House, me: &Me, whole: &Whole, filled: &Filled, faults: Faults) -> FormView {
    let texts = me.texts();
    let outcomes = ["approved", "rejected"].map(|code| {
        Choice::new(code, texts.of("approval-outcome", code)).note(texts.of("approval-outcome-note", code))
    });
    let fields = [
        Field::radios(texts, "outcome", texts.t("approval-outcome"), outcomes.into()),
        Field::date(texts, "valid_from", texts.t("approval-from")),
        Field::date(texts, "valid_until", texts.t("approval-until")).optional(),
        Field::area(texts, "findings", texts.t("approval-findings"))
            .hint(texts.t("approval-findings-hint"))
            .optional(),
    ]
    .into_iter()
    .map(|field| filled.put(field))
    .collect();
    let url = ApprovalDecide { id: whole.approval.id.to_string() }.to_string();
    let tally = whole.tally();
    let about = texts
        .t("approval-tally")
        .with("for", tally.for_it)
        .with("against", tally.against)
        .with("abstained", tally.abstained)
        .with("need", whole.approval.quorum);
    framed(house, me, whole, ("approval-decide", url), fields, faults).about(about.to_string())
}

async fn ask_decide(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ApprovalDecide>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::ApproveInstruments)?;
    let whole = seen(&house, &me, &at.id).await?;
    let filled = Filled::of([("valid_from", me.caller().today().to_string())]);
    Ok(View::new(decide_page(&house, &me, &whole, &filled, Faults::none(me.texts()))))
}

async fn decide(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ApprovalDecide>,
    Query(shown): Query<Shown>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::ApproveInstruments)?;
    let texts = me.texts();
    let whole = seen(&house, &me, &at.id).await?;
    let mut reading = filled.reading(texts);
    let approved = reading.code("outcome", |code| match code {
        "approved" => Some(true),
        "rejected" => Some(false),
        _ => None,
    });
    let from = reading.date("valid_from");
    let until = reading.maybe_date("valid_until");
    let faults = match reading.end(approved.zip(from)) {
        Ok((approved, valid_from)) => {
            let input = Decide {
                id: whole.approval.id,
                version: shown.version,
                approved,
                findings: filled.maybe("findings"),
                valid_from,
                valid_until: until,
                decision: house.new_id(),
            };
            match approval::decide(&house.db, &filled.caller(&me), input).await {
                Ok(_) => return Ok(to(ApprovalPage { id: at.id })),
                Err(error) => fault(texts, error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(decide_page(&house, &me, &whole, &filled, faults)).into_response())
}
