"""Where Debian comes from, in either style of apt's files."""

import pytest
from geuselab import apt_sources


def test_deb822_style(tmp_path):
    directory = tmp_path / "sources.list.d"
    directory.mkdir()
    (directory / "debian.sources").write_text(
        "Types: deb\n# a comment\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\n"
        "Components: main\n\nTypes: deb deb-src\nURIs: http://mirror.example/security\nSuites: bookworm-security\n"
    )
    assert apt_sources.lines_for("trixie", tmp_path, "bookworm") == [
        "deb http://mirror.example/debian trixie main",
        "deb http://mirror.example/debian trixie-updates main",
        "deb http://mirror.example/security trixie-security main",
    ]


def test_one_line_style_and_foreign_sources(tmp_path):
    (tmp_path / "sources.list").write_text(
        "# deb http://old.example/debian bookworm main\n"
        "deb [signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib\n"
        "deb-src http://mirror.example/debian bookworm main\n"
        "deb https://elsewhere.example/apt tool-bookworm main\n"
    )
    assert apt_sources.lines_for("trixie", tmp_path, "bookworm") == ["deb http://mirror.example/debian trixie main"]


def test_nothing_to_derive_from(tmp_path):
    with pytest.raises(RuntimeError, match="no apt source"):
        apt_sources.lines_for("trixie", tmp_path, "bookworm")
