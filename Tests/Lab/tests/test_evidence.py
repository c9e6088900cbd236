"""One update of type and image, shown: what was before, what is after, and every call it took."""

import difflib
import gzip
import json
from pathlib import Path

MARKER = "/mnt/efs/n8n/workflows.json"


def test_evidence_of_one_update(stack, capsys):
    before, compose, kind = stack.service("n8n"), stack.compose_file(), stack.instance()["InstanceType"]
    content = stack.on_host(f"sha256sum {MARKER}")
    stack.forget_requests()

    outcome = stack.update("--instance-type", "t3.large", "--image", "n8n=n8nio/n8n:1.20.0")
    requests = stack.requests()
    assert outcome.status == 0, outcome.stderr
    data = outcome.document["data"]

    after = stack.service("n8n")
    diff = [
        line
        for line in difflib.unified_diff(compose.splitlines(), stack.compose_file().splitlines(), lineterm="", n=0)
        if line[0] in "+-" and line[:3] not in ("+++", "---")
    ]
    counts: dict[str, int] = {}
    for request in requests:
        counts[request["operation"]] = counts.get(request["operation"], 0) + 1

    with capsys.disabled():
        print("\n\n--- evidence of one update")
        print(f"container before  {before['id'][:12]}  {before['image']}  {before['digest']}")
        print(f"container after   {after['id'][:12]}  {after['image']}  {after['digest']}")
        print(f"compose diff      {diff[0].strip()}\n                  {diff[1].strip()}")
        print(f"instance type     {kind} -> {stack.instance()['InstanceType']}")
        print(f"file on EFS       {content}\n             now  {stack.on_host(f'sha256sum {MARKER}')}")
        print(f"backup            {data['backup']}")
        print(f"took              {data['duration_seconds']} s, down for {data['downtime_seconds']} s")
        print(f"calls             {len(requests)} on {len({r['connection'] for r in requests})} connections")
        begun = requests[0]["time"]
        for request in requests:
            print(
                f"  {request['time'] - begun:6.2f} s  {request['service']:<17} {request['operation']:<28} "
                f"{request['status']} {request['code']} {request['comment']}".rstrip()
            )
        print("---")

    assert after["id"] != before["id"] and after["digest"] != before["digest"]
    assert len(diff) == 2, "exactly one line is another one"
    assert stack.on_host(f"sha256sum {MARKER}") == content
    assert json.loads(gzip.decompress(Path(data["backup"]).read_bytes()))["config"]["instance_type"] == kind
    for operation in ("StopInstances", "ModifyInstanceAttribute", "StartInstances"):
        assert counts[operation] == 1
    failed = [r for r in requests if r["status"] != 200 and r["code"] != "InvocationDoesNotExist"]
    assert failed == []
