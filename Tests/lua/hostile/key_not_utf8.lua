-- expects: ok
-- A key that is no text is the script's mistake, which it can catch, and no broken frame.
for _, key in ipairs { "\xff", "a\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3" } do
    local fine, e = pcall(geuse.echo, { [key] = 1 })
    assert(not fine and e.code == "invalid_value", key)
    assert(tostring(e):find("not valid UTF-8", 1, true))
    fine, e = pcall(geuse.echo, { { deep = { [key] = 1 } } })
    assert(not fine and e.code == "invalid_value", key)
end
for _, key in ipairs { "", "é", "\u{1F600}", "\u{D7FF}\u{E000}\u{10FFFF}", ("x"):rep(256) } do
    assert(geuse.echo({ [key] = 1 })[key] == 1)
end
