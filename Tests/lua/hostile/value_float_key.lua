-- expects: invalid_value
geuse.echo({[1.5] = 1})
