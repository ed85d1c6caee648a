"""Global Accelerator, which moto does not have: standard accelerators, listeners and endpoint groups, as the provider asks for them.

Source: the API reference of Global Accelerator. A change makes an accelerator IN_PROGRESS; it is DEPLOYED when it is looked at again.
What of a request no model tells the gate has refused already (rules/accelerators.py). Custom routing and attachments of other
accounts are not there; lists of those are empty.
"""

import itertools
import json
import threading
import uuid

import api_request
import refusal

TARGET = "GlobalAccelerator_V20180706."
ACCOUNT = "123456789012"
ZONE = "Z2BJ6XQ5FK7U4H"  # of every accelerator (Route 53 API reference, AliasTarget)

accelerators = {}  # by ARN
listeners = {}
groups = {}
tags = {}
attributes = {}
_lock = threading.RLock()
_numbers = itertools.count(1)


def held():
    """What is left, by kind: for the inventory."""
    return {"accelerators": len(accelerators), "listeners": len(listeners), "endpoint_groups": len(groups)}


def accelerator_of(arn):
    """Of a listener or a group, too."""
    return accelerators.get(arn.split("/listener/")[0])


def listeners_of(accelerator_arn):
    return [it for arn, it in listeners.items() if arn.startswith(f"{accelerator_arn}/listener/")]


def groups_of(listener_arn):
    return [it for arn, it in groups.items() if arn.startswith(f"{listener_arn}/endpoint-group/")]


def changed(arn):
    found = accelerator_of(arn)
    if found:
        found["Status"] = "IN_PROGRESS"


def shown(accelerator):
    """As it is; from the next look on it is deployed."""
    answer = dict(accelerator)
    accelerator["Status"] = "DEPLOYED"
    return answer


def create_accelerator(params):
    arn = f"arn:aws:globalaccelerator::{ACCOUNT}:accelerator/{uuid.uuid4()}"
    number = next(_numbers)
    addresses = [f"127.78.{family}.{number}" for family in (1, 2)]
    accelerators[arn] = {
        "AcceleratorArn": arn,
        "Name": params["Name"],
        "IpAddressType": params.get("IpAddressType", "IPV4"),
        "Enabled": params.get("Enabled", True),
        "IpSets": [{"IpFamily": "IPv4", "IpAddressFamily": "IPv4", "IpAddresses": addresses}],
        "DnsName": f"a{uuid.uuid4().hex[:16]}.awsglobalaccelerator.com",
        "Status": "IN_PROGRESS",
    }
    attributes[arn] = {"FlowLogsEnabled": False}
    tags[arn] = {it["Key"]: it["Value"] for it in params.get("Tags", [])}
    return {"Accelerator": dict(accelerators[arn])}


def update_accelerator(params):
    found = accelerators[params["AcceleratorArn"]]
    for name in ("Name", "IpAddressType", "Enabled"):
        if name in params:
            found[name] = params[name]
    changed(found["AcceleratorArn"])
    return {"Accelerator": dict(found)}


def delete_accelerator(params):
    arn = params["AcceleratorArn"]
    for kept in (accelerators, attributes, tags):
        kept.pop(arn, None)
    return {}


def update_attributes(params):
    arn = params["AcceleratorArn"]
    attributes[arn].update({key: value for key, value in params.items() if key.startswith("FlowLogs")})
    changed(arn)
    return {"AcceleratorAttributes": attributes[arn]}


def create_listener(params):
    arn = f"{params['AcceleratorArn']}/listener/{uuid.uuid4().hex[:8]}"
    listeners[arn] = {
        "ListenerArn": arn,
        "PortRanges": params["PortRanges"],
        "Protocol": params.get("Protocol", "TCP"),
        "ClientAffinity": params.get("ClientAffinity", "NONE"),
    }
    changed(arn)
    return {"Listener": listeners[arn]}


def update_listener(params):
    found = listeners[params["ListenerArn"]]
    found.update({name: params[name] for name in ("PortRanges", "Protocol", "ClientAffinity") if name in params})
    changed(found["ListenerArn"])
    return {"Listener": found}


def delete_listener(params):
    changed(params["ListenerArn"])
    del listeners[params["ListenerArn"]]
    return {}


