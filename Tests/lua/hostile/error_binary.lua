-- expects: script_failed
error("\xff\xfe")
