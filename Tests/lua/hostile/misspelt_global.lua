-- expects: undefined_global
geuze.echo(1)
