-- expects: script_failed
error(42)
