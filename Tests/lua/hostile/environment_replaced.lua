-- expects: script_failed unknown_member undefined_global
local _ENV = { geuse = geuse }
os.execute("id")
