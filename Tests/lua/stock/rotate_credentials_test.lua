-- The stock script rotate_credentials.lua, and its shortcut in update.lua.

test("gives the database and n8n a new password", function()
    stack {}
    local r = run("rotate_credentials.lua")
    expect.done(r)
    expect.equal(r.changes, { "credentials of n8n rotated" })
    expect.healthy()
    expect.log("The database password of n8n is a new one.")
end)

test("is only planned in a dry run", function()
    stack {}
    local r = run("rotate_credentials.lua", {}, { dry_run = true })
    expect.planned(r)
end)

test("touches nothing while a service is not well", function()
    stack {}
    fault("health", "unhealthy:qdrant")
    run("rotate_credentials.lua")
    expect.refused("not_well")
end)

test("touches nothing when the old password is not the one that counts", function()
    stack {}
    fault("rotate", "unproven", { times = 1 })
    run("rotate_credentials.lua")
    expect.refused("credentials_unproven")
end)

test("puts the old one back when n8n does not log in with the new one", function()
    stack {}
    fault("rotate", "unused", { times = 1 })
    run("rotate_credentials.lua")
    expect.rolled_back("rotation_unused")
    expect.healthy()
end)

test("puts the old one back when n8n does not become healthy", function()
    stack {}
    fault("health", "unhealthy:n8n", { times = 1 })
    run("rotate_credentials.lua")
    expect.rolled_back()
    expect.healthy()
end)

test("knows no credentials of other services", function()
    stack {}
    run("rotate_credentials.lua", { service = "qdrant" })
    expect.refused("credentials_unknown")
end)

test("comes after the rest of an update", function()
    stack { services = { n8n = "n8nio/n8n:1.19.0" } }
    local r = run("update.lua", { "--image", "n8n=n8nio/n8n:1.20.0", "--rotate-credentials" })
    expect.done(r)
    expect.equal(r.changes, { "n8n -> n8nio/n8n:1.20.0", "credentials of n8n rotated" })
    expect.image("n8n", "n8nio/n8n:1.20.0")
end)

test("takes the rest of the update back with it", function()
    stack { services = { n8n = "n8nio/n8n:1.19.0" } }
    fault("rotate", "refused", { times = 1 })
    run("update.lua", { "--image", "n8n=n8nio/n8n:1.20.0", "--rotate-credentials" })
    expect.rolled_back("rotation_refused")
    expect.image("n8n", "n8nio/n8n:1.19.0")
end)
