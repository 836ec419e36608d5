//! What the style guide shows: parts filled with a day at a school that does not exist.

use crate::part::{
    ActiveFilter, Bars, Block, Bulk, Button, Cell, Change, Chip, Column, Columns, Curve, Empty, Export, Fact,
    Facts, Figure, Figures, Filter, History, HistoryEntry, Lane, List, Notice, Pager, Point, Progress,
    Question, Refusal, Row, SavedView, Share, Sort, Step, StepState, Steps, Tab, Tabs, Timeline, Tone,
    Weight, Wish, WorkGroup, WorkItem, WorkList,
};
use crate::viewer::{NavEntry, NavGroup, RoleChoice, SignedIn};
use jiff::civil::{Date, Time, date, time};
use regie_texts::Texts;
use std::sync::Arc;

pub const TODAY: Date = date(2026, 11, 20);

pub const SWATCHES: &[&str] = &[
    "paper",
    "surface",
    "sunken",
    "line",
    "ink",
    "ink-2",
    "brand",
    "brand-soft",
    "signal",
    "ok",
    "warn",
    "danger",
    "info",
];

fn at(hour: i8, minute: i8) -> Time {
    time(hour, minute, 0, 0)
}

pub fn reader(texts: Texts) -> Arc<SignedIn> {
    let entry = |icon, key: &'static str, href: &str, waiting| NavEntry {
        icon,
        label: texts.t(key).to_string(),
        href: href.to_owned(),
        waiting,
    };
    let role = |value: &str, place: &str, current| RoleChoice {
        value: value.to_owned(),
        label: texts.of("role", value).to_string(),
        place: place.to_owned(),
        current,
    };
    Arc::new(SignedIn {
        style: None,
        logo: None,
        name: "Sanne Visser".to_owned(),
        roles: vec![
            role("examOffice", "ROC Delta, campus Kanaal", true),
            role("sessionLeader", "ROC Delta", false),
            role("teacher", "Team Zorg", false),
        ],
        navigation: vec![
            NavGroup {
                title: None,
                entries: vec![
                    entry("layout-dashboard", "style-nav-today", "/style/pages/home", None),
                    entry("list-checks", "style-nav-work", "/style#work", Some(7)),
                    entry("calendar-days", "style-nav-periods", "/style#timeline", None),
                    entry("calendar-clock", "style-nav-planning", "/style/pages/detail", None),
                    entry("users", "style-nav-people", "/style/pages/list", None),
                    entry("clipboard-check", "style-nav-results", "/style#charts", Some(2)),
                    entry("folder-lock", "style-nav-files", "/style#detail", None),
                ],
            },
            NavGroup {
                title: Some(texts.t("style-nav-manage").to_string()),
                entries: vec![
                    entry("book-open-check", "style-title", "/style", None),
                    entry("settings", "style-nav-settings", "/style/form", None),
                ],
            },
        ],
        notices: 3,
        live: None,
        language: None,
    })
}

pub fn buttons(texts: Texts) -> Vec<Button> {
    vec![
        Button::link(texts.t("style-button-primary"), "#buttons").primary().icon("plus"),
        Button::link(texts.t("style-button-second"), "#buttons").icon("printer"),
        Button::link(texts.t("style-button-quiet"), "#buttons").quiet().icon("pencil"),
        Button::link(texts.t("style-button-danger"), "#buttons").danger().icon("trash-2"),
        Button::link(texts.t("style-button-danger-second"), "#buttons").danger_second(),
        Button::submit(texts.t("style-button-busy")).busy(),
        Button::submit(texts.t("style-button-off")).disabled(),
        Button::link(texts.t("style-button-small"), "#buttons").small(),
        Button::link(texts.t("style-button-icon"), "#buttons").icon("ellipsis").icon_only(),
    ]
}

pub fn states(texts: Texts) -> [Chip; 6] {
    [
        Chip::new(Tone::Ok, texts.t("style-state-busy")),
        Chip::new(Tone::Info, texts.t("style-state-planned")),
        Chip::new(Tone::Plain, texts.t("style-state-done")),
        Chip::new(Tone::Warn, texts.t("style-state-late")),
        Chip::new(Tone::Danger, texts.t("style-state-trouble")),
        Chip::new(Tone::Now, texts.t("style-state-now")),
    ]
}

pub fn chips(texts: Texts) -> Vec<Chip> {
    let mut chips = Vec::from(states(texts));
    chips.push(Chip::new(Tone::Warn, texts.t("style-chip-icon")).icon("clock"));
    chips
}

