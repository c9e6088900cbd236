-- expects: script_timeout
while true do pcall(string.find, ("a"):rep(200), (".-"):rep(40) .. "b") end
