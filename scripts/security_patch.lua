-- security_patch: bring each service to the newest patch of the version that it runs.
--
--   geusemaker update NAME --security-patch
--   geusemaker run security_patch.lua NAME -- --service n8n --service qdrant
--
-- A patch has the same major and minor number and the same words around them: 1.19.0 may become
-- 1.19.5, and 15.5-alpine 15.8-alpine, but neither becomes 1.20.0 or 15.8. A number of six digits or
-- more is a date or a build (1.19.20240101) and no patch, unless what runs is called so, too. A patch that
-- this host cannot have, such as one that is not published for its kind of machine, gives way to the
-- next lower one. What cannot be told is left as it is, and why is said.

local asked = geuse.options {
    service = { "SERVICE", list = true, doc = "only these services" },
}

-- A registry is asked about so many patches of a service at most.
local MOST_TRIES = 3

-- Takes a tag apart: what stands before the patch number, its digits, and what stands behind it.
local function parts(image, tag)
    local head, patch, tail = tag:match("^(v?%d+%.%d+%.)(%d+)(.*)$")
    if not head and image:match("([^/]+)$") == "postgres" then
        -- Since PostgreSQL 10 the second number is the patch.
        head, patch, tail = tag:match("^(%d%d+%.)(%d+)(.*)$")
    end
    -- More digits than any version has, or a fourth number, are no version that can be compared.
    if not head or #patch > 9 or tail:match("^%.") or tail:match("^%d") then
        return nil
    end
    return head, patch, tail
end

-- The tags of newer patches of a service's image, the newest first; nil and the reason where there is none.
local function newer(service, image)
    if image:find("@", 1, true) then
        return nil, "it is held to a digest"
    end
    local name, tag = image:match("^(.*):([^:/]+)$")
    if not name then
        return nil, "its image names no version"
    end
    local head, patch, tail = parts(name, tag)
    if not head then
        return nil, "the tag " .. tag .. " is no version with a patch number"
    end
    local found = {}
    for _, other in ipairs(geuse.tags(service, { prefix = head })) do
        local other_head, digits, other_tail = parts(name, other)
        -- The tag is kept as it is written: 2024.01.09 is not 2024.01.9.
        if other_head == head and other_tail == tail and (#digits < 6 or #patch >= 6)
            and tonumber(digits) > tonumber(patch)
        then
            found[#found + 1] = { number = tonumber(digits), image = name .. ":" .. other }
        end
    end
    if #found == 0 then
        local words = tail == "" and "" or " of those that end in " .. tail
        return nil, tag .. " is the newest patch" .. words
    end
    table.sort(found, function(a, b)
        if a.number ~= b.number then return a.number > b.number end
        return a.image < b.image
    end)
    return found
end

-- The newest patch of a service's image that the host can pull; nil and the reason where there is none.
local function newest(service, image)
    local found, why = newer(service, image)
    if not found then
        return nil, why
    end
    for i = 1, math.min(#found, MOST_TRIES) do
        local patch = geuse.image(service, found[i].image)
        if not patch.reason then
            return patch.image
        end
        if patch.exists ~= false and patch.compatible ~= false then
            -- It is not about this image: the registry refuses the host, or does not answer.
            geuse.fail(patch.code or "registry_unanswered", patch.reason)
        end
        geuse.log(service .. ": left out, " .. patch.reason)
    end
    if #found > MOST_TRIES then
        return nil, "none of its " .. MOST_TRIES .. " newest patches can be had"
    end
    return nil, "none of its newer patches can be had"
end

local stack = geuse.describe()
local names = #asked.service > 0 and asked.service or stack.service_names

local images, unanswered = {}, nil
for _, service in ipairs(names) do
    local now = stack.services[service]
    if not now then
        geuse.fail("unknown_service", "There is no service called " .. service .. ".", {
            hint = "The services are: " .. table.concat(stack.service_names, ", ") .. ".",
        })
    end
    local ok, image, why = pcall(newest, service, now.configured_image)
    if not ok then
        -- A registry that does not tell its tags is no reason to leave the other services as they are.
        image, why, unanswered = nil, image.message, image
    end
    if image then
        geuse.log(service .. ": " .. now.configured_image .. " -> " .. image)
        images[service] = image
    else
        geuse.log(service .. ": skipped, " .. why)
    end
end

if next(images) == nil and unanswered then
    error(unanswered)
end
if next(images) == nil then
    geuse.log("Nothing to do: there is no newer patch to be had.")
    return
end

geuse.backup()

-- Pulls come first: they take long, can fail, and disturb nothing that runs.
for service, image in pairs(images) do
    geuse.pull(service, image)
end

geuse.window("security patches", function()
    for service, image in pairs(images) do
        geuse.set_image(service, image)
    end
end)
