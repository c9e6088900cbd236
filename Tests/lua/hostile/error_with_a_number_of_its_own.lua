-- expects: x
-- changes: 1
-- An id is the core's to give: no number in a script's own metatable stands for a record of the core's.
geuse.change('a')
pcall(geuse.refuse)
for _, id in ipairs { math.mininteger, math.mininteger + 1, math.maxinteger, -1, 0 } do
    pcall(error, setmetatable({ code = 'x' }, { id = id }))
end
error(setmetatable({ code = 'x' }, { id = math.mininteger }))
