# Importing from a file, and taking lists away as a file.
nav-imports = Import
import-new = Import a file
import-new-sub = Nothing changes before you have seen what will happen.
import-none = Nothing imported yet
import-none-text = Import people, groups, needs, teams or rooms from Excel or CSV.
import-file = File
import-state = Status
import-rows = Rows
import-when = When
import-kind = What does it hold?
import-kind-students = Students
import-kind-staff = Staff
import-kind-externals = External people
import-kind-units = Teams
import-kind-campuses = Campuses
import-kind-rooms = Rooms
import-key-students = Known by the student number.
import-key-staff = Known by the staff number.
import-key-externals = Known by the mail address.
import-key-units = Known by the team's code.
import-key-campuses = Known by the code.
import-key-rooms = Known by campus and room code.
import-file-hint = Headers in the first row, one row for each below.
import-file-limit = .xlsx, .ods or .csv, { $most } MB at most
import-file-none = Choose a file first.
import-upload-broken = The file did not arrive whole. Try again.
import-upload = Continue
import-templates = Templates
import-templates-text = An empty workbook with the right headers, explanation and drop-down lists.
import-steps = Steps of the import
import-step-file = File
import-step-columns = Columns
import-step-preview = Check
import-step-done = Carried out
import-columns-title = Which column is what?
import-columns-sub = { $file } · { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
}
import-not-in-file = not in the file
import-why-remembered = The school chose it so the last time.
import-why-like = { $percent }% like this header: have a look.
import-no-rows = There is not one row below the headers.
import-sheet = Sheet
import-header-row = Row with the headers
import-elsewhere = The headers stand somewhere else
import-look-again = Look there
import-column-needed = Choose which column of the file this is.
import-check = Check the rows
import-back-to-columns = Back to the columns
import-file-gone = The file that was handed in is no longer there. Hand it in again.
import-state-mapping = Choosing columns
import-state-judging = Working
import-state-judged = Ready to carry out
import-state-done = Carried out
import-state-cancelled = Cancelled
import-state-failed = Failed
import-count-new = { $count } new
import-count-changed = { $count } changed
import-count-same = { $count } the same
import-count-refused = { $count } refused
import-tab-new = New
import-tab-changed = Changed
import-tab-same = The same
import-tab-refused = Refused
import-tab-missing = Not in the file
import-tabs = Rows by outcome
import-judging = Rows are being checked
import-doing-reading = Reading the file
import-doing-judging = Comparing with what stands
import-cancel = Cancel
import-carry-out = { $count ->
    [one] Carry out { $count } row
   *[other] Carry out { $count } rows
}
import-done = Carried out: { $added } added, { $changed } changed. { $refused ->
    [0] No row was refused.
    [one] One refused row was not carried out.
   *[other] { $refused } refused rows were not carried out.
}
import-some-refused = { $count ->
    [one] One row cannot be carried out; the reason stands beside it. The others can.
   *[other] { $count } rows cannot be carried out; the reason stands beside each. The others can.
}
import-failed = This file could not be imported
import-cancelled = This import was cancelled. Nothing has changed.
import-about = About whom or what
import-row = Row
import-row-name = Row { $row }
import-what = What changes
import-why = Why it cannot be
import-filter = Show rows with
import-search = name, number or code
import-rows-none = No rows
import-rows-none-text = There is nothing to look at here.
import-place-column = Column { $letters }{ $header ->
    [none] { "" }
   *[other] { " " }({ $header })
}
import-value-true = yes
import-value-false = no
import-value-active = active
import-value-inactive = not active

# Why a row cannot be.
import-repeated = “{ $value }” also stands in row { $row }. Keep one of the two.
import-ambiguous = “{ $value }” can mean more than one. Change this on its own page.
import-number-zeros = { $value } is unknown, but { $known } exists: the sheet dropped the zero. Format the column as text.
import-person-out-of-reach = This number belongs to somebody outside your part of the school.
import-unit-unknown = There is no team “{ $value }”. Use the code or the name of a team that exists.
import-unit-out-of-reach = The team “{ $value }” lies outside your part of the school.
import-unit-needed = Fill in a team: you work for a part of the school.
import-unit-moved = A team cannot be moved by a file.
import-campus-unknown = There is no campus “{ $value }”. Import the campuses first.
import-company-unknown = There is no company “{ $value }”. Add the company first.
import-id-check-secret = This person's name for the ID check is secret and does not come from a file.

told-import-not-now = This is no longer possible: this import is { $state }.
told-import-stale = The school changed since this check. The rows are checked anew; look again then.
told-import-nothing = There is nothing to carry out: not one row changes anything.
told-import-column-missing = Choose which column of the file this is: { $column }.
kind-import = This import

