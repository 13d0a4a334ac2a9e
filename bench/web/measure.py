"""Measures a served county; see web.sh. Standard library only."""

import base64, hashlib, hmac, http.client, os, random, re, signal, struct, subprocess, sys, threading, time, urllib.parse

PROGRAM, WORK = sys.argv[1:3]
CASES = sys.argv[3:] == ["cases"]
N_CASES = 5000
HERE = os.path.dirname(os.path.abspath(__file__))
PASSWORD = "Yige-Haizi-Ye-Bushao"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
N_SESSIONS, N_TOWN_ACCOUNTS, N_EACH, SECONDS = 500, 50, 200, 30
random.seed(1)


def code():
    step = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(SECRET), step, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


class Browser:
    def __init__(self, place):
        self.place, self.cookies = place, {}
        self.connection = http.client.HTTPConnection(place)

    def ask(self, method, path, body=None):
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self.place}"}
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except http.client.RemoteDisconnected:
            # The server ends connections on which nothing was asked for a while.
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, value = value.split(";")[0].split("=", 1)
                self.cookies[key] = value
        return answer.status, text

    def sign_in(self, login, with_code):
        _, page = self.ask("GET", "/login")
        csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
        fields = {"csrf": csrf, "login": login, "password": PASSWORD, "code": code() if with_code else ""}
        status, text = self.ask("POST", "/login", urllib.parse.urlencode(fields))
        if status != 303:
            sys.exit(f"{login} cannot sign in: {status}")


def serve():
    county, data = f"{WORK}/county", f"{WORK}/data"
    line = [PROGRAM, "demo", f"{county}/input", "--config", f"{county}/county.toml", "--data", data, "--listen", "127.0.0.1:0", "--pages-per-hour", "1000000"]
    server = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=open(f"{WORK}/log", "w"), text=True)
    for told in server.stdout:
        found = re.search(r"http://([0-9.:]+)", told)
        if found:
            return server, found[1]
    sys.exit(open(f"{WORK}/log").read())


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def timed(browser, paths):
    times = []
    for path in paths:
        begun = time.perf_counter()
        status, _ = browser.ask("GET", path)
        times.append((time.perf_counter() - begun) * 1e3)
        if status != 200:
            sys.exit(f"{path}: {status}")
    return times


