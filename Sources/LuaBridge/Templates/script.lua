-- NAME: say here what it does, in one sentence.
--
--   geusemaker run NAME.lua STACK --dry-run -- --tag 1.20.0
--   geusemaker script check NAME.lua
--   geusemaker script test NAME_test.lua

local options = geuse.options {
    tag = { "TAG", required = true, doc = "the version of n8n to run" },
}

local image = "n8nio/n8n:" .. options.tag
local n8n = geuse.describe().services.n8n
if not n8n then
    geuse.fail("no_n8n", "This stack has no service called n8n.")
end
if n8n.configured_image == image then
    geuse.log("Nothing to do: " .. image .. " runs already.")
    return
end

-- A backup that you can find again; without this line the program takes one all the same.
geuse.backup()

-- What takes long and disturbs nothing comes first.
geuse.pull("n8n", image)

-- Changes in one window share one interruption. If one fails, all of it is undone.
geuse.window("new n8n", function()
    geuse.set_image("n8n", image)
end)
