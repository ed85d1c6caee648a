"""What an application load balancer does with a request: its rules, the event for a Lambda target, and what becomes of
the answer. Sources: the ELB guide, "Listener rules" and "Use Lambda functions as targets of an Application Load Balancer".

Nothing here waits or knows of sockets: front_doors.py brings requests in and carries answers out.
"""

import base64
import json
import random
import re
import secrets
import sys
import time
from dataclasses import dataclass, field

import lambda_runtime
from moto.awslambda.models import lambda_backends
from moto.elbv2.models import elbv2_backends

MAX_LAMBDA_BYTES = 1_048_576
TEXT_TYPES = re.compile(r"(text/|application/(json|javascript|xml)\b)", re.I)
TITLES = {
    400: "Bad Request",
    413: "Request Entity Too Large",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
}


@dataclass
class Request:
    method: str
    target: str  # path and query as they came
    headers: dict  # names in lower case
    body: bytes
    client: str
    listener: object  # moto's FakeListener

    @property
    def path(self):
        return self.target.partition("?")[0]

    @property
    def query(self):
        return self.target.partition("?")[2]


@dataclass
class Answer:
    status: int
    headers: dict = field(default_factory=dict)
    body: bytes = b""


def problem(status):
    body = f"<html><head><title>{status} {TITLES[status]}</title></head></html>".encode()
    return Answer(status, {"content-type": "text/html"}, body)


def respond(request):
    """By the first rule that matches, in order of priority; the default action comes last."""
    rules = [rule for rule in list(request.listener.rules.values()) if not rule.is_default]
    for rule in sorted(rules, key=lambda rule: int(rule.priority)):
        if all(matches(condition, request) for condition in rule.conditions):
            return act(rule.actions, request)
    return act(request.listener.default_actions, request)


def matches(condition, request):
    kind = condition.get("Field")
    if kind == "path-pattern":
        return matches_any(values_of(condition, "PathPatternConfig"), request.path)
    if kind == "host-header":
        host = request.headers.get("host", "").partition(":")[0]
        return matches_any([value.lower() for value in values_of(condition, "HostHeaderConfig")], host.lower())
    if kind == "http-request-method":
        return request.method in values_of(condition, "HttpRequestMethodConfig")
    raise NotImplementedError(f"a listener rule's condition on {kind}")


def values_of(condition, config):
    return condition.get("Values") or condition.get(config, {}).get("Values", [])


def matches_any(patterns, text):
    """`*` stands for any characters, `?` for exactly one."""
    as_regex = [re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".") for pattern in patterns]
    return any(re.fullmatch(regex, text, re.S) for regex in as_regex)


def act(actions, request):
    action = sorted(actions, key=lambda action: int(action.data.get("Order") or 0))[-1].data
    kind = action["Type"]
    if kind == "fixed-response":
        config = action["FixedResponseConfig"]
        body = (config.get("MessageBody") or "").encode()
        return Answer(int(config["StatusCode"]), {"content-type": config.get("ContentType") or "text/plain"}, body)
    if kind == "redirect":
        return redirect(action["RedirectConfig"], request)
    if kind == "forward":
        return forward(target_group_of(action, request), request)
    raise NotImplementedError(f"a listener rule's action {kind}")


def redirect(config, request):
    listener = request.listener
    host, _, _ = request.headers.get("host", "").partition(":")
    now = {
        "protocol": listener.protocol.lower(),
        "host": host,
        "port": str(listener.port),
        "path": request.path.removeprefix("/"),
        "query": request.query,
    }
    default = {"Protocol": "#{protocol}", "Host": "#{host}", "Port": "#{port}", "Path": "/#{path}", "Query": "#{query}"}
    filled = {}
    for name, text in {**default, **{k: v for k, v in config.items() if v}}.items():
        filled[name] = re.sub(r"#\{(\w+)\}", lambda match: now.get(match.group(1), ""), str(text))
    query = f"?{filled['Query']}" if filled["Query"] else ""
    location = f"{filled['Protocol'].lower()}://{filled['Host']}:{filled['Port']}{filled['Path']}{query}"
    return Answer(int(config["StatusCode"].removeprefix("HTTP_")), {"location": location})


