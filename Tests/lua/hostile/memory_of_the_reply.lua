-- expects: script_memory
-- memory: 80
local keep = ("x"):rep(50000000)
local big = ("y"):rep(6000000)
local got = {}
while true do got[#got + 1] = geuse.echo(big) end
