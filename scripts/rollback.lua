-- rollback: bring back an earlier configuration, from the previous states or from a backup.
--
--   geusemaker rollback NAME --to-version 2
--   geusemaker backup restore NAME BACKUP
--   geusemaker run rollback.lua NAME -- --to 2
--
-- What the earlier configuration was, whether it can be had again, and that it really
-- runs at the end is the program's to find out and to prove.

local asked = geuse.options {
    to = { "VERSION|BACKUP", default = "1", doc = "a previous state (1 is the newest), or a backup's id" },
}

-- Digits are one of the previous states; everything else is a backup's id.
local to = math.tointeger(tonumber(asked.to)) or asked.to

if not geuse.rollback(to) then
    geuse.log("Nothing to do: the stack already is as it was then.")
end
