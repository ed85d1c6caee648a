"""Route 53 zones and records. moto refuses by itself: names outside of the zone, records that exist already, zones not empty."""

import re

import state
from rules.table import Rule

GUIDE = "Route 53 developer guide"
API = "Route 53 API"
POLICIES = ("Weight", "Region", "Failover", "GeoLocation", "MultiValueAnswer", "CidrRoutingConfig", "GeoProximityLocation")
QUOTED = re.compile(r'"([^"\\]|\\.){0,255}"( +"([^"\\]|\\.){0,255}")*')
ADDING = ("CREATE", "UPSERT")
BATCH = ("route53.ChangeResourceRecordSets",)
INVALID = "InvalidChangeBatch"
MESSAGE = "the API's own message, as provider reports quote it"


def changes(request, actions=ADDING):
    for change in request.params["ChangeBatch"]["Changes"]:
        if change["Action"] in actions:
            yield change["ResourceRecordSet"]


def bare(name):
    return name.lower().rstrip(".")


def zone_name(request):
    zone = state.zone(request.params["HostedZoneId"])
    return bare(zone.name) if zone else None


def described(record):
    return f"{record['Type']} {record['Name']}"


def policy_of(name):
    """The routing policies that a record set gives, in the model's names."""
    return [policy for policy in POLICIES if name.get(policy) is not None]


def existing(request):
    """The zone's records after the batch's deletions, as the model writes them, without those that the batch writes anew."""
    zone = state.zone(request.params["HostedZoneId"])
    gone = {key_of(record) for record in changes(request, ("DELETE", "UPSERT"))}
    for record in zone.rrsets if zone else ():
        shown = {
            "Name": record.name, "Type": record.type, "SetIdentifier": record.set_identifier or None,
            "Weight": record.weight, "Region": record.region or None, "Failover": record.failover or None,
            "GeoLocation": record.geo_location or None, "MultiValueAnswer": record.multi_value_answer or None,
        }
        if key_of(shown) not in gone:
            yield shown


def key_of(record):
    return bare(record["Name"]), record["Type"], record.get("SetIdentifier") or None


def cname_at_apex(request):
    apex = zone_name(request)
    for record in changes(request):
        if record["Type"] == "CNAME" and bare(record["Name"]) == apex:
            return f"RRSet of type CNAME with DNS name {record['Name']} is not permitted at apex in zone {apex}"
    return None


def cname_alone(request):
    others = [*existing(request), *changes(request)]
    for record in changes(request):
        for other in others:
            same = bare(other["Name"]) == bare(record["Name"])
            if same and (record["Type"] == "CNAME") != (other["Type"] == "CNAME"):
                return f"RRSet {described(record)} conflicts with {described(other)}"
    return None


def alias(request):
    for record in changes(request):
        if record.get("AliasTarget"):
            given = [name for name in ("TTL", "ResourceRecords") if record.get(name) not in (None, [])]
            if given:
                return f"the alias {described(record)} has {given[0]}"
        elif record.get("TTL") is None or not record.get("ResourceRecords"):
            return f"{described(record)} has neither an alias target nor TTL and values"
    return None


def alias_target(request):
    """Load balancers, because we know them all; an alias within the zone must have its target there."""
    balancers = [one for region in state.regions("elbv2") for one in state.backend("elbv2", region).load_balancers.values()]
    zones = {bare(one.dns_name): one.canonical_hosted_zone_id for one in balancers}
    for record in changes(request):
        target = record.get("AliasTarget")
        name = bare(target["DNSName"]) if target else ""
        if name.startswith("dualstack."):
            name = name[len("dualstack."):]
        if name.endswith(".elb.amazonaws.com") and name not in zones:
            return f"{described(record)} is an alias to {name}, but that target was not found"
        if name in zones and target["HostedZoneId"] != zones[name]:
            zone = target["HostedZoneId"]
            return f"{described(record)} is an alias to {name} in zone {zone}, but the name does not lie within that zone"
        if target and target["HostedZoneId"] == request.params["HostedZoneId"]:
            within = [bare(one["Name"]) for one in [*existing(request), *changes(request)]]
            if name not in within:
                return f"{described(record)} is an alias to {name}, which the zone does not have"
    return None


def text(request):
    for record in changes(request):
        if record["Type"] in ("TXT", "SPF"):
            for value in record.get("ResourceRecords", []):
                if not QUOTED.fullmatch(value["Value"]):
                    return f"{described(record)} has {value['Value'][:60]!r}: strings are quoted, and at most 255 characters each"
    return None