pub fn notices(texts: Texts) -> Vec<Notice> {
    vec![
        Notice::new(Tone::Info, texts.t("style-notice-info"))
            .action(Button::link(texts.t("style-notice-action"), "#notices").small()),
        Notice::new(Tone::Ok, texts.t("style-notice-ok")),
        Notice::new(Tone::Warn, texts.t("style-notice-warn")).title(texts.t("style-notice-warn-title")),
        Notice::new(Tone::Danger, texts.t("style-notice-danger")).title(texts.t("style-notice-danger-title")),
    ]
}

pub fn work(texts: Texts) -> WorkList {
    let item = |icon, tone, name: &str, deadline: Chip| WorkItem {
        icon,
        tone,
        title: texts.of("style-work-title", name).to_string(),
        context: texts.of("style-work-context", name).to_string(),
        deadline: Some(deadline),
        action: Button::link(texts.of("style-work-action", name), "#work").small(),
    };
    WorkList {
        title: texts.t("style-work-list").to_string(),
        groups: vec![
            WorkGroup {
                title: Some(texts.t("style-work-today").to_string()),
                items: vec![
                    item("wifi-off", Tone::Now, "wifi", Chip::new(Tone::Now, texts.t("style-state-now"))),
                    item("user-x", Tone::Plain, "ill", Chip::new(Tone::Warn, texts.t("style-work-in"))),
                    item(
                        "pencil-line",
                        Tone::Plain,
                        "sign",
                        Chip::new(Tone::Info, texts.t("style-work-day")),
                    ),
                ],
            },
            WorkGroup {
                title: Some(texts.t("style-work-later").to_string()),
                items: vec![item(
                    "gavel",
                    Tone::Plain,
                    "case",
                    Chip::new(Tone::Plain, texts.short_day(date(2026, 11, 23))),
                )],
            },
        ],
        empty: empty(texts),
    }
}

pub fn work_empty(texts: Texts) -> WorkList {
    WorkList {
        title: texts.t("style-work-list").to_string(),
        groups: Vec::new(),
        empty: Empty::new("circle-check", texts.t("style-work-none"), texts.t("style-work-none-text"))
            .action(Button::link(texts.t("style-work-none-action"), "#work")),
    }
}

pub fn empty(texts: Texts) -> Empty {
    Empty::new("users", texts.t("style-empty-title"), texts.t("style-empty-text"))
        .action(Button::link(texts.t("style-empty-first"), "#empty").primary().icon("upload"))
        .action(Button::link(texts.t("style-empty-second"), "#empty"))
}

/// Name, number, team, share of the plan that is done, which chip of [`states`].
const STUDENTS: &[(&str, &str, &str, u8, usize)] = &[
    ("Aalbers, Noor", "0412873", "Zorg 3B", 78, 0),
    ("van den Berg, Sem", "0413310", "Zorg 3B", 64, 1),
    ("Çelik, Elif", "0409954", "Zorg 3A", 100, 2),
    ("Dijkstra, Jelle", "0415127", "Techniek 2C", 41, 4),
    ("El Amrani, Yassin", "0411886", "Techniek 2C", 70, 0),
    ("de Graaf, Jacob", "0416002", "Horeca 1A", 0, 3),
    ("Hoekstra, Fenna", "0412240", "Horeca 1A", 12, 2),
    ("Jansen, Lieke", "0414419", "Zorg 3B", 55, 0),
];

