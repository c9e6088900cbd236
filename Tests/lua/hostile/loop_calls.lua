-- expects: script_timeout
while true do geuse.echo(1) end