def rss_mb(pid, what="VmRSS"):
    with open(f"/proc/{pid}/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


over = False


def told(name, value, unit, budget):
    global over
    late = budget is not None and value > budget
    over |= late
    most = "" if budget is None else f"   budget {budget} {unit}{': EXCEEDED' if late else ''}"
    print(f"{name:44s} {value:9.1f} {unit}{most}", flush=True)


def children_of(page):
    return sorted(set(re.findall(r'href="(/children/c_[0-9]+-[0-9]+)"', page)))


def towns():
    text = open(f"{WORK}/county/county.toml", encoding="utf-8").read()
    return sorted(set(re.findall(r'code = "([0-9]{9})"', text)))


def single(place):
    bureau = Browser(place)
    bureau.sign_in("jiaotiju", True)
    children, names = [], []
    for page in range(1, 9):
        _, text = bureau.ask("GET", f"/children?page={page}&status=")
        children += children_of(text)
        names += re.findall(r'class="person"[^>]*>([一-龥]{2,4})<', text)
    ledger = ["/children", "/children?status=out", "/children?sort=name", "/children?page=40", "/children?group=poverty"]
    search = [f"/children?q={urllib.parse.quote(q)}" for q in (names[:20] or ["王"]) + ["wang", "lxy", "0018", "zhang wei"]]
    for name, paths, budget in [("ledger", ledger, 50), ("search", search, 50), ("child", children[:150], 50), ("family", [f"{child}/family" for child in children[:150]], 50), ("map", ["/map"], 150)]:
        paged(bureau, name, paths, (budget, N_EACH if name not in ("child", "family") else 120))


def paged(browser, name, paths, asked):
    budget, n = asked
    timed(browser, paths[:5])
    times = timed(browser, [random.choice(paths) for _ in range(n)])
    told(f"{name}: half of the pages within", percentile(times, 0.5), "ms", None)
    told(f"{name}: 95 % of the pages within", percentile(times, 0.95), "ms", budget)


def cases(place):
    """What officials open all day, with thousands of open cases; nobody knows fewer than the budget asks for."""
    global over
    bureau, leader = Browser(place), Browser(place)
    bureau.sign_in("jiaotiju", True)
    leader.sign_in("quzhang", True)
    _, page = bureau.ask("GET", "/cases?view=list")
    n_open = int(re.search(r"([0-9,]+) 件未销号", page)[1].replace(",", ""))
    over |= n_open < N_CASES
    print(f"{'open cases':44s} {n_open:9d}     at least {N_CASES}{': TOO FEW' if n_open < N_CASES else ''}")
    own = re.findall(r'href="(/cases/k_[0-9]+)"', page)
    for name, browser, paths in [
        ("today of the bureau", bureau, ["/today"]),
        ("today of a leader", leader, ["/today"]),
        ("board", bureau, ["/cases"]),
        ("list of cases", bureau, [f"/cases?view=list&page={n}" for n in range(1, 20)]),
        ("case", bureau, own),
        ("determinations", bureau, ["/determinations"]),
    ]:
        paged(browser, name, paths, (80, N_EACH))


def night():
    """Every child judged for another day, every case followed, every clock looked at."""
    begun = time.perf_counter()
    for command in (["determine"], ["cases", "pass"]):
        subprocess.run([PROGRAM, *command, "--data", f"{WORK}/data"], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    told("a night: all children judged, clocks looked at", time.perf_counter() - begun, "s", 10)


def sessions(place):
    made = []
    codes = towns()
    for n in range(N_TOWN_ACCOUNTS):
        line = [PROGRAM, "account", "add", f"zhen{n}", "--name", "测试", "--role", "town", "--town", codes[n % len(codes)], "--password-stdin", "--data", f"{WORK}/data"]
        subprocess.run(line, input=PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)
    for n in range(N_SESSIONS):
        browser = Browser(place)
        browser.sign_in(f"zhen{n % N_TOWN_ACCOUNTS}", False)
        cookie = ";".join(f"{k}={v}" for k, v in browser.cookies.items())
        _, text = browser.ask("GET", "/children")
        children = children_of(text)
        paths = ["/children", "/children?status=out", "/today", "/children?q=wang"]
        paths += [children[n % len(children)]] if children and n % 5 == 0 else []
        made += [(cookie, path) for path in paths]
        browser.connection.close()
    random.shuffle(made)
    with open(f"{WORK}/sessions", "w") as out:
        out.writelines(f"{cookie}\t{path}\n" for cookie, path in made)


def load(server, place):
    source = f"{WORK}/rows"
    subprocess.run([PROGRAM, "sample", "--out", source, "--children", "1600", "--seed", "99"], check=True, stdout=subprocess.DEVNULL)
    files = [os.path.join(f"{source}/input", name) for name in sorted(os.listdir(f"{source}/input"))]
    taken = subprocess.Popen([PROGRAM, "import", *files, "--data", f"{WORK}/data"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    line = ["wrk", "-t2", f"-c{N_SESSIONS}", f"-d{SECONDS}s", "--timeout", "10s", "-s", f"{HERE}/load.lua", f"http://{place}", "--", f"{WORK}/sessions"]
    done = subprocess.run(line, capture_output=True, text=True)
    taken.wait()
    found = re.search(r"RESULT (.*)", done.stdout)
    if not found:
        sys.exit(done.stdout + done.stderr)
    result = dict(part.split("=") for part in found[1].split())
    told("500 users: requests a second", int(result["requests"]) / float(result["seconds"]), "/s", None)
    for share in ("p50", "p95", "p99"):
        told(f"500 users: {share}", float(result[share]), "ms", 400 if share == "p95" else None)
    told("500 users: answers that are no page", int(result["status"]), "", 0)
    told("500 users: broken connections", sum(int(result[k]) for k in ("connect", "read", "write", "timeout")), "", 0)
    told("memory of the server at most", rss_mb(server.pid, "VmHWM"), "MB", 600)


# The run that makes the county takes more memory than serving it: it is another process.
server, place = serve()
server.send_signal(signal.SIGTERM)
server.wait()
server, place = serve()
try:
    told("memory of the server at rest", rss_mb(server.pid), "MB", None)
    if CASES:
        cases(place)
    else:
        single(place)
        sessions(place)
        load(server, place)
finally:
    server.send_signal(signal.SIGTERM)
    server.wait()
if not CASES:
    night()
sys.exit(1 if over else 0)