pub fn list(texts: Texts, csrf: &str) -> List {
    let columns = vec![
        Column::new(texts.t("style-col-name"), Weight::Key).sort(Sort::Up, "?sort=-name#list"),
        Column::new(texts.t("style-col-team"), Weight::Usual).sort(Sort::Not, "?sort=team#list"),
        Column::new(texts.t("style-col-next"), Weight::Wide),
        Column::new(texts.t("style-col-plan"), Weight::Wide),
        Column::new(texts.t("style-col-number"), Weight::Extra).number().sort(Sort::Not, "?sort=number#list"),
        Column::new(texts.t("style-col-state"), Weight::Main),
    ];
    let states = states(texts);
    let rows = STUDENTS
        .iter()
        .zip(0..)
        .map(|((name, number, team, share, state), index)| Row {
            id: (*number).to_owned(),
            name: (*name).to_owned(),
            cells: vec![
                Cell::Link {
                    text: (*name).to_owned(),
                    href: "/style/pages/detail".to_owned(),
                    sub: (index % 3 == 1).then(|| texts.t("style-extra-time").to_string()),
                },
                Cell::text(*team),
                Cell::Two {
                    text: texts.day(date(2026, 12, 9 + index)),
                    sub: format!("{} · K1.04", texts.times(at(9, 0), at(10, 30))),
                },
                Cell::Share { percent: *share, text: texts.percent(f64::from(*share) / 100.0) },
                Cell::text(*number),
                states.get(*state).cloned().map_or_else(|| Cell::text(""), Cell::Chip),
            ],
        })
        .collect();
    let mut list = List::new(texts, "list", texts.t("style-list-title"), columns, empty(texts));
    list.views = vec![
        SavedView {
            name: texts.t("style-view-all").into(),
            href: "#list".into(),
            current: true,
            count: Some(12_000),
        },
        SavedView {
            name: texts.t("style-view-mine").into(),
            href: "#list".into(),
            current: false,
            count: Some(84),
        },
    ];
    list.save_view = Some("#list".into());
    list.filter = Some(filter(texts));
    list.active = vec![
        ActiveFilter { label: texts.t("style-active-team").into(), without: "?team=#list".into() },
        ActiveFilter { label: texts.t("style-active-need").into(), without: "?need=#list".into() },
    ];
    list.clear = "?#list".into();
    list.total = 12_000;
    list.rows = rows;
    list.bulk = Some(Bulk {
        action: "/style/form".into(),
        csrf: csrf.to_owned(),
        buttons: vec![
            Button::submit_as(texts.t("style-bulk-register"), "do", "register")
                .small()
                .icon("calendar-clock"),
            Button::submit_as(texts.t("style-bulk-mail"), "do", "mail").small().quiet().icon("mail"),
        ],
    });
    list.exports = vec![
        Export { label: texts.t("style-export-xlsx").into(), href: "#list".into(), icon: "file-spreadsheet" },
        Export { label: texts.t("style-export-csv").into(), href: "#list".into(), icon: "file-text" },
    ];
    list.pager = Some(Pager::new(texts, 1, 240, "?page={page}#list").label(texts.t("style-list-title")));
    list
}

fn filter(texts: Texts) -> Filter {
    let word = |key: &'static str| Wish::Words(texts.t(key).to_string());
    let option = |value: &str, key: &'static str| (value.to_owned(), texts.t(key).to_string());
    Filter {
        action: "/style/pages/list".into(),
        wishes: vec![
            word("style-filter-show"),
            Wish::Choose {
                name: "who".into(),
                label: texts.t("style-filter-who").into(),
                options: vec![option("", "style-filter-all"), option("mine", "style-filter-mine")],
                chosen: String::new(),
            },
            word("style-filter-of"),
            Wish::Choose {
                name: "team".into(),
                label: texts.t("style-filter-team").into(),
                options: vec![
                    option("", "style-filter-any-team"),
                    ("zorg".into(), "Zorg".into()),
                    ("techniek".into(), "Techniek".into()),
                ],
                chosen: "zorg".into(),
            },
            word("style-filter-with"),
            Wish::Choose {
                name: "need".into(),
                label: texts.t("style-filter-need").into(),
                options: vec![option("", "style-filter-any-need"), option("extra", "style-extra-time")],
                chosen: "extra".into(),
            },
            word("style-filter-named"),
            Wish::Search {
                name: "q".into(),
                label: texts.t("style-filter-search").into(),
                value: String::new(),
            },
        ],
    }
}

pub fn list_empty(texts: Texts) -> List {
    let columns = vec![Column::new(texts.t("style-col-name"), Weight::Key)];
    List::new(texts, "list-empty", texts.t("style-list-title"), columns, empty(texts))
}

pub fn facts(texts: Texts) -> Facts {
    let [busy, ..] = states(texts);
    Facts {
        facts: vec![
            Fact::new(texts.t("style-fact-date"), texts.date(TODAY)),
            Fact::new(texts.t("style-fact-time"), texts.times(at(10, 30), at(12, 0))),
            Fact::new(texts.t("style-fact-room"), texts.t("style-fact-room-value")).href("#detail"),
            Fact::new(texts.t("style-col-state"), "").chip(busy),
            Fact::new(texts.t("style-fact-leader"), "Sanne Visser"),
            Fact::new(texts.t("style-fact-places"), texts.t("style-fact-places-value")),
            Fact::new(texts.t("style-fact-instrument"), texts.t("style-fact-instrument-value"))
                .href("#detail"),
            Fact::new(texts.t("style-fact-note"), ""),
        ],
    }
}

