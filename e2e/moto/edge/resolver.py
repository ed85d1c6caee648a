"""Names: answers from Route 53's hosted zones as they are now, over UDP, with the TTL that the record has.

Source: the Route 53 guide, "How Amazon Route 53 chooses records when health checking is configured" and the page of each
routing policy. A record without a health check is healthy; when all of a name are unhealthy, all count as healthy; failover
then answers the primary. An alias to a load balancer has a TTL of 60 s. A CNAME within the zone is followed, so one answer
holds both records, each with its own TTL. Who asks caches: nothing is cached here.

Latency: a question asked at 127.0.0.1 comes from near the region named by DR_EDGE_NEAR. Every region with a load balancer has
an address of its own besides (`GET /edge` lists them), at which one asks as someone near that region. Near a region means: its
record first, the others in alphabetical order. Without DR_EDGE_NEAR that order alone decides.
"""

import os
import random
import socket
import sys
import threading
from dataclasses import dataclass

from moto.route53.models import route53_backends

from . import checkers, front_doors, static_addresses, target_health
from .dns_packets import NO_ERROR, NO_SUCH_NAME, REFUSED, SERVER_FAILURE, Record, answer_packet, parse_question
from .network import is_true

ALIAS_TTL = 60
DEFAULT_TTL = 300
MAX_CHAIN = 8
MAX_PACKET = 1232
ROUTED_BY = {"region": "latency", "weight": "weighted", "failover": "failover", "multi_value_answer": "multivalue"}


@dataclass(frozen=True)
class Found:
    code: int
    records: tuple = ()
    authority: tuple = ()


def plain(name):
    return name.lower().rstrip(".").replace("\\052", "*")


def zones():
    backends = [backend for regions in route53_backends.values() for backend in regions.values()]
    return [zone for backend in backends for zone in list(backend.zones.values()) if not zone.private_zone]


def zone_of(name):
    """The zone with the longest name that holds `name`; of two with one name, the older."""
    holding = [zone for zone in zones() if name == plain(zone.name) or name.endswith(f".{plain(zone.name)}")]
    return max(holding, key=lambda zone: len(plain(zone.name)), default=None)


def resolve(name, kind, near):
    """Every record that leads from the name to its end."""
    door = front_doors.door_of(name)
    if door:
        return Found(NO_ERROR, (Record(name, "A", ALIAS_TTL, door.address),) if kind == "A" else ())
    static = static_addresses.address_of(name)
    if static:
        return Found(NO_ERROR, (Record(name, "A", ALIAS_TTL, static),) if kind == "A" else ())
    zone = zone_of(name)
    if zone is None:
        return Found(REFUSED)
    chain = []
    while len(chain) < MAX_CHAIN:
        records = records_at(zone, name)
        if not records:
            return Found(NO_ERROR if chain else NO_SUCH_NAME, tuple(chain), authority_of(zone))
        chosen = choose([it for it in records if it.type == kind] or cnames(records), near)
        answer = [record for it in chosen for record in answers(zone, it, name, kind, near)]
        chain += answer
        if not answer or answer[0].type != "CNAME" or kind == "CNAME":
            return Found(NO_ERROR, tuple(chain), () if chain else authority_of(zone))
        name = plain(answer[0].value)
        if zone_of(name) is not zone:
            return Found(NO_ERROR, (*chain, *resolve(name, kind, near).records))
    return Found(SERVER_FAILURE)


def records_at(zone, name):
    records = [record for record in list(zone.rrsets) if plain(record.name) == name]
    if records or name == plain(zone.name):
        return records
    wildcard = "*." + name.partition(".")[2]
    return [record for record in list(zone.rrsets) if plain(record.name) == wildcard]


def cnames(records):
    return [record for record in records if record.type == "CNAME"]


