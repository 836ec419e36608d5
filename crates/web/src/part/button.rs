//! Buttons: one primary action per view, words first, an icon beside them.

use super::draws_itself;
use askama::Template;

/// How much weight a button has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Look {
    /// The one thing to do here.
    Primary,
    #[default]
    Second,
    /// For actions beside others, without a frame.
    Quiet,
    /// Ends or removes something; the primary action of its own page.
    Danger,
    /// Leads to such a page.
    DangerSecond,
}

impl Look {
    const fn class(self) -> &'static str {
        match self {
            Look::Primary => "utrecht-button--primary-action",
            Look::Second => "utrecht-button--secondary-action",
            Look::Quiet => "utrecht-button--subtle",
            Look::Danger => "utrecht-button--primary-action utrecht-button--danger",
            Look::DangerSecond => "utrecht-button--secondary-action utrecht-button--danger",
        }
    }
}

/// What pressing it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// Goes to a place.
    Link(String),
    /// Sends the form it stands in, with this name and value if it has one.
    Submit(Option<(String, String)>),
    /// A form of its own: action, token, hidden fields.
    Post { action: String, csrf: String, fields: Vec<(String, String)> },
}

/// A button, or a link that looks like one.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/button.html")]
pub struct Button {
    pub label: String,
    pub to: To,
    pub look: Look,
    pub icon: Option<&'static str>,
    pub small: bool,
    pub wide: bool,
    pub icon_only: bool,
    pub disabled: bool,
    pub busy: bool,
}

draws_itself!(Button);

impl Button {
    fn new(label: impl Into<String>, to: To) -> Self {
        Self {
            label: label.into(),
            to,
            look: Look::default(),
            icon: None,
            small: false,
            wide: false,
            icon_only: false,
            disabled: false,
            busy: false,
        }
    }

    pub fn link(label: impl Into<String>, href: impl ToString) -> Self {
        Self::new(label, To::Link(href.to_string()))
    }

    pub fn submit(label: impl Into<String>) -> Self {
        Self::new(label, To::Submit(None)).primary()
    }

    /// Sends the form it stands in and says which of its buttons was pressed.
    pub fn submit_as(label: impl Into<String>, name: &str, value: &str) -> Self {
        Self::new(label, To::Submit(Some((name.to_owned(), value.to_owned()))))
    }

    /// A form of its own with nothing to fill in.
    pub fn post(label: impl Into<String>, action: impl ToString, csrf: &str) -> Self {
        Self::new(label, To::Post { action: action.to_string(), csrf: csrf.to_owned(), fields: Vec::new() })
    }

    /// Adds a hidden field to a button that posts.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        if let To::Post { fields, .. } = &mut self.to {
            fields.push((name.to_owned(), value.to_string()));
        }
        self
    }

    #[must_use]
    pub fn primary(mut self) -> Self {
        self.look = Look::Primary;
        self
    }

    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.look = Look::Quiet;
        self
    }

    #[must_use]
    pub fn danger(mut self) -> Self {
        self.look = Look::Danger;
        self
    }

    #[must_use]
    pub fn danger_second(mut self) -> Self {
        self.look = Look::DangerSecond;
        self
    }

    #[must_use]
    pub fn icon(mut self, icon: &'static str) -> Self {
        self.icon = Some(icon);
        self
    }

    #[must_use]
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }

    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// Shows the icon alone, for dense rows; the label stays for who does not see it.
    #[must_use]
    pub fn icon_only(mut self) -> Self {
        self.icon_only = true;
        self
    }

    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }

    #[must_use]
    pub fn busy(mut self) -> Self {
        self.busy = true;
        self.disabled = true;
        self
    }

    fn class(&self) -> String {
        let mut class = format!("utrecht-button {}", self.look.class());
        for (is, name) in [
            (self.small, " button--small"),
            (self.wide, " button--wide"),
            (self.icon_only, " button--icon"),
            (self.busy, " utrecht-button--busy"),
            (self.disabled, " utrecht-button--disabled"),
        ] {
            if is {
                class.push_str(name);
            }
        }
        class
    }
}