pub fn history(texts: Texts) -> History {
    let entry = |icon, name: &str, who: &str, when: Time| HistoryEntry {
        icon,
        what: texts.of("style-history", name).to_string(),
        who: who.to_owned(),
        when: format!("{}, {}", texts.short_day(TODAY), texts.time(when)),
        machine: format!("2026-11-20T{}:00+01:00", texts.time(when)),
        why: None,
        changes: Vec::new(),
    };
    let mut moved = entry("pencil", "moved", "Daan de Vries", at(9, 12));
    moved.why = Some(texts.t("style-history-why").to_string());
    moved.changes = vec![Change {
        name: texts.t("style-fact-room").to_string(),
        old: "K1.06".into(),
        new: "K1.04".into(),
    }];
    History {
        texts,
        title: texts.t("style-history-title").to_string(),
        entries: vec![
            entry("play", "started", "Sanne Visser", at(10, 31)),
            entry("key-round", "released", "Sanne Visser", at(10, 29)),
            moved,
            entry("plus", "planned", "Regie", at(8, 0)),
        ],
        more: Some("#detail".into()),
    }
}

pub fn refusals(texts: Texts) -> [Refusal; 2] {
    [
        Refusal::new(texts, texts.t("style-refusal-what"), texts.t("style-refusal-rule"))
            .source(texts.t("style-refusal-source"), Some("#refusals".into()))
            .lifted_by(texts.t("style-refusal-lift"))
            .now(Button::link(texts.t("style-refusal-now"), "#refusals").primary())
            .now(Button::link(texts.t("style-refusal-other"), "#refusals").quiet()),
        Refusal::new(texts, texts.t("style-full-what"), texts.t("style-full-rule"))
            .now(Button::link(texts.t("style-full-now"), "#refusals")),
    ]
}

pub fn timeline(texts: Texts) -> Timeline {
    let block = |name: &str, state: &'static str, tone, from, until| Block {
        title: texts.of("style-block-title", name).to_string(),
        note: texts.of("style-block-note", name).to_string(),
        state: texts.t(state).to_string(),
        tone,
        from,
        until,
        extra_until: None,
        href: "/style/pages/detail".into(),
    };
    let with_extra = |mut block: Block, until| {
        block.extra_until = Some(until);
        block
    };
    let lane = |name: &str, note: &str, blocks| Lane { name: name.into(), note: note.into(), blocks };
    let seats = |count: i64| texts.t("style-seats").with("count", count).to_string();
    let done = || block("dutch", "style-state-done", Tone::Plain, at(8, 30), at(10, 0));
    Timeline {
        texts,
        id: "day".into(),
        title: texts.t("style-timeline-title").into(),
        lane_word: texts.t("style-fact-room").into(),
        from: at(8, 0),
        until: at(16, 0),
        now: Some(at(11, 26)),
        lanes: vec![
            lane(
                "K1.04",
                &seats(32),
                vec![
                    done(),
                    with_extra(
                        block("maths", "style-state-busy", Tone::Ok, at(10, 30), at(12, 0)),
                        at(12, 30),
                    ),
                    block("english", "style-state-planned", Tone::Info, at(13, 0), at(14, 40)),
                ],
            ),
            lane(
                "K1.06",
                &seats(28),
                vec![done(), block("wifi", "style-state-trouble", Tone::Danger, at(10, 30), at(12, 0))],
            ),
            lane(
                "H0.12",
                &seats(120),
                vec![
                    with_extra(
                        block("cluster", "style-state-busy", Tone::Ok, at(9, 0), at(11, 15)),
                        at(11, 45),
                    ),
                    block("central", "style-state-planned", Tone::Info, at(12, 30), at(14, 30)),
                ],
            ),
            lane(
                "B2.01",
                &texts.t("style-oral").to_string(),
                vec![
                    block("speaking", "style-state-busy", Tone::Ok, at(8, 30), at(10, 30)),
                    block("talk", "style-state-planned", Tone::Info, at(11, 0), at(13, 0)),
                ],
            ),
        ],
        legend: {
            let [busy, planned, done, _, trouble, _] = states(texts);
            vec![busy, planned, done, trouble]
        },
    }
}

