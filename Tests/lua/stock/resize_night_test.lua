local night = { instance_type = "t3.large", from = "01:00", ["until"] = "04:00" }

local function with(changes)
    local options = {}
    for name, value in pairs(night) do
        options[name] = value
    end
    for name, value in pairs(changes) do
        options[name] = value
    end
    return options
end

test("started in the evening it waits for the window", function()
    stack { time = "2026-01-05T22:30:00Z" }
    local r = run("resize_night.lua", night, { dry_run = true })
    expect.planned(r)
    assert(r.plan[1]:find("2026-01-06T01:00:00", 1, true), r.plan[1])
    assert(r.plan[1]:find("2026-01-06T04:00:00", 1, true), r.plan[1])
    expect.done(run("resize_night.lua", night))
    expect.instance_type("t3.large")
    expect.nothing_to_do(run("resize_night.lua", night))
end)

test("started inside the window it goes on at once", function()
    stack { time = "2026-01-05T02:00:00Z" }
    local r = run("resize_night.lua", night, { dry_run = true })
    assert(r.plan[1]:find("2026-01-05T01:00:00", 1, true), r.plan[1])
    expect.done(run("resize_night.lua", night))
end)

test("a window may go past midnight", function()
    stack { time = "2026-01-05T00:30:00Z" }
    local r = run("resize_night.lua", with { from = "23:00", ["until"] = "01:30" }, { dry_run = true })
    assert(r.plan[1]:find("2026-01-04T23:00:00", 1, true), r.plan[1])
end)

test("times have a fixed offset from UTC", function()
    stack { time = "2026-01-05T20:00:00Z" }
    local r = run("resize_night.lua", with { timezone = "+02:00" }, { dry_run = true })
    assert(r.plan[1]:find("2026-01-05T23:00:00", 1, true), r.plan[1])
    r = run("resize_night.lua", with { timezone = "-05:30" }, { dry_run = true })
    assert(r.plan[1]:find("2026-01-06T06:30:00", 1, true), r.plan[1])
end)

test("it gives up when the change does not fit into what is left", function()
    stack { time = "2026-01-05T03:59:00Z" }
    run("resize_night.lua", night)
    expect.refused("too_late")
    expect.instance_type("t3.medium")
end)

test("no capacity in the night: the old type is back in the morning", function()
    stack { time = "2026-01-05T02:00:00Z" }
    fault("start", "InsufficientInstanceCapacity", { on = "t3.large" })
    run("resize_night.lua", night)
    expect.rolled_back("InsufficientInstanceCapacity")
    expect.healthy()
end)

test("mistakes in its options are told before anything is touched", function()
    stack { time = "2026-01-05T02:00:00Z" }
    for code, options in pairs {
        invalid_time = { from = "25:00" },
        invalid_timezone = { timezone = "Europe/Berlin" },
    } do
        run("resize_night.lua", with(options))
        expect.refused(code)
    end
    run("resize_night.lua", with { from = "04:00" })
    expect.refused("invalid_time")
end)
