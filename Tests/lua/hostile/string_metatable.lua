-- expects: script_failed
getmetatable("").__index = {}
