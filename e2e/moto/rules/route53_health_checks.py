"""Route 53 health checks."""

import ipaddress

import state
from rules.table import Rule

API = "Route 53 API, HealthCheckConfig"
MESSAGE = "the API's own message, as provider reports quote it"
VALUES = "Values that you specify when you create or update health checks"
GUIDE = "Route 53 developer guide"
ENDPOINTS = ("HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP")
ENDPOINT_MEMBERS = ("IPAddress", "Port", "ResourcePath", "FullyQualifiedDomainName", "RequestInterval", "Regions",
                    "EnableSNI", "MeasureLatency", "FailureThreshold")
INTERVALS = (10, 30)
DEFAULT_INTERVAL = 30
MOST_CHILDREN = 256


def config(request):
    """The settings as they would be: an update's members over the health check's own type."""
    given = request.params.get("HealthCheckConfig")
    if given is not None:
        return given
    known = state.backend("route53", state.GLOBAL).health_checks.get(request.params["HealthCheckId"])
    return {**({"Type": known.type_} if known else {}), **request.params}


def interval(request):
    given = request.params["HealthCheckConfig"].get("RequestInterval", DEFAULT_INTERVAL)
    return None if given in INTERVALS else f"RequestInterval is {given}"


def search_string(request):
    given = config(request)
    if "HealthCheckConfig" not in request.params and "SearchString" not in given:
        return None
    matches = given.get("Type", "").endswith("STR_MATCH")
    if matches and not given.get("SearchString"):
        return f"{given['Type']} without SearchString"
    if not matches and given.get("SearchString"):
        return f"SearchString with Type {given.get('Type')}"
    return None


def members_of_type(request):
    given = config(request)
    kind = given.get("Type")
    if kind in ("CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL"):
        wrong = [name for name in ENDPOINT_MEMBERS if given.get(name) not in (None, [], {}, False)]
    else:
        wrong = []
    if kind != "CLOUDWATCH_METRIC":
        wrong += [name for name in ("AlarmIdentifier", "InsufficientDataHealthStatus") if given.get(name)]
    if kind != "CALCULATED":
        wrong += [name for name in ("HealthThreshold", "ChildHealthChecks") if given.get(name)]
    return f"{wrong[0]} cannot be given for Type {kind}" if wrong else None


def endpoint(request):
    given = request.params["HealthCheckConfig"]
    if given["Type"] not in ENDPOINTS:
        return None
    address, name = given.get("IPAddress"), given.get("FullyQualifiedDomainName")
    if not address and not name:
        return "neither IPAddress nor FullyQualifiedDomainName"
    if address and not ipaddress.ip_address(address).is_global:
        return f"IPAddress {address} is not reachable from the internet"
    if given["Type"] == "TCP" and not given.get("Port"):
        return "Type TCP without Port"
    return None


def children(request):
    given = request.params["HealthCheckConfig"]
    if given["Type"] != "CALCULATED":
        return None
    wanted, known = given.get("ChildHealthChecks", []), state.backend("route53", state.GLOBAL).health_checks
    if not wanted or len(wanted) > MOST_CHILDREN:
        return f"{len(wanted)} ChildHealthChecks"
    unknown = [child for child in wanted if child not in known]
    if unknown:
        return f"the child health check {unknown[0]} does not exist"
    calculated = [child for child in wanted if known[child].type_ == "CALCULATED"]
    if calculated:
        return f"the child health check {calculated[0]} is a calculated one"
    return None if "HealthThreshold" in given else "Type CALCULATED without HealthThreshold"


def alarm(request):
    given = request.params["HealthCheckConfig"]
    if given["Type"] != "CLOUDWATCH_METRIC":
        return None
    identifier = given.get("AlarmIdentifier")
    if not identifier:
        return "Type CLOUDWATCH_METRIC without AlarmIdentifier"
    known = state.backend("cloudwatch", identifier["Region"]).alarms.get(identifier["Name"])
    if known is None:
        return f"there is no alarm {identifier['Name']} in {identifier['Region']}"
    if known.rule:
        return f"{identifier['Name']} is a composite alarm"
    if known.metric_data_queries and len(known.metric_data_queries) > 0 and any(q.expression for q in known.metric_data_queries):
        return f"{identifier['Name']} uses metric math"
    if known.extended_statistic:
        return f"{identifier['Name']} uses an extended statistic"
    if known.period and int(known.period) < 60:
        return f"{identifier['Name']} is of high resolution"
    return None


CREATE, UPDATE = "route53.CreateHealthCheck", "route53.UpdateHealthCheck"
RULES = (
    Rule("route53-check-interval", (CREATE,), "InvalidInput", "RequestInterval is 10 or 30 seconds",
         f"{GUIDE}, {VALUES}", interval),
    Rule("route53-check-search-string", (CREATE, UPDATE), "InvalidInput",
         "SearchString belongs to HTTP_STR_MATCH and HTTPS_STR_MATCH; that they need it, and others refuse it [A]",
         API, search_string),
    Rule("route53-check-type", (CREATE, UPDATE), "InvalidInput",
         "Omit IPAddress and Port for CALCULATED and CLOUDWATCH_METRIC; other settings of another type [A]", API, members_of_type),
    Rule("route53-check-endpoint", (CREATE,), "InvalidInput",
         "An endpoint is a domain name, or an IP address in no local, private, nonroutable or multicast range; "
         "that TCP needs a port [A]", API, endpoint),
    Rule("route53-check-children", (CREATE,), "InvalidInput",
         "Up to 256 health checks, none of them calculated, and a threshold; that they exist [A]",
         f"{GUIDE}, {VALUES}; of the threshold {MESSAGE}", children),
    Rule("route53-check-alarm", (CREATE,), "InvalidInput",
         "No high-resolution metric, no extended statistic; that the alarm exists, is not composite and uses no metric math [A]",
         "Route 53 API, AlarmIdentifier", alarm),
)
