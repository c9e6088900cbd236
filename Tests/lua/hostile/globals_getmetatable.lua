-- expects: ok
assert(getmetatable(_G) == false and getmetatable(geuse) == false and getmetatable("") == false)
