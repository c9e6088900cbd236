-- expects: script_failed
error({code = {}, message = function() end, hint = 1})
