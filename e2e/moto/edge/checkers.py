"""Route 53's health checkers: sixteen a health check, each on its own, as the Route 53 guide describes them
("How Amazon Route 53 determines whether a health check is healthy").

A checker resolves the endpoint's name, connects within 4 s, and has a status of 2xx or 3xx within 2 s more; a TCP check has 10 s
to connect. The threshold of consecutive results turns it, in both directions. The interval runs from one result to the next
request, and the checkers are not coordinated. The check is healthy while enough of its checkers say so; before there
are results it is healthy, and a disabled one always is. Times are real: nothing here runs faster than at AWS.

How many checkers there are is not published: two in each of eight regions is an assumption [A], as in docs/twin.md (HC-08).
An endpoint is reached over the emulated resolver and a front door; an address that is no front door is never connected to.
Types CLOUDWATCH_METRIC and RECOVERY_CONTROL are not emulated: such a check stays healthy.
"""

import http.client
import random
import socket
import threading
import time
import zlib

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.route53.models import Route53Backend, route53_backends
from moto.route53.responses import Route53
from moto.route53.urls import url_paths

from . import front_doors
from .dns_packets import addresses_in, question_packet
from .network import is_true

REGIONS = (
    "us-east-1",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "sa-east-1",
)
CHECKERS_A_REGION = 2
HEALTHY_SHARE = 0.18
CONNECT_SECONDS, TCP_CONNECT_SECONDS, ANSWER_SECONDS = 4, 10, 2
DNS_SECONDS = 2
LAST_FAILURE_PATH = r"{0}/(?P<api_version>[\d_-]+)/healthcheck/(?P<health_check_id>[^/]+)/lastfailurereason$"
SEARCHED_BYTES = 5120

_checkers = {}
_resolver = ()


class Checker:
    """One checker of one health check, until the check is deleted."""

    def __init__(self, backend, check, region, number):
        self.backend, self.check, self.region = backend, check, region
        self.address = f"15.177.{REGIONS.index(region)}.{number}"
        self.healthy = True
        self.streak = 0
        self.status, self.checked = None, None
        self.failure, self.failed = None, None
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        time.sleep(random.uniform(0, float(self.check.request_interval)))
        while self.backend.health_checks.get(self.check.id) is self.check:
            if not is_true(self.check.disabled):
                self._record(*probe(self.check))
            time.sleep(float(self.check.request_interval))

    def _record(self, passed, status):
        self.streak = 0 if passed == self.healthy else self.streak + 1
        if self.streak >= int(self.check.failure_threshold):
            self.healthy, self.streak = passed, 0
        self.status, self.checked = status, utcnow()
        if not passed:
            self.failure, self.failed = status, self.checked


def probe(check):
    """One request: whether it passed, and the status as GetHealthCheckStatus words it."""
    try:
        address = check.ip_address or resolved(check.fqdn)
        port = front_doors.common_port(int(check.port))
        if not address.startswith("127.77.") or port is None:
            return False, f"Failure: {address}:{check.port} is not a front door of the emulated AWS."
        if check.type_ == "TCP":
            socket.create_connection((address, port), TCP_CONNECT_SECONDS).close()
            return True, f"Success: Resolved IP: {address}. TCP connection established"
        return http_probe(check, address, port)
    except TimeoutError:
        return False, (
            "Failure: Connection timed out. The endpoint or the internet connection is down, "
            "or requests are being blocked by your firewall."
        )
    except LookupError as error:
        return False, f"Failure: DNS resolution failed: {error}"
    except (OSError, http.client.HTTPException) as error:
        return False, f"Failure: {error}"


def resolved(name):
    identity = random.randrange(1 << 16)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(DNS_SECONDS)
        sock.connect(_resolver)
        sock.send(question_packet(identity, name, "A"))
        addresses, code = addresses_in(sock.recv(4096), identity)
    if not addresses:
        raise LookupError(f"{name} has no address (code {code})")
    return random.choice(addresses)


