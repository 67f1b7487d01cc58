-- Makes records in the family's one format (docs/record-format.md, version 1) of what FireLens delivers.

local parts = {}

-- Docker cuts lines into parts of 16 KiB: they go on as one line, with its last part.
function join_parts(tag, time, record)
  if record.partial_message ~= "true" then
    return 0, time, record
  end
  local id = record.partial_id
  parts[id] = (parts[id] or "") .. record.log
  if record.partial_last ~= "true" then
    return -1, time, record
  end
  record.log = parts[id]
  parts[id] = nil
  record.partial_message, record.partial_id, record.partial_ordinal, record.partial_last = nil, nil, nil, nil
  return 2, time, record
end

local levels = {
  TRACE = "TRACE", DEBUG = "DEBUG", INFO = "INFO", WARN = "WARN", WARNING = "WARN",
  ERROR = "ERROR", ERR = "ERROR", FATAL = "FATAL", CRITICAL = "FATAL",
  [10] = "TRACE", [20] = "DEBUG", [30] = "INFO", [40] = "WARN", [50] = "ERROR", [60] = "FATAL",
}

-- The first of the names that the line has; taken out of it.
local function take(line, ...)
  local found
  for _, name in ipairs({ ... }) do
    if found == nil then found = line[name] end
    if found == line[name] then line[name] = nil end
  end
  return found
end

local iso_time = "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.?%d*Z$"
local sequence = -1

function to_record(tag, time, record)
  sequence = sequence + 1
  local attributes = {
    ["container.name"] = take(record, "ecs_container_name"),
    ["log.iostream"] = take(record, "ecs_stream"),
  }
  local task = take(record, "ecs_task_arn")
  local definition = take(record, "ecs_task_definition")
  take(record, "ecs_cluster")

  local own_time = take(record, "timestamp", "time")
  local level = take(record, "level", "severity")
  local message = take(record, "ecs_line", "message", "msg")
  if type(own_time) ~= "string" or not own_time:match(iso_time) then
    own_time = os.date("!%Y-%m-%dT%H:%M:%S", time.sec) .. string.format(".%09dZ", time.nsec)
  end
  local result = {
    v = 1,
    time = own_time,
    level = levels[type(level) == "string" and level:upper() or level] or "INFO",
    source = "container",
    requestId = take(record, "requestId"),
    traceId = take(record, "traceId", "trace_id"),
    service = definition:match("^(.+):%d+$"),
    version = definition:match(":(%d+)$"),
    environment = task:match("([^/]+)$"),
    sequence = sequence,
    attributes = attributes,
  }
  if message == nil then
    -- An object without a message is the message.
    result.message = record
  else
    result.message = message
    for key, value in pairs(record) do attributes[key] = value end
  end
  return 2, time, result
end
