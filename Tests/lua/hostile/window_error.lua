-- expects: broken_inside
geuse.window("w", function() geuse.window("v", function() error({code = "broken_inside", message = "No."}) end) end)
