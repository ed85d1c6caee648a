"""Each constraint that was seen is broken once, and the request sent again: the emulator must refuse it and name the member.

The request is written by botocore's serializer from the parameters that were read, with one of them changed.
"""

import copy
import http.client
from urllib.parse import quote, urlencode, urlsplit

import model_check
from botocore.serialize import create_serializer

# Tried in this order as what a pattern may not match; the ones that every wire can carry come first.
ODD_TEXTS = ("!", " ", "é", "<", "{", "a b", "!!", "#?", "\U0001f600", "\x07", "", "0", "-", "a", "A")
FILLER = "x"
# The header that marks what is sent here, and its name in WSGI.
MARK_HEADER, MARK = "X-Model-Check-Replay", "HTTP_X_MODEL_CHECK_REPLAY"


class NotExpressible(Exception):
    """HTTP has no words for this violation: a path without its label is another path."""


def replay(endpoint, samples):
    outcome = {"replayed": 0, "refused": 0, "notExpressible": [], "accepted": []}
    address = urlsplit(endpoint)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    for request, constraint in samples:
        name = f"{request.name} {constraint.member} {constraint.kind}"
        try:
            sent = written(request, constraint, broken(request, constraint))
        except NotExpressible as why:
            outcome["notExpressible"].append(f"{name}: {why}")
            continue
        outcome["replayed"] += 1
        status, text = send(connection, *sent)
        if 400 <= status < 500 and f"'{constraint.member}'" in text and rule_of(constraint) in text:
            outcome["refused"] += 1
        else:
            outcome["accepted"].append(f"{name}: {status} {text[:300]}")
    connection.close()
    return outcome


def rule_of(constraint):
    return model_check.WORDS[constraint.kind].split("{")[0].strip()


def broken(request, constraint):
    """The parameters, with this one constraint broken."""
    params = copy.deepcopy(request.params)
    holder = params
    *steps, last = constraint.path
    if last == "(key)":
        return with_key(params, steps, bad_value(constraint))
    for step in steps:
        holder = holder[step]
    if constraint.kind == "required":
        if is_label(request, constraint):
            raise NotExpressible("a label of the path")
        del holder[last]
        if not holder and len(constraint.path) > 1 and request.protocol in ("query", "ec2"):
            raise NotExpressible("a form has no empty structure")
    else:
        holder[last] = bad_value(constraint)
        if is_label(request, constraint) and holder[last] == "":
            raise NotExpressible("an empty label of the path")
        if holder[last] == [] and request.protocol == "ec2":
            raise NotExpressible("the ec2 protocol has no empty list")
    return params


def with_key(params, steps, key):
    holder = params
    for step in steps:
        holder = holder[step]
    first = next(iter(holder))
    holder[key] = holder.pop(first)
    return params


def bad_value(constraint):
    kind, bound, value = constraint.kind, constraint.bound, constraint.value
    if kind == "enum":
        return "bogus"
    if kind == "pattern":
        return next(text for text in ODD_TEXTS if not model_check.compiled(bound).fullmatch(text))
    if kind in ("min", "max"):
        return bound - 1 if kind == "min" else bound + 1
    size = bound - 1 if kind == "min-length" else bound + 1
    if isinstance(value, (str, bytes)):
        return (value or FILLER)[:1] * size
    if isinstance(value, dict):
        key, item = next(iter(value.items()), (FILLER, FILLER))
        return {f"{key}{at}": item for at in range(size)}
    return [value[0] if value else FILLER] * size


def is_label(request, constraint):
    shape = request.operation.input_shape.members[constraint.path[0]]
    return len(constraint.path) == 1 and shape.serialization.get("location") == "uri"


def written(request, constraint, params):
    serializer = create_serializer(request.protocol, include_validation=False)
    sent = serializer.serialize_to_request(params, request.operation)
    path, query, body = sent["url_path"], sent["query_string"], sent["body"]
    if isinstance(query, dict):
        query = urlencode(query, doseq=True)
    if isinstance(body, dict):
        body = urlencode(body, doseq=True)
    headers = {**{key: str(value) for key, value in sent["headers"].items()}, **request.headers}
    headers[MARK_HEADER] = "1"
    if query:
        path += ("&" if "?" in path else "?") + query
    if request.protocol in ("ec2", "query"):
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
    return sent["method"], quote(path, safe="/?&=%:+~,;@$!*'()-._"), body or b"", headers


def send(connection, method, path, body, headers):
    connection.request(method, path, body=body.encode() if isinstance(body, str) else body, headers={
        key: value.encode("utf-8") if isinstance(value, str) else value for key, value in headers.items()
    })
    response = connection.getresponse()
    return response.status, response.read().decode("utf-8", "replace")
