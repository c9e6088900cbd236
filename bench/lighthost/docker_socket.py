"""The engine's socket, and docker's command line as far as the program's scripts use it."""

import json
import socketserver
import struct
import subprocess
import threading
from pathlib import Path

from lighthost import templates
from lighthost.compose import Project
from lighthost.engine import Engine, EngineError


def build_client(program: Path, socket_path: Path) -> None:
    """Compiles docker.c; a program in a script's language would take longer to start than all it has to do."""
    source = Path(__file__).with_name("docker.c")
    subprocess.run(["cc", "-O1", f'-DSOCKET="{socket_path}"', "-o", str(program), str(source)], check=True)


class Unknown(Exception):
    """What docker could do and this one cannot: the benchmark that met it proves nothing."""


class DockerSocket:
    def __init__(self, engine: Engine, path: Path):
        lock = threading.Lock()

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                arguments = self.rfile.read().decode("utf-8", "surrogateescape").split("\0")[:-1]
                try:
                    with lock:
                        out, error, status = run(engine, arguments), "", 0
                except EngineError as failure:
                    out, error, status = "", f"{failure}\n", 1
                except (Unknown, ValueError) as failure:
                    engine.unknown.append(f"{failure}, in: docker {' '.join(arguments)}")
                    out, error, status = "", f"{failure}\n", 1
                texts = [text.encode("utf-8", "surrogateescape") for text in (out, error)]
                self.wfile.write(struct.pack("!3I", status, *map(len, texts)) + b"".join(texts))

        class Server(socketserver.ThreadingUnixStreamServer):
            daemon_threads = True
            request_queue_size = 64

        self._server = Server(str(path), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()


def run(engine: Engine, arguments: list[str]) -> str:
    """One command's standard output."""
    match arguments:
        case ["version", "--format", template]:
            return templates.expand(template, {"Server": {"Version": "26.1.5"}}) + "\n"
        case ["info", "--format", template]:
            return templates.expand(template, {"DockerRootDir": "/", "HTTPSProxy": "", "NoProxy": ""}) + "\n"
        case ["ps", *options]:
            return _ps(engine, options)
        case ["inspect", "--type", "container", "--format", template, *ids]:
            return _expand(template, [engine.find(id).inspect() for id in ids])
        case ["image", "inspect", "--format", template, *names]:
            return _expand(template, [engine.image(name) for name in names if name != "--"])
        case ["image", "ls", *options]:
            return _image_ls(engine, options)
        case ["tag", source, name]:
            engine.tag(source, name)
            return ""
        case ["image", "rm", *names]:
            for name in names:
                if name != "--":
                    engine.untag(name)
            return "".join(f"Untagged: {name}\n" for name in names if name != "--")
        case ["update", policy, *ids] if policy.startswith("--restart="):
            for id in ids:
                container = engine.find(id)
                container.policy, _, retries = policy.removeprefix("--restart=").partition(":")
                container.retries = int(retries or 0)
            return "".join(f"{id}\n" for id in ids)
        case ["start", *ids]:
            for id in ids:
                engine.start(engine.find(id), "start")
            return "".join(f"{id}\n" for id in ids)
        case ["manifest", "inspect", "--verbose", "--", reference]:
            return json.dumps(engine.manifest(reference)) + "\n"
        case ["pull", "-q", "--", reference]:
            engine.pull(reference)
            return f"docker.io/{reference}\n"
        case ["exec", "-i", id, "sh", "-c", script, "sh", *words]:
            return engine.execute(id, script, words)
        case ["stop", "-t", _, *ids]:
            for id in ids:
                engine.stop(engine.find(id))
            return "".join(f"{id}\n" for id in ids)
        case ["logs", "--tail", _, id]:
            return f"{engine.find(id).image} says nothing\n"
        case ["compose", "version", *options]:
            return "2.26.1\n" if options == ["--short"] else "Docker Compose version 2.26.1\n"
        case ["compose", *words]:
            return _compose(engine, words)
    raise Unknown("there is no such command here")


def _expand(template: str, values: list[dict]) -> str:
    return "".join(templates.expand(template, value) + "\n" for value in values)


def _ps(engine: Engine, options: list[str]) -> str:
    show_all, template, filters = False, "{{.ID}}", []
    words = iter(options)
    for word in words:
        if word == "--filter":
            filters.append(next(words))
        elif word == "--format":
            template = next(words)
        elif word != "--no-trunc" and not (word[0] == "-" and set(word[1:]) <= set("aq")):
            raise Unknown(f"unknown flag: {word}")
        elif "a" in word[1:] and word != "--no-trunc":
            show_all = True
    rows = []
    for container in engine.containers.values():
        kept = all(_matches(container.labels, wanted) for wanted in filters)
        if kept and (show_all or container.running):
            rows.append(container.row())
    return _expand(template, rows)


def _image_ls(engine: Engine, options: list[str]) -> str:
    match options:
        case ["--no-trunc", "--format", template, *repository] | ["--format", template, *repository]:
            return _expand(template, engine.image_rows(repository[0] if repository else None))
    raise Unknown(f"docker image ls {' '.join(options)}")


def _matches(labels: dict[str, str], wanted: str) -> bool:
    kind, _, condition = wanted.partition("=")
    if kind != "label":
        raise Unknown(f"invalid filter '{kind}'")
    name, equals, value = condition.partition("=")
    return name in labels and (not equals or labels[name] == value)


def _compose(engine: Engine, words: list[str]) -> str:
    settings: dict[str, list[str]] = {"--project-directory": [], "-p": [], "--env-file": [], "-f": []}
    while words and words[0] in settings:
        settings[words[0]].append(words[1])
        words = words[2:]
    [file], [directory] = settings["-f"], settings["--project-directory"]
    name = settings["-p"][0] if settings["-p"] else directory.rpartition("/")[2]
    project = Project(name, directory, file, settings["--env-file"])
    match words:
        case ["config"]:
            return project.config()
        case ["config", "--format", form]:
            return project.config(form)
        case ["up", "-d", "--no-build", "--pull", "never", *services]:
            project.up(engine, services)
            return ""
        case ["stop", "-t", _]:
            project.stop(engine)
            return ""
    raise Unknown("there is no such command here")
