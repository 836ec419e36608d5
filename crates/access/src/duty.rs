//! Separation of duties, as data: what nobody may do to themselves, or after having done something else.

use crate::Action;

/// One rule. Every rule has a code that texts explain.
#[derive(Debug, Clone, Copy)]
pub struct Duty {
    pub code: &'static str,
    pub action: Action,
    pub when: When,
}

#[derive(Debug, Clone, Copy)]
pub enum When {
    /// The subject is the caller.
    OnOneself,
    /// The caller did one of these to the same subject before (names of journal lines).
    After(&'static [&'static str]),
}

pub const DUTIES: &[Duty] = &[
    Duty { code: "not-your-own-roles", action: Action::AssignRoles, when: When::OnOneself },
    Duty { code: "not-your-own-need", action: Action::GrantNeeds, when: When::OnOneself },
    Duty { code: "not-your-own-mandate", action: Action::GiveMandates, when: When::OnOneself },
    Duty { code: "not-merge-yourself", action: Action::MergePeople, when: When::OnOneself },
    Duty { code: "not-erase-yourself", action: Action::ErasePeople, when: When::OnOneself },
    Duty { code: "not-your-own-account", action: Action::ManageAccounts, when: When::OnOneself },
    // Who merged two people cannot also wipe the traces of the merge.
    Duty {
        code: "merged-not-erased-by-one",
        action: Action::ErasePeople,
        when: When::After(&["person.merged"]),
    },
    Duty {
        code: "drafted-not-published-by-one",
        action: Action::PublishRegulation,
        when: When::After(&["regulation.drafted", "regulation.edited"]),
    },
    // Every hand that was in a version: its maker, who wrote in it, and who handed it in.
    Duty {
        code: "author-not-approver",
        action: Action::ApproveInstruments,
        when: When::After(&["instrument.drafted", "instrument.edited", "instrument.submitted"]),
    },
    Duty {
        code: "asked-not-consented-by-one",
        action: Action::ConsentConstruction,
        when: When::After(&["construction.asked"]),
    },
];

pub fn duties(action: Action) -> impl Iterator<Item = &'static Duty> {
    DUTIES.iter().filter(move |duty| duty.action == action)
}
