-- expects: script_failed read_only unknown_member
local members = ("x").format and getmetatable("")
assert(members == false)
string.rep = function() return "mine" end