def authority_of(zone):
    """The zone's start of authority: for how long "there is none" may be remembered (RFC 2308)."""
    soa = next((record for record in list(zone.rrsets) if record.type == "SOA"), None)
    return (Record(plain(zone.name), "SOA", int(soa.ttl), values(soa)[0]),) if soa else ()


def values(record):
    """moto writes a new zone's SOA as {"Value": ...}, and all other values plainly."""
    return [value["Value"] if isinstance(value, dict) else value for value in record.records]


def choose(records, near):
    """The records that answer now, by routing policy and health."""
    policy = next((ROUTED_BY[key] for record in records for key in ROUTED_BY if getattr(record, key) not in (None, False)), None)
    if policy is None:
        if any(record.geo_location for record in records):
            raise NotImplementedError("geolocation routing")
        return records[:1]
    healthy = [record for record in records if is_healthy(record)]
    if policy == "latency":
        return sorted(healthy or records, key=lambda record: (record.region != near, record.region))[:1]
    if policy == "failover":
        return sorted(healthy or records, key=lambda record: record.failover != "PRIMARY")[:1]
    if policy == "multivalue":
        return random.sample(healthy or records, min(8, len(healthy or records)))
    return weighted(healthy or records, records)


def weighted(healthy, records):
    """Weight 0 answers only when nothing of another weight is healthy, or when every weight is 0."""
    weights = [int(record.weight) for record in healthy]
    return random.choices(healthy, weights if any(weights) else None)[:1] if healthy else records[:1]


def is_healthy(record):
    by_check = record.health_check_id is None or checkers.is_healthy(record.health_check_id)
    alias = record.alias_target
    if not by_check or not alias or not is_true(alias.get("EvaluateTargetHealth")):
        return by_check
    door = front_doors.door_of(alias["DNSName"])
    if door:
        return target_health.load_balancer_is_healthy(door.load_balancer)
    zone = zone_of(plain(alias["DNSName"]))
    behind = records_at(zone, plain(alias["DNSName"])) if zone else []
    return any(is_healthy(other) for other in behind) if behind else True


def answers(zone, record, name, kind, near):
    if record.alias_target:
        target = plain(record.alias_target["DNSName"])
        if target == name:
            raise ValueError(f"{name} is an alias of itself")
        # An alias answers with what it leads to, under its own name.
        found = [it for it in resolve(target, kind, near).records if it.type == kind]
        return [Record(name, it.type, it.ttl, it.value) for it in found]
    return [Record(name, record.type, int(record.ttl or DEFAULT_TTL), value) for value in values(record)]


class Resolver:
    """Answers on one address for those near one region."""

    def __init__(self, address, port, near):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, port))
        self.near = near
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self):
        return self.socket.getsockname()

    def _serve(self):
        while True:
            packet, asker = self.socket.recvfrom(MAX_PACKET)
            try:
                question = parse_question(packet)
            except (ValueError, IndexError, UnicodeError, OSError):
                continue  # nothing that could be answered
            self.socket.sendto(self._answer(question), asker)

    def _answer(self, question):
        try:
            found = resolve(question.name, question.type, self.near)
            return answer_packet(question, found.code, found.records, found.authority)
        except Exception as error:  # what cannot be answered is a failure to the asker, and a line in the log
            print(f"resolver: {question.name} {question.type}: {error!r}", file=sys.stderr, flush=True)
            return answer_packet(question, SERVER_FAILURE)


_main = None
_regional = {}
_lock = threading.Lock()


def start():
    global _main
    _main = Resolver("127.0.0.1", 0, os.environ.get("DR_EDGE_NEAR", ""))


def main_address():
    return _main.address


def regional_addresses():
    """By region: where one asks as someone near it."""
    with _lock:
        for region in sorted({door.region for door in front_doors.all_doors()} - _regional.keys()):
            _regional[region] = Resolver(f"127.53.0.{1 + len(_regional)}", _main.address[1], region)
        return {region: resolver.address for region, resolver in _regional.items()}
