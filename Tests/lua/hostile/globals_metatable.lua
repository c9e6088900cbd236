-- expects: script_failed
setmetatable(_G, nil)
