-- expects: invalid_value
geuse.echo({[{}] = 1})
