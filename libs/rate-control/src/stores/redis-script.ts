/**
 * `exchange` of exchange.ts, line by line, for Redis to carry out at once. KEYS: the state. ARGV: the policy's limits and the
 * request, as JSON. Answers the state that is there when it belongs to other limits. Properties hold the two against each other.
 */
export const exchangeScript = `
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
  local whole = math.max(1, math.floor(step))
  return math.ceil(at / whole) * whole
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
local free = {}
for i, permits in ipairs(state.free) do
  local restMs = limits[i][2]
  local pool, rested = {}, 0
  for _, entry in ipairs(permits) do
    if entry[1] <= now then rested = rested + entry[2] else table.insert(pool, entry) end
  end
  if rested > 0 then table.insert(pool, 1, { 0, rested }) end
  for _, entry in ipairs(ended) do add(pool, rounded(entry['until'] + restMs, restMs / 128), entry.held[i]) end
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

local taken, left, useless = {}, {}, false
for i, permits in ipairs(free) do
  local restMs = limits[i][2]
  if lease and not lapsed then
    for _, entry in ipairs(request.back[i] or {}) do
      add(permits, entry[1] <= 0 and 0 or rounded(now + entry[1], restMs / 128), entry[2])
    end
  end
  local missing = request.want[i]
  taken[i], left[i] = {}, {}
  for _, entry in ipairs(permits) do
    local some = entry[1] <= now + request.leaseMs and math.min(missing, entry[2]) or 0
    missing = missing - some
    if some > 0 then table.insert(taken[i], { math.max(0, entry[1] - now), some }) end
    if some < entry[2] then table.insert(left[i], { entry[1], entry[2] - some }) end
  end
  useless = useless or (#taken[i] == 0 and kept[i] == 0 and request.want[i] > 0)
end
local granted, held, holds, next_free = {}, {}, false, {}
for i = 1, #limits do
  granted[i] = useless and {} or taken[i]
  if not useless then free[i] = left[i] end
  held[i] = kept[i] + total(granted[i])
  holds = holds or held[i] > 0
  next_free[i] = free[i][1] and math.max(0, free[i][1][1] - now) or cjson.null
end

local ends = rounded(now + request.leaseMs, request.leaseMs / 8)
local answer = { lapsed = lapsed, leaseMs = ends - now, granted = granted, nextFreeMs = next_free, now = now }
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
state.free, state.leases = free, leases
redis.call('SET', KEYS[1], cjson.encode(state))
return cjson.encode(answer)
`;
