-- expects: script_timeout
xpcall(error, function() while true do geuse.echo(1) end end)
