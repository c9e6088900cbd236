-- expects: ok
assert(tostring({}) == "table" and tostring(function() end) == "function")
assert(tostring(coroutine.create(function() end)) == "thread")
assert(("%s %s"):format({}, error) == "table function")
assert(not pcall(string.format, "%p", {}))
assert(not pcall(string.format, "%-20p", {}))
assert(tostring(setmetatable({}, {__name = "thing"})) == "thing")
