# The frame around every page.
skip-to-content = Skip to content
nav-label = Main menu
nav-menu = Menu
nav-close = Close the menu
nav-waiting = waiting for you
crumbs-label = Where you are
find-label = Search
find-hint = Find person, group, programme, company or room
notices-link = { $count ->
    [0] Notices, none new
    [one] Notices, 1 new
   *[other] Notices, { $count } new
}
me-menu = your menu
me-roles = Work as
me-account = Your account
me-sign-out = Sign out
language-label = Language
theme-label = Colours
theme-auto = Automatic
theme-light = Light
theme-dark = Dark
plain-foot = Regie, the open exam platform for vocational schools
live-off = The connection is gone. What you see may be out of date. We keep trying.
word-close = Close
word-unreachable = That did not work: the server does not answer. Try again in a moment.
date-today-at = today { $time }
date-tomorrow-at = tomorrow { $time }
date-yesterday-at = yesterday { $time }
nav-persons = People and groups
nav-learning = Teaching
nav-rules = Rules and proof
