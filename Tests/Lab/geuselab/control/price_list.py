"""The Price List Query API, as far as a plan asks it (JSON 1.1, GetProducts). moto has no backend for it."""

import json

from geuselab.control.answer import Answer, Refusal, json_answer
from geuselab.control.call import Call

# On-Demand, Linux, shared tenancy, US dollars an hour; not the list that the program brings along, to tell them apart.
_HOURLY = {"t3.medium": "0.0501000000", "t3.large": "0.1002000000"}
_WANTED = {"operatingSystem": "Linux", "preInstalledSw": "NA", "tenancy": "Shared", "capacitystatus": "Used"}


def serves(call: Call) -> bool:
    return call.service == "pricing"


def answer(call: Call) -> Answer:
    if call.operation != "GetProducts":
        raise Refusal("UnrecognizedClientException", f"The lab's price list does not know {call.operation}")
    if call.json.get("ServiceCode") != "AmazonEC2":
        raise Refusal("NotFoundException", "Invalid Service Code")
    asked = {item["Field"]: item["Value"] for item in call.json.get("Filters", []) if item["Type"] == "TERM_MATCH"}
    # Without these the real one answers with every operating system and tenancy.
    if any(asked.get(field) != value for field, value in _WANTED.items()) or "regionCode" not in asked:
        raise Refusal("InvalidParameterException", "The lab answers only for one product")
    hourly = _HOURLY.get(asked.get("instanceType", ""))
    products = [] if hourly is None else [json.dumps(_product(asked, hourly))]
    return json_answer({"FormatVersion": "aws_v1", "PriceList": products})


def _product(asked: dict, hourly: str) -> dict:
    term = {
        "effectiveDate": "2026-11-01T00:00:00Z",
        "priceDimensions": {
            "SKU.JRTCKXETXF.6YS6EN2CT7": {"unit": "Hrs", "pricePerUnit": {"USD": hourly}, "beginRange": "0"}
        },
    }
    return {
        "product": {"productFamily": "Compute Instance", "attributes": asked, "sku": "SKU"},
        "serviceCode": "AmazonEC2",
        "terms": {"OnDemand": {"SKU.JRTCKXETXF": term}},
    }
