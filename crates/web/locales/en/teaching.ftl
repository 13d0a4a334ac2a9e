tab-teaching = Home teaching
teaching-log = Log of home teaching
n-visits = { $n ->
    [one] One visit
   *[other] { $n } visits
  }
teaching-fresh = The log counts as schooling until { $on }
teaching-lapsed = The last visit was on { $on } and counts as schooling no more: find out whether the child is still taught
teaching-missing = A log is to be expected, and holds no visit to this child that counts: find out whether it is taught
teaching-unkept = The school has sent no log; only the registry says that the child is taught at home
teaching-due = Next visit by
teaching-periods = Lessons of this school year in the log: { $n }
teaching-asked-gap = A visit counts for { $n } days
teaching-asked-month = The county asks for visits within thirty days: { $n }
teaching-asked-year = The county asks for lessons in a school year: { $n }
teaching-none = No visit in any log
teaching-on = Day of the visit
teaching-teachers = Teachers
teaching-n = Lessons
teaching-contents = What was taught, and how the child took it
teaching-signed = Guardian's signature
teaching-signed-yes = signed
teaching-signed-no = not signed
teaching-next = Day of the next visit
teaching-new = Register a visit
teaching-new-sub = It becomes a row of the school's log and counts from the next run on. A visit that the guardian has not signed does not count, unless the county says otherwise. From then on the school is held to its log: its other children taught at home who have no visit in it are to be verified, so enter theirs too.
teaching-saved = Registered; it counts from the next run on.
teaching-not-at-home = The registry does not say that this child is taught at home, so no visit can be registered.
teaching-wrong-day = The visit cannot be later than today, and the next one must be after it.
teaching-wrong-periods = A visit has 1 to 12 lessons.
teaching-too-old = A visit of more than seven days ago cannot be entered here; the school sends it in a log, with the reason why it is late.
teaching-times = From, to
teaching-from = Came at
teaching-to = Left at
teaching-wrong-times = The teachers leave after they came.
teaching-month = Visits within thirty days: { $n } of { $of } that plan and county ask for
teaching-plan = Plan
teaching-plan-sub = this school year
plan-none = No plan for this school year
plan-row = The school's own row
plan-new = Plan this school year
plan-new-sub = It becomes a row of the school's log and is used by the next run. Once the plan has held for thirty days, visits within thirty days are held against it, and never against fewer than the county asks for.
plan-on = It holds from
plan-visits = Visits a month
plan-pair = Teachers, usually two
plan-contents = Goals and contents
plan-assessed = Assessed on
plan-consented = Guardian consented on
plan-save = Register the plan
plan-evaluate = Evaluate a term
plan-evaluate-save = Register the evaluation
plan-evaluated-on = Day of the evaluation
plan-evaluation = How it went
plan-evaluations = Evaluations of terms
plan-wrong-day = A day may not lie after today.
plan-wrong-visits = A month has 1 to 31 visits.

tab-family = Family and aid
family-children = Children of the household
family-children-sub = By the household number and the guardian's ID number
family-hidden = { $n ->
    [one] One more child of the household lies outside what you may see.
   *[other] { $n } more children of the household lie outside what you may see.
}
family-members = Members of the family
family-aid = Aid, due and received
family-aid-none = No aid of this term is due or was received
family-policy = Policy
family-standing = How it stands
family-due = Due
family-received = Received
family-support = Difficulties and help
print-forms = Print a form
print-forms-text = What is known stands on it; write the rest by hand, and put the signed paper into the child's folder.
col-name = Name
col-age = Age
yuan = { $n } yuan