def one_policy(request):
    for record in changes(request):
        given = policy_of(record)
        if len(given) > 1:
            return f"{described(record)} has {' and '.join(given)}"
        if record.get("AliasTarget") and record.get("MultiValueAnswer"):
            return f"{described(record)} is an alias with MultiValueAnswer"
        if bool(given) != bool(record.get("SetIdentifier")):
            missing = "SetIdentifier" if given else "a routing policy"
            return f"{described(record)} lacks {missing}"
    return None


def mixed(request):
    """All records of one name and type follow one policy."""
    others = [*existing(request), *changes(request)]
    for record in changes(request):
        for other in others:
            if key_of(other)[:2] == key_of(record)[:2] and policy_of(other) != policy_of(record):
                one, two = (policy_of(each) or ["simple"] for each in (record, other))
                return f"{described(record)} is {one[0]} beside {two[0]}"
    return None


def distinct(request):
    others = [*existing(request), *changes(request)]
    for record in changes(request):
        same = [one for one in others if key_of(one)[:2] == key_of(record)[:2] and one is not record]
        for policy, word in (("Failover", "role"), ("Region", "region")):
            value = record.get(policy)
            if value and any(one.get(policy) == value for one in same):
                return f"{described(record)} has the {word} {value} twice"
        if record.get("SetIdentifier") and any(one.get("SetIdentifier") == record["SetIdentifier"] for one in same):
            return f"{described(record)} has the set identifier {record['SetIdentifier']} twice"
    return None


def health_check(request):
    known = state.backend("route53", state.GLOBAL).health_checks
    for record in changes(request):
        identifier = record.get("HealthCheckId")
        if identifier and identifier not in known:
            return f"{described(record)} names the health check {identifier}, which does not exist"
    return None


def apex_records(request):
    apex = zone_name(request)
    for record in changes(request, ("DELETE",)):
        if record["Type"] in ("NS", "SOA") and bare(record["Name"]) == apex:
            return f"{described(record)} cannot be deleted"
    return None


def zone_reference(request):
    given = request.params["CallerReference"]
    zones = state.backend("route53", state.GLOBAL).zones.values()
    same = next((one for one in zones if one.caller_reference == given), None)
    return f"{same.name} has been created with the CallerReference {given!r}" if same else None


RULES = (
    Rule("route53-zone-reference", ("route53.CreateHostedZone",), "HostedZoneAlreadyExists",
         "A hosted zone has already been created with the specified CallerReference",
         f"{API}, CreateHostedZone", zone_reference, 409),
    Rule("route53-cname-apex", BATCH, INVALID, "You cannot create a CNAME record at the zone apex",
         f"{GUIDE}, Supported DNS record types", cname_at_apex),
    Rule("route53-cname-alone", BATCH, INVALID, "A name with a CNAME record has no other records",
         f"{GUIDE}, Supported DNS record types", cname_alone),
    Rule("route53-alias", BATCH, "InvalidInput",
         "Expected exactly one of AliasTarget, or TTL and ResourceRecords", f"{API}, ResourceRecordSet; {MESSAGE}", alias),
    Rule("route53-alias-target", BATCH, INVALID, "The target of an alias must exist, in the hosted zone of the load balancer",
         f"{API}, AliasTarget; {MESSAGE}", alias_target),
    Rule("route53-text", BATCH, INVALID, "Each string of a TXT record is enclosed in quotation marks, 255 characters at most",
         f"{GUIDE}, Supported DNS record types", text),
    Rule("route53-policy", BATCH, "InvalidInput",
         "One routing policy, with a SetIdentifier for every one but simple; no multivalue answer alias records",
         f"{API}, ResourceRecordSet; of the SetIdentifier {MESSAGE}", one_policy),
    Rule("route53-mixed-policies", BATCH, INVALID,
         "You can't create records of other policies with the name and type of weighted, latency or failover records",
         f"{API}, ResourceRecordSet", mixed),
    Rule("route53-distinct", BATCH, INVALID, "One primary, one secondary, one record a region and a set identifier",
         f"{API}, ResourceRecordSet", distinct),
    Rule("route53-health-check", BATCH, "NoSuchHealthCheck", "The health check must exist",
         f"{API}, ChangeResourceRecordSets", health_check, 404),
    Rule("route53-apex-records", BATCH, INVALID,
         "A HostedZone must contain at least one NS record for the zone itself, and exactly one SOA record", MESSAGE, apex_records),
)
