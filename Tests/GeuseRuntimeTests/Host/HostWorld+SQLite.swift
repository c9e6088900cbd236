/// A SQLite database of n8n's on the mount.
extension HostWorld {
    /// Gives a database so many rows and no others.
    func fillSQLite(_ file: String = "n8n/database.sqlite", rows: Int) throws {
        try run(
            """
            python3 -c '
            import sqlite3
            database = sqlite3.connect("mnt/efs/\(file)")
            database.execute("create table if not exists flow (id integer)")
            database.execute("delete from flow")
            database.executemany("insert into flow values (?)", [(n,) for n in range(\(rows))])
            database.commit()
            '
            """
        )
    }

    /// How many rows a database has, and a newline.
    func sqliteRows(_ file: String = "n8n/database.sqlite") throws -> String {
        try run(
            "python3 -c 'import sqlite3; print(sqlite3.connect(\"mnt/efs/\(file)\")"
                + ".execute(\"select count(*) from flow\").fetchone()[0])'"
        )
    }
}
