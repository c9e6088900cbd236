-- expects: script_timeout
while true do pcall(load("return function() return " .. ("("):rep(50) .. "1" .. (")"):rep(50) .. " end")) end
