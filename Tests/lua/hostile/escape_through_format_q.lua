-- expects: script_failed
string.format("%q", function() end)
