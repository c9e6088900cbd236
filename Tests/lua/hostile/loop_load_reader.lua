-- expects: script_timeout script_memory script_failed
load(function() return "x = 1 " end)
