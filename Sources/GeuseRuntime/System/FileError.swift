import Glibc

/// Turns errno into a `Diagnostic` whose code says what class of trouble it is.
enum FileError {
    static func of(_ number: CInt, _ call: FileCall, _ path: String) -> Diagnostic {
        let (code, hint) = classify(number)
        let reason = String(cString: strerror(number))
        return Diagnostic(
            code,
            "\(VisibleText.quoted(path)): \(reason).",
            detail: "\(call.rawValue) failed with errno \(number).",
            hint: hint
        )
    }

    static func symlink(_ path: String) -> Diagnostic {
        Diagnostic(
            "file_is_symlink",
            "\(VisibleText.quoted(path)) is a symbolic link, and links are not followed here.",
            hint: "Put the file itself there, or remove the link."
        )
    }

    static func notRegular(_ path: String) -> Diagnostic {
        Diagnostic("file_not_regular", "\(VisibleText.quoted(path)) is not a regular file.")
    }

    static func unsafe(_ path: String, why: String, remedy: String) -> Diagnostic {
        Diagnostic(
            "file_unsafe_mode",
            "\(VisibleText.quoted(path)) \(why), so its content cannot be trusted.",
            hint: "Look at it, then: \(remedy) \(ShellText.quoted(path))"
        )
    }

    private static func classify(_ number: CInt) -> (code: String, hint: String?) {
        switch number {
        case ENOENT: ("file_not_found", nil)
        case ELOOP: ("file_is_symlink", "Put the file itself there, or remove the link.")
        case EACCES, EPERM: ("file_access_denied", "Check who owns it and its mode.")
        case ENOSPC, EDQUOT: ("disk_full", "Make room on that disk, then try again.")
        case EROFS: ("file_read_only", "The file system is mounted read-only.")
        default: ("file_error", nil)
        }
    }
}
