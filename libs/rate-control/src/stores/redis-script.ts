/**
 * `exchange` of exchange.ts, line by line, for Redis to carry out at once. KEYS: the state, the answer to this very request.
 * ARGV: the policy's limits and the request, as JSON. What was answered already is answered again. Properties hold the two against each
 * other.
 */
export const exchangeScript = `
local answered = redis.call('GET', KEYS[2])
if answered then return answered end
local stored = redis.call('GET', KEYS[1])
if not stored then return cjson.encode({ missing = true }) end
local state = cjson.decode(stored)
local limits, request = cjson.decode(ARGV[1]), cjson.decode(ARGV[2])
local foreign = #state.limits ~= #limits
for i, limit in ipairs(limits) do
  local own = state.limits[i]
  foreign = foreign or not own or own[1] ~= limit[1] or own[2] ~= limit[2]
end
if foreign then return cjson.encode({ foreign = true }) end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local function rounded(at, step)
  return math.ceil(at / step) * step
end
local function step_of(limit)
  return limit[1] <= 256 and 1 or math.max(1, math.floor(limit[2] / 256))
end
local function total(permits)
  local sum = 0
  for _, entry in ipairs(permits) do sum = sum + entry[2] end
  return sum
end
local function add(permits, at, count)
  if count <= 0 then return end
  for i, entry in ipairs(permits) do
    if entry[1] == at then entry[2] = entry[2] + count return end
    if entry[1] > at then table.insert(permits, i, { at, count }) return end
  end
  table.insert(permits, { at, count })
end

local leases, ended = {}, {}
for _, entry in ipairs(state.leases) do table.insert(entry['until'] <= now and ended or leases, entry) end
local died = {}
for at = #ended, 1, -1 do
  local held = 0
  for _, count in ipairs(ended[at].held) do held = held + count end
  if held > 0 then table.insert(died, ended[at]['until']) end
end
for _, at in ipairs(state.died) do table.insert(died, at) end
for at = #died, 1, -1 do
  if at > 4 or died[at] == request.late then table.remove(died, at) end
end
local free, bound = {}, {}
for i, permits in ipairs(state.free) do
  local pool, rested = {}, 0
  bound[i] = {}
  for _, list in ipairs({ permits, state.bound[i] }) do
    for _, entry in ipairs(list) do
      if entry[1] <= now then rested = rested + entry[2]
      elseif list == permits then table.insert(pool, entry)
      else table.insert(bound[i], entry) end
    end
  end
  if rested > 0 then table.insert(pool, 1, { 0, rested }) end
  for _, entry in ipairs(ended) do add(pool, rounded(entry['until'] + limits[i][2], step_of(limits[i])), entry.held[i]) end
  free[i] = pool
end

local lease, lapsed, kept = request.lease, false, {}
for i = 1, #limits do kept[i] = 0 end
if lease then
  lapsed = true
  for at, entry in ipairs(leases) do
    if entry['until'] == lease['until'] then
      local deprived = lease.deprived and 1 or 0
      local fits = entry.holders >= 1 and entry.demand >= lease.demand and entry.deprived >= deprived
      for i = 1, #limits do
        kept[i] = lease.held[i] - total(request.back[i] or {})
        fits = fits and kept[i] >= 0 and entry.held[i] >= lease.held[i]
      end
      if fits then
        lapsed = false
        entry.holders, entry.demand, entry.deprived = entry.holders - 1, entry.demand - lease.demand, entry.deprived - deprived
        for i = 1, #limits do entry.held[i] = entry.held[i] - lease.held[i] end
        if entry.holders == 0 then table.remove(leases, at) end
      end
      break
    end
  end
  if lapsed then for i = 1, #limits do kept[i] = 0 end end
end

for i, returned in ipairs(request.returned or {}) do
  for _, permit in ipairs(returned) do
    for at, entry in ipairs(bound[i]) do
      if entry[1] == permit[2] then
        entry[2] = entry[2] - 1
        if entry[2] == 0 then table.remove(bound[i], at) end
        add(free[i], permit[1] <= 0 and 0 or rounded(now + permit[1], step_of(limits[i])), 1)
        break
      end
    end
  end
end
local share = 1
for i, permits in ipairs(free) do
  if lease and not lapsed then
    for _, entry in ipairs(request.back[i] or {}) do
      add(permits, entry[1] <= 0 and 0 or rounded(now + entry[1], step_of(limits[i])), entry[2])
    end
  end
  local there = 0
  for _, entry in ipairs(permits) do
    if entry[1] <= now + request.leaseMs then there = there + entry[2] end
  end
  local want = request.want[i]
  if want > 0 then share = math.min(share, (kept[i] + math.min(want, there)) / (kept[i] + want)) end
end
local granted, held, holds, next_free = {}, {}, false, {}
for i, permits in ipairs(free) do
  local missing = math.max(0, math.ceil((kept[i] + request.want[i]) * share - 1e-9) - kept[i])
  local left = {}
  granted[i] = {}
  for _, entry in ipairs(permits) do
    local some = entry[1] <= now + request.leaseMs and math.min(missing, entry[2]) or 0
    missing = missing - some
    if some > 0 then table.insert(granted[i], { math.max(0, entry[1] - now), some }) end
    if some < entry[2] then table.insert(left, { entry[1], entry[2] - some }) end
  end
  free[i] = left
  held[i] = kept[i] + total(granted[i])
  holds = holds or held[i] > 0
end

local book = request.book or { withinMs = {}, notBeforeMs = 0 }
local function next_start()
  local start = book.notBeforeMs
  for i = 1, #limits do
    local first = free[i][1]
    if not first then return nil end
    start = math.max(start, first[1] - now)
  end
  return start
end
local booked, moved = {}, false
for n, within in ipairs(book.withinMs) do
  local start = next_start()
  booked[n] = cjson.null
  if start and start <= within then
    moved = true
    local slack, ends = book.slackMs + math.ceil(start * 1e-3) + 2, {}
    for i, limit in ipairs(limits) do
      ends[i] = rounded(now + start + slack + limit[2], step_of(limit))
      local first = free[i][1]
      first[2] = first[2] - 1
      if first[2] == 0 then table.remove(free[i], 1) end
      add(book.returned[i] and bound[i] or free[i], ends[i], 1)
    end
    booked[n] = { startMs = start, slackMs = slack, ends = ends }
  end
end
for i = 1, #limits do
  next_free[i] = free[i][1] and math.max(0, free[i][1][1] - now) or cjson.null
end

local ends = rounded(now + request.leaseMs, math.max(1, math.floor(request.leaseMs / 8)))
local answer = { lapsed = lapsed, leaseMs = ends - now, granted = granted, booked = booked, nextFreeMs = next_free, now = now }
answer.startMs = next_start() or cjson.null
if state.began == 0 then state.began = now end
answer.calmMs = math.max(0, now - (died[1] or state.began))
if holds or request.demand > 0 then
  answer.lease = { ['until'] = ends, demand = request.demand, deprived = request.deprived, held = held }
  local place, same = #leases + 1, nil
  for at, entry in ipairs(leases) do
    if entry['until'] == ends then same = entry break end
    if entry['until'] > ends then place = at break end
  end
  if not same then
    same = { ['until'] = ends, holders = 0, deprived = 0, demand = 0, held = {} }
    for i = 1, #limits do same.held[i] = 0 end
    table.insert(leases, place, same)
  end
  same.holders, same.demand = same.holders + 1, same.demand + request.demand
  same.deprived = same.deprived + (request.deprived and 1 or 0)
  for i = 1, #limits do same.held[i] = same.held[i] + held[i] end
end
answer.totalDemand, answer.holders, answer.deprived = 0, 0, 0
for _, entry in ipairs(leases) do
  answer.totalDemand = answer.totalDemand + entry.demand
  answer.holders = answer.holders + entry.holders
  answer.deprived = answer.deprived + entry.deprived
end
local vain = #booked > 0 and not moved and not holds
for i = 1, #limits do
  vain = vain and #(request.back[i] or {}) == 0 and #((request.returned or {})[i] or {}) == 0
end
for _, entry in ipairs(state.leases) do
  for _, count in ipairs(entry.held) do vain = vain and count == 0 end
end
answered = cjson.encode(answer)
if not vain then
  state.free, state.bound, state.leases, state.died = free, bound, leases, died
  redis.call('SET', KEYS[1], cjson.encode(state))
  redis.call('SET', KEYS[2], answered, 'PX', 10000)
end
return answered
`;
