-- expects: script_failed
error(coroutine.create(function() end))
