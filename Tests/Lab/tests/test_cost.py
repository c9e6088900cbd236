"""What the plan says of money."""

import pytest
from geuselab.control_plane import lab_api


@pytest.mark.parametrize("code", [None, "AccessDeniedException"])
def test_the_price_list_is_asked_and_not_needed(nothing_touched, code):
    if code:
        fault = {"operation": "GetProducts", "code": code, "status": 400, "times": 2}
        lab_api(nothing_touched.lab, "POST", "/_lab/faults", fault)
    outcome = nothing_touched.program(
        "update", nothing_touched.name, "--instance-type", "t3.large", "--dry-run", "--output", "json"
    )
    assert outcome.status == 0, outcome.stderr
    cost = outcome.document["data"]["cost"]
    if code:
        assert cost["new_monthly_usd"] == 60.74 and "2026" in cost["source"]
    else:
        assert cost["new_monthly_usd"] == 73.15 and "price list" in cost["source"]
    asked = [request["code"] for request in nothing_touched.requests() if request["operation"] == "GetProducts"]
    assert asked == [code or ""] * 2
