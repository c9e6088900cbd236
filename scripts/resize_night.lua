-- resize_night: change the instance type at night, within a window of time.
--
--   geusemaker run resize_night.lua NAME --force -- --instance-type t3.large --from 01:00 --until 04:00
--   geusemaker run resize_night.lua NAME --force -- --instance-type t3.large --from 01:00 --until 04:00 --timezone +02:00
--
-- Started before the window it waits; started inside it goes on at once. When the time that is
-- left is shorter than the change is expected to take, it gives up, and nothing has been touched.
-- Times are UTC, or have a fixed offset from it: names of time zones and summer time are unknown.

local asked = geuse.options {
    instance_type = { "TYPE", required = true, doc = "the EC2 instance type to change to" },
    fallback_type = { "TYPE", list = true, doc = "tried in order when there is no capacity" },
    from = { "HH:MM", default = "01:00", doc = "when the window begins (01:00)" },
    ["until"] = { "HH:MM", default = "04:00", doc = "when it ends; past midnight if it is before --from (04:00)" },
    timezone = { "OFFSET", default = "UTC", doc = "what the times are in: UTC, or an offset such as +02:00 (UTC)" },
}

local DAY = 24 * 60 * 60

-- "01:30" as seconds since midnight.
local function time_of_day(text, option)
    local hours, minutes = text:match("^(%d%d?):(%d%d)$")
    hours, minutes = tonumber(hours), tonumber(minutes)
    if not hours or hours > 23 or minutes > 59 then
        geuse.fail("invalid_time", option .. " is " .. text .. ", not a time such as 01:30.")
    end
    return (hours * 60 + minutes) * 60
end

-- "+02:00" as seconds.
local function offset(text)
    if text == "UTC" then
        return 0
    end
    local sign, hours, minutes = text:match("^([+-])(%d%d):(%d%d)$")
    if not sign or tonumber(hours) > 14 or tonumber(minutes) > 59 then
        geuse.fail("invalid_timezone", "--timezone is " .. text .. ", which is not known here.", {
            hint = "Give UTC, or an offset from it such as +02:00.",
        })
    end
    return (sign == "-" and -1 or 1) * (tonumber(hours) * 60 + tonumber(minutes)) * 60
end

local from = time_of_day(asked.from, "--from")
local length = (time_of_day(asked["until"], "--until") - from) % DAY
if length == 0 then
    geuse.fail("invalid_time", "--from and --until are the same time, so that there is no window.")
end

if geuse.describe().instance.type == asked.instance_type then
    geuse.log("Nothing to do: the instance is a " .. asked.instance_type .. " already.")
    return
end

-- geuse.now() is the start of the run, and the same number in the rehearsal and for real: so
-- both find the same window. It is the one that is open, or else the next one to come.
local now = geuse.now()
local since = (now + offset(asked.timezone) - from) % DAY
local opens = math.floor(now - since + 0.5)
if since >= length then
    opens = opens + DAY
end

-- From here on the program itself begins no interruption that would go past the window's end,
-- by the real clock: also when the question was answered late.
geuse.wait_until(opens, { finish_by = opens + length })
geuse.backup()
geuse.resize(asked.instance_type, { fallback = asked.fallback_type })
