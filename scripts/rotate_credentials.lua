-- rotate_credentials: give the stack's database a new password, and n8n with it.
--
--   geusemaker run rotate_credentials NAME
--   geusemaker update NAME --rotate-credentials
--
-- The password is made on the host and never leaves it: not for this script, the plan, the
-- journal or a log. The old one counts until the new one has been proven; n8n is made anew
-- with it, has to be healthy and to have logged in, or the old one is put back everywhere.

local asked = geuse.options {
    service = { "SERVICE", default = "n8n", doc = "whose database password" },
}

-- Before anything else: what is not well now could not be told from what the rotation broke.
local health = geuse.health()
for name, service in pairs(health) do
    if not service.well then
        geuse.fail("not_well", name .. " is not well, so nothing is rotated.", {
            hint = "See geusemaker describe, and bring it up first.",
        })
    end
end

geuse.backup()
geuse.rotate_credentials(asked.service)
geuse.log("The database password of " .. asked.service .. " is a new one.")
