-- expects: invalid_value
geuse.echo(coroutine.create(function() end))
