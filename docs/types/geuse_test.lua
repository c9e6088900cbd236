---@meta

---One test: a stack of its own, and what is expected of it.
---
---A failure inside ends the test, not the file. A test that uses up the time or the memory of its worker fails, and the file is run anew for the tests after it.
---@param name string What it shows.
---@param body fun(...: any): any Does it.
function test(name, body) end

---@class stack.options
---@field name? string
---@field instance_type? string
---@field services? table<string, string> Images other than the usual ones, by service.
---@field spot? boolean A one-time Spot Instance, which cannot be stopped.
---@field stop_protection? boolean
---@field auto_scaling_group? string A group of 1 to 4 instances that owns the stack's.
---@field time? string When the test begins, such as `2026-01-05T02:00:00Z`.

---Makes the test's simulated stack; without it the usual one is made.
---@param options? stack.options
function stack(options) end

---@class fault.options
---@field on? string Only this instance type.
---@field times? integer How often; else for ever.

---Makes something of the stack go wrong from now on.
---
---The kinds and values are those of `geusemaker sandbox fault`, but for `kill`.
---@param kind "start"|"stop"|"modify"|"reserve"|"describe"|"status"|"pull"|"registry"|"up"|"health"|"rotate"|"efs"|"data"|"dump"|"restore"|"gpu"|"target"|"agent"|"exec"|"scale"|"quota"|"reply" Where it strikes.
---@param value string What happens, such as an error code of EC2.
---@param options? fault.options
function fault(kind, value, options) end

---Nothing goes wrong any more; an ill mount is repaired.
function clear_faults() end

---@class run.how
---@field dry_run? boolean Stop after the plan.
---@field no_rollback? boolean Leave everything as it is after a failure.
---@field allow? ("boot-start"|"compose-drift"|"docker-at-boot"|"exec"|"foreign-container"|"gpu-lost"|"image-size"|"mount-at-boot"|"n8n-downgrade"|"n8n-key"|"no-dump"|"pg-data-path"|"pg-major"|"protection-unknown"|"qdrant-minor"|"reservation-unknown"|"type-unknown")[] The refusals that are overruled, as with `--allow`.
---@field confirm? boolean What `geuse.confirm` is answered; true if left out.

---@class run.result
---@field number integer Tells the runs of a test apart.
---@field status "done"|"nothing_to_do"|"planned"|"refused"|"rolled_back"|"kept_checkpoint"|"needs_attention"
---@field code? string The error's, as the next two.
---@field message? string
---@field hint? string
---@field changes (string)[]
---@field plan (string)[]
---@field log (string)[]
---@field downtime number Seconds.
---@field checkpoint? string

---Runs a script on the stack: rehearsal, plan, and for real.
---@param script string Its file, looked for beside the test; or a stock one.
---@param options? (string)[]|table<string, any> The script's options by name, or its command line as a list of words.
---@param how? run.how
---@return run.result
function run(script, options, how) end

---@class look.result.instance
---@field id string
---@field type string
---@field state string Such as `running`.
---@field zone string
---@field architecture? string
---@field public_ip? string
---@field private_ip? string
---@field lifecycle string `on-demand`, or what EC2 calls it.
---@field auto_scaling_group? string The group that owns it.
---@field stop_protection? boolean Whether it is protected against being stopped; nil where that is not told.

---@class look.result.services
---@field configured_image string What the compose file says.
---@field image? string What its container was made from.
---@field image_id? string
---@field digest? string
---@field container? string The container's id.
---@field state? string Docker's word, such as `running`.
---@field health string `healthy`, `unhealthy`, `starting` or `none`.
---@field restarts integer How often docker restarted it.
---@field started_at? string
---@field well boolean Whether it runs, and is healthy where that is checked.

---@class look.result.storage
---@field file_system? string Its id.
---@field file_system_state? string
---@field mount_point? string
---@field mounted? boolean
---@field type? string Such as `nfs4`.
---@field source? string
---@field read_write? boolean
---@field answer? string `answered`, `hung` or `failed`.
---@field containers_outside (string)[] Containers that see another file system than the host.

---@class look.result
---@field stack string
---@field status string What the state file says, such as `running`.
---@field region string
---@field instance look.result.instance
---@field service_names (string)[] In the order of the compose file; an error where the host cannot be looked at.
---@field services table<string, look.result.services> By name; the same.
---@field storage look.result.storage
---@field compose_file? string Its path on the host.
---@field drift (string)[] Where the state file and what is there differ, in words.

---The stack as it is now, as geuse.describe tells it.
---@return look.result
function look() end

---Lets simulated time pass.
---@param seconds number At most ten years.
function wait(seconds) end

---What has to hold; anything else fails the test.
---@class expect
expect = {}

---The run did what it was asked, and that was verified.
---@param result? table<string, any> What `run` returned; the last run if left out.
function expect.done(result) end

---The run asked for no change.
---@param result? table<string, any> What `run` returned; the last run if left out.
function expect.nothing_to_do(result) end

---The run stopped after its plan, as with `dry_run`.
---@param result? table<string, any> What `run` returned; the last run if left out.
function expect.planned(result) end

---The run failed before anything that runs was changed.
---@param code? string|table<string, any> The code of the error; or the result at once.
---@param result? table<string, any> What `run` returned; the last run if left out.
function expect.refused(code, result) end

---The run failed and the stack is exactly what it was.
---@param code? string|table<string, any> The code of the error; or the result at once.
---@param result? table<string, any> What `run` returned; the last run if left out.
function expect.rolled_back(code, result) end

---The run failed and the stack is what it was at the last checkpoint.
---@param code? string|table<string, any> The code of the error; or the result at once.
---@param result? table<string, any> What `run` returned; the last run if left out.
function expect.kept_checkpoint(code, result) end

---The run failed and could not be undone.
---@param code? string|table<string, any> The code of the error; or the result at once.
---@param result? table<string, any> What `run` returned; the last run if left out.
function expect.needs_attention(code, result) end

---The instance is of that type now.
---@param type string
function expect.instance_type(type) end

---A service is configured with that image and runs it.
---@param service string
---@param image string
function expect.image(service, image) end

---Every service runs and is well.
function expect.healthy() end

---The run said something with that text in it.
---@param text string
---@param result? table<string, any> What `run` returned; the last run if left out.
function expect.log(text, result) end

---Two values are the same, tables member by member.
---@param actual? any
---@param wanted? any
function expect.equal(actual, wanted) end

---A command was run since the test began, so often.
---@param command (string)[] All of its words.
---@param service? string In whose container; on the host if left out.
---@param times? integer 1 if left out.
function expect.ran(command, service, times) end

---A command was not run.
---@param command (string)[]
---@param service? string In whose container; on the host if left out.
function expect.not_ran(command, service) end

---A service was started anew by the run, in the container that it had.
---@param service string
---@param result? table<string, any> What `run` returned.
function expect.restarted(service, result) end

---The stack's Auto Scaling group has that desired capacity.
---@param count integer
function expect.capacity(count) end

---The host does not have that image any more.
---@param image string
function expect.no_image(image) end
