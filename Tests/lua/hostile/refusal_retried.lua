-- expects: refused_here
for i = 1, 100 do pcall(geuse.refuse) end
geuse.refuse()
