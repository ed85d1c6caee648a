"""An AWS API call as the service's own model reads it: which operation, in which region, with which parameters.

The models are botocore's, the parsers moto's. What neither has is here: which REST operation a method and a URI mean.
"""

import functools
import gzip
import io
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.responses import get_service_model
from werkzeug.datastructures import Headers, MultiDict

# Signing names that are not the name of the model.
MODELS = {"monitoring": "cloudwatch", "tagging": "resourcegroupstaggingapi", "elasticloadbalancing": "elbv2"}
CREDENTIAL = re.compile(r"Credential=(?P<key>[^/,\s]+)/[^/]+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")


class Unreadable(Exception):
    """A request that the model cannot be applied to."""


@dataclass
class ApiRequest:
    access_key: str
    region: str
    service: str  # as botocore names it
    operation: object  # botocore's OperationModel
    protocol: str
    params: dict
    headers: dict = field(repr=False)  # what a replay of it needs

    @property
    def name(self):
        """e.g. `kms.CreateAlias`."""
        return f"{self.service}.{self.operation.name}"


def read(environ):
    """The call, or None where nobody signed it. Raises Unreadable. The body can be read again afterwards."""
    signed = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if not signed:
        return None
    service = MODELS.get(signed["service"].lower(), signed["service"].lower())
    try:
        model = get_service_model(service)
    except Exception as error:
        raise Unreadable(f"no model of {service}") from error
    headers = headers_of(environ)
    query = MultiDict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    target = headers.get("x-amz-target")
    content_type = headers.get("content-type", "")
    url_params = {}
    if target:
        protocol, name = "json", target.split(".")[-1]
        body = body_of(environ)
    elif content_type.startswith("application/x-www-form-urlencoded") and model.protocol not in ("rest-xml", "rest-json"):
        protocol = "ec2" if model.protocol == "ec2" else "query"
        body = body_of(environ)
        query = MultiDict(parse_qsl(plain(body, headers).decode(), keep_blank_values=True))
        name = query.get("Action", "")
    elif model.protocol in ("rest-xml", "rest-json"):
        protocol = model.protocol
        name, url_params = rest_operation(service, environ["REQUEST_METHOD"], path_of(environ), query, headers)
        streams = name and model.operation_model(name).has_streaming_input
        body = b"" if streams else body_of(environ)
    else:
        raise Unreadable(f"{service} speaks neither JSON nor a form here: {content_type or 'no content type'}")
    if name not in model.operation_names:
        raise Unreadable(f"{service} has no operation {name or environ['REQUEST_METHOD'] + ' ' + path_of(environ)}")
    operation = model.operation_model(name)
    params = parse(operation, protocol, {
        "body": plain(body, headers),
        "headers": headers,
        "method": environ["REQUEST_METHOD"],
        "url_params": url_params,
        "url_path": path_of(environ),
        "values": query,
    })
    kept = {key: headers[key] for key in ("Authorization", "X-Amz-Date", "User-Agent", "X-Amz-Security-Token") if key in headers}
    return ApiRequest(signed["key"], signed["region"], service, operation, protocol, params, kept)


def parse(operation, protocol, request):
    try:
        return PROTOCOL_PARSERS[protocol](operation).parse(request)
    except Exception as error:
        raise Unreadable(f"{operation.name} cannot be parsed: {error!r}") from error


def headers_of(environ):
    headers = Headers((key[5:].replace("_", "-"), value) for key, value in environ.items() if key.startswith("HTTP_"))
    if environ.get("CONTENT_TYPE"):
        headers["Content-Type"] = environ["CONTENT_TYPE"]
    return headers


def path_of(environ):
    """As it was sent: a label may hold an escaped slash."""
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI") or environ["PATH_INFO"]
    path = re.sub(r"^https?://[^/]*", "", raw).split("?", 1)[0]
    return path if path.startswith("/") else f"/{path}"


def body_of(environ):
    length = environ.get("CONTENT_LENGTH")
    body = environ["wsgi.input"].read(int(length)) if length else (
        environ["wsgi.input"].read() if environ.get("wsgi.input_terminated") else b""
    )
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def plain(body, headers):
    return gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body


@functools.cache
def routes(service):
    """Of each REST operation: method, path as a pattern, its literals in the query, what it requires outside of the body."""
    model = get_service_model(service)
    found = []
    for name in model.operation_names:
        operation = model.operation_model(name)
        if operation.deprecated:  # S3 has two of one URI: PutBucketLifecycle and PutBucketLifecycleConfiguration
            continue
        path, _, query = operation.http["requestUri"].partition("?")
        labels = re.compile(re.sub(r"\\\{(\w+)(\\\+)?\\\}", as_group, re.escape(path.rstrip("/"))) + "/?")
        literals = {key: value for key, _, value in (pair.partition("=") for pair in query.split("&") if pair)}
        shape = operation.input_shape
        outside = [shape.members[member].serialization for member in shape.required_members] if shape else []
        found.append((operation.http["method"], labels, literals, outside, name))
    return found


def as_group(label):
    return f"(?P<{label[1]}>{'.+' if label[2] else '[^/]+'})"


def rest_operation(service, method, path, query, headers):
    """The operation's name, and its labels. Where several fit: the one that more of the request speaks for."""
    best = (None, {}, (-1, 0))
    for wanted, labels, literals, outside, name in routes(service):
        match = labels.fullmatch(path) if wanted == method else None
        if not match or any(query.get(key, "\0") != value for key, value in literals.items()):
            continue
        required = [where for where in outside if where.get("location") in ("header", "querystring")]
        given = sum(where["name"] in (headers if where["location"] == "header" else query) for where in required)
        fit = (len(literals) + given, given - len(required), -len(match.groups()))
        if fit > best[2] or best[0] is None:
            best = (name, {key: unquote(value) for key, value in match.groupdict().items()}, fit)
    return best[0], best[1]
