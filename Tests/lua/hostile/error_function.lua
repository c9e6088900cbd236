-- expects: script_failed
error(function() end)
