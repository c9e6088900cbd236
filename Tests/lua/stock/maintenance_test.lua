local services = { "crawl4ai", "n8n", "ollama", "postgres", "qdrant" }

test("every service is restarted, and no configuration changes", function()
    expect.done(run("maintenance.lua"))
    for _, service in ipairs(services) do
        expect.restarted(service)
    end
    expect.healthy()
    expect.image("n8n", "n8nio/n8n:1.19.0")
end)

test("only what is asked for is restarted", function()
    local before = look().services.n8n.started_at
    expect.done(run("maintenance.lua", { service = { "qdrant" } }))
    expect.restarted("qdrant")
    expect.equal(look().services.n8n.started_at, before)
    expect.done(run("maintenance.lua", { no_restart = true }))
end)

test("superseded images go, and those that a rollback needs stay", function()
    expect.done(run("rotate_images.lua", { image = { n8n = "n8nio/n8n:1.20.0" } }))
    expect.done(run("maintenance.lua", { no_restart = true }))
    expect.done(run("rollback.lua", { to = "1" }))
    expect.image("n8n", "n8nio/n8n:1.19.0")
end)

test("an image that nothing needs is removed, unless it is asked to stay", function()
    -- Seven updates later the backup before the first one is none of the newest six.
    for _, tag in ipairs { "1.19.5", "1.20.0", "1.21.1", "1.25.1", "1.64.3", "1.97.1" } do
        expect.done(run("update.lua", { image = { n8n = "n8nio/n8n:" .. tag } }))
    end
    expect.done(run("update.lua", { image = { postgres = "postgres:15.8" } }))
    expect.done(run("maintenance.lua", { no_restart = true, keep_images = true }))
    local r = run("maintenance.lua", { no_restart = true })
    expect.done(r)
    expect.log("removed n8nio/n8n:1.19.0")
    expect.no_image("n8nio/n8n:1.19.0")
    expect.healthy()
end)

test("a mount that is not what it should be ends it before anything is touched", function()
    fault("efs", "read-only")
    run("maintenance.lua")
    expect.refused("efs_read_only")
end)

test("a service that does not come back is brought back by the undo", function()
    fault("health", "unhealthy:ollama", { times = 1 })
    run("maintenance.lua")
    expect.rolled_back("not_healthy")
    expect.healthy()
end)

test("says why where the host cannot be looked at", function()
    fault("agent", "offline")
    run("maintenance.lua")
    expect.refused("host_unreachable")
end)
