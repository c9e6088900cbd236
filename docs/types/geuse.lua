---@meta

---The stack that a script works on.
---@class geuse
geuse = {}

---@class geuse.describe.result.instance
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

---@class geuse.describe.result.services
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

---@class geuse.describe.result.storage
---@field file_system? string Its id.
---@field file_system_state? string
---@field mount_point? string
---@field mounted? boolean
---@field type? string Such as `nfs4`.
---@field source? string
---@field read_write? boolean
---@field answer? string `answered`, `hung` or `failed`.
---@field containers_outside (string)[] Containers that see another file system than the host.

---@class geuse.describe.result
---@field stack string
---@field status string What the state file says, such as `running`.
---@field region string
---@field instance geuse.describe.result.instance
---@field service_names (string)[] In the order of the compose file; an error where the host cannot be looked at.
---@field services table<string, geuse.describe.result.services> By name; the same.
---@field storage geuse.describe.result.storage
---@field compose_file? string Its path on the host.
---@field drift (string)[] Where the state file and what is there differ, in words.

---Live facts of the stack.
---
---During a rehearsal it shows the predicted state; nil means that a value is not known yet, as the new address after a change of type, or the container and digest after one of an image. Inside a window it shows an image that was set there only after the window's end, and the services as stopped once a change has stopped them.
---@return geuse.describe.result
function geuse.describe() end

---@class geuse.health.result
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

---The health of each service.
---
---A table by service name, as `services` of `geuse.describe`.
---@return table<string, geuse.health.result>
function geuse.health() end

---@class geuse.tags.options
---@field prefix? string Only tags that begin with it.

---The tags of the repository that a service's image is from.
---
---A list of texts, sorted by their bytes. The registry is asked from the host, with the host's own login; a run asks each question once. Fails with `too_many_tags` rather than give a part of them; `prefix` narrows it down.
---@param service string
---@param options? geuse.tags.options
---@return (string)[]
function geuse.tags(service, options) end

---@class geuse.image.result
---@field image string
---@field exists? boolean Whether there is one; nil where the registry does not say.
---@field compatible? boolean Whether it is published for the host's kind of machine; nil where that is not told.
---@field reason? string Why it cannot be pulled, or why that is not known; nil if nothing speaks against it.
---@field code? string That of the error with which a pull would be refused, such as `image_not_found`.
---@field digest? string
---@field size? integer Bytes of its layers, compressed.

---What a pull of an image for a service would find; nothing is pulled.
---
---The registry is asked from the host, with the host's own login; a run asks for each image once, and its real run is told what the rehearsal was. An image that cannot be had is no error: `reason` says why, and a plan with such an image is refused.
---@param service string
---@param image string
---@return geuse.image.result
function geuse.image(service, image) end

---@class geuse.wait_healthy.options
---@field timeout? number Seconds; 300 if left out, at most 3600.

---@class geuse.wait_healthy.result
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

---Waits until every service is well.
---
---A change waits for that by itself. While no change is planned a rehearsal waits too; behind one it is predicted to succeed. Not inside a window, at whose end the services start.
---@param options? geuse.wait_healthy.options
---@return table<string, geuse.wait_healthy.result>
function geuse.wait_healthy(options) end

---@class geuse.verify_efs.result
---@field file_system? string Its id.
---@field file_system_state? string
---@field mount_point? string
---@field mounted? boolean
---@field type? string Such as `nfs4`.
---@field source? string
---@field read_write? boolean
---@field answer? string `answered`, `hung` or `failed`.
---@field containers_outside (string)[] Containers that see another file system than the host.

---Proves that the data is on the right EFS, mounted, writable and answering.
---
---Fails with a code that begins with `efs_`. Changes prove it in any case.
---@return geuse.verify_efs.result
function geuse.verify_efs() end

---@class geuse.request.result
---@field command string
---@field deployment_name string
---@field force boolean Whether the question is skipped.
---@field dry_run boolean
---@field arguments (string)[] The words behind `--`.

---What the command line asked for.
---@return geuse.request.result
function geuse.request() end

