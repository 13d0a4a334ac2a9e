-- Each request is made by another session, of a page that this session may see. Answers other than 200 are counted.
local sessions = {}
local at = 0
local wrong = {}

function init(args)
    for line in io.lines(args[1]) do
        local cookie, path = line:match("^(%S+)\t(%S+)$")
        sessions[#sessions + 1] = { cookie = cookie, path = path }
    end
    math.randomseed(os.time())
    at = math.random(#sessions)
end

function request()
    at = at % #sessions + 1
    local one = sessions[at]
    return wrk.format("GET", one.path, { ["Cookie"] = one.cookie })
end

-- A user reads for two to eight seconds before the next click.
function delay()
    return math.random(2000, 8000)
end

function response(status)
    if status ~= 200 then
        wrong[status] = (wrong[status] or 0) + 1
        wrk.thread:set("wrong_" .. status, wrong[status])
    end
end

local threads = {}
function setup(thread)
    threads[#threads + 1] = thread
end

function done(summary, latency)
    local n_wrong = 0
    for _, thread in ipairs(threads) do
        for _, status in ipairs({ 302, 303, 400, 401, 403, 404, 409, 413, 429, 500, 503 }) do
            n_wrong = n_wrong + (thread:get("wrong_" .. status) or 0)
        end
    end
    local e = summary.errors
    io.write(string.format(
        "RESULT requests=%d seconds=%.1f p50=%.1f p95=%.1f p99=%.1f status=%d connect=%d read=%d write=%d timeout=%d\n",
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
        latency:percentile(99) / 1e3, n_wrong, e.connect, e.read, e.write, e.timeout))
end
