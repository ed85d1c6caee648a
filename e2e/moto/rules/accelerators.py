"""Global Accelerator. All of its refusals are here: moto does not know the service."""

import accelerators
import state
from rules.table import Rule

MOST = {"accelerators": 20, "listeners": 10}
API = "Global Accelerator API reference, "


def names(kind, held, key):
    """The resource that a request is about must be there."""
    return lambda request: None if request.params[key] in held else f"{kind} {request.params[key]} is not there"


def name(request):
    text = request.params["Name"] if "Name" in request.params else "a"
    well = text.replace("-", "a").isalnum() and text.isascii() and not text.startswith("-") and not text.endswith("-")
    return None if well else f"the name {text!r} has other characters than letters, digits and hyphens inside"


def count(request):
    return "there are 20 accelerators" if len(accelerators.accelerators) >= MOST["accelerators"] else None


def enabled(request):
    found = accelerators.accelerators.get(request.params["AcceleratorArn"])
    return "it is enabled" if found and found["Enabled"] else None


def has_listeners(request):
    return "it has listeners" if accelerators.listeners_of(request.params["AcceleratorArn"]) else None


def has_groups(request):
    return "it has endpoint groups" if accelerators.groups_of(request.params["ListenerArn"]) else None


def more_listeners(request):
    full = len(accelerators.listeners_of(request.params["AcceleratorArn"])) >= MOST["listeners"]
    return "it has 10 listeners" if full else None


def ranges(request):
    params = request.params
    wanted = params.get("PortRanges", [])
    for it in wanted:
        if it.get("FromPort", 0) > it.get("ToPort", 0):
            return f"from {it.get('FromPort')} to {it.get('ToPort')} is no range"
    arn = params.get("AcceleratorArn") or params["ListenerArn"].split("/listener/")[0]
    taken = [
        other
        for listener in accelerators.listeners_of(arn)
        if listener["ListenerArn"] != params.get("ListenerArn") and listener["Protocol"] == params.get("Protocol", "TCP")
        for other in listener["PortRanges"]
    ]
    for at, it in enumerate(wanted):
        for other in [*taken, *wanted[:at]]:
            if it["FromPort"] <= other["ToPort"] and other["FromPort"] <= it["ToPort"]:
                return f"{it['FromPort']}-{it['ToPort']} overlaps {other['FromPort']}-{other['ToPort']}"
    return None


def region_taken(request):
    region = request.params["EndpointGroupRegion"]
    there = [it["EndpointGroupRegion"] for it in accelerators.groups_of(request.params["ListenerArn"])]
    return f"the listener has a group in {region}" if region in there else None


def region_of(request):
    group = accelerators.groups.get(request.params.get("EndpointGroupArn", ""))
    return group["EndpointGroupRegion"] if group else request.params["EndpointGroupRegion"]


def endpoints(request):
    region = region_of(request)
    for it in request.params.get("EndpointConfigurations", []):
        arn = it.get("EndpointId", "")
        parts = arn.split(":")
        if len(parts) < 6 or parts[2] != "elasticloadbalancing":
            return f"the endpoint {arn!r} is no load balancer's ARN"  # machines and addresses are not emulated
        if parts[3] != region:
            return f"the endpoint {arn} is in {parts[3]}, and the group in {region}"
        if arn not in state.backend("elbv2", region).load_balancers:
            return f"the endpoint {arn} is not there"
    return None


def repeated(request):
    ids = [it.get("EndpointId") for it in request.params.get("EndpointConfigurations", [])]
    return "an endpoint is named twice" if len(set(ids)) < len(ids) else None


def of(*operations):
    return tuple(f"globalaccelerator.{operation}" for operation in operations)


NEW_GROUP, OLD_GROUP = "CreateEndpointGroup", "UpdateEndpointGroup"
RULES = (
    Rule("ga-accelerator-exists",
         of("DescribeAccelerator", "UpdateAccelerator", "DeleteAccelerator", "DescribeAcceleratorAttributes", "UpdateAcceleratorAttributes",
            "CreateListener", "ListListeners"),
         "AcceleratorNotFoundException", "The accelerator that you specified doesn't exist", f"{API}errors of each operation",
         names("the accelerator", accelerators.accelerators, "AcceleratorArn")),
    Rule("ga-listener-exists", of("DescribeListener", "UpdateListener", "DeleteListener", NEW_GROUP, "ListEndpointGroups"),
         "ListenerNotFoundException", "The listener that you specified doesn't exist", f"{API}errors of each operation",
         names("the listener", accelerators.listeners, "ListenerArn")),
    Rule("ga-group-exists", of("DescribeEndpointGroup", OLD_GROUP, "DeleteEndpointGroup"),
         "EndpointGroupNotFoundException", "The endpoint group that you specified doesn't exist", f"{API}errors of each operation",
         names("the endpoint group", accelerators.groups, "EndpointGroupArn")),
    Rule("ga-name", of("CreateAccelerator", "UpdateAccelerator"), "InvalidArgumentException",
         "Alphanumeric characters, periods or hyphens; it must not begin or end with a hyphen", f"{API}CreateAccelerator", name),
    Rule("ga-accelerators", of("CreateAccelerator"), "LimitExceededException", "20 accelerators for each account",
         "Global Accelerator developer guide, Quotas", count),
    Rule("ga-disabled-first", of("DeleteAccelerator"), "AcceleratorNotDisabledException",
         "The accelerator that you specified could not be disabled: it must be disabled before it is deleted", f"{API}DeleteAccelerator", enabled),
    Rule("ga-without-listeners", of("DeleteAccelerator"), "AssociatedListenerFoundException",
         "Remove all dependent resources (listeners and endpoint groups) first", f"{API}DeleteAccelerator", has_listeners),
    Rule("ga-without-groups", of("DeleteListener"), "AssociatedEndpointGroupFoundException",
         "The listener has an endpoint group associated with it", f"{API}DeleteListener", has_groups),
    Rule("ga-listeners", of("CreateListener"), "LimitExceededException", "10 listeners for each accelerator",
         "Global Accelerator developer guide, Quotas", more_listeners),
    Rule("ga-port-ranges", of("CreateListener", "UpdateListener"), "InvalidPortRangeException",
         "The port numbers are not valid, or overlap those of another listener", f"{API}CreateListener", ranges),
    Rule("ga-one-group-a-region", of(NEW_GROUP), "EndpointGroupAlreadyExistsException",
         "A listener can have only one endpoint group in a specific Region", f"{API}CreateEndpointGroup", region_taken),
    Rule("ga-endpoints", of(NEW_GROUP, OLD_GROUP), "InvalidArgumentException",
         "A resource must be valid and active when you add it as an endpoint; an endpoint group and all its endpoints are in one Region",
         "Global Accelerator developer guide, Endpoints and Endpoint groups for standard accelerators", endpoints),
    Rule("ga-endpoint-once", of(NEW_GROUP, OLD_GROUP), "InvalidArgumentException", "An endpoint is in a group once [A]", f"{API}EndpointConfiguration", repeated),
)