def described_endpoints(params):
    """A weight that is not given is 128 (EndpointConfiguration); addresses of clients are kept for load balancers."""
    return [
        {
            "EndpointId": it["EndpointId"],
            "Weight": it.get("Weight", 128),
            "HealthState": "HEALTHY",
            "ClientIPPreservationEnabled": it.get("ClientIPPreservationEnabled", True),
        }
        for it in params.get("EndpointConfigurations", [])
    ]


CHECKS = {
    "HealthCheckProtocol": "TCP",
    "HealthCheckPath": "/",
    "HealthCheckIntervalSeconds": 30,
    "ThresholdCount": 3,
    "TrafficDialPercentage": 100.0,
    "PortOverrides": [],
}


def create_group(params):
    listener = listeners[params["ListenerArn"]]
    arn = f"{params['ListenerArn']}/endpoint-group/{uuid.uuid4().hex[:12]}"
    groups[arn] = {
        "EndpointGroupArn": arn,
        "EndpointGroupRegion": params["EndpointGroupRegion"],
        "EndpointDescriptions": described_endpoints(params),
        "HealthCheckPort": params.get("HealthCheckPort", listener["PortRanges"][0]["FromPort"]),
        **{name: params.get(name, default) for name, default in CHECKS.items()},
    }
    changed(arn)
    return {"EndpointGroup": groups[arn]}


def update_group(params):
    found = groups[params["EndpointGroupArn"]]
    if "EndpointConfigurations" in params:
        found["EndpointDescriptions"] = described_endpoints(params)
    found.update({name: params[name] for name in (*CHECKS, "HealthCheckPort") if name in params})
    changed(found["EndpointGroupArn"])
    return {"EndpointGroup": found}


def delete_group(params):
    changed(params["EndpointGroupArn"])
    del groups[params["EndpointGroupArn"]]
    return {}


def tag(params):
    tags.setdefault(params["ResourceArn"], {}).update({it["Key"]: it["Value"] for it in params["Tags"]})
    return {}


def untag(params):
    for key in params["TagKeys"]:
        tags.get(params["ResourceArn"], {}).pop(key, None)
    return {}


def tags_of(params):
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.get(params["ResourceArn"], {}).items()]}


OPERATIONS = {
    "CreateAccelerator": create_accelerator,
    "DescribeAccelerator": lambda params: {"Accelerator": shown(accelerators[params["AcceleratorArn"]])},
    "UpdateAccelerator": update_accelerator,
    "DeleteAccelerator": delete_accelerator,
    "ListAccelerators": lambda _: {"Accelerators": [dict(it) for it in accelerators.values()]},
    "DescribeAcceleratorAttributes": lambda params: {"AcceleratorAttributes": attributes[params["AcceleratorArn"]]},
    "UpdateAcceleratorAttributes": update_attributes,
    "CreateListener": create_listener,
    "DescribeListener": lambda params: {"Listener": listeners[params["ListenerArn"]]},
    "UpdateListener": update_listener,
    "DeleteListener": delete_listener,
    "ListListeners": lambda params: {"Listeners": listeners_of(params["AcceleratorArn"])},
    "CreateEndpointGroup": create_group,
    "DescribeEndpointGroup": lambda params: {"EndpointGroup": groups[params["EndpointGroupArn"]]},
    "UpdateEndpointGroup": update_group,
    "DeleteEndpointGroup": delete_group,
    "ListEndpointGroups": lambda params: {"EndpointGroups": groups_of(params["ListenerArn"])},
    "TagResource": tag,
    "UntagResource": untag,
    "ListTagsForResource": tags_of,
    "ListCrossAccountAttachments": lambda _: {"CrossAccountAttachments": []},
    "ListCrossAccountResources": lambda _: {"CrossAccountResources": []},
    "ListCrossAccountResourceAccounts": lambda _: {"ResourceOwnerAwsAccountIds": []},
}


def with_accelerators(application):
    """The WSGI application, and before it this service, which has a target of its own."""

    def serve(environ, start_response):
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        if not target.startswith(TARGET):
            return application(environ, start_response)
        request = api_request.read(environ)
        operation = OPERATIONS.get(target.removeprefix(TARGET))
        if operation is None:
            unknown = refusal.Refusal("UnsupportedOperation", f"{target} is not emulated", 501)
            return refusal.answer(request, unknown, start_response)
        with _lock:
            body = json.dumps(operation(request.params)).encode()
        headers = [("Content-Type", "application/x-amz-json-1.1"), ("Content-Length", str(len(body)))]
        start_response("200 OK", headers)
        return [body]

    return serve
