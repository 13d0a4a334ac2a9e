# Words of the pages, in English. Keys are shared with zh-CN/pages.ftl; a test holds them together.
app = School attendance workbench
brand = Baoxue
skip = Skip to the main part
menu = Main menu
demo = Demonstration: all data is synthetic, nobody in it is real
incident = Error number
to-start = To the first page
colon = {": "}
comma = {", "}
none = none
unknown = unknown
print = Print
find = Find
filter = Filter
filters = Filters

nav-today = Today
nav-map = Overview
nav-children = Children
nav-review = Review
nav-imports = Imports
nav-rules = Rules
nav-admin = Administration
nav-me = My settings
theme-dark = Dark
theme-light = Light

sign-in = Sign in
sign-out = Sign out
signing-in = Signing in
login-sub = With the account that the county gave you
login-name = Account
password = Password
show-password = Show the password
code = Code of the authenticator
code-hint = Leave it empty if your account has no authenticator
login-foot = Use a current browser; in 360, QAX and UOS browsers choose the fast mode.
login-duty = This system holds data of minors. Every look, export and change is kept and audited. Do not save your password on a shared computer.
login-refused = The account, password or code is wrong. What you typed as account is still here; please try again.
login-needs-code = This account has an authenticator: please give its code.
login-wait = Too many attempts: please wait { $n ->
    [one] one second
   *[other] { $n } seconds
  }.
motto = Not one child less
motto-2 = Two duty lines, one plan for each household, one file for each child

trouble-not-found = Not found
trouble-not-found-text = There is nothing here that you may see. The address may be wrong, or the child is not in your area; if you need to help with it, ask the county education bureau.
trouble-not-yours = Somebody else does this
trouble-not-yours-text = Your post has no right to this. If your work needs it, ask the administrator of your unit.
trouble-sign-in-again = Your session has ended
trouble-sign-in-again-text = Please sign in again and come back to this page.
trouble-foreign = Not sent
trouble-foreign-text = This request did not come from a page of this system. Please reload the page and try again; copy what you typed first.
trouble-too-long = Too long
trouble-too-long-text = What you sent is above the limit and was not saved. Please send less.
trouble-form = The form is not complete
trouble-form-text = Something that is needed did not arrive. Please go back, check and send again.
trouble-address = A wrong address
trouble-address-text = A part of this address cannot be read. Please open the page from the menu.
trouble-broken = Not done
trouble-broken-text = Something failed inside the system; no data was changed. Please tell the administrator the error number below.

held-title = Your session has ended, and what you sent was not taken
held-text = What you typed is still on this page. Please sign in again; one click sends it then. Until then do not close or reload this page.
held-copy = What you typed is still on this page: please copy it. It cannot be sent again after signing in, since nobody can tell who typed it.
held-files = Files and pictures were not kept: it is sent without them, please add them afterwards.
held-cut = It was too long to be kept as a whole; go back in your browser and send it in parts.
held-typed = What you typed
again-title = Send it again
again-sub = This has not been taken yet. Please read it; one click sends it.
again-copy = This was not taken. Please copy it and go back to the page where you typed it.
again-foreign = This was typed under another account: it cannot be sent under yours, and is not shown.
again-go = Send again
again-not = Do not send, go back to the page
again-back = Back to the page
step-up-held = What you typed is kept; after the code one click sends it.

search-label = Search children
search-short = Name / pinyin / last digits
search-long = Name, pinyin (whyu), initials, last four digits of the ID, school or village
scope-county = You may see all { $shown } children of compulsory age. Of ID numbers the last four digits are shown; a look at a whole number is kept.
scope-own = You may see the { $shown } children of compulsory age of your area. Of ID numbers the last four digits are shown; a look at a whole number is kept.
n-found = { $n ->
    [one] one child
   *[other] { $shown } children
  }
sort-urgency = Most urgent
sort-name = By name
sort-place = By place
sort-due = By due day
sort-birth = By age
facet-status = Status
facet-town = Town
facet-group = Groups
facet-stage = Stage
no-town = Town unknown
group-quarrel = Conflicting sources
group-poverty = Poverty register
group-disabled = Disabled
group-home_teaching = Taught at home
stage-primary = Primary
stage-junior = Junior secondary
due-over = Overdue
due-soon = Due in three days
everybody = All ages
take-away = Take away
clear-filters = Clear the filters
none-found = No child matches
none-found-text = Try pinyin, initials or the last four digits of the ID number, or take away some filters.
col-child = Child
col-id-end = Last four
col-home = Registered
col-school = School and grade
col-strip = What sources say
col-status = Status
col-due = Next
no-name = (no name)
years-old = { $n ->
    [one] one year old
   *[other] { $n } years old
  }
grade = grade { $n }
next-answer = Both sides answer
next-expires = The ground ends
due-days-over = { $n ->
    [one] one day over
   *[other] { $n } days over
  }
due-today = today
due-days-left = { $n ->
    [one] one day left
   *[other] { $n } days left
  }
male = male
female = female
pages = Pages
page-range = { $first }–{ $last } of { $total }
page-before = The page before
page-after = The next page