pub fn figures(texts: Texts) -> Figures {
    let figure = |name: &str, number: i64, share| Figure {
        name: texts.of("style-figure-name", name).to_string(),
        number: texts.whole(number),
        note: texts.of("style-figure-note", name).to_string(),
        share: Some(share),
    };
    Figures {
        figures: vec![
            figure("present", 1038, 86),
            figure("busy", 412, 40),
            figure("handed", 618, 51),
            figure("absent", 31, 3),
            figure("signed", 19, 73),
        ],
    }
}

pub fn bars(texts: Texts) -> Bars {
    let bar = |name: &str, value: f64, tone| Share {
        name: name.to_owned(),
        value,
        shown: texts.percent(value),
        tone,
    };
    Bars {
        title: texts.t("style-bars-title").into(),
        note: texts.t("style-bars-note").into(),
        bars: vec![
            bar("Zorg", 0.94, Tone::Plain),
            bar("Techniek", 0.81, Tone::Plain),
            bar("Horeca en toerisme", 0.62, Tone::Warn),
            bar("Entree", 0.38, Tone::Danger),
        ],
        most: Some(1.0),
    }
}

pub fn columns(texts: Texts) -> Columns {
    let counts: [f64; 10] = [0.0, 2.0, 5.0, 11.0, 24.0, 58.0, 81.0, 63.0, 30.0, 9.0];
    Columns {
        texts,
        title: texts.t("style-columns-title").into(),
        note: texts.t("style-columns-note").into(),
        names: (texts.t("style-columns-grade").into(), texts.t("style-columns-count").into()),
        columns: (1..)
            .zip(counts)
            .map(|(grade, count)| Share {
                name: texts.whole(grade),
                value: count,
                shown: texts.decimal(count, 0),
                tone: Tone::Plain,
            })
            .collect(),
        mark: Some((5, texts.t("style-columns-mark").into())),
    }
}

pub fn curve(texts: Texts) -> Curve {
    let counts: [f64; 9] = [12.0, 130.0, 412.0, 655.0, 1038.0, 1038.0, 760.0, 402.0, 96.0];
    Curve {
        texts,
        title: texts.t("style-curve-title").into(),
        note: texts.t("style-curve-note").into(),
        names: (texts.t("style-curve-hour").into(), texts.t("style-curve-count").into()),
        points: (8..)
            .zip(counts)
            .map(|(hour, count)| Point {
                name: texts.time(at(hour, 0)),
                value: count,
                shown: texts.decimal(count, 0),
            })
            .collect(),
    }
}

pub fn progress(texts: Texts) -> [Progress; 2] {
    let progress = |id: &str, name: &str, done, total| Progress {
        texts,
        id: id.to_owned(),
        title: texts.of("style-progress-title", name).to_string(),
        doing: texts.of("style-progress-doing", name).to_string(),
        done,
        total,
        can_leave: true,
    };
    [progress("progress-import", "import", 7431, Some(12_000)), progress("progress-count", "count", 0, None)]
}

pub fn steps(texts: Texts) -> Steps {
    let step = |name: &str, state, href: Option<&str>| Step {
        name: texts.of("style-step", name).to_string(),
        state,
        href: href.map(ToOwned::to_owned),
    };
    Steps {
        texts,
        label: texts.t("style-steps-label").into(),
        steps: vec![
            step("choose", StepState::Done, Some("#steps")),
            step("fill", StepState::Current, None),
            step("check", StepState::Ahead, None),
        ],
    }
}

pub fn tabs(texts: Texts) -> Tabs {
    let tab = |key: &'static str, current, count| Tab {
        name: texts.t(key).to_string(),
        href: "#steps".into(),
        current,
        count,
    };
    Tabs {
        label: texts.t("style-tabs-label").into(),
        tabs: vec![
            tab("style-tab-facts", true, None),
            tab("style-tab-people", false, Some(28)),
            tab("style-tab-papers", false, None),
        ],
    }
}

pub fn pager(texts: Texts) -> Pager {
    Pager::new(texts, 5, 240, "?page={page}#steps")
}

pub fn question(texts: Texts, csrf: &str, open: bool) -> Question {
    Question {
        texts,
        id: if open { "ask-open".into() } else { "ask".into() },
        link: Button::link(texts.t("style-question-link"), "#question").danger_second().icon("trash-2"),
        title: texts.t("style-question-title").into(),
        consequences: vec![texts.t("style-question-first").into(), texts.t("style-question-second").into()],
        reason: true,
        action: "/style/form".into(),
        csrf: csrf.to_owned(),
        confirm: texts.t("style-question-link").into(),
        fields: Vec::new(),
        open,
    }
}
