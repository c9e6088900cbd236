-- expects: not_available
return debug.getregistry()
