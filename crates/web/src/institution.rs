//! Institutions and their lives, for who runs the platform.

use crate::address::Address;
use crate::error::Error;
use crate::filled::{Filled, or_none};
use crate::house::House;
use crate::listing::{self, Col, Listing, Narrowing, asked_words};
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Chip, Choice, Empty, Fact, Faults, Field, Tone, Weight};
use crate::record::{Asked, Record, Spot, id_of};
use crate::told::{Stop, fault};
use crate::url::Url as _;
use crate::urls;
use crate::view::{Block, FormView, to};
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::InstitutionId;
use regie_people::institution::{self, Appoint, Edit, Found, Institution, Kind as What, State as Life};
use regie_people::journal::Entry;
use regie_people::{Page as Narrowed, Paging};
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Institutions = "/institutions";
    pub ExportInstitutions = "/institutions/export";
    pub NewInstitution = "/institutions/new";
    pub InstitutionPage { id: String } = "/institutions/{id}";
    pub InstitutionEdit { id: String } = "/institutions/{id}/edit";
    pub InstitutionAdvance { id: String, state: String } = "/institutions/{id}/advance/{state}";
    pub InstitutionAppoint { id: String } = "/institutions/{id}/administrator";
}

pub fn door() -> crate::door::Door<House> {
    crate::record_door!(
        Kind: Institutions, NewInstitution, InstitutionPage, InstitutionEdit, ExportInstitutions
    )
    .get(InstitutionAdvance::at(), ask)
    .post(InstitutionAdvance::at(), advance)
    .get(InstitutionAppoint::at(), whom)
    .post(InstitutionAppoint::at(), appoint)
}

pub(crate) struct Kind;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
}

fn state_chip(texts: Texts, state: Life) -> Chip {
    let tone = match state {
        Life::Preparing => Tone::Info,
        Life::Active => Tone::Ok,
        Life::Suspended => Tone::Warn,
        Life::Closed => Tone::Plain,
    };
    Chip::new(tone, texts.of("institution-state", state.code()))
}

impl Listing for Kind {
    type Asked = Wanted;
    type Line = Institution;
    const NAME: &'static str = "institutions";
    const TITLE: &'static str = "nav-institutions";

    fn place() -> String {
        Institutions {}.to_string()
    }

    fn export_place() -> String {
        ExportInstitutions {}.to_string()
    }

    fn keep(address: Address, asked: &Wanted) -> Address {
        address.keep("q", &asked.q)
    }

    async fn found(
        house: &House,
        me: &Me,
        asked: &Wanted,
        paging: Paging,
    ) -> Result<Narrowed<Institution>, Stop> {
        let all = institution::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
        Ok(listing::sliced(all, &asked_words(&asked.q), paging, |one: &Institution| {
            format!("{} {} {}", one.name, one.slug, or_none(&one.brin))
        }))
    }

    fn columns(me: &Me) -> Vec<Col<Institution>> {
        let texts = me.texts();
        vec![
            Col::new(texts.t("field-name"), Weight::Key, |one: &Institution| {
                Cell::link(one.name.clone(), InstitutionPage { id: one.id.to_string() })
            }),
            Col::text(texts.t("institution-kind"), Weight::Usual, move |one: &Institution| {
                texts.of("institution-kind", one.kind.code()).to_string()
            }),
            Col::text(texts.t("institution-slug"), Weight::Wide, |one: &Institution| one.slug.clone()),
            Col::text(texts.t("institution-brin"), Weight::Wide, |one: &Institution| or_none(&one.brin)),
            Col::new(texts.t("person-state"), Weight::Main, move |one: &Institution| {
                Cell::Chip(state_chip(texts, one.state))
            }),
        ]
    }

    fn row(one: &Institution) -> (String, String) {
        (one.id.to_string(), one.name.clone())
    }

    fn empty(texts: Texts) -> Empty {
        Empty::new("school", texts.t("institution-none"), texts.t("list-none-text"))
    }

    async fn narrowing(_: &House, me: &Me, asked: &Wanted, address: &Address) -> Result<Narrowing, Stop> {
        let texts = me.texts();
        let wishes =
            vec![listing::word(texts, "filter-show"), listing::search(texts, "institution-search", &asked.q)];
        Ok(Narrowing { wishes, active: address.words().into_iter().collect() })
    }

    fn first(me: &Me) -> Option<Button> {
        me.may(Action::ManageInstitutions)
            .then(|| Button::link(me.texts().t("institution-add"), NewInstitution {}).icon("plus").primary())
    }
}

/// A new institution as a form describes it; of one that stands only some may change.
pub(crate) struct Described {
    id: InstitutionId,
    slug: String,
    name: String,
    kind: What,
    brin: Option<String>,
    home_organization: Option<String>,
}

impl Record for Kind {
    type Id = InstitutionId;
    type Now = Institution;
    type Input = Described;
    const ACTION: Action = Action::ManageInstitutions;
    const LIST: &'static str = "nav-institutions";
    const ADD: &'static str = "institution-add";

