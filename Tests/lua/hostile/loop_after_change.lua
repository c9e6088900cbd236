-- expects: script_timeout
-- changes: 1
geuse.change("a")
while true do pcall(function() while true do end end) end
geuse.change("b")
