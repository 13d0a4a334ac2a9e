# Exports
export = Export
export-these = What the filter gives
export-these-text = Excel, the columns of the page, numbers covered
export-with-ids = With whole ID numbers
export-with-ids-text = Needs a purpose and a second person's approval
exports = Exports and approvals
exports-text = Own requests, and those that wait for me
exports-sub = Exports above the limit or with whole numbers need a second person. A file can be fetched for 24 hours.
exports-own = My requests
exports-none = No export has been asked for
exports-waiting = Waiting for my decision
exports-none-waiting = No export waits for approval
export-title = Export a list of children
export-sub = Once a list leaves the system, the system no longer protects it. Take out what is needed, and delete it after use.
export-back = Back to the ledger
export-what = What is exported
export-everybody = All children of compulsory age
export-numbers = ID numbers
export-masked = Numbers covered in the middle
export-full = Whole ID numbers
export-purpose = Purpose
export-purpose-hint = Say for what, such as “household visits in Wuli, September”. It is printed on every page and kept in the audit.
export-purpose-wrong = Say for what: 4 to 120 characters.
export-second = More than { $most } children in an hour, or whole ID numbers: a second person must approve before the file is made.
export-at-once = Few children and covered numbers: the file can be made at once.
export-none = The filter gives no children that you may export.
export-do = { $n ->
    [one] Export { $shown } child
   *[other] Export { $shown } children
}
export-busy = Making the file
export-rules = How exports work
export-rule-columns = An Excel file with the columns of the page; every cell is text, none a formula.
export-rule-lock = The file is in an encrypted archive; its passphrase is shown once, and it ends after 24 hours.
export-rule-mark = Every page says who took it out, when and for what; an unseen mark in the order of the rows tells it of an excerpt.
export-rule-log = Who exported which children when is kept in the audit, child by child.
export-made = The file is made
export-pass = Passphrase
export-pass-once = The passphrase is shown here once and kept nowhere. Write it down now; keep it and send it apart from the file. Whoever loses it asks again.
export-until = To be fetched until
export-open-how = The archive is encrypted with AES-256; 7-Zip, WinRAR, Bandizip and the like open it, the file manager of Windows may not.
export-fetch = Download
export-no = No.
export-who = Asked by
export-list = List
export-decide = Decision
export-next = Next
export-approve = Approve
export-refuse = Refuse
export-why-not = Why it is refused
export-withdraw = Take back
export-make = Make the file
export-waiting = Waits for approval
export-approved = May be made
export-refused = Refused
export-withdrawn = Taken back
export-ready = Ready
export-over = Ended
act-AskExport = asked for an export
act-ApproveExport = approved an export
act-RefuseExport = refused an export
act-BulkLimit = opened too many children in an hour
trouble-too-many-pages = Too many children opened in an hour
trouble-too-many-pages-text = To protect children, the pages about single children that can be opened in an hour are limited, and this was kept in the audit. Try again later; for a whole list use “Export” on the ledger.
trouble-too-many-listed = Too many children listed in an hour
trouble-too-many-listed-text = To protect children, the number of children that lists show in an hour is limited, and this was kept in the audit. Narrow the search or try again later; for a whole list use “Export” on the ledger.
trouble-too-many-exports = There is a request already
trouble-too-many-exports-text = One export that needs approval can be asked for in an hour, those that still wait included. Take the other one back, or ask later.
trouble-gone = The file is gone
trouble-gone-text = Exported files are kept for 24 hours and then deleted. Ask again when it is needed.
trouble-export-format = There is no such format
trouble-export-format-text = For now lists are exported as Excel (xlsx).
trouble-export-reason = No reason was given
trouble-export-reason-text = Say why it is refused, so that whoever asked knows what to change. Nothing was changed.
trouble-export-state = The request has changed
trouble-export-state-text = Somebody has decided it, or its time is over. Look at the list of exports.
trouble-export-empty = No child that you may export is left
trouble-export-empty-text = Your rights or the data have changed since you asked. Filter and ask again.
today-exports-waiting = { $n ->
    [one] { $n } export waits for your approval
   *[other] { $n } exports wait for your approval
}
today-exports-waiting-why = Somebody waits for the list; look at the purpose and at how many
verb-exports-waiting = Decide
today-exports-approved = { $n ->
    [one] { $n } export is approved
   *[other] { $n } exports are approved
}
today-exports-approved-why = Make the file and write down the passphrase before it ends
verb-exports-approved = Make the file
