"""Global Accelerator's static addresses: two a loopback accelerator, 127.78.x.y, each of which hands every new connection to one load balancer.

Source: the developer guide, "How failover works for unhealthy endpoints" and "Changing health check options": a load balancer is healthy
while each of its target groups has a healthy target; new connections go to the nearest group that has a healthy endpoint of a weight
above 0, and fail open to the nearest. How soon is an assumption [A]: three looks, 10 s apart, as in the twin. A connection that is open stays
where it is. Which group is "near" is chosen by DR_EDGE_NEAR, as in resolver.py; the others follow in alphabetical order.

The address of the client is not kept here: a load balancer is told that of the accelerator.
"""

import os
import socket
import threading
import time

import accelerators

from . import front_doors, target_health

LOOK_SECONDS = 10
LOOKS = 3
POLL_SECONDS = 0.25
BUFFER = 65536

_open = {}
_verdicts = {}


class Verdict:
    """What is held of one load balancer."""

    def __init__(self):
        self.healthy = True
        self.streak = 0
        self.due = time.monotonic()

    def look(self, is_well):
        self.streak = 0 if is_well == self.healthy else self.streak + 1
        if self.streak >= LOOKS:
            self.healthy, self.streak = is_well, 0


def door_at(arn):
    return next((door for door in front_doors.all_doors() if door.load_balancer.arn == arn), None)


def is_well(door):
    return door is not None and door._is_reachable(443) and target_health.load_balancer_is_healthy(door.load_balancer)


def endpoints_of(accelerator_arn):
    """Region and load balancer of every endpoint with a weight, the nearest first."""
    near = os.environ.get("DR_EDGE_NEAR", "")
    found = [
        (group["EndpointGroupRegion"], endpoint["EndpointId"])
        for listener in accelerators.listeners_of(accelerator_arn)
        for group in accelerators.groups_of(listener["ListenerArn"])
        for endpoint in group["EndpointDescriptions"]
        if endpoint["Weight"] > 0
    ]
    return sorted(set(found), key=lambda it: (it[0] != near, it[0]))


def chosen(accelerator_arn):
    """The door that a new connection is handed to; None: there is none."""
    arns = [arn for _, arn in endpoints_of(accelerator_arn)]
    well = [arn for arn in arns if arn not in _verdicts or _verdicts[arn].healthy]
    return next((door for door in map(door_at, well or arns) if door), None)


def address_of(dns_name):
    """What the accelerator's own name says: both addresses are alike, and one is enough here."""
    name = dns_name.lower().rstrip(".")
    found = next((it for it in list(accelerators.accelerators.values()) if it["DnsName"].lower() == name), None)
    return found["IpSets"][0]["IpAddresses"][0] if found else None


class StaticAddress:
    def __init__(self, accelerator_arn, address, listener_port):
        self.arn = accelerator_arn
        self.port = listener_port
        self.socket = front_doors.bound(address, front_doors.common_port(listener_port))
        self.socket.listen(front_doors.BACKLOG)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.socket.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return  # it is closed
            threading.Thread(target=self._hand_over, args=(client,), daemon=True).start()

    def _hand_over(self, client):
        door = chosen(self.arn)
        if door is None:
            client.close()
            return
        try:
            server = socket.create_connection((door.address, front_doors.common_port(self.port)))
        except OSError:
            client.close()
            return
        for one, other in ((client, server), (server, client)):
            threading.Thread(target=pump, args=(one, other), daemon=True).start()


def pump(source, sink):
    try:
        while data := source.recv(BUFFER):
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def takes(accelerator, port):
    ranges = [it for listener in accelerators.listeners_of(accelerator["AcceleratorArn"]) for it in listener["PortRanges"]]
    return accelerator["Enabled"] and any(it["FromPort"] <= port <= it["ToPort"] for it in ranges)


def keep_open():
    """Addresses open with a listener and close with it."""
    wanted = {
        (arn, address, port)
        for arn, accelerator in list(accelerators.accelerators.items())
        for ips in accelerator["IpSets"]
        for address in ips["IpAddresses"]
        for port in front_doors.LISTENER_PORTS
        if takes(accelerator, port)
    }
    for key in wanted - _open.keys():
        _open[key] = StaticAddress(*key)
    for key in _open.keys() - wanted:
        _open.pop(key).close()


def look():
    now = time.monotonic()
    for arn in {arn for accelerator in list(accelerators.accelerators) for _, arn in endpoints_of(accelerator)}:
        verdict = _verdicts.setdefault(arn, Verdict())
        if verdict.due <= now:
            verdict.due = now + LOOK_SECONDS
            verdict.look(is_well(door_at(arn)))


def watch():
    while True:
        keep_open()
        look()
        time.sleep(POLL_SECONDS)


def install():
    threading.Thread(target=watch, daemon=True).start()
