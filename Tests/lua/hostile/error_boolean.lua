-- expects: script_failed
error(true)
