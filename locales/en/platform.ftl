# What a school sets, sends and hears.
nav-manage = Manage
nav-deliveries = Undelivered
nav-mail = Mail
action-see-mail = Seeing sent mail
kind-mail = This mail
kind-deadLetter = This message
told-not-dead = This message no longer stands still. Somebody else dealt with it.
mail-guest = guest
mail-subject = Subject
mail-from = From
mail-to = To
mail-what = Kind
mail-when = When
mail-state = Status
mail-state-sent = Sent
mail-state-refused = Refused
mail-state-kept = In the cabinet
mail-said = What the mail server said
mail-none = No mail yet
mail-none-text = What Regie mailed will stand here, and whether it was taken.
mail-cabinet = This is a demo school: mail does not leave, it stays in this cabinet.
mail-not-kept = What this mail said was not kept. Some mail holds links that sign somebody in.
mail-html = With formatting
mail-plain = Plain text
mail-calendar = Appointment for the calendar
mail-name-dead-letter = Undelivered message
mail-name-invitation = Invitation
mail-name-need-expiring = Need about to expire
mail-name-password-changed = Password changed
mail-name-password-reset = New password
mail-name-second-factor-changed = Second step changed
mail-name-session-booked = Place in a session
delivery-what = Message
delivery-about = About
delivery-why = Why not
delivery-since = Since
delivery-attempts = Attempts
delivery-parked = Waiting behind it
delivery-event = Technical name
delivery-dead = Stopped at
delivery-dead-word = Stands still
delivery-facts = Facts
delivery-holds = What it holds
delivery-none = Everything was delivered
delivery-none-text = When a message fails twelve times, you see it here.
delivery-parks = A message that stands still holds back later messages about the same subject. Repair the cause and try again.
delivery-retry = Try again
delivery-drop = Drop
delivery-drop-title = Drop “{ $what }”?
delivery-drop-lost = This message about { $about } will never be sent. That cannot be undone.
delivery-drop-rest = { $count ->
    [0] Nothing waits behind it.
    [one] 1 message waits behind it and goes on afterwards.
   *[other] { $count } messages wait behind it and go on afterwards.
}
work-deliveries = { $count ->
    [one] Look at 1 message that stands still
   *[other] Look at { $count } messages that stand still
}
work-deliveries-context = The oldest since { $since }. Later messages wait behind it.
work-deliveries-action = Look
event-mail-sent = Mail sent
event-mail-refused = Mail refused by the mail server
event-mail-kept = Mail put in the cabinet
event-outbox-died = Delivery stopped
event-outbox-retried = Tried again
event-outbox-dropped = Dropped
# Settings of the school.
nav-settings = Settings
kind-setting = This setting
field-value = Value
setting-sub = The rules of your school. A change holds for all that begins afterwards; a running period keeps its own rules.
setting-find = Find a setting about
setting-search = word from name or help
setting-name = Setting
setting-value = Value
setting-default = Default
setting-owner = Who may change this
setting-allowed = Possible
setting-change = Change
setting-differs = Other than the default
setting-same = Default
setting-empty = not filled
setting-none = No setting found
setting-none-text = Try another word.
setting-all = Show all settings
setting-reason = Why
setting-reason-hint = Will stand in the history.
setting-between = from { $least } to { $most }
setting-line = one line of at most { $most } characters, or empty
setting-address = a mail address, or empty
setting-group-sign-in = Signing in
setting-group-mail = Mail
setting-group-pages = Pages
setting-group-access = Access
setting-unit-times = { $count } times
setting-unit-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
setting-unit-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
setting-unit-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
setting-word-times = times
setting-word-minutes = minutes
setting-word-hours = hours
setting-word-days = days
setting-choice-yes = yes
setting-choice-no = no
setting-choice-nl = Dutch
setting-choice-en = English
setting-choice-browser = as the browser is set
setting-choice-given-first = Noor de Vries
setting-choice-family-first = Vries, Noor de
setting-name-second-factor-staff = Second step for staff
setting-help-second-factor-staff = Whoever is more than student or parent signs in with a password and a code.
setting-name-sign-in-failures = Attempts before the lock
setting-help-sign-in-failures = After so many wrong passwords in a row an account is locked.
setting-name-sign-in-lock = Length of the lock
setting-help-sign-in-lock = So long an account stays locked then.
setting-name-idle-staff = Signing out when idle, staff
setting-help-idle-staff = Without a click, staff are signed out after this time.
setting-name-idle-student = Signing out when idle, students
setting-help-idle-student = Longer than the longest test, so that nobody is signed out during an exam.
setting-name-sign-in-hours = Signing in again
setting-help-sign-in-hours = After this time you sign in again, even while working.
setting-name-reset-hours = Link for a new password
setting-help-reset-hours = So long the link in the mail works.
setting-name-invitation-days = Invitation
setting-help-invitation-days = So long the link works by which somebody from outside makes an account.
setting-name-mail-sender = Name of the sender
setting-help-mail-sender = This name stands above every mail. Empty is the name of the school.
setting-name-mail-reply = Address for answers
setting-help-mail-reply = Whoever answers a mail writes to this address.
setting-name-mail-language = Language of mail
setting-help-mail-language = For whoever chose no language.
setting-name-page-language = Language of pages
setting-help-page-language = For whoever chose no language.
setting-name-name-order = Names in lists
setting-help-name-order = Given name first or family name first.
setting-name-auditor-days = Access of an auditor
setting-help-auditor-days = So long an auditor or inspector may look at most.
told-setting-not-yes-no = Choose yes or no.
told-setting-not-whole = Fill in a whole number from { $least } to { $most }.
told-setting-not-one-of = Choose one of the possibilities.
told-setting-not-line = Fill in one line of at most { $most } characters.
told-setting-not-address = Fill in a mail address, such as exams@school.nl, or leave this empty.
event-setting-changed = Setting changed
told-auditor-too-long = An auditor looks for at most { $days } days. Choose an end within them.
