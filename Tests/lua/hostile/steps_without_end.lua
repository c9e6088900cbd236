-- expects: plan_too_long
-- on: stack
while #geuse.describe().services.n8n.image > 0 do
  if not pcall(geuse.confirm, "?") then break end
end
