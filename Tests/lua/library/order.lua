-- pairs and next visit in one order: numbers, strings, booleans.
local function visited(t)
  local keys = {}
  for key in pairs(t) do keys[#keys + 1] = tostring(key) end
  return table.concat(keys, " ")
end
local function walked(t)
  local keys = {}
  for key in next, t do keys[#keys + 1] = tostring(key) end
  return table.concat(keys, " ")
end

local mixed = {[true] = 1, b = 2, a = 3, [10] = 4, [2] = 5, [-1] = 6, [1.5] = 7, ab = 8, [""] = 9, [false] = 0}
assert(visited(mixed) == "-1 1.5 2 10  a ab b false true", visited(mixed))
assert(walked(mixed) == visited(mixed))
assert(visited({}) == "" and next({}) == nil)
assert(visited({3, 2, 1}) == "1 2 3")

local exact = {[1 << 53] = "a", [(1 << 53) + 1] = "b", [2.0 ^ 60] = "c", [math.mininteger] = "d", [math.huge] = "e"}
assert(visited(exact) == "-9223372036854775808 9007199254740992 9007199254740993 1152921504606846976 inf", visited(exact))

local many = {}
for i = 1, 1000 do many[("%04d"):format(i * 7919 % 10007)] = i end
local last = ""
for key, value in pairs(many) do
  assert(key > last and many[key] == value)
  last = key
end

-- Removing while visiting is allowed, and what was removed is not visited.
local shrinking = {a = 1, b = 2, c = 3}
local seen = ""
for key in pairs(shrinking) do
  seen = seen .. key
  shrinking[key] = nil
  shrinking.b = nil
end
assert(seen == "ac" and next(shrinking) == nil)
local queue = {x = 1, y = 2, z = 3}
while next(queue) do queue[next(queue)] = nil end

-- next is told any key, walks in turns, and refuses a key that is not there.
assert(next({a = 1, b = 2}, "a") == "b" and next({a = 1}, "a") == nil)
local one, two = {a = 1, b = 2, c = 3}, {x = 1, y = 2}
assert(next(one) == "a" and next(two) == "x" and next(one, "a") == "b" and next(two, "x") == "y")
assert(not pcall(next, one, "nothing"))
assert(next(one, "c") == nil and next(one, "c") == nil and next(one, "b") == "c" and next(one) == "a")
local key, value = next({7})
assert(key == 1 and value == 7)

-- Metamethods as ever.
local t = setmetatable({}, {__pairs = function(t) return function(_, k) if not k then return 1, 2 end end, t, nil end})
for k, v in pairs(t) do assert(k == 1 and v == 2) end
assert(not pcall(pairs, nil) and not pcall(pairs, 1))
local ok, e = pcall(pairs, {[{}] = 1})
assert(not ok and e.code == "unordered_keys" and e.hint)
