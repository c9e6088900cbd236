-- The usual stack runs n8n 1.19.0, ollama 0.1.20, qdrant v1.7.0, crawl4ai 0.6.0-r1 and postgres 15.5.

test("brings every service to the newest patch of its version, in one interruption", function()
    local planned = run("security_patch.lua", {}, { dry_run = true })
    local windows = 0
    for _, step in ipairs(planned.plan) do
        if step:find("open the window", 1, true) then windows = windows + 1 end
    end
    expect.equal(windows, 1)
    expect.done(run("security_patch.lua"))
    expect.image("n8n", "n8nio/n8n:1.19.5")
    expect.image("ollama", "ollama/ollama:0.1.32")
    expect.image("qdrant", "qdrant/qdrant:v1.7.4")
    expect.image("postgres", "postgres:15.8")
    expect.log("crawl4ai: skipped, 0.6.0-r1 is the newest patch of those that end in -r1")
    expect.healthy()
end)

test("does nothing the second time, and says why", function()
    run("security_patch.lua")
    expect.nothing_to_do(run("security_patch.lua"))
    expect.log("n8n: skipped, 1.19.5 is the newest patch")
end)

test("keeps to the services that were asked for", function()
    expect.done(run("security_patch.lua", { service = { "qdrant" } }))
    expect.image("qdrant", "qdrant/qdrant:v1.7.4")
    expect.image("n8n", "n8nio/n8n:1.19.0")
    run("security_patch.lua", { service = { "nothing" } })
    expect.refused("unknown_service")
end)

test("keeps the words behind the number, and never goes to another version", function()
    stack { services = { postgres = "postgres:15.5-alpine", n8n = "n8nio/n8n:1.25.1" } }
    expect.nothing_to_do(run("security_patch.lua", { service = { "postgres", "n8n" } }))
    expect.log("postgres: skipped, 15.5-alpine is the newest patch")
    expect.log("n8n: skipped, 1.25.1 is the newest patch")
end)

test("takes a tag as it is written, zeros and all", function()
    stack { services = { crawl4ai = "unclecode/crawl4ai:2024.01.05" } }
    expect.done(run("security_patch.lua", { service = { "crawl4ai" } }))
    expect.image("crawl4ai", "unclecode/crawl4ai:2024.01.09")
end)

test("leaves what names no single version", function()
    stack { services = {
        postgres = "postgres:15", n8n = "n8nio/n8n:latest", crawl4ai = "unclecode/crawl4ai:basic-amd64",
    } }
    expect.nothing_to_do(run("security_patch.lua", { service = { "postgres", "n8n", "crawl4ai" } }))
    expect.log("crawl4ai: skipped, the tag basic-amd64 is no version with a patch number")
    expect.log("postgres: skipped, the tag 15 is no version with a patch number")
    expect.log("n8n: skipped, the tag latest is no version with a patch number")
end)

test("a registry that does not tell its tags is told, and the other services go on", function()
    fault("registry", "down", { times = 1 })
    expect.done(run("security_patch.lua", { service = { "n8n", "qdrant" } }))
    expect.log("n8n: skipped, The registry of n8nio/n8n did not tell its tags.")
    expect.image("n8n", "n8nio/n8n:1.19.0")
    expect.image("qdrant", "qdrant/qdrant:v1.7.4")
end)

test("with no answer at all it fails, and does not say that all is well", function()
    fault("registry", "down")
    run("security_patch.lua")
    expect.refused("registry_unanswered")
end)

test("is undone when a patch does not become healthy", function()
    fault("health", "unhealthy:n8n", { times = 1 })
    run("security_patch.lua", { service = { "n8n" } })
    expect.rolled_back()
    expect.image("n8n", "n8nio/n8n:1.19.0")
end)

test("what is not published for this host is left as it is, and the others are patched", function()
    fault("pull", "no-matching-manifest", { times = 1 })
    expect.done(run("security_patch.lua"))
    expect.log("n8n: left out, The image is not published for the host's architecture: n8nio/n8n:1.19.5.")
    expect.log("n8n: skipped, none of its newer patches can be had")
    expect.image("n8n", "n8nio/n8n:1.19.0")
    expect.image("ollama", "ollama/ollama:0.1.32")
    expect.image("qdrant", "qdrant/qdrant:v1.7.4")
    expect.image("postgres", "postgres:15.8")
    expect.healthy()
end)

test("the next lower patch is taken where the newest cannot be had", function()
    fault("pull", "no-matching-manifest", { times = 1 })
    expect.done(run("security_patch.lua", { service = { "postgres" } }))
    expect.log("postgres: left out, The image is not published for the host's architecture: postgres:15.8.")
    expect.log("postgres: postgres:15.5 -> postgres:15.6")
    expect.image("postgres", "postgres:15.6")
end)

test("where no newer patch can be had nothing is touched", function()
    fault("pull", "no-matching-manifest")
    expect.nothing_to_do(run("security_patch.lua", { service = { "postgres", "n8n" } }))
    expect.log("postgres: skipped, none of its newer patches can be had")
    expect.log("Nothing to do: there is no newer patch to be had.")
end)

test("a date in the place of the number is no patch, unless what runs is called so", function()
    -- There are 1.19.20240101 and 1.19.20240301, too.
    expect.done(run("security_patch.lua", { service = { "n8n" } }))
    expect.image("n8n", "n8nio/n8n:1.19.5")
end)

test("a date goes to a later date", function()
    stack { services = { n8n = "n8nio/n8n:1.19.20240101" } }
    expect.done(run("security_patch.lua", { service = { "n8n" } }))
    expect.image("n8n", "n8nio/n8n:1.19.20240301")
end)

test("says why where the host cannot be looked at", function()
    fault("agent", "offline")
    run("security_patch.lua")
    expect.refused("host_unreachable")
end)
