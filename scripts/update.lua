-- update: change the instance type, container images, or both, in one interruption.
--
--   geusemaker update NAME --instance-type t3.large --image n8n=n8nio/n8n:1.20.0
--   geusemaker run update.lua NAME -- --instance-type t3.large --image n8n=n8nio/n8n:1.20.0
--
-- Both lines run this file. It only says what is wanted and in which order; the
-- guards (lock, checks, question, backup, journal, EFS proof, health) are the
-- program's and can't be left out from here.

local asked = geuse.options {
    instance_type = { "TYPE", doc = "the EC2 instance type to change to" },
    fallback_type = { "TYPE", list = true, doc = "tried in order when there is no capacity" },
    image = { "SERVICE=IMAGE", map = true, doc = "the image a service is to run" },
    rotate_credentials = { doc = "give the database a new password, and n8n with it" },
    scale = { "N", doc = "how many instances the stack's Auto Scaling group is to have" },
}

local capacity = asked.scale and math.tointeger(tonumber(asked.scale))
if asked.scale and not capacity then
    geuse.fail("invalid_scale", "--scale is " .. asked.scale .. ", not a whole number.")
end

if #asked.fallback_type > 0 and not asked.instance_type then
    geuse.fail("option_without_effect", "--fallback-type only means something with --instance-type.")
end

local stack = geuse.describe()

-- What differs from what is there? Asking for what already runs is no change.
local images, new_type = {}, nil
for service, image in pairs(asked.image) do
    local now = stack.services[service]
    if not now then
        geuse.fail("unknown_service", "There is no service called " .. service .. ".", {
            hint = "The services are: " .. table.concat(stack.service_names, ", ") .. ".",
        })
    end
    if now.configured_image ~= image then
        images[service] = image
    end
end
if asked.instance_type and asked.instance_type ~= stack.instance.type then
    new_type = asked.instance_type
end

local has_update = new_type or next(images) ~= nil
if not has_update and not asked.rotate_credentials and not capacity then
    geuse.log("Nothing to do: the stack already is as asked.")
    return
end

if has_update then
    geuse.backup()

    -- Pulls come first: they take long, can fail, and disturb nothing that runs.
    for service, image in pairs(images) do
        geuse.pull(service, image)
    end

    -- One interruption for everything: services stop once and start once.
    geuse.window("update", function()
        if new_type then
            geuse.resize(new_type, { fallback = asked.fallback_type })
        end
        for service, image in pairs(images) do
            geuse.set_image(service, image)
        end
    end)
end

-- Afterwards, since a new password can be proven on services that run only.
if asked.rotate_credentials then
    geuse.rotate_credentials()
end

-- More or fewer instances come last, so that new ones find the new images.
if capacity and not geuse.scale(capacity) then
    geuse.log("The group has " .. capacity .. " instances already.")
end
