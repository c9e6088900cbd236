/// The errors of a rotation of credentials on the host, in words; those that begin with `credentials_`
/// come before anything was touched.
enum RotationFailure {
    static let wording: [String: (summary: String, hint: String?)] = [
        "credentials_service_down": (
            "A service that the rotation needs does not run.", "Bring it up first."
        ),
        "credentials_no_database": (
            "The service does not use PostgreSQL.", "There is no database password to rotate."
        ),
        "credentials_database_elsewhere": (
            "The service uses another database than the stack's own.",
            "Rotate its password where that database is."
        ),
        "credentials_odd_name": (
            "The role or the database has a name with unusual characters.",
            "Letters, digits, dots, hyphens and underscores are understood."
        ),
        "credentials_not_found": (
            "No environment file holds the password that the service runs with, as plain text.",
            "If the file was edited since, start the service anew with it first."
        ),
        "credentials_no_randomness": ("The host gives no random bytes.", nil),
        "credentials_file_is_symlink": (
            "The environment file is a symbolic link.", "Put the file itself there."
        ),
        "credentials_edit_failed": (
            "The environment file could not be edited without changing other bytes.", nil
        ),
        "credentials_unproven": (
            "PostgreSQL does not take the password that the service runs with.",
            "Set it by hand: ALTER ROLE; then rotate."
        ),
        "credentials_unchecked": (
            "PostgreSQL lets the role in with a wrong password, so none can be proven.",
            "See pg_hba.conf: `trust` where it should be scram-sha-256."
        ),
        "credentials_refused_new": (
            "PostgreSQL did not take the new password on a role made to try it.", nil
        ),
        "credentials_not_kept": ("The passwords could not be kept for an undo.", nil),
        "credentials_not_effective": (
            "docker compose does not take the password from that file.",
            "Look for the variable in the environment of whoever starts compose."
        ),
        "rotation_refused": ("PostgreSQL refused the new password.", nil),
        "rotation_not_proven": (
            "After the change the new password is not the one that counts.", nil
        ),
        "rotation_up_failed": ("The service could not be made anew.", nil),
        "rotation_unused": (
            "The service did not log in to the database with the new password in time.", nil
        ),
        "data_lost": (
            "Some of the services' data that was there before the stop is gone; nothing was started.",
            "See who else writes there. If it is right as it is, remove the record on the host: "
                + "rm /var/lib/geusemaker/runs/*-data"
        ),
        "rotation_database_down": ("The database does not run.", nil),
        "rotation_lost": ("What the host kept of the rotation is gone.", nil),
        "rotation_file_changed": (
            "The environment file was changed by somebody else meanwhile.",
            "Make it either of what /var/lib/geusemaker/rotations holds of it, then recover."
        ),
        "rotation_file_unwritten": ("The environment file could not be written.", nil),
        "rotation_not_undone": ("PostgreSQL does not take the old password back.", nil),
        "rotation_not_ended": ("The old password could not be removed.", nil),
    ]
}
