"""CloudWatch alarms and dashboards."""

import json
import re

import state
from rules.table import Rule

API = "CloudWatch API"
GUIDE = "CloudWatch user guide"
HIGH_RESOLUTION = (10, 20, 30)
DAY, WEEK, HOUR = 86_400, 604_800, 3_600
MISSING = ("breaching", "notBreaching", "ignore", "missing")
MOST_METRICS = 10
NAMES = re.compile(r"\b[a-z][A-Za-z0-9_]*\b")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
CALLS = re.compile(r"\b([A-Z][A-Z_0-9]*)\s*\(")
OPERATORS = {"AND", "OR"}
# "Using metric math", without SEARCH, on which no alarm can be based.
FUNCTIONS = {
    "ABS", "ANOMALY_DETECTION_BAND", "AVG", "CEIL", "DATAPOINT_COUNT", "DATE", "DAY", "DIFF", "DIFF_TIME", "EPOCH", "FILL",
    "FIRST", "FLOOR", "HOUR", "IF", "INSIGHT_RULE_METRIC", "LAST", "LOG", "LOG10", "MAX", "METRICS", "METRIC_COUNT", "MIN",
    "MINUTE", "MONTH", "PERIOD", "RATE", "REMOVE_EMPTY", "RUNNING_SUM", "SERVICE_QUOTA", "SLICE", "SORT", "STDDEV", "SUM",
    "TIME_SERIES", "YEAR",
}
# A word in capitals that is no call: neither a number, nor an Id, nor a function of them.
WORD = re.compile(r"[A-Z_]*")
FILLERS = ("REPEAT", "LINEAR")
CHILDREN = re.compile(r"\b(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*(\"[^\"]*\"|[^)\"]*?)\s*\)")
MOST_CHILDREN = 100
GRID_WIDTH, GRID_HEIGHT = 24, 1_000
WIDGETS = ("metric", "text", "log", "alarm", "explorer", "custom")


def period(request):
    params = request.params
    periods = [params["Period"]] if "Period" in params else []
    periods += [one["MetricStat"]["Period"] for one in params.get("Metrics", []) if "MetricStat" in one]
    periods += [one["Period"] for one in params.get("Metrics", []) if "Period" in one]
    for given in periods:
        if given not in HIGH_RESOLUTION and (given < 60 or given % 60):
            return f"Period is {given}"
    longest = max(periods, default=60)
    total = longest * params["EvaluationPeriods"]
    if total > (WEEK if longest >= HOUR else DAY):
        return f"{params['EvaluationPeriods']} periods of {longest} s are {total} s"
    return None


def points(request):
    given, of = request.params.get("DatapointsToAlarm"), request.params["EvaluationPeriods"]
    return f"{given} datapoints of {of} periods" if given is not None and given > of else None


def missing_data(request):
    given = request.params.get("TreatMissingData")
    return f"TreatMissingData is {given!r}" if given is not None and given not in MISSING else None


def actions(request):
    for member in ("AlarmActions", "OKActions", "InsufficientDataActions"):
        for arn in request.params.get(member, []):
            parts = arn.split(":")
            if len(parts) < 6 or parts[:2] != ["arn", "aws"]:
                return f"{member} has {arn!r}, which is no ARN"
            if parts[3] and parts[3] != request.region:
                return f"Invalid region {parts[3]} specified in {arn}. Only {request.region} is supported"
    return None


def what_is_watched(request):
    params = request.params
    if ("MetricName" in params) == bool(params.get("Metrics")):
        return "either MetricName or Metrics is needed, and only one of them"
    if "MetricName" not in params:
        return None
    if "Namespace" not in params or "Period" not in params:
        return "MetricName without Namespace or Period"
    if ("Statistic" in params) == ("ExtendedStatistic" in params):
        return "either Statistic or ExtendedStatistic is needed, and only one of them"
    return None


def metric_math(request):
    queries = request.params.get("Metrics", [])
    ids = [query["Id"] for query in queries]
    if len(set(ids)) < len(ids):
        return "two metrics have the same Id"
    returned = [query["Id"] for query in queries if query.get("ReturnData", True)]
    if queries and len(returned) != 1:
        return f"ReturnData is true for {', '.join(returned) or 'none'}, and must be for exactly one"
    if len([one for one in queries if "MetricStat" in one]) > MOST_METRICS:
        return f"more than {MOST_METRICS} metrics"
    for query in queries:
        found = expression(query, ids)
        if found:
            return f"{query['Id']}: {found}"
    return None


