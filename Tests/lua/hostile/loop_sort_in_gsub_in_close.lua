-- expects: script_timeout
do
  local guard <close> = setmetatable({}, {__close = function()
    ("x"):gsub(".", function()
      table.sort({2, 1}, function() coroutine.wrap(function() while true do end end)() end)
    end)
  end})
end
