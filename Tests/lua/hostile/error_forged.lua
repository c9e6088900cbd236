-- expects: mine
local ok, e = pcall(geuse.refuse)
e.code = 'mine'
error(e)
