"""Puts the service images into the registry (distribution specification: pushing blobs and manifests)."""

import urllib.parse
import urllib.request

from geuselab import service_images
from geuselab.registry_tokens import TokenService
from geuselab.service_images import MANIFEST, MANIFEST_LIST, Service


class Publisher:
    """Pushes to the registry itself, past the front, with a token of its own making."""

    def __init__(self, port: int, tokens: TokenService):
        self._base = f"http://127.0.0.1:{port}"
        self._tokens = tokens

    def publish_all(self) -> None:
        layer, diff_id = service_images.layer()
        for service in service_images.CATALOGUE:
            self._blob(service.repository, layer)
            for tag in service.tags:
                self._publish(service, tag, layer, diff_id)

    def _publish(self, service: Service, tag: str, layer: bytes, diff_id: str) -> None:
        architectures = service.architectures.get(tag, ["amd64"])
        manifests = {}
        for architecture in architectures:
            config = service_images.config(service, tag, architecture, diff_id)
            self._blob(service.repository, config)
            manifests[architecture] = service_images.manifest(config, layer)
        if architectures == ["amd64"]:
            self._manifest(service.repository, tag, manifests["amd64"], MANIFEST)
            return
        for data in manifests.values():
            self._manifest(service.repository, service_images.digest(data), data, MANIFEST)
        self._manifest(service.repository, tag, service_images.manifest_list(manifests), MANIFEST_LIST)

    def _blob(self, repository: str, data: bytes) -> None:
        location = self._send("POST", f"/v2/{repository}/blobs/uploads/", repository).headers["Location"]
        separator = "&" if "?" in location else "?"
        query = urllib.parse.urlencode({"digest": service_images.digest(data)})
        self._send("PUT", f"{location}{separator}{query}", repository, data, "application/octet-stream")

    def _manifest(self, repository: str, reference: str, data: bytes, kind: str) -> None:
        self._send("PUT", f"/v2/{repository}/manifests/{reference}", repository, data, kind)

    def _send(self, method: str, path: str, repository: str, data: bytes = b"", kind: str | None = None):
        access = [{"type": "repository", "name": repository, "actions": ["pull", "push"]}]
        request = urllib.request.Request(
            urllib.parse.urljoin(self._base, path),
            data,
            {"Authorization": f"Bearer {self._tokens.token(access)}", "Content-Type": kind or "text/plain"},
            method=method,
        )
        return urllib.request.urlopen(request, timeout=60)