    fn place(spot: Spot<'_>) -> String {
        match spot {
            Spot::List => Institutions {}.to_string(),
            Spot::New => NewInstitution {}.to_string(),
            Spot::One(id) => InstitutionPage { id: id.into() }.to_string(),
            Spot::Edit(id) => InstitutionEdit { id: id.into() }.to_string(),
        }
    }

    fn name(one: &Institution) -> String {
        one.name.clone()
    }

    fn version(one: &Institution) -> i64 {
        one.version
    }

    fn active(_: &Institution) -> Option<bool> {
        None
    }

    fn chip(texts: Texts, one: &Institution) -> Option<Chip> {
        Some(state_chip(texts, one.state))
    }

    fn shown(one: &Institution) -> Filled {
        Filled::of([
            ("name", one.name.clone()),
            ("brin", or_none(&one.brin)),
            ("home_organization", or_none(&one.home_organization)),
        ])
    }

    fn fresh(_: &Me, _: &Asked) -> Filled {
        Filled::of([("kind", What::School.code().into())])
    }

    async fn fields(_: &House, me: &Me, known: Option<&Institution>) -> Result<Vec<Field>, Stop> {
        let texts = me.texts();
        let mut fields = vec![Field::text(texts, "name", texts.t("field-name"))];
        if known.is_none() {
            let kinds = [What::School, What::Cooperative, What::Supplier, What::ExamBureau];
            let kinds = kinds.map(|kind| Choice::new(kind.code(), texts.of("institution-kind", kind.code())));
            fields.push(
                Field::text(texts, "slug", texts.t("institution-slug"))
                    .hint(texts.t("institution-slug-hint"))
                    .short(),
            );
            fields.push(Field::radios(texts, "kind", texts.t("institution-kind"), kinds.into()));
        }
        fields.push(Field::text(texts, "brin", texts.t("institution-brin")).optional().short());
        fields.push(
            Field::text(texts, "home_organization", texts.t("institution-home"))
                .hint(texts.t("institution-home-hint"))
                .optional(),
        );
        Ok(fields)
    }

    fn read(
        texts: Texts,
        filled: &Filled,
        id: InstitutionId,
        known: Option<&Institution>,
    ) -> Result<Described, Faults> {
        let mut reading = filled.reading(texts);
        let kind = match known {
            Some(known) => Some(known.kind),
            None => reading.code("kind", |code| What::from_code(code).filter(|kind| *kind != What::Platform)),
        };
        reading.end(kind.map(|kind| Described {
            id,
            slug: filled.text("slug").into(),
            name: filled.text("name").into(),
            kind,
            brin: filled.maybe("brin"),
            home_organization: filled.maybe("home_organization"),
        }))
    }

    async fn see(db: &Db, caller: &Caller, id: InstitutionId) -> Result<Institution, regie_people::Error> {
        institution::look(db, caller, id).await
    }

    async fn add(db: &Db, caller: &Caller, input: Described) -> Result<InstitutionId, regie_people::Error> {
        let allowed = institution::operator(db, caller).await?;
        let Described { id, slug, name, kind, brin, home_organization } = input;
        institution::found(db, &allowed, Found { id, slug, name, kind, brin, home_organization }).await
    }

    async fn edit(
        db: &Db,
        caller: &Caller,
        input: Described,
        version: i64,
        _: bool,
    ) -> Result<(), regie_people::Error> {
        let allowed = institution::operator(db, caller).await?;
        let Described { id, name, brin, home_organization, .. } = input;
        institution::edit(db, &allowed, Edit { id, version, name, brin, home_organization }).await
    }

    async fn blocks(_: &House, me: &Me, _: &str, one: &Institution, _: &Asked) -> Result<Vec<Block>, Stop> {
        let texts = me.texts();
        let dash = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".into());
        Ok(vec![Block::facts(
            texts.t("person-facts"),
            vec![
                Fact::new(
                    texts.t("institution-kind"),
                    texts.of("institution-kind", one.kind.code()).to_string(),
                ),
                Fact::new(texts.t("institution-slug"), one.slug.clone()),
                Fact::new(texts.t("institution-brin"), dash(&one.brin)),
                Fact::new(texts.t("institution-home"), dash(&one.home_organization)),
            ],
        )])
    }

    fn acts(me: &Me, id: &str, one: &Institution) -> Vec<Button> {
        let texts = me.texts();
        if one.kind == What::Platform {
            return Vec::new();
        }
        let steps = Life::ALL.into_iter().filter(|next| one.state.may_become(*next));
        let mut acts: Vec<Button> = steps
            .map(|next| {
                let place = InstitutionAdvance { id: id.into(), state: next.code().into() };
                Button::link(texts.of("institution-to", next.code()), place)
            })
            .collect();
        if one.state.is_open() {
            let place = InstitutionAppoint { id: id.into() };
            acts.push(Button::link(texts.t("institution-appoint"), place).icon("user-plus"));
        }
        acts
    }

