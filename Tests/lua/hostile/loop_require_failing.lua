-- expects: script_timeout too_many_calls
while true do pcall(require, "failing") end
