-- expects: mine
-- changes: 1
local ok = pcall(function()
  local guard <close> = setmetatable({}, {__close = function() geuse.change("closed") end})
  error("first")
end)
geuse.fail("mine", "still here: " .. tostring(ok))
