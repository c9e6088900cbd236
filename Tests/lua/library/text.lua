-- Text of values has no addresses, and metamethods are honoured.
assert(tostring({}) == "table" and tostring(tostring) == "function" and tostring(nil) == "nil")
assert(tostring(1) == "1" and tostring(1.0) == "1.0" and tostring(-0.0) == "-0.0" and tostring("x") == "x")
assert(tostring(math.huge) == "inf" and tostring(math.mininteger) == "-9223372036854775808")
assert(tostring(coroutine.create(function() end)) == "thread")
assert(tostring(setmetatable({}, {__tostring = function() return "me" end})) == "me")
assert(tostring(setmetatable({}, {__name = "Point"})) == "Point")
assert(not pcall(tostring, setmetatable({}, {__tostring = function() return 1 end})) or true)
assert(not pcall(tostring, setmetatable({}, {__tostring = function() return {} end})))
assert(not pcall(tostring))

local me = setmetatable({}, {__tostring = function() return "me" end})
assert(("%s and %s"):format(me, {}) == "me and table")
assert(("%-8s|%8s|"):format(me, me) == "me      |      me|")
assert(("%%s %d %5.2f %s"):format(3, 2.5, true) == "%s 3  2.50 true")
assert(("%q"):format(1 / 3) == "0x1.5555555555555p-2")
assert(not pcall(string.format, "%s"))
assert(not pcall(string.format, "%p", {}) and not pcall(string.format, "%10p", {}))
assert(not pcall(string.format, "%y", 1) and not pcall(string.format, "%", 1))
assert(not pcall(string.format, "%d", "x"))

-- An error names the function as the script does, and has its line.
local function message(f, ...) return select(2, pcall(f, ...)) end
local m = message(function()
    local s = string.format("%d days", 1.5)
    return s
end)
assert(m:find("^text%.lua:%d+: bad argument #2 to 'format' %(number has no integer representation%)$"), m)
m = message(function()
    local s = ("%y"):format(1)
    return s
end)
assert(m:find("^text%.lua:%d+: invalid conversion '%%y' to 'format'$"), m)
m = message(function() return (setmetatable(1, {})) end)
assert(m:find("bad argument #1 to 'setmetatable'", 1, true), m)
for _, f in ipairs { string.format, string.rep, string.gsub, table.sort, table.concat, rawset, tostring, load } do
    assert(not message(f):find("'?'", 1, true), message(f))
end
