local images = { n8n = "n8nio/n8n:1.20.0", qdrant = "qdrant/qdrant:v1.7.4" }

test("every service gets its image, one after the other", function()
    local r = run("rotate_images.lua", { image = images })
    expect.done(r)
    for service, image in pairs(images) do
        expect.image(service, image)
    end
    expect.equal(r.changes, { "n8n -> " .. images.n8n, "qdrant -> " .. images.qdrant })
    expect.healthy()
    expect.nothing_to_do(run("rotate_images.lua", { image = images }))
end)

test("when the second one does not become healthy, the first one stays", function()
    fault("health", "unhealthy:qdrant", { times = 1 })
    local r = run("rotate_images.lua", { image = images })
    expect.kept_checkpoint("not_healthy")
    expect.equal(r.checkpoint, "n8n runs " .. images.n8n)
    expect.image("n8n", images.n8n)
    expect.image("qdrant", "qdrant/qdrant:v1.7.0")
    expect.healthy()
end)

test("an image that cannot be had ends it before anything is touched", function()
    run("rotate_images.lua", { image = { n8n = images.n8n, qdrant = "qdrant/qdrant:v0.0.0" } })
    expect.refused("image_not_found")
    expect.healthy()
end)

test("a misspelt service is told before anything is touched", function()
    local r = run("rotate_images.lua", { image = { n9n = images.n8n } })
    expect.refused("unknown_service")
    assert(r.hint:find("n8n", 1, true))
end)

test("something has to be asked for", function()
    run("rotate_images.lua")
    expect.refused("missing_option")
end)

test("says why where the host cannot be looked at", function()
    fault("agent", "offline")
    run("rotate_images.lua", { image = { n8n = "n8nio/n8n:1.20.0" } })
    expect.refused("host_unreachable")
end)
