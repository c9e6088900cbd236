-- expects: script_memory script_failed value_too_large wrong_type too_many_arguments invalid_value
geuse.window(("w"):rep(1 << 26), function() end)
