-- What crosses comes back the same.
local function same(value) return geuse.echo(value) == value end
assert(same(nil) and same(true) and same(false) and same("") and same("a\0b") and same("\xff\xfe"))
assert(same(0) and same(-1) and same(math.maxinteger) and same(math.mininteger))
assert(same(0.5) and same(-0.0) and same(math.huge) and same(-math.huge))
local nan = geuse.echo(0 / 0)
assert(nan ~= nan)
assert(math.type(geuse.echo(1)) == "integer" and math.type(geuse.echo(1.0)) == "float")

local function equal(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then return rawequal(a, b) end
  for k, v in pairs(a) do if not equal(v, rawget(b, k)) then return false end end
  for k in pairs(b) do if rawget(a, k) == nil then return false end end
  return true
end
for _, value in ipairs({
  {}, {1, 2, 3}, {a = 1}, {a = {b = {c = {}}}}, {1, 2, a = 3, ["ü"] = "ö", [" "] = false},
  {{}, {{}}}, {("x"):rep(100000)}, {["a.b"] = 1, ["1"] = 2, 3},
}) do
  assert(equal(geuse.echo(value), value))
end
local long = {}
for i = 1, 20000 do long[i] = i end
assert(equal(geuse.echo(long), long))
local deep, at = {}, nil
at = deep
for _ = 1, 30 do at.next = {} at = at.next end
assert(equal(geuse.echo(deep), deep))

-- A copy comes back, and what is behind metamethods does not cross.
local original = {1}
assert(geuse.echo(original) ~= original)
-- What a metatable adds would be left out without a word.
for _, event in ipairs{"__index", "__pairs", "__len"} do
    local ok, e = pcall(geuse.echo, setmetatable({}, {[event] = function() end}))
    assert(not ok and e.code == "invalid_value", event)
end
assert(getmetatable(geuse.echo(setmetatable({}, {}))) == nil)
assert(select("#", geuse.echo()) == 1 and geuse.echo(nil) == nil)

local function refused(value, word)
  local ok, e = pcall(geuse.echo, value)
  assert(not ok and e.code == "invalid_value" and e.message:find(word, 1, true), e.message)
end
local cycle = {}
cycle.me = cycle
refused(cycle, "contains itself")
refused(function() end, "a function")
refused({1, nil, 3, [5] = 1}, "holes")
refused({[0] = 1}, "holes")
refused({[1.5] = 1}, "neither")
refused(coroutine.create(function() end), "a coroutine")
