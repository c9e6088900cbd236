-- expects: script_timeout too_many_calls
xpcall(error, function() while true do geuse.echo(1) end end)
