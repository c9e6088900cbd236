-- rotate_images: new images one service at a time, each kept once it is healthy.
--
--   geusemaker run rotate_images.lua NAME -- --image n8n=n8nio/n8n:1.20.0 --image qdrant=qdrant/qdrant:v1.7.4
--
-- Where update.lua changes everything in one interruption, this goes service by service, with
-- a checkpoint after each: when the third image does not become healthy, the first two stay
-- and the third goes back. Each service is down only while it is made anew.

local asked = geuse.options {
    image = { "SERVICE=IMAGE", map = true, required = true, doc = "the image a service is to run" },
}

-- What is there already needs no change. Options of this kind come sorted by name, so
-- the order is the same each time the script runs.
local stack = geuse.describe()
local rotation = {}
for service, image in pairs(asked.image) do
    local now = stack.services[service]
    if not now then
        geuse.fail("unknown_service", "There is no service called " .. service .. ".", {
            hint = "The services are: " .. table.concat(stack.service_names, ", ") .. ".",
        })
    end
    if now.configured_image ~= image then
        table.insert(rotation, { service = service, image = image })
    end
end

if #rotation == 0 then
    geuse.log("Nothing to do: every service has the image that was asked for.")
    return
end

-- All images are brought before the first service changes: one that cannot be had ends the
-- run while nothing has been touched.
geuse.backup()
for _, turn in ipairs(rotation) do
    geuse.pull(turn.service, turn.image)
end

-- set_image comes back once the service is healthy; the checkpoint then makes it stay.
for _, turn in ipairs(rotation) do
    geuse.set_image(turn.service, turn.image)
    geuse.checkpoint(turn.service .. " runs " .. turn.image)
end
