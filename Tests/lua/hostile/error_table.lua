-- expects: script_failed
error({})
