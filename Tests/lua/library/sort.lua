-- table.sort is stable, and survives whatever is compared.
local records = {}
for i = 1, 500 do records[i] = {rank = i * 7919 % 10, at = i} end
table.sort(records, function(a, b) return a.rank < b.rank end)
for i = 2, #records do
  local a, b = records[i - 1], records[i]
  assert(a.rank < b.rank or (a.rank == b.rank and a.at < b.at))
end

for count = 0, 40 do
  local t, u = {}, {}
  for i = 1, count do t[i] = (i * 31) % 17 end
  table.sort(t)
  for i = 2, count do assert(t[i - 1] <= t[i]) end
  assert(#t == count)
end

local words = {"pear", "apple", "Zoo", "fig"}
table.sort(words)
assert(table.concat(words, " ") == "Zoo apple fig pear")
table.sort(words, function(a, b) return #a < #b end)
assert(table.concat(words, " ") == "Zoo fig pear apple")
table.sort(words, function() return true end)
assert(#words == 4)

-- A failed comparison leaves the list as it was.
local list = {3, "two", 1}
assert(not pcall(table.sort, list) and list[1] == 3 and list[2] == "two")
assert(not pcall(table.sort, {2, 1}, function() error("no") end))
assert(not pcall(table.sort, {2, 1}, {}) and not pcall(table.sort, nil))

-- Through metamethods.
local log = 0
local proxy = setmetatable({}, {
  __len = function() return 3 end,
  __index = function(_, i) return 4 - i end,
  __newindex = function(_, i, v) assert(i == v) log = log + 1 end,
})
table.sort(proxy)
assert(log == 3)
