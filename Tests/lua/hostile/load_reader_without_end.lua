-- expects: script_memory script_timeout
assert(load(function() return "x = 1 " end))
