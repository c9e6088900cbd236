-- Fits the libraries together into what a script sees. Runs once in each worker, before any script;
-- what it keeps in locals no script can replace. The argument holds the functions of the worker
-- and the standard libraries as Lua made them.
local native = ...
local base, string, table, math = native.base, native.string, native.table, native.math
local error, type, select, rawget, rawset = base.error, base.type, base.select, base.rawget, base.rawset
local setmetatable, load, tostring, pcall = base.setmetatable, base.load, native.tostring, base.pcall
local pairs, next, min, max = native.pairs, base.next, math.min, math.max

local function raise(code, message, hint)
    error(native.new_error(code, message, hint), 0)
end

-- Names ------------------------------------------------------------------------------------------

-- How many letters have to be changed, added, removed or swapped with their neighbour.
local function distance(a, b)
    local before, last, row = nil, {}, nil
    for j = 0, #b do last[j] = j end
    for i = 1, #a do
        row = { [0] = i }
        for j = 1, #b do
            local same = string.byte(a, i) == string.byte(b, j)
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same and 0 or 1))
            if before and j > 1 and string.byte(a, i) == string.byte(b, j - 1)
                and string.byte(a, i - 1) == string.byte(b, j) then
                row[j] = min(row[j], before[j - 2] + 1)
            end
        end
        before, last = last, row
    end
    return last[#b]
end

-- The name among the keys of the tables that is most like a misspelt one, or nil.
local function nearest(name, ...)
    local best, least = nil, max(1, #name // 3) + 1
    if #name > 40 then return nil end
    for i = 1, select("#", ...) do
        for candidate in pairs((select(i, ...))) do
            -- As many letters as the lengths differ by are missing at least.
            if type(candidate) == "string" and #candidate <= 40
                and #name - #candidate < least and #candidate - #name < least then
                local d = distance(name, candidate)
                if d < least then best, least = candidate, d end
            end
        end
    end
    return best
end

-- How many names it is still looked for: thousands of misspelt ones would be work without end.
local searches = 64

local function suggestion(name, ...)
    searches = searches - 1
    local near = type(name) == "string" and searches >= 0 and nearest(name, ...)
    return near and "Did you mean " .. near .. "?" or nil
end

-- What is absent, and what to use instead.
local absent_globals = {
    collectgarbage = "Memory is managed; a script has no need to.",
    debug = "Errors carry their line and a traceback.",
    dofile = "Use require to run another file.",
    io = "Scripts have no files. Use require for code and geuse.log for messages.",
    loadfile = "Use require to run another file.",
    loadstring = "Use load.",
    module = "A module is a file that returns a table; use require.",
    os = "Use geuse.now for the time and geuse.sleep to wait; scripts have no files or processes.",
    package = "Use require; the modules are kept by it.",
    print = "Use geuse.log for messages.",
    setfenv = "Use the env argument of load.",
    unpack = "Use table.unpack.",
    warn = "Use geuse.log for messages.",
}

-- What is there for some chunks only, and what to use where it is not.
local elsewhere = {
    geuse = "Test files use run(), look() and expect. A module has geuse only when a script requires it.",
}

local absent_modules = {
    debug = absent_globals.debug,
    ffi = "Scripts are Lua only.",
    io = absent_globals.io,
    lfs = absent_globals.io,
    os = absent_globals.os,
    package = absent_globals.package,
    posix = absent_globals.os,
    socket = "Scripts have no network; what can be reached is in geuse.",
    ["socket.http"] = "Scripts have no network; what can be reached is in geuse.",
}

-- Tables that can't be changed ---------------------------------------------------------------------

local sealed = {}

-- A table that shows the members and takes no others, whatever is tried.
local function seal(name, members, hints)
    setmetatable(members, {
        __metatable = false,
        __index = function(_, key)
            local full = name .. "." .. tostring(key)
            local hint = hints and hints[key] or suggestion(key, members)
            raise("unknown_member", full .. " does not exist.", hint)
        end,
    })
    local proxy = setmetatable({}, {
        __index = members,
        __metatable = false,
        __name = name,
        __newindex = function(_, key)
            raise("read_only", name .. "." .. tostring(key) .. " can't be set.", name .. " is read-only.")
        end,
        __pairs = function() return (pairs(members)) end,
    })
    sealed[proxy] = true
    return proxy
end

local function copy(from, without)
    local to = {}
    for key, value in pairs(from) do to[key] = value end
    for _, key in base.ipairs(without or {}) do to[key] = nil end
    return to
end

-- The replaced functions of the base library -------------------------------------------------------

local replaced = {}

local builtins, globals

-- Gives back what a function of the base library gave, or raises its error as the caller's own: the line
-- is that of the script.
local function passed(ok, ...)
    if ok then return ... end
    local problem = ...
    -- Where memory ran out is known without a line.
    error(problem, problem ~= "not enough memory" and 2 or 0)
end

function replaced.rawset(target, key, value)
    if sealed[target] or (target == globals and rawget(builtins, key) ~= nil) then
        raise("read_only", tostring(target) .. "." .. tostring(key) .. " can't be set.", nil)
    end
    return passed(pcall(rawset, target, key, value))
end

-- Finalizers and weak tables would make a run depend on when garbage is collected.
function replaced.setmetatable(target, metatable)
    if type(metatable) == "table" then
        if rawget(metatable, "__gc") ~= nil then
            raise("unsupported", "__gc is not available.", "Use a local with <close> to clean up.")
        end
        if rawget(metatable, "__mode") ~= nil then
            raise("unsupported", "__mode is not available.", "Remove entries that are done with.")
        end
    end
    return passed(pcall(setmetatable, target, metatable))
end

-- Text only: bytecode can crash the interpreter.
function replaced.load(chunk, name, mode, ...)
    if mode ~= nil and not (type(mode) == "string" and string.find(mode, "t", 1, true)) then
        return nil, "attempt to load a binary chunk: only text can be loaded"
    end
    if select("#", ...) > 0 then return passed(pcall(load, chunk, name, "t", (...))) end
    return passed(pcall(load, chunk, name, "t"))
end

-- The globals ----------------------------------------------------------------------------------------

local string_members = copy(string, { "dump" })
string_members.format = native.format
local table_members = copy(table)
table_members.sort = native.sort
local math_members = copy(math)
local coroutine_members = copy(native.coroutine)
coroutine_members.resume, coroutine_members.wrap = native.resume, native.wrap

builtins = copy(base, {
    "_G", "collectgarbage", "dofile", "loadfile", "print", "require", "warn",
})
for name, value in pairs(replaced) do builtins[name] = value end
builtins.pairs, builtins.next, builtins.tostring = native.pairs, native.next, native.tostring
builtins.string = seal("string", string_members, { dump = "Functions can't be saved." })
builtins.table = seal("table", table_members)
builtins.math = seal("math", math_members)
builtins.utf8 = seal("utf8", copy(native.utf8))
builtins.coroutine = seal("coroutine", coroutine_members)

local of_strings = base.getmetatable("")
of_strings.__index = string_members
of_strings.__metatable = false

-- Names of the script's own live in `globals` itself, which is as fast as it gets; the standard ones
-- are behind it and can't be replaced.
globals = {}
builtins._G = globals
setmetatable(builtins, {
    __metatable = false,
    __index = function(_, name)
        local hint = absent_globals[name]
        if hint then raise("not_available", tostring(name) .. " is not available to scripts.", hint) end
        raise("undefined_global", "The global " .. tostring(name) .. " was never defined.",
            elsewhere[name] or suggestion(name, builtins, globals))
    end,
})
setmetatable(globals, {
    __index = builtins,
    __metatable = false,
    __name = "_G",
    __newindex = function(_, name, value)
        if name ~= nil and rawget(builtins, name) ~= nil then
            raise("read_only", tostring(name) .. " can't be replaced.", "Choose another name.")
        end
        rawset(globals, name, value)
    end,
})

-- Modules --------------------------------------------------------------------------------------------

local loaded, loading = {}, {}

function builtins.require(name)
    if type(name) ~= "string" then
        raise("wrong_type", "require: the name of a module must be a string, got " .. type(name) .. ".")
    end
    if loaded[name] ~= nil then return loaded[name] end
    local builtin = rawget(builtins, name)
    if sealed[builtin] then return builtin end
    if absent_modules[name] then
        raise("not_available", "The module " .. name .. " is not available to scripts.",
            absent_modules[name])
    end
    if loading[name] then
        raise("require_cycle", "The module " .. name .. " requires itself.",
            "Move what both need into a third module.")
    end
    loading[name] = true
    local _ <close> = setmetatable({}, { __close = function() loading[name] = nil end })
    local chunkname, source = native.fetch_source(name)
    local chunk, message = load(source, "@" .. chunkname, "t")
    if not chunk then raise("script_syntax", message, nil) end
    local value = chunk(name, chunkname)
    if value == nil then value = true end
    loaded[name] = value
    return value
end

-- Makes the result of a function answer to the names of its argument and to no others, as that of
-- geuse.options does: a misspelt option is an error and not nil.
local function keyed(call)
    return function(names, ...)
        local result, known = call(names, ...), copy(names)
        return setmetatable(result, {
            __metatable = false,
            __plain = true,
            __index = function(_, name)
                if known[name] ~= nil then return nil end
                raise("undeclared_option", 'The option "' .. tostring(name) .. '" was not declared.',
                    suggestion(name, known))
            end,
        })
    end
end

-- Makes the records of a result answer to the members that are declared and to no others. Returns what
-- does so to a value; it allocates nothing, and reads no further than the value goes.
local function shaper(path, shape)
    if shape.each then
        local inner = shaper(path .. "[…]", shape.each)
        return function(value)
            if type(value) ~= "table" then return end
            for _, element in next, value do inner(element) end
        end
    end
    local known, inner, absent = {}, {}, shape.absent
    for name, below in pairs(shape.fields) do
        known[name] = true
        if below ~= true then inner[name] = shaper(path .. "." .. name, below) end
    end
    local record = {
        __metatable = false,
        __plain = true,
        __index = function(_, name)
            -- Only names are misspelt; a walk by positions finds none.
            if type(name) ~= "string" then return nil end
            if absent[name] then
                -- A nil would be a list of nothing to many a script, and nothing to do.
                raise("host_unreachable", path .. "." .. name .. " " .. absent[name],
                    "geuse.health() says why.")
            end
            if known[name] then return nil end
            raise("unknown_member", path .. " has no member " .. tostring(name) .. ".", suggestion(name, known))
        end,
    }
    return function(value)
        if type(value) ~= "table" then return end
        setmetatable(value, record)
        for name, shape_it in next, inner do shape_it(rawget(value, name)) end
    end
end

local function shaped(call, full, shape)
    local shape_it = shaper(full .. "()", shape)
    return function(...)
        local result = call(...)
        shape_it(result)
        return result
    end
end

-- Adds the functions of the API and seeds the random numbers; returns the globals. A module without a
-- name is one of global functions.
return function(modules, seed, seed2)
    for _, module in base.ipairs(modules) do
        local members = module.name and {} or builtins
        for _, declared in base.ipairs(module.functions) do
            local full = module.name and module.name .. "." .. declared.name or declared.name
            local new = declared.bracket and native.new_bracket or native.new_call
            local added = new(full, declared.contained)
            if declared.keyed then added = keyed(added) end
            if declared.shape then added = shaped(added, full, declared.shape) end
            members[declared.name] = added
        end
        if module.name then builtins[module.name] = seal(module.name, members) end
    end
    local randomseed = math.randomseed
    math_members.randomseed = function(...)
        if select("#", ...) == 0 then return randomseed(seed, seed2) end
        return randomseed(...)
    end
    randomseed(seed, seed2)
    return globals
end