# The columns.
column-number = Number
column-given_name = First name
column-prefix = Prefix
column-family_name = Last name
column-id_check_name = Name on the document
column-mail = Mail address
column-phone = Phone
column-born = Date of birth
column-unit = Team
column-company = Company
column-code = Code
column-name = Name
column-parent = Belongs to
column-street = Street
column-city = City
column-campus = Campus
column-seats = Seats
column-device_seats = Seats with a device
column-secure = Secure
column-accessible = Accessible
column-opens = Open from
column-closes = Open until
column-state = Status
column-help-number = The number from the school's own administration, with its leading zeros.
column-help-given_name = The name somebody is called by.
column-help-prefix = De, van der, el; empty when there is none.
column-help-family_name = The last name without prefix.
column-help-id_check_name = The name on the identity document, when it is another one. Empty leaves what stands.
column-help-mail = The mail address at school.
column-help-phone = The phone number.
column-help-born = Day, month and year.
column-help-unit = The team's code or name.
column-help-company = The company's name.
column-help-code = The short code; it is known by it.
column-help-name = The name as people know it.
column-help-parent = The code of the team or college it belongs to.
column-help-street = Street and number.
column-help-city = The city.
column-help-campus = The campus's code or name.
column-help-seats = How many students can sit an exam there.
column-help-device_seats = How many of those seats have a device.
column-help-secure = Fit for a secured exam.
column-help-accessible = Can be reached in a wheelchair.
column-help-opens = From when the room is open.
column-help-closes = Until when the room is open.

# Taking lists away.
export-xlsx = Excel (.xlsx)
export-csv = CSV
event-import-begun = File handed in
event-import-mapped = Columns chosen
event-import-cancelled = Import cancelled
event-import-failed = Import failed
event-import-carriedOut = File imported
event-import-exported = Rows of a file taken away

# Merging and removing.
merge-act = Merge
merge-title = Merge { $name }
merge-sub = Two records of the same person become one.
merge-other = The other record:
merge-others = People who may be the same
merge-none = Nobody looks like this person
merge-none-text = Search the other record by name or number.
merge-keep = Which record stays?
merge-keep-hint = What is empty there comes from the other. Roles, groups, enrolments and needs come along.
merge-reason-hint = The journal keeps this reason.
merge-undo = It can be undone by hand: the journal names everything that moved and what stood before.
merge-do = Merge
erase-do = Remove personal data
erase-title = Remove the personal data of { $name }?
erase-what-goes = Name, numbers, mail address, phone, date of birth, needs, the account and all that the journal said about this person disappear.
erase-what-stays = An empty place without a name stays, so that groups and the results of others remain right. The journal says that this was done, by whom and why.
erase-no-way-back = This cannot be undone.
erase-name = Removed person
told-merge-with-itself = Choose another record: this is the same one.
told-merge-kinds = A student, staff and somebody from outside are different records.
event-person-merged = Records merged
event-person-erased = Personal data removed
event-people-exported = List of people taken away
event-journal-erased = Lines of the journal emptied
journal-field-mergedInto = Merged into
journal-field-mergedFrom = Merged from
import-kind-companies = Companies
import-kind-groups = Groups
import-kind-members = Who is in which group
import-kind-enrolments = Enrolments in programmes
import-kind-needs = Needs
import-kind-roles = Roles
import-key-companies = Recognised by the code of the company, or by its name.
import-key-groups = Recognised by code and first day.
import-key-members = Recognised by group and number. Who is not in the file stays in the group.
import-key-enrolments = Recognised by student and programme of a year.
import-key-needs = Recognised by student and kind. A file grants; withdrawing is done with the student.
import-key-roles = Recognised by person, role and team. A file gives roles; withdrawing is done with the person.
import-person-unknown = There is nobody with “{ $value }”. Import the people first.
import-group-unknown = There is no group “{ $value }” on that day. Import the groups first.
import-group-out-of-reach = The group “{ $value }” lies outside your part of the school.
import-offering-unknown = There is no programme of a year with the code “{ $value }”.
import-offering-out-of-reach = The programme “{ $value }” belongs to a team outside your part of the school.
import-days-unknown = “{ $value }” are no days of school. Write for example: mo, fr.
import-extra-twice = Fill in one of the three: minutes, percent or unlimited.
import-need-stands = This student has this need at that time already, with something else in it. Withdraw that one first.
import-role-stands = This person has this role at that time already, on other days. Withdraw that one first.
column-offering = Programme of a year
column-begins = First day
column-ends = Last day
column-school_days = Days of school
column-exam_only = Exams only
column-group = Group
column-person = Number or mail address
column-part = As
column-need = Need
column-minutes = Extra minutes
column-percent = Extra percent
column-unlimited = Unlimited time
column-description = Description
column-only_for = Only for
column-role = Role
column-help-offering = The code of the programme in the year in which the student began.
column-help-begins = The first day.
column-help-ends = The last day. Empty means until further notice.
column-help-school_days = With BBL only: on which days the student is at school.
column-help-exam_only = Yes when the student only takes exams.
column-help-group = The code of the group.
column-help-person = The student number, staff number or mail address.
column-help-part = Student or teacher. Empty is what fits the person.
column-help-need = What the exam committee granted.
column-help-minutes = With extra time: how many minutes more.
column-help-percent = With extra time: which share of the duration more.
column-help-unlimited = With extra time: without an end.
column-help-description = What it means for who prepares the exam. No medical data.
column-help-only_for = Only for this kind of test. Empty is for all.
column-help-role = What somebody works as.
