-- expects: script_failed
setmetatable("", {})
