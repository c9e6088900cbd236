-- expects: script_timeout
do
  local guard <close> = setmetatable({}, {__close = function()
    geuse.window("w", function() while true do end end)
  end})
end