status-out = Confirmed out
status-sus = Suspected
status-con = Conflict
status-unk = Unverified
status-ex = Lawful exception
status-in = Enrolled
status-gone = Not in the population

strip-key = Legend
strip-hukou = Population register
strip-xueji = Student registry
strip-zhen = Town survey
strip-xiao = School report
strip-fu = Poverty monitoring
strip-can = Disabled persons' federation
strip-du = City inspection
strip-ju = Tip-off
says-listed = listed
says-in = in school
says-out = not in school
says-excused = lawful exception
says-nothing = no record
says-old = {" (old data)"}
superseded = {" (replaced)"}
key-in = the source says in school
key-out = says not in school
key-excused = says lawful exception
key-nothing = no record
key-old = data older than a year
key-sources = In order: population register, student registry, town survey, school report, poverty monitoring, disabled persons' federation, city inspection, tip-off

child-file = File of the child
tab-evidence = Evidence and status
tab-history = History and who looked
id-number = ID number
reveal = Show, and keep that I looked
home = Registered
school = School
born = born { $on }
group-no = group { $n }
who-says-what = Who says what
n-disputed = { $n ->
    [one] one field disputed
   *[other] { $n } fields disputed
  }
n-rows = { $n ->
    [one] one row
   *[other] { $n } rows
  }
field = Field
field-attendance = Attendance
field-school = School
field-grade = Grade and class
field-home = Registered
field-guardian = Guardian
field-birth = Birth
field-id = ID number
adopted = Adopted
derived = derived, nobody types it
not-told = not told
mark-same = as adopted
mark-differs = other than adopted
mark-out = says not in school
cells-open = Every cell opens: who, when, which file and row
all-claims = All claims
used = the verdict stands on it
duty-chain = The two duty lines
duty-chain-sub = Red: late. Blue frame: whose turn it is. Names by the newest directory of officials
why = Why this status
whole-rule = The whole rule
rule = Rule
not-accepted = not accepted
see = see the row
need-shown = in the files
need-missing = missing
need-on-paper = look at the paper
what-changes = What would change this
also-matched = Rules that matched too
confirmed = Confirmed by two independent sources, an inspection or a visit
not-confirmed = One source only so far: to be checked at the home or school before it is official
holds-until = Holds until { $on }; judged again from the next day
conflict-title = Sources contradict each other; both sides answer
answer-by = Answer by { $on }
answers = answered by:
outcome-corrects = corrects itself, will report again
outcome-disagrees = still disagrees, because:
history = What happened
no-history = Nobody has ruled or answered about this child's data yet
event-same = { $by } ruled that two rows are the same child: { $why }
event-different = { $by } ruled that two rows are two children: { $why }
event-answer = { $side } ({ $by }) answered: { $why }
looks = Who has looked at this child
looks-audit-only = Only auditors may see who looked.
when = When
account = Account
what = What

back-to-child = Back to the child
file = File
sheet = Sheet
row = Row
as-of = Data as of
received = Received
brought-by = Brought by
checksum = Checksum
what-it-says = What the row says
doubtful = What is doubtful
row-as-found = The row as it came
column = Cell
heading = Heading
cell = Content
cells-covered = Numbers of persons and telephones are covered in the middle; a whole number is shown on the child's page and kept.

act-ReadChild = looked at the child
act-ReadClaims = looked at a row as it came
act-ReadHistory = looked at the history
act-RevealId = saw the whole ID number
act-ReadMap = looked at the map
act-ReadReports = looked at reports
act-ReadLooks = looked at who looked
act-ReportAbsence = reported an absence
act-ProposeDetermination = proposed a determination
act-ConfirmDetermination = confirmed a determination or acted for the bureau
act-ReadCase = looked at a case
act-WorkCase = recorded in a case
act-DecideCase = decided in a case
act-Instruct = instructed
act-ReadPapers = looked at or printed papers and forms
act-DraftPaper = drafted a paper
act-DeliverPaper = served a paper
act-IssuePaper = issued a paper
act-IssueReport = issued a school report
act-ReadSources = looked at sources
act-ReadRules = looked at rules
act-ChangeRules = changed rules
act-SubmitReport = submitted a report
act-ManageCounty = managed settings of the county
act-ManageKeys = managed keys
act-ReadHealth = looked at the health of the system
act-ReadTask = looked at a task
act-AnswerTask = answered a task
act-ManageOwn = managed the own account
act-ReadOwnAudit = looked at the own audit
act-ExportMasked = export with covered numbers
act-ExportFull = export with whole numbers
act-AddClaim = added a claim
act-AnswerConflict = answered a conflict
act-DecideIdentity = ruled on identity
act-SignIn = sign-in
act-SignOut = sign-out
act-SecondFactor = code of the authenticator
act-Import = brought a file
act-StopImport = stopped an import
act-UndoImport = withdrew a file

demo-accounts = Accounts of the demonstration
demo-accounts-text = One account for each role; all data is synthetic. A code works once and changes every half minute: reload this page.
role = Role
demo-label = Demonstration
search-everywhere = Search everywhere
messages = Messages
page-head = Head of the page
