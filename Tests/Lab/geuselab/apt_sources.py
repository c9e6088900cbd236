"""Where this machine gets Debian from, said again for another suite; no mirror is named in the project itself."""

import re
from pathlib import Path

# One-line style (sources.list(5)): deb [options] URI suite component…
_ONE_LINE = re.compile(r"^deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)\s+(.+)$")


def _entries(directory: Path):
    """(URI, suite, component) of every binary source in /etc/apt, in either style."""
    files = [directory / "sources.list", *sorted(directory.glob("sources.list.d/*"))]
    for file in files:
        text = file.read_text(errors="replace") if file.is_file() else ""
        if file.suffix == ".sources":
            for stanza in re.split(r"\n\s*\n", text):
                lines = [line for line in stanza.splitlines() if not line.startswith("#")]
                fields = dict(line.split(":", 1) for line in lines if re.match(r"[A-Za-z-]+:", line))
                if "deb" not in fields.get("Types", "").split():
                    continue
                for uri in fields.get("URIs", "").split():
                    for suite in fields.get("Suites", "").split():
                        yield uri, suite
        elif file.suffix == ".list":
            for line in text.splitlines():
                if match := _ONE_LINE.match(line.strip()):
                    yield match.group(1), match.group(2)


def lines_for(release: str, apt_directory: Path = Path("/etc/apt"), current: str | None = None) -> list[str]:
    """apt lines for `release`, from the places where the machine's own release comes from."""
    current = current or _codename()
    lines = []
    for uri, suite in _entries(apt_directory):
        if re.fullmatch(rf"{current}(-updates|-security)?", suite):
            line = f"deb {uri} {release}{suite.removeprefix(current)} main"
            if line not in lines:
                lines.append(line)
    if not lines:
        raise RuntimeError(f"no apt source for {current} under {apt_directory}; can't derive one for {release}")
    return lines


def _codename() -> str:
    found = re.search(r"^VERSION_CODENAME=(\w+)", Path("/etc/os-release").read_text(), re.M)
    if not found:
        raise RuntimeError("/etc/os-release names no release")
    return found.group(1)
