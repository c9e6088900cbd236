-- expects: script_timeout
local s = ("\u{1F600}"):rep(100000)
while true do for _ in utf8.codes(s) do end end
