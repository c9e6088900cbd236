-- expects: ok
local called = 0
local function count() called = called + 1 return 1 end
local t = setmetatable({a = 1}, {__newindex = count,
  __tostring = count, __eq = count, __call = count})
local got = geuse.echo(t)
for _, event in ipairs{"__index", "__len", "__pairs"} do
  assert(not pcall(geuse.echo, setmetatable({a = 1}, {[event] = count})))
end
assert(called == 0 and got.a == 1 and rawequal(getmetatable(got), nil))
