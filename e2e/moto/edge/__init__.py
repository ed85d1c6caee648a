"""The edge of the emulated AWS: what clients, Route 53 and timers see of the system, real enough to be drilled.

network                what network ACLs and security groups let through
load_balancing         listener rules and Lambda targets
front_doors            each load balancer on a loopback address of its own
target_health          health of target groups
static_addresses       accelerators: two addresses that lead each connection to a load balancer
resolver, dns_packets  Route 53's answers, over UDP
checkers               Route 53's health checkers
schedules              EventBridge rules that fire
scheduler              EventBridge Scheduler's schedules that fire
schedule_expressions   when a schedule is due
experiments            FIS cuts subnets off

moto's own state is the only truth: all of this reads it as it is at the moment. GET /edge says where to reach it, and
GET /edge/to/NAME/PATH leads a program that cannot choose its resolver to NAME's front door (307).
"""

import json

from . import (
    checkers,
    experiments,
    front_doors,
    network,
    resolver,
    scheduler,
    schedules,
    static_addresses,
    target_health,
)

PATH = "/edge"
TO = "/edge/to/"


def install():
    network.install()
    front_doors.install()
    target_health.install()
    static_addresses.install()
    resolver.start()
    checkers.install(resolver.main_address())
    schedules.install()
    scheduler.install()
    experiments.install()


def described():
    host, port = resolver.main_address()
    return {
        "resolver": {"address": host, "port": port},
        "port": front_doors.common_port(443),
        "httpPort": front_doors.common_port(80),
        "resolvers": {
            region: {"address": address, "port": number}
            for region, (address, number) in resolver.regional_addresses().items()
        },
    }


def front_door_url(name, path):
    found = resolver.resolve(name.lower(), "A", "")
    address = next((record.value for record in found.records if record.type == "A"), None)
    return f"http://{address}:{front_doors.common_port(443)}/{path}" if address else None


def with_edge(application):
    """The WSGI application, and beside it where the edge is."""

    def serve(environ, start_response):
        path = environ.get("PATH_INFO", "")
        if path.startswith(TO):
            name, _, rest = path.removeprefix(TO).partition("/")
            url = front_door_url(name, rest)
            start_response("307 Temporary Redirect" if url else "404 Not Found", [("Location", url)] if url else [])
            return [b""]
        if path != PATH:
            return application(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(described()).encode()]

    return serve
