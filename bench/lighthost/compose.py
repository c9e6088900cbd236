"""docker compose over the engine: config, up, stop."""

import hashlib
import json
import os
import re
import shlex

import yaml

from lighthost.engine import Container, Engine, EngineError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?])([^{}]*(?:\{[^{}]*\}[^{}]*)*))?\}")
_LABEL = "com.docker.compose."


class Project:
    def __init__(self, name: str, directory: str, file: str, environment_files: list[str]):
        self.name, self.directory, self.file = name, directory, file
        variables = {}
        for path in environment_files:
            variables.update(_read_environment(path))
        try:
            with open(file, encoding="utf-8") as stream:
                document = yaml.load(stream, _LOADER)
        except (OSError, yaml.YAMLError) as error:
            raise EngineError(f"{file}: {error}") from error
        if not isinstance(document, dict) or not isinstance(document.get("services"), dict):
            raise EngineError(f"{file}: no services")
        self.services = {
            name: _normal(_interpolate(service, variables), variables, directory)
            for name, service in document["services"].items()
        }

    def config(self, form: str = "yaml") -> str:
        services = {"name": self.name, "services": self.services}
        if form == "json":
            return json.dumps(services, indent=2, sort_keys=True) + "\n"
        return yaml.dump(services, Dumper=_DUMPER, sort_keys=True, default_flow_style=False, width=10_000)

    def up(self, engine: Engine, wanted: list[str]) -> None:
        for name in self._with_dependencies(wanted or list(self.services)):
            service = self.services[name]
            digest = hashlib.sha256(json.dumps(service, sort_keys=True).encode()).hexdigest()
            labels = {
                _LABEL + "project": self.name,
                _LABEL + "service": name,
                _LABEL + "oneoff": "False",
                _LABEL + "config-hash": digest,
                _LABEL + "project.config_files": self.file,
                _LABEL + "project.working_dir": self.directory,
            }
            container_name = service.get("container_name", f"{self.name}-{name}-1")
            found = engine.containers.get(container_name)
            if found and found.labels[_LABEL + "config-hash"] != digest:
                if service["image"] not in engine.images:
                    raise EngineError(f"Error response from daemon: No such image: {service['image']}")
                engine.remove(found)
                found = None
            why = "start" if found else "create"
            if not found:
                mounts = [
                    {"Type": "bind", "Source": volume["source"], "Destination": volume["target"], "RW": True}
                    for volume in service.get("volumes", [])
                ]
                pairs = service.get("environment", {}).items()
                environment = [f"{name}={value}" for name, value in pairs if value is not None]
                found = Container(
                    container_name,
                    service["image"],
                    labels,
                    mounts,
                    environment,
                    policy=service.get("restart", "no"),
                    ports=service.get("ports", []),
                    command=service.get("command"),
                )
                engine.create(found)
            engine.start(found, why)

    def stop(self, engine: Engine) -> None:
        for container in list(engine.containers.values()):
            if container.labels[_LABEL + "project"] == self.name:
                engine.stop(container)

    def _with_dependencies(self, wanted: list[str]) -> list[str]:
        order: list[str] = []

        def add(name: str) -> None:
            if name not in self.services:
                raise EngineError(f"no such service: {name}")
            for needed in self.services[name].get("depends_on", []):
                add(needed)
            if name not in order:
                order.append(name)

        for name in wanted:
            add(name)
        return order


def _normal(service: dict, variables: dict[str, str], directory: str) -> dict:
    """The long forms, as `compose config` writes them."""
    unknown = set(service) - {
        "image", "container_name", "restart", "init", "env_file", "environment", "runtime", "ports", "volumes", "depends_on",
        "command", "healthcheck",
    }
    if unknown:
        raise EngineError(f"the light host's compose does not know {', '.join(sorted(unknown))}")
    known = {name: value for name, value in service.items() if name != "env_file"}
    environment: dict[str, str | None] = {}
    for path in service.get("env_file", []):
        environment.update(_read_environment(os.path.join(directory, path)))
    for item in service.get("environment", []):
        name, equals, value = item.partition("=")
        environment[name] = value if equals else variables.get(name)
    if environment:
        known["environment"] = environment
    if "volumes" in service:
        known["volumes"] = [_volume(volume) for volume in service["volumes"]]
    if "ports" in service:
        known["ports"] = [_port(port) for port in service["ports"]]
    if isinstance(service.get("command"), str):
        known["command"] = shlex.split(service["command"])
    return known


def _volume(short: str) -> dict:
    source, target = short.split(":")[:2]
    return {"type": "bind", "source": source, "target": target, "bind": {"create_host_path": True}}


def _port(short: str) -> dict:
    address, published, target = short.rsplit(":", 2)
    return {
        "mode": "ingress", "host_ip": address, "target": int(target), "published": published, "protocol": "tcp",
    }


def _interpolate(value, variables: dict[str, str]):
    if isinstance(value, dict):
        return {key: _interpolate(item, variables) for key, item in value.items()}
    if isinstance(value, list):
        return [_interpolate(item, variables) for item in value]
    if not isinstance(value, str) or "$" not in value:
        return value

    def replace(match: re.Match) -> str:
        name, operator, word = match.groups()
        found = variables.get(name)
        if found or (found == "" and operator in (None, "-", "?")):
            return found
        if operator in ("?", ":?"):
            raise EngineError(f'required variable {name} is missing a value: {word}')
        return _interpolate(word, variables) if operator else ""

    return _VARIABLE.sub(replace, value)


def _read_environment(path: str) -> dict[str, str]:
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except OSError as error:
        raise EngineError(str(error)) from error
    pairs = (line.partition("=") for line in lines if line.strip() and not line.lstrip().startswith("#"))
    return {name.strip(): value for name, _, value in pairs}
