-- expects: invalid_value
geuse.echo(("x"):rep(9 * 1024 * 1024))
