# Words of the parts pages are made of.
as-table = Show as table
faults-title = { $count ->
    [one] There is 1 thing to correct
   *[other] There are { $count } things to correct
}
field-error = Error:
field-optional = may stay empty
history-empty = Nothing has happened yet.
history-more = Show everything that happened
list-active = Filters in force
list-apply = Show
list-clear = Clear all filters
list-count = { $shown } of { $total }
list-export = Export
list-filter = Filter the list
list-save-view = Save this view
list-tick = Choose { $name }
list-tick-all = Choose all rows on this page
list-ticked = Chosen:
list-views = Saved views
list-without = Remove:
pager-label = Pages
pager-next = Next
pager-page = Page { $page }
pager-previous = Previous
progress-count = { $done } of { $total }
progress-leave = you may leave this page
question-back = Back
question-reason = Reason
question-reason-hint = The reason stays in the journal.
refusal-lift = Who can lift it
refusal-nobody = Nobody: this rule is fixed.
refusal-rule = By this rule
step-done = done
timeline-extra = extra time until { $time }
timeline-scroll = { $title } as a timeline, continues to the right
timeline-state = State
timeline-time = Time
timeline-what = What
upload-drop = Drop a file here, or choose one
timeline-table = { $title } as a table
upload-choose = Choose a file
upload-none = No file chosen yet
