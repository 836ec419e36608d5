# Why something is not possible: rules, rights and bad luck. The code of an error is the key.
told-no-caller = Sign in first.
told-not-in-role = { $action } does not belong to the role { $role }.
told-out-of-reach = { $action } is yours as { $role }, but not here: this lies outside your part of the school.
told-not-found = { $kind } does not exist, or is not for you to see.
told-not-your-own-roles = Nobody gives roles to themselves.
told-not-your-own-need = Nobody grants a need to themselves.
told-not-your-own-mandate = Nobody gives a mandate to themselves.
told-not-merge-yourself = Nobody merges their own record.
told-not-erase-yourself = Nobody removes their own data.
told-merged-not-erased-by-one = Who merged two persons does not also remove their data.
told-request-reused = This form was sent before with other contents. Open the page again.
told-changed-meanwhile = Someone else changed this meanwhile. Look first at how it stands now.
told-disk-full = The server's disk is full. Nothing was saved. Warn the administrator.
told-unavailable = The data cannot be reached for a moment. Nothing was saved. Try again shortly.
told-one-of = { $others } or { $last }

# What somebody does, as the start of a sentence.
action-see-people = Seeing people
action-edit-people = Changing people
action-import-people = Importing people
action-export-people = Exporting people
action-merge-people = Merging people
action-erase-people = Removing personal data
action-see-needs = Seeing needs
action-grant-needs = Granting needs
action-see-organisation = Seeing the organisation
action-edit-organisation = Changing the organisation
action-see-programs = Seeing programmes
action-edit-programs = Changing programmes
action-see-roles = Seeing roles
action-assign-roles = Assigning roles
action-give-mandates = Giving mandates
action-grant-access = Giving another organisation access
action-activate-modules = Switching modules on
action-see-settings = Seeing settings
action-edit-settings = Changing settings
action-edit-exam-rules = Changing exam rules
action-see-regulation = Seeing the exam regulation
action-edit-regulation = Changing the exam regulation
action-edit-texts = Changing texts
action-see-journal = Seeing the journal
action-see-deliveries = Seeing deliveries
action-mend-deliveries = Mending deliveries
action-manage-accounts = Managing accounts
action-manage-api-clients = Managing connections
action-manage-institutions = Managing institutions of the platform

# What it is about, as the start of a sentence.
kind-institution = This institution
kind-campus = This campus
kind-person = This person
kind-room = This room
kind-unit = This team