def http_probe(check, address, port):
    connection = http.client.HTTPConnection(address, port, timeout=CONNECT_SECONDS)
    connection.connect()
    try:
        connection.sock.settimeout(ANSWER_SECONDS)
        agent = f"Amazon-Route53-Health-Check-Service (ref {check.id}; report http://amzn.to/1vsZADi)"
        path = check.resource_path or "/"
        headers = {"host": check.fqdn or address, "user-agent": agent, "connection": "close", "accept": "*/*"}
        connection.request("GET", path if path.startswith("/") else f"/{path}", headers=headers)
        answer = connection.getresponse()
        body = answer.read(SEARCHED_BYTES * 20)
        said = f"HTTP Status Code {answer.status}, {answer.reason}. Resolved IP: {address}"
        if not 200 <= answer.status < 400:
            return False, f"Failure: {said}"
        if check.type_.endswith("STR_MATCH") and not found(check.search_string, body, answer.headers):
            return False, f"Failure: String match failed. {said}"
        return True, f"Success: {said}"
    except TimeoutError:
        return False, "Failure: The endpoint did not answer within the timeout limit."
    finally:
        connection.close()


def found(text, body, headers):
    """In the first 5,120 bytes, as they are after decoding; upper and lower case differ."""
    if headers.get("content-encoding") in ("gzip", "deflate"):
        try:
            body = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, SEARCHED_BYTES)
        except zlib.error:
            return False
    return (text or "").encode() in body[:SEARCHED_BYTES]


def check_of(check_id):
    backends = [backend for regions in route53_backends.values() for backend in regions.values()]
    return next((backend.health_checks[check_id] for backend in backends if check_id in backend.health_checks), None)


def is_healthy(check_id):
    """As records see it. A check that is gone counts as healthy."""
    check = check_of(check_id)
    if check is None:
        return True
    healthy = is_true(check.disabled) or judged(check)
    return healthy != is_true(check.inverted)


def judged(check):
    if check.type_ == "CALCULATED":
        children = check.children or []
        return sum(is_healthy(child) for child in children) >= int(check.health_threshold or 0)
    mine = _checkers.get(check.id, [])
    return not mine or sum(checker.healthy for checker in mine) / len(mine) > HEALTHY_SHARE


def start_checkers(backend, check):
    if check.type_ in ("HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"):
        regions = check.regions or REGIONS
        numbers = range(1, CHECKERS_A_REGION + 1)
        _checkers[check.id] = [Checker(backend, check, region, number) for region in regions for number in numbers]


def observations(check_id, text_of, time_of):
    seen = [checker for checker in _checkers.get(check_id, []) if text_of(checker)]
    return [
        {
            "Region": checker.region,
            "IPAddress": checker.address,
            "StatusReport": {"Status": text_of(checker), "CheckedTime": time_of(checker)},
        }
        for checker in seen
    ]


def get_status(self):
    check_id = self._get_param("HealthCheckId")
    self.backend.get_health_check(check_id)
    return ActionResult({"HealthCheckObservations": observations(check_id, lambda c: c.status, lambda c: c.checked)})


def get_last_failure_reason(self):
    check_id = self._get_param("HealthCheckId")
    self.backend.get_health_check(check_id)
    return ActionResult({"HealthCheckObservations": observations(check_id, lambda c: c.failure, lambda c: c.failed)})


def install(resolver_address):
    """Checkers begin with CreateHealthCheck, and end with DeleteHealthCheck."""
    global _resolver
    _resolver = resolver_address
    create, delete = Route53Backend.create_health_check, Route53Backend.delete_health_check

    def create_with_checkers(self, *args, **kwargs):
        check = create(self, *args, **kwargs)
        start_checkers(self, check)
        return check

    def delete_with_checkers(self, check_id):
        delete(self, check_id)
        _checkers.pop(check_id, None)

    Route53Backend.create_health_check = create_with_checkers
    Route53Backend.delete_health_check = delete_with_checkers
    Route53.get_health_check_status = get_status
    Route53.get_health_check_last_failure_reason = get_last_failure_reason
    url_paths[LAST_FAILURE_PATH] = Route53.dispatch
