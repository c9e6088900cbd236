-- expects: too_many_arguments
geuse.echo(table.unpack({}, 1, 1000))
