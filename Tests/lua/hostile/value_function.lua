-- expects: invalid_value
geuse.echo(function() end)
