-- expects: script_timeout
pcall(function()
  local x <close> = setmetatable({}, {__close = function()
    table.sort({3, 2, 1}, function() while true do pcall(pcall, error) end end)
  end})
  error("x")
end)
