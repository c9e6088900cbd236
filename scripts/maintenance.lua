-- maintenance: verify the data's place, back up, remove superseded images, restart, look at the health.
--
--   geusemaker run maintenance.lua NAME
--   geusemaker run maintenance.lua NAME -- --service ollama --service n8n
--   geusemaker run maintenance.lua NAME -- --no-restart
--
-- A calm round for a stack that runs for months. Services restart one after the other, each
-- only when the one before it is healthy again.

local asked = geuse.options {
    service = { "SERVICE", list = true, doc = "a service to restart; all of them if left out" },
    no_restart = { doc = "restart nothing" },
    keep_images = { doc = "remove no images" },
}

-- A mount that is not what it should be ends the round here, before anything is touched.
geuse.verify_efs()
geuse.backup()

-- What no container, no kept backup and no name in the compose file needs any more.
if not asked.keep_images then
    for _, image in ipairs(geuse.prune()) do
        geuse.log("removed " .. image)
    end
end

if not asked.no_restart then
    local services = #asked.service > 0 and asked.service or geuse.describe().service_names
    for _, service in ipairs(services) do
        geuse.restart(service)
    end
end

-- Every service, not only those that were restarted.
geuse.wait_healthy { timeout = 300 }
