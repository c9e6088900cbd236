-- expects: invalid_value
geuse.echo({1, 2, nil, 4})
