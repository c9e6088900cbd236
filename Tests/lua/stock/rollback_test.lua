-- The stock script rollback.lua.

local newer = { n8n = "n8nio/n8n:1.20.0" }

test("brings back type and image of the update before", function()
    expect.done(run("update.lua", { instance_type = "t3.large", image = newer }))
    expect.done(run("rollback.lua"))
    expect.instance_type("t3.medium")
    expect.image("n8n", "n8nio/n8n:1.19.0")
    expect.healthy()
end)

test("goes back further than one update", function()
    expect.done(run("update.lua", { instance_type = "t3.large" }))
    expect.done(run("update.lua", { instance_type = "t3.xlarge" }))
    expect.done(run("rollback.lua", { to = 2 }))
    expect.instance_type("t3.medium")
end)

test("has nothing to go back to on a new stack", function()
    run("rollback.lua")
    expect.refused("no_previous_states")
    run("rollback.lua", { to = "9" })
    expect.refused("no_previous_states")
    run("rollback.lua", { to = "20200101-000000-none" })
    expect.refused("unknown_backup")
end)

test("is undone itself when the old image is not well", function()
    expect.done(run("update.lua", { image = newer }))
    fault("health", "unhealthy:n8n", { times = 1 })
    run("rollback.lua")
    expect.rolled_back("not_healthy")
    expect.image("n8n", "n8nio/n8n:1.20.0")
    expect.healthy()
end)

test("is only planned in a dry run", function()
    expect.done(run("update.lua", { image = newer }))
    expect.planned(run("rollback.lua", {}, { dry_run = true }))
    expect.image("n8n", "n8nio/n8n:1.20.0")
end)
