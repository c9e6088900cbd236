-- expects: script_timeout script_memory script_failed
while true do pcall(string.unpack, "!16 z", ("x"):rep(1000) .. "\0") pcall(string.pack, ("j"):rep(100)) end
