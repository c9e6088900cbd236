-- expects: not_available
collectgarbage("stop")