def expression(query, ids):
    if ("Expression" in query) == ("MetricStat" in query):
        return "either Expression or MetricStat is needed, and only one of them"
    text = QUOTED.sub("", query.get("Expression", ""))
    if text.lstrip().upper().startswith("SELECT"):
        return None
    unknown = [name for name in CALLS.findall(text) if name not in FUNCTIONS | OPERATORS]
    if unknown:
        return f"no alarm can use the function {unknown[0]}"
    unknown = [name for name in NAMES.findall(text) if name not in ids]
    if unknown:
        return f"the expression {query['Expression']!r} uses {unknown[0]!r}, which no metric has as Id"
    if text.count("(") != text.count(")"):
        return f"the expression {query['Expression']!r} has unequal parentheses"
    for call in re.finditer(r"\bFILL\s*\(", text):
        given = arguments(text, call.end())
        if len(given) != 2 or WORD.fullmatch(given[1]) and given[1] not in FILLERS:
            return f"FILL({', '.join(given)}), not a metric with REPEAT, LINEAR, a number or another series"
    return None


def arguments(text, start):
    """What a call is given whose opening parenthesis ends at `start`."""
    depth, found = 1, [""]
    for one in text[start:]:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(one, 0)
        if depth == 0:
            break
        if one == "," and depth == 1:
            found.append("")
        else:
            found[-1] += one
    return [one.strip() for one in found]


def children(request):
    names = [one.strip('"').split(":alarm:")[-1] for one in CHILDREN.findall(request.params["AlarmRule"])]
    known = state.backend("cloudwatch", request.region).alarms
    unknown = [name for name in names if name not in known]
    if unknown:
        return f"the alarms {', '.join(unknown)} of the rule do not exist"
    if len(set(names)) > MOST_CHILDREN:
        return f"{len(set(names))} alarms in one rule"
    left = CHILDREN.sub("", request.params["AlarmRule"])
    words = [word for word in re.findall(r"[^\s()]+", left) if word not in ("AND", "OR", "NOT", "TRUE", "FALSE", "AT_LEAST")]
    return f"the rule has {words[0]!r}" if words and "AT_LEAST" not in left else None


def dashboard(request):
    try:
        body = json.loads(request.params["DashboardBody"])
    except ValueError as error:
        return f"DashboardBody is no JSON: {error}"
    for widget in body.get("widgets", []):
        x, y, width, height = (widget.get(key, 6 if key in ("width", "height") else 0) for key in ("x", "y", "width", "height"))
        if widget.get("type") not in WIDGETS or not isinstance(widget.get("properties"), dict):
            return f"a widget of type {widget.get('type')!r}"
        if not (0 <= x < GRID_WIDTH and y >= 0 and 1 <= width <= GRID_WIDTH and 1 <= height <= GRID_HEIGHT):
            return f"a widget at {x}, {y} of {width} x {height}"
    return None


ALARM, COMPOSITE = "cloudwatch.PutMetricAlarm", "cloudwatch.PutCompositeAlarm"
RULES = (
    Rule("cloudwatch-period", (ALARM,), "ValidationError",
         "10, 20, 30 or a multiple of 60 seconds; periods times their length at most a day, or 7 days from an hour on",
         f"{API}, PutMetricAlarm", period),
    Rule("cloudwatch-datapoints", (ALARM,), "ValidationError", "M out of N: DatapointsToAlarm is at most EvaluationPeriods",
         f"{API}, PutMetricAlarm", points),
    Rule("cloudwatch-missing-data", (ALARM,), "ValidationError", f"Valid values: {', '.join(MISSING)}",
         f"{API}, PutMetricAlarm", missing_data),
    Rule("cloudwatch-action-region", (ALARM, COMPOSITE), "ValidationError", "An alarm's actions are in its own region",
         "the API's own message, as provider reports quote it", actions),
    Rule("cloudwatch-metric", (ALARM,), "ValidationError", "One metric with one statistic, or metric math",
         f"{API}, PutMetricAlarm", what_is_watched),
    Rule("cloudwatch-metric-math", (ALARM,), "ValidationError",
         "Exactly one result; expressions use Ids of the alarm and known functions; at most 10 metrics",
         f"{API}, MetricDataQuery; {GUIDE}, Using metric math, CloudWatch service quotas", metric_math),
    Rule("cloudwatch-composite-children", (COMPOSITE,), "ValidationError", "The alarms of a rule exist, 100 at most",
         f"{API}, PutCompositeAlarm; that they exist: the API's own message, as reports quote it", children),
    Rule("cloudwatch-dashboard", ("cloudwatch.PutDashboard",), "InvalidParameterInput", "Widgets have a type, properties and a place on the grid",
         f"{API}, Dashboard body structure and syntax", dashboard),
)
