-- expects: script_timeout
while true do pcall(error) end