---Declares the script's own options and reads them from its arguments.
---
---Each option is `name = { "PLACEHOLDER", doc = …, list = true, map = true, required = true, default = … }`; without a placeholder it is a flag. On the command line `instance_type` is `--instance-type`. A list or map that was not given is empty. Reading an option that was not declared is an error.
---@param declaration table<string, any> The options by name.
---@return table<string, any>
function geuse.options(declaration) end

---@class geuse.capabilities.result
---@field lua string The version of the language.
---@field functions table<string, string> The version that had it first, by name.

---What this version of the program offers.
---
---For scripts that run with several versions: reading the name of a function that does not exist from `functions` gives nil.
---@return geuse.capabilities.result
function geuse.capabilities() end

---@class geuse.backup.result
---@field id? string Not known in a rehearsal.
---@field path? string The same.
---@field label? string

---Saves state, compose file, digests and an EFS nonce, and reads them back.
---
---Without it the first change takes a backup by itself. A labelled one is kept for ever.
---@param label? string
---@return geuse.backup.result
function geuse.backup(label) end

---@class geuse.pull.result
---@field image string
---@field image_id? string Not known in a rehearsal.
---@field digest? string The same.

---Brings an image to the host; nothing that runs is changed.
---
---Fails before any interruption when there is no such image for the host.
---@param service string
---@param image string
---@return geuse.pull.result
function geuse.pull(service, image) end

---Changes a service's image in the compose file and recreates the service.
---
---Only the image is edited; every other byte of the file stays. Asking for the image that is configured already is no change. Inside a window it happens at its end.
---@param service string
---@param image string
function geuse.set_image(service, image) end

---@class geuse.resize.options
---@field fallback? (string)[] Types to try in order when there is no capacity; at most 16. The present one is left out.

---Changes the instance's type.
---
---Services are stopped, then the instance; it starts as the new type, EFS is proven, and the services start again. Inside a window they start at its end.
---@param type string
---@param options? geuse.resize.options
function geuse.resize(type, options) end

---Brings back an earlier configuration: instance type, compose file, images.
---
---A number is one of the previous states of the state file, 1 the newest; a text is the id of a backup, or `latest`. Where a backup of the program tells what ran, the compose file comes back byte for byte and the same images run again, whatever their tags name by now. Returns false when the stack is as it was then. Nothing else can be changed after it.
---@param to? integer|string
---@return boolean
function geuse.rollback(to) end

---Puts the data of a service back from the dump in a backup.
---
---Dumps are taken with the backup before the image of n8n or of a database changes. What uses the data is stopped meanwhile; the present data is dumped and kept beside the restored. No other change can be made in the same run.
---@param service string
---@param backup string A backup's id, or `latest`.
function geuse.restore_data(service, backup) end

---What was done before it is kept if a later step fails.
---
---EFS is proven, every service has to be well, the state file is written and a new backup made; an undo then comes back to this point. Not inside a window.
---@param name string What has been reached.
function geuse.checkpoint(name) end

---Changes inside share one interruption.
---
---Services stop at most once and start once, with one health gate at the end. Inside of it nothing is waited for (`geuse.wait_healthy`, `geuse.wait_until`), nobody is asked, and what needs running services is refused.
---@param name string What the window is for.
---@param body fun(...: any): any Makes the changes.
---@return any ...
function geuse.window(name, body) end

---Stops a service and starts it again.
---
---EFS is proven before it starts, and the service has to become healthy. Not inside a window, which stops and starts every service anyway.
---@param service string
function geuse.restart(service) end

---Sets how many instances the stack's Auto Scaling group is to have.
---
---Within the group's limits; waits until all of them are in service, and an undo sets the old capacity. A stack that is a single instance refuses it, and so does a group that might choose the stack's own instance when it scales in. Returns false when the group has as many in service.
---@param count integer
---@return boolean
function geuse.scale(count) end

---@class geuse.exec.options
---@field undo? (string)[] The words that undo it, run in the same place.
---@field timeout? integer Seconds that it may take; 60 if left out, at most 1800.

---@class geuse.exec.result
---@field code integer Its exit code, which is 0.
---@field output string The end of what it wrote; empty in a rehearsal.
---@field cut boolean Whether there was more.

