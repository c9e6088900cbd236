-- Coroutines behave as in any Lua.
local co = coroutine.create(function(a, b)
  assert(a == 1 and b == 2)
  local c, d = coroutine.yield(a + b, nil)
  assert(c == nil and d == "d")
  return "done", nil
end)
local function pack(...) return select("#", ...), ... end
local n, ok, x = pack(coroutine.resume(co, 1, 2))
assert(n == 3 and ok and x == 3 and coroutine.status(co) == "suspended")
n, ok, x = pack(coroutine.resume(co, nil, "d"))
assert(n == 3 and ok and x == "done" and coroutine.status(co) == "dead")
ok, x = coroutine.resume(co)
assert(not ok and x == "cannot resume dead coroutine")
assert(not pcall(coroutine.resume, 1) and not pcall(coroutine.wrap, 1))

-- Errors come out as they are, tables too, and variables are closed.
local closed = 0
local function guarded(e)
  local guard <close> = setmetatable({}, {__close = function() closed = closed + 1 end})
  error(e)
end
local go = coroutine.wrap(guarded)
ok, x = pcall(go, {code = "mine"})
assert(not ok and x.code == "mine" and closed == 1)
ok, x = pcall(go)
assert(not ok and x == "cannot resume dead coroutine", x)
ok, x = pcall(coroutine.wrap(guarded), "text")
assert(not ok and x == "coroutines.lua:21: text", x)
co = coroutine.create(guarded)
ok, x = coroutine.resume(co, "kept")
assert(not ok and closed == 2 and coroutine.status(co) == "dead")
ok, x = coroutine.close(co)
assert(not ok and x == "coroutines.lua:21: kept" and closed == 3)
ok, x = pcall(coroutine.wrap(function()
  local guard <close> = setmetatable({}, {__close = function(_, e) error("second, after " .. e, 0) end})
  error("first", 0)
end))
assert(not ok and x == "second, after first", x)

-- Generators, calls to the core and nesting.
local function upto(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end) end
local sum = 0
for i in upto(100) do sum = sum + geuse.echo(i) end
assert(sum == 5050)
local depth = 0
local function nest(n) if n > 0 then depth = depth + 1 coroutine.wrap(nest)(n - 1) end end
nest(50)
assert(depth == 50)
assert(not pcall(coroutine.wrap(function() return table.unpack({}, 1, 1e6) end)) or true)
local main, is_main = coroutine.running()
assert(is_main and coroutine.isyieldable() == false and tostring(main) == "thread")
ok, x = coroutine.resume(coroutine.running())
assert(not ok and x == "cannot resume non-suspended coroutine")
