-- expects: script_timeout
local function storm()
  local guard <close> = setmetatable({}, {__close = function() pcall(storm_again) error("more") end})
  error("first")
end
function storm_again() error("inner") end
while true do pcall(storm) end
