-- Globals can be made, but the standard ones stay; what is not there is an error.
count = 1
count = count + 1
function double(n) return 2 * n end
assert(count == 2 and double(count) == 4 and _G.count == 2 and rawget(_G, "nothing") == nil)
count = nil
assert(not pcall(function() return count end), "nil is never defined")
maybe = false
assert(maybe == false)

local names = {}
for name in pairs(_G) do names[#names + 1] = name end
assert(table.concat(names, " ") == "double maybe", table.concat(names, " "))

local function code(f, ...)
  local ok, e = pcall(f, ...)
  assert(not ok)
  return type(e) == "table" and e.code or e
end
assert(code(function() pairs = nil end) == "read_only")
assert(code(function() _G.geuse = nil end) == "read_only")
assert(code(function() return undefined end) == "undefined_global")
assert(code(function() return _G[{}] end) == "undefined_global")
assert(code(function() table.sort = nil end) == "read_only")
assert(code(rawset, string, "x", 1) == "read_only")
assert(code(rawset, _G, "pairs", 1) == "read_only")
rawset(_G, "raw", 1)
assert(raw == 1)

-- Own environments, closures and metatables work as in any Lua.
local env = setmetatable({}, {__index = _G})
local f = assert(load("x = 5 return x + double(1)", "chunk", "t", env))
assert(f() == 7 and env.x == 5 and rawget(_G, "x") == nil)
assert(load("return double(3)")() == 6)
assert(load("y = 2") and not load("y = ") and not load("y = 2", "y", "b"))
assert(select("#", load("= =")) == 2)
local Point = {}
Point.__index = Point
function Point.new(x) return setmetatable({x = x}, Point) end
function Point:twice() return self.x * 2 end
assert(Point.new(4):twice() == 8)
assert(#"abc" == 3 and ("x"):rep(3) == "xxx" and ("%5.1f|%s|%q"):format(1.25, nil, "a\n") == "  1.2|nil|\"a\\\n\"")
assert(utf8.char(228, 0x1F600) == "ä😀" and utf8.len("ä😀") == 2)
assert(math.type(3) == "integer" and math.maxinteger + 1 == math.mininteger and 7 // 2 == 3)
assert(_VERSION == "Lua 5.4" and require("string") == string)
goto done
error("not reached")
::done::
