"""What a plan asks of room for a type: Service Quotas GetServiceQuota (JSON 1.1), which moto has for a VPC alone, and the
dry run of EC2 CreateCapacityReservation, which it has not at all."""

from geuselab.control.answer import Answer, Refusal, json_answer
from geuselab.control.call import Call

_VCPUS = 64.0


def serves(call: Call) -> bool:
    return call.operation in ("GetServiceQuota", "CreateCapacityReservation")


def answer(call: Call) -> Answer:
    if call.operation == "GetServiceQuota":
        return json_answer({"Quota": {"QuotaCode": call.json.get("QuotaCode"), "Value": _VCPUS}})
    if call.form.get("DryRun") != "true":
        raise Refusal("Unsupported", "The lab has no room to reserve.")
    raise Refusal("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
