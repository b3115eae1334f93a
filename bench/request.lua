-- One request over and over, from the environment: method, headers (lines of `name: value`) and body. With BENCH_KEYS
-- (a space between) the calls take API keys in turn. Prints what it measured as JSON.
local keys = {}
for key in (os.getenv("BENCH_KEYS") or ""):gmatch("%S+") do keys[#keys + 1] = key end

wrk.method = os.getenv("BENCH_METHOD")
wrk.body = os.getenv("BENCH_BODY")
for name, value in os.getenv("BENCH_HEADERS"):gmatch("([^:\n]+): ([^\n]*)") do wrk.headers[name] = value end

if #keys > 0 then
  local prepared, at = {}, 0
  init = function()
    for i, key in ipairs(keys) do
      wrk.headers["authorization"] = "Bearer " .. key
      prepared[i] = wrk.format()
    end
  end
  request = function()
    at = at % #prepared + 1
    return prepared[at]
  end
end

done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"microseconds":%d,"bytes":%d,"p50_us":%d,"p99_us":%d,"max_us":%d,"status_errors":%d,"other_errors":%d}\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99), latency.max,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
