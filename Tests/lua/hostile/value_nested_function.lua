-- expects: invalid_value
geuse.echo({a = {function() end}})