    async fn history(db: &Db, caller: &Caller, id: InstitutionId) -> Result<Vec<Entry>, regie_people::Error> {
        institution::history(db, caller, id).await
    }
}

async fn question(
    house: &House,
    me: &Me,
    at: &InstitutionAdvance,
    filled: &Filled,
    faults: Faults,
) -> Result<(FormView, Life), Stop> {
    let texts = me.texts();
    let next = Life::from_code(&at.state).ok_or(Error::NotFound)?;
    let one = institution::look(&house.db, me.caller(), id_of(&at.id)?).await;
    let one = one.map_err(|error| me.stop(error))?;
    let title = texts.of("institution-to", next.code()).to_string();
    let back = InstitutionPage { id: at.id.clone() };
    let page = Page::new(me.viewer.clone(), title.clone())
        .under(texts.t("nav-institutions"), Institutions {})
        .under(one.name.clone(), &back);
    let field = Field::area(texts, "reason", texts.t("field-reason")).hint(texts.t("question-reason-hint"));
    let about = texts.of("institution-to-about", next.code()).with("name", one.name).to_string();
    let view = FormView::new(house, me, page, at, back, vec![filled.put(field)], faults)
        .about(about)
        .submit(title, !next.is_open());
    Ok((view, next))
}

async fn ask(
    State(house): State<House>,
    me: Me,
    Path(at): Path<InstitutionAdvance>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::ManageInstitutions)?;
    Ok(View::new(question(&house, &me, &at, &Filled::default(), Faults::none(me.texts())).await?.0))
}

async fn advance(
    State(house): State<House>,
    me: Me,
    Path(at): Path<InstitutionAdvance>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::ManageInstitutions)?;
    let (_, next) = question(&house, &me, &at, &filled, Faults::none(me.texts())).await?;
    let caller = filled.caller(&me);
    let allowed = institution::operator(&house.db, &caller).await.map_err(|error| me.stop(error))?;
    let done = institution::advance(&house.db, &allowed, id_of(&at.id)?, next, filled.text("reason")).await;
    let faults = match done {
        Ok(()) => return Ok(to(InstitutionPage { id: at.id })),
        Err(error) => fault(me.texts(), error)?,
    };
    Ok(View::invalid(question(&house, &me, &at, &filled, faults).await?.0).into_response())
}

async fn person_form(
    house: &House,
    me: &Me,
    at: &InstitutionAppoint,
    filled: &Filled,
    faults: Faults,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let one = institution::look(&house.db, me.caller(), id_of(&at.id)?).await;
    let one = one.map_err(|error| me.stop(error))?;
    let back = InstitutionPage { id: at.id.clone() };
    let page = Page::new(me.viewer.clone(), texts.t("institution-appoint"))
        .under(texts.t("nav-institutions"), Institutions {})
        .under(one.name.clone(), &back);
    let fields = vec![
        filled.put(Field::text(texts, "given_name", texts.t("field-given_name"))),
        filled.put(Field::text(texts, "prefix", texts.t("field-prefix")).optional().short()),
        filled.put(Field::text(texts, "family_name", texts.t("field-family_name"))),
        filled.put(Field::email(texts, "mail", texts.t("field-mail")).autocomplete("off")),
    ];
    Ok(FormView::new(house, me, page, at, back, fields, faults)
        .about(texts.t("institution-appoint-about").with("name", one.name).to_string())
        .submit(texts.t("institution-appoint"), false))
}

async fn whom(
    State(house): State<House>,
    me: Me,
    Path(at): Path<InstitutionAppoint>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::ManageInstitutions)?;
    Ok(View::new(person_form(&house, &me, &at, &Filled::default(), Faults::none(me.texts())).await?))
}

async fn appoint(
    State(house): State<House>,
    me: Me,
    Path(at): Path<InstitutionAppoint>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::ManageInstitutions)?;
    let at_institution: InstitutionId = id_of(&at.id)?;
    let caller = filled.caller(&me);
    let allowed = institution::operator(&house.db, &caller).await.map_err(|error| me.stop(error))?;
    let input = Appoint {
        institution: at_institution,
        person: house.new_id(),
        role: house.new_id(),
        given_name: filled.text("given_name").into(),
        prefix: filled.maybe("prefix"),
        family_name: filled.text("family_name").into(),
        mail: filled.text("mail").into(),
    };
    let faults = match institution::appoint(&house.db, &allowed, input).await {
        Ok(person) => {
            // A second sending of the form finds the same person, who is then invited by the latest link.
            let plain =
                institution::operator(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
            regie_signin::invite_first(
                &house.db,
                &plain,
                &*house.clock,
                &*house.random,
                at_institution,
                person,
            )
            .await
            .map_err(|error| me.stop(error))?;
            return Ok(to(InstitutionPage { id: at.id }));
        }
        Err(error) => fault(me.texts(), error)?,
    };
    Ok(View::invalid(person_form(&house, &me, &at, &filled, faults).await?).into_response())
}
