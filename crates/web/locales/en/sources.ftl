# Sources.
sources = Sources
sources-intro = What has come up to { $on }, how old it is and who has not reported. No report is not 0.
silent-towns = Towns that sent neither survey nor ledger
silent-towns-text = Their number is unknown; it is not 0.
sources-came = Sources that came
sources-came-sub = Open one to see each file
source = Source
how-old = Age on the day
who-reported = Who reported
rows-used = Rows used
rows-known = Came before
rows-rejected = Rejected
sources-none = Sources that have not come
sources-none-sub = No data does not mean that there are no such children
days-old = { $n ->
    [one] one day
   *[other] { $n } days
  }
n-towns-of = { $n } of { $all } towns
n-schools-of = { $n } of { $all } schools
source-nothing = Nothing has come from this source
source-nothing-text = Once it is imported, each file stands here.
lists-came = Files received
lists-came-sub = The newest day first
batch = Batch
withdrawn = Withdrawn; counts no more
reporter = Office
newest-day = Newest day
reported-state = Reported
reported = reported
reported-zero = zero report
not-reported = no report
not-reported-text = A zero report says that there is nobody; no report means that it is not known. Of schools only those are listed that have ever sent a monthly report.
period-until = Period up to { $on }