---Runs a command in the container of a service.
---
---Needs `--allow exec`, and is refused without it before anything is touched. The plan shows the command, as one-way unless it brings its `undo`. `output` has what looks like a secret masked, at most 12,000 bytes, and no newline behind it; a rehearsal runs nothing. A command that ends with another code, or not in time, ends the run. When the run fails later, the undos of all commands that were begun are run, the last one first, after everything else has been undone and the services run again; each has to end with 0. An undo may have to undo a command that was cut short, or has done nothing. No command is ever run twice. Keep secrets out of the words: they are written down. On the host itself: `geuse.exec_on_host`.
---@param service string
---@param command (string)[] The program and its arguments, a word each; no shell reads them.
---@param options? geuse.exec.options
---@return geuse.exec.result
function geuse.exec(service, command, options) end

---@class geuse.exec_on_host.options
---@field undo? (string)[] The words that undo it, run in the same place.
---@field timeout? integer Seconds that it may take; 60 if left out, at most 1800.

---@class geuse.exec_on_host.result
---@field code integer Its exit code, which is 0.
---@field output string The end of what it wrote; empty in a rehearsal.
---@field cut boolean Whether there was more.

---Runs a command on the host, as the user that the host is reached as.
---
---As `geuse.exec`, outside of any container; with SSM that user is root.
---@param command (string)[] The program and its arguments, a word each; no shell reads them.
---@param options? geuse.exec_on_host.options
---@return geuse.exec_on_host.result
function geuse.exec_on_host(command, options) end

---Removes superseded images of the stack's repositories from the host.
---
---What a container uses, what the compose file names, what this run has pulled and what the newest six backups need for a rollback stays. It cannot be undone, and changes nothing that runs. Returns the names that were removed; a rehearsal returns none.
---@return (string)[]
function geuse.prune() end

---Gives a service's role in the database a new password.
---
---The password, 32 characters of the host's randomness, is made on the host and stays there: it is proven on a role that is made to try it, set by ALTER ROLE, written into the environment file in place of the old one, and the service is made anew with it. It has to be well and to have logged in with it; if not, or if a later step fails, the old password is put back in both places. Connections that are open stay open. n8n's encryption key is never touched. Not inside a window.
---@param service? string Whose password; n8n when it is left out, and the only one so far.
function geuse.rotate_credentials(service) end

---Says something to the user.
---@param message string
function geuse.log(message) end

---Says how far the step under way is.
---@param message string
function geuse.progress(message) end

---The run's own time, in seconds since 1970.
---
---The start of the run and what the script slept since; the same in a rehearsal.
---@return number
function geuse.now() end

---Waits; a rehearsal only counts the time.
---
---Only between two looks at the stack before the first change a rehearsal really waits, a minute at most, so that a script can wait for something there. Inside a window, once a change has stopped the services, it makes the interruption longer, and the plan's expected downtime with it.
---@param seconds number At most 3600.
function geuse.sleep(seconds) end

---@class geuse.wait_until.options
---@field finish_by? number Seconds since 1970, after the moment.

---Waits for a moment by the real clock; a rehearsal only counts the time.
---
---A moment is a number as `geuse.now` gives it, at most a day ahead; one that is past is not waited for. With `finish_by`, an interruption that is expected to go past that moment is not begun any more: the run fails with `too_late`. After a long wait the stack is looked at again, and has to be as it was. Not inside a window.
---@param moment number Seconds since 1970.
---@param options? geuse.wait_until.options
function geuse.wait_until(moment, options) end

---Asks one more question before the script goes on.
---
---Returns whether the answer was yes. It is part of the plan and written down; a rehearsal predicts yes, and `--yes` says yes. Where there is nobody to ask and no `--yes`, the run fails. After a no the script may leave out what its plan still has, and do nothing that is not in it. A question is no guard and gets past none. A script that changes nothing is not run a second time, and its questions are not asked. Not inside a window, where services may be down while nobody answers.
---@param question string
---@return boolean
function geuse.confirm(question) end

---@class geuse.fail.options
---@field hint? string What to do next.
---@field detail? string The evidence.

---Raises an error with a code that callers can compare.
---
---What was done so far is undone, unless the script catches the error with `pcall`.
---@param code string Such as `backup_too_old`.
---@param message string One sentence: what happened.
---@param options? geuse.fail.options
function geuse.fail(code, message, options) end
