# Rules.
rules-intro = The rules of { $on }. Nobody can type a status: it follows from evidence by these rules alone.
rules-n = { $n ->
    [one] one rule
   *[other] { $n } rules
  }
cases-n = { $n ->
    [one] one worked case
   *[other] { $n } worked cases
  }
rule-packs = Rule packs
rule-packs-sub = From below to above; an upper one may replace what stands below
rule-pack = Name and version
rule-source = Document
rule-holds = Holds
rules-in-order = All rules
rules-in-order-sub = In the order in which evidence decides; the first that matches decides
rule-n = Order
rule-code = Status
rule-law = Law
rule-standing = How firm
rule-in-force = In force
rule-version = version
rule-days = { $since } to { $until }
no-end = further notice
not-in-force = not in force on the day
rule-asks = All of these must hold
rule-asks-sub = In small print the rule as written, which the program runs
rule-fallback = Applies only when no other rule does.
rule-then = The status is
rule-needs = Evidence needed
rule-needs-none = No more evidence is needed.
need-by-files = seen in the files
rule-certifier = Certified by
no-certifier = not limited
rule-ends = Holds until
ends-never = no end; new evidence changes it
ends-suspension = the last day of the approved suspension
ends-registry_suspension = the last day that the rules reckon for a suspension in the registry
ends-sick_leave = the last day of the leave
ends-deferral = the last day of the approved deferral
ends-exemption = the last day that the decision states
ends-certificate = the last day on which the certificate is good
ends-transfer = the last day for which a word of transfer holds
ends-named_school = the last day for which the word of a named school holds
ends-home_teaching = the last day of home teaching in the school year
ends-entry = the last day before the child is of age
ends-arrangement = the last day before the arrangement is checked again
rule-cases = Worked cases
rule-cases-sub = All cases on this ground; they are run again with each release
rule-case = Case
rule-case-on = Day
rule-case-said = Who says what
rule-case-result = Result
by-this-rule = by this rule
case-born = Born
case-duplicate = Second registration
case-lacks = Not received
case-register = Population register
case-registry = Student registry
case-survey = Town survey
case-ledger = Town ledger
case-report = School report
case-reported = Who has reported
case-leave = Leave
case-deferral = Deferral
case-certificate = Certificate
case-inspection = Inspection
case-departure = Departure
case-tip-off = Tip-off
case-poverty = Poverty register