def target_group_of(action, request):
    groups = action.get("ForwardConfig", {}).get("TargetGroups") or [{"TargetGroupArn": action["TargetGroupArn"]}]
    weights = [int(group.get("Weight", 1)) for group in groups]
    arn = (random.choices(groups, weights)[0] if any(weights) else groups[0])["TargetGroupArn"]
    return target_group(arn)


def target_group(arn):
    _, _, _, region, account_id, _ = arn.split(":", 5)
    return elbv2_backends[account_id][region].target_groups.get(arn)


def forward(group, request):
    """No target: 503. A function that fails, is throttled or answers in no shape that a load balancer knows: 502."""
    target = next(iter(list(group.targets)), None) if group else None
    if target is None:
        return problem(503)
    if group.target_type != "lambda":
        raise NotImplementedError(f"targets of type {group.target_type}")
    if len(request.body) > MAX_LAMBDA_BYTES:
        return problem(413)
    return answer_of(invoke(target, event_for(request, group)), is_multi_value(group)) or problem(502)


def invoke(target, event):
    """What the function returned, or None when it failed, is gone or is throttled."""
    _, _, _, region, account_id, _, name = target.split(":", 6)
    name, _, qualifier = name.partition(":")
    try:
        function = lambda_backends[account_id][region].get_function(name, qualifier or None)
        answer = lambda_runtime.run(function, event)
    except lambda_runtime.Throttled:
        return None
    except Exception as error:  # deleted, or an environment that broke: a load balancer says 502 to all
        answer = {"error": {"errorMessage": str(error) or type(error).__name__}}
    if "error" in answer:
        print(f"{target}: {json.dumps(answer['error'])}", file=sys.stderr, flush=True)
        return None
    return answer.get("result")


def is_multi_value(group):
    return group.attributes.get("lambda.multi_value_headers.enabled") == "true"


def event_for(request, group):
    listener = request.listener
    before = request.headers.get("x-forwarded-for")
    headers = {
        **request.headers,
        "x-amzn-trace-id": f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}",
        "x-forwarded-for": f"{before}, {request.client}" if before else request.client,
        "x-forwarded-port": str(listener.port),
        "x-forwarded-proto": listener.protocol.lower(),
    }
    return lambda_event(group, request.method, request.target, headers, request.body)


def lambda_event(group, method, target, headers, body=b""):
    """Nothing is URL-decoded. Of repeated parameters the last counts, unless multi-value headers are enabled."""
    path, _, query = target.partition("?")
    pairs = [(name, value) for name, _, value in (pair.partition("=") for pair in query.split("&") if pair)]
    is_text = TEXT_TYPES.match(headers.get("content-type", "")) and "content-encoding" not in headers
    plain = is_text or not body
    event = {
        "requestContext": {"elb": {"targetGroupArn": group.arn}},
        "httpMethod": method,
        "path": path,
        "body": body.decode("utf-8", "replace") if plain else base64.b64encode(body).decode(),
        "isBase64Encoded": not plain,
    }
    if not is_multi_value(group):
        return {**event, "queryStringParameters": dict(pairs), "headers": headers}
    parameters = {name: [value for other, value in pairs if other == name] for name, _ in pairs}
    repeated = {name: [value] for name, value in headers.items()}
    return {**event, "multiValueQueryStringParameters": parameters, "multiValueHeaders": repeated}


def answer_of(result, multi_value):
    """The function's result as HTTP, or None for what is too large or malformed."""
    if not isinstance(result, dict) or len(json.dumps(result)) > MAX_LAMBDA_BYTES:
        return None
    status, text = result.get("statusCode"), result.get("body") or ""
    if type(status) is not int or not 100 <= status < 600 or not isinstance(text, str):
        return None
    headers = result.get("multiValueHeaders" if multi_value else "headers") or {}
    if not isinstance(headers, dict):
        return None
    if multi_value:
        headers = {name: ", ".join(values) for name, values in headers.items()}
    headers = {name.lower(): str(value) for name, value in headers.items()}
    try:
        body = base64.b64decode(text, validate=True) if result.get("isBase64Encoded") else text.encode()
    except ValueError:
        return None
    return Answer(status, {"content-type": "application/octet-stream", **headers}, body)
