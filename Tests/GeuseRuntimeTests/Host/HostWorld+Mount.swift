extension HostWorld {
    /// Has the mount in fstab, so that it comes when it is asked for, which is written down in `mounts`; with
    /// `isThere` it has come by itself, too.
    func mountOnRequest(isThere: Bool) throws {
        try run("cp proc/self/mountinfo listed")
        if !isThere { try run(": >proc/self/mountinfo") }
        try write(
            "bin/mount",
            "#!/bin/sh\necho mount \"$@\" >>\(root)/mounts\n"
                + "cp \(root)/listed \(root)/proc/self/mountinfo\n"
        )
        try write("etc/fstab", "fs-0123456789abcdef0:/ \(mount) efs tls 0 0\n")
        try run("chmod 755 bin/*")
    }
}
