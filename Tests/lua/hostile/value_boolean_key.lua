-- expects: invalid_value
geuse.echo({[true] = 1})
