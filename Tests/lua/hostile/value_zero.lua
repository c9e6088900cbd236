-- expects: invalid_value
geuse.echo({[0] = 1})
