-- expects: script_timeout
while true do end
