-- expects: script_failed
return table.unpack({}, 1, 10000000)
