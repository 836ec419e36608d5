# Where something stands in a file
sheet-place-cell = { $sheet ->
    [none] { "" }
   *[other] Sheet { $sheet },{ " " }
}row { $row }, column { $letters }{ $header ->
    [none] { "" }
   *[other] { " " }({ $header })
}
sheet-place-row = row { $row }
sheet-place-line = line { $line }

# The file
sheet-file-empty = This file holds nothing. Choose a file with headers in its first row and the data below them.
sheet-file-too-large = This file is larger than { $most } MB. Remove pictures and unused sheets, or split it.
sheet-kind-unknown = This is not a spreadsheet. Hand in an .xlsx, .ods or .csv file.
sheet-kind-old = This is a workbook in the old .xls form. Open it in Excel or LibreOffice and save it as .xlsx.
sheet-encrypted = This workbook is locked with a password. Save it without one.
sheet-damaged = This workbook is damaged. Open it in Excel or LibreOffice and save it again.
sheet-archive-suspect = This workbook is packed unusually tightly and is therefore not opened. Open it in Excel or LibreOffice and save it again.
sheet-unpacks-too-large = This workbook unpacks to more than { $most } MB. Remove pictures and unused sheets, or split it.
sheet-encoding-broken = This file says it is in { $encoding } but holds characters that do not exist there. Save it as CSV UTF-8.
sheet-quote-unclosed = A quoted text opens here and never ends. Put a quotation mark behind it, or take the first one away.
sheet-not-found = This workbook has no sheet “{ $name }”. It has: { $names }.
sheet-too-many-rows = This sheet has more than { $most } rows. Split it.
sheet-too-many-columns = This sheet has more than { $most } columns. Remove what stands out of sight on the right.
sheet-too-many-cells = This sheet has more than { $most } filled cells. Split it.
sheet-too-much-text = This sheet holds more than { $most } MB of text. Split it.

# The headers
sheet-header-row-empty = There are no headers in this row. Choose the row they stand in.
sheet-column-without-header = This column has data but no header and is left out. Put a header above it.
sheet-header-repeated = This header also stands above column { $first }. Give one of the two another name.
sheet-column-missing = The column “{ $column }” is missing. Choose which column of the file it is, or add it.
sheet-column-used-twice = This column of the file was chosen for two things. Choose one.
sheet-key-unknown = “{ $column }” is nothing that can be imported here.
sheet-mapped-column-missing = Column { $letters } was chosen for “{ $column }”, but the file does not have it.
sheet-example-skipped = The example row of the template was left out.

# The cells
sheet-value-missing = This must be filled in.
sheet-formula-fault = The formula in this cell gives { $value }. Repair the formula or type the value.
sheet-cell-too-long = This cell holds { $chars } characters, which is too many. Shorten the text.
sheet-text-too-long = “{ $value }” has { $chars } characters; { $most } fit here.
sheet-text-control = This text holds an invisible control character ({ $sign }). Type the text again.
sheet-text-rounded = { $value } has so many digits that the spreadsheet has rounded it. Format the column as text and type the number again.
sheet-text-became-date = The spreadsheet has made a date or time of this text. Format the column as text and type it again.
sheet-whole-unreadable = “{ $value }” is not a whole number. Expected for example 30.
sheet-whole-out-of-range = { $value } is outside the bounds { $least } and { $most }.
sheet-decimal-unreadable = “{ $value }” is not a number. Expected for example 7,5.
sheet-decimal-ambiguous = “{ $value }” can be thousands or a fraction. Write it without points, with a comma before the decimals.
sheet-decimal-too-fine = { $value } has more decimals than the { $places } allowed here.
sheet-decimal-out-of-range = { $value } is outside the bounds { $least } and { $most }.
sheet-yes-no-unreadable = “{ $value }” is neither yes nor no.
sheet-date-unreadable = “{ $value }” is not a date. Expected for example 20-11-2026 or 2026-11-20.
sheet-date-short-year = “{ $value }” has a year of two digits. Write the year in full, as in 20-11-2026.
sheet-date-other-weekday = “{ $value }” names another day of the week than that date has. Correct the day or the date.
sheet-date-out-of-range = { $value } is not between { $first } and { $last }.
sheet-time-unreadable = “{ $value }” is not a time. Expected for example 09:30.
sheet-code-unknown = “{ $value }” is not in the list. Expected: { $allowed }.
sheet-code-ambiguous = “{ $value }” can mean more than one thing: { $allowed }. Use the code.

# The words in templates and lists
sheet-word-yes = yes
sheet-word-no = no
sheet-word-data = Data
sheet-word-explanation = Explanation
sheet-word-lists = Lists
sheet-word-column = Column
sheet-word-meaning = Meaning
sheet-word-required = Required
sheet-word-allowed = What it may hold
sheet-word-example = Example
sheet-word-text = text
sheet-word-whole = whole number
sheet-word-decimal = number
sheet-word-date = date, such as 20-11-2026
sheet-word-time = time, such as 09:30
sheet-word-about-example = The second row of the first sheet is an example. If it is left in, the import skips it.
