-- expects: script_timeout too_many_calls
while true do geuse.echo(1) end
