"""Front doors: every load balancer answers on a loopback address of its own, 127.77.x.y, from its creation to its end.

All of them share two ports, chosen by the system: one stands for port 443 and the other for port 80. Both speak plain
HTTP; on the first a function is told `x-forwarded-proto: https`, as behind a listener that ends TLS. Linux answers on all of
127.0.0.0/8 without any set-up; other systems need the addresses as aliases.

What the network drops (network.py) is never answered, refused or reset here:
* A new connection that no node of the load balancer may accept hangs while connecting. The door stops accepting and fills
  its own queue, so that Linux drops what arrives, just as it would drop it for a host that is not there.
* An open connection falls silent: what the client has sent stays unread. When the way opens again, it is read and
  answered, as TCP's retransmission would bring it about. A client that has left by then is not served.
"""

import select
import socket
import sys
import threading
import time
from http.client import responses
from http.server import BaseHTTPRequestHandler

from moto.elbv2.models import ELBv2Backend

from .load_balancing import MAX_LAMBDA_BYTES, Request, problem, respond
from .network import Flow, LoadBalancerNetwork

BACKLOG = 128
LOOK_SECONDS = 0.05  # how soon a door sees that the network has changed
LISTENER_PORTS = (443, 80)
EPHEMERAL_PORT = 49152
IDLE_SECONDS = 60  # ELB's default of idle_timeout.timeout_seconds
KEEP_ALIVE_SECONDS = 3600  # ELB's default of client_keep_alive.seconds

_doors = {}
_reserved = {}
_lock = threading.Lock()


def reserve_ports():
    """Takes the common ports on an address that no door uses, so that no one else gets them."""
    for listener_port in LISTENER_PORTS:
        _reserved[listener_port] = bound("127.77.0.1", 0)


def common_port(listener_port):
    return _reserved[listener_port].getsockname()[1] if listener_port in _reserved else None


def bound(address, port):
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, port))
    return sock


class FrontDoor:
    """One load balancer, on one address."""

    def __init__(self, load_balancer, account_id, region, address):
        self.load_balancer = load_balancer
        self.network = LoadBalancerNetwork(load_balancer, account_id, region)
        self.region = region
        self.address = address
        self.closed = False
        for listener_port in LISTENER_PORTS:
            threading.Thread(target=self._listen, args=(listener_port,), daemon=True).start()

    def listener_on(self, port):
        return next((it for it in list(self.load_balancer.listeners.values()) if int(it.port) == port), None)

    def close(self):
        self.closed = True

    def _listen(self, listener_port):
        """Open while there is a listener on the port; without one the system refuses connections, as AWS does."""
        port = common_port(listener_port)
        while not self.closed:
            if self.listener_on(listener_port):
                with bound(self.address, port) as sock:
                    sock.listen(BACKLOG)
                    self._accept(sock, listener_port)
            time.sleep(LOOK_SECONDS)

    def _accept(self, sock, listener_port):
        count = 0
        while not self.closed and self.listener_on(listener_port):
            if not self._is_reachable(listener_port):
                with BlackHole(sock):
                    while not self.closed and not self._is_reachable(listener_port):
                        time.sleep(LOOK_SECONDS)
            if not select.select([sock], [], [], LOOK_SECONDS)[0]:
                continue
            client, peer = sock.accept()
            # Connections go to the nodes in turn, as clients that pick one of the name's addresses spread over them.
            nodes = self.network.nodes()
            node = nodes[count % len(nodes)] if nodes else None
            count += 1
            connection = Connection(self, client, Flow(peer[0], peer[1], listener_port), node)
            threading.Thread(target=connection.serve, daemon=True).start()

    def _is_reachable(self, listener_port):
        flow = Flow("127.0.0.1", EPHEMERAL_PORT, listener_port)
        return any(self.network.connects(flow, node) for node in self.network.nodes())


class BlackHole:
    """A listening socket that takes no more connections and refuses none: its queue is full, with one of our own."""

    def __init__(self, sock):
        self.sock = sock

    def __enter__(self):
        self.sock.listen(0)
        self.filler = socket.socket()
        self.filler.setblocking(False)
        self.filler.connect_ex(self.sock.getsockname())

    def __exit__(self, *_):
        # The door meets the filler next, finds it closed and lets it go.
        self.filler.close()
        self.sock.listen(BACKLOG)


class Connection(BaseHTTPRequestHandler):
    """One client's connection, from its first packet on, served request by request (HTTP/1.1, kept alive)."""

    protocol_version = "HTTP/1.1"

    def __init__(self, door, sock, flow, node):  # the base class would serve at once
        self.door = door
        self.connection = sock
        self.client_address = (flow.client, flow.client_port)
        self.flow = flow
        self.node = node
        self.began = time.monotonic()
        self.close_connection = False

    def serve(self):
        try:
            self.connection.settimeout(float(self._attribute("idle_timeout.timeout_seconds", IDLE_SECONDS)))
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if not self._until(lambda: self.door.network.connects(self.flow, self.node)):
                return
            self.rfile = self.connection.makefile("rb", -1)
            self.wfile = self.connection.makefile("wb", 0)
            while not self.close_connection:
                self.handle_one_request()
        except Exception as error:  # one connection's end, whatever it was, is no one else's
            print(f"{self.door.address}: {error!r}", file=sys.stderr, flush=True)
        finally:
            self.connection.close()

    def handle_one_request(self):
        # Its bytes may have come: they are not looked at before the network lets them through.
        came = select.select([self.connection], [], [], self.connection.gettimeout())[0]
        if not came or not self._until(lambda: self.door.network.arrives(self.flow, self.node)):
            self.close_connection = True
            return
        super().handle_one_request()

    def __getattr__(self, name):
        # The base class calls do_GET and its like.
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _answer(self):
        listener = self.door.listener_on(self.flow.port)
        if listener is None:
            self.close_connection = True
            return
        length = int(self.headers.get("content-length") or 0)
        if length > MAX_LAMBDA_BYTES or "transfer-encoding" in self.headers:
            # A chunked body is not read here: no client of ours sends one.
            self.close_connection = True
            self._send(problem(413))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(length)
        self._send(respond(Request(self.command, self.path, headers, body, self.flow.client, listener)))

    def _send(self, answer):
        if not self._until(lambda: self.door.network.returns(self.flow, self.node)):
            self.close_connection = True
            return
        age = time.monotonic() - self.began
        if age > float(self._attribute("client_keep_alive.seconds", KEEP_ALIVE_SECONDS)):
            self.close_connection = True
        headers = {
            **answer.headers,
            "content-length": str(len(answer.body)),
            "connection": "close" if self.close_connection else "keep-alive",
        }
        head = f"HTTP/1.1 {answer.status} {responses.get(answer.status, '')}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.connection.sendall(f"{head}\r\n".encode("latin-1") + (b"" if self.command == "HEAD" else answer.body))

    def _until(self, passes):
        """Waits until the network lets the packet through. False when the client has gone, or the door is closed."""
        while not passes():
            if self.door.closed or self._client_is_gone():
                return False
            time.sleep(LOOK_SECONDS)
        return True

    def _client_is_gone(self):
        watched = select.poll()
        watched.register(self.connection, select.POLLRDHUP)
        return bool(watched.poll(0))

    def _attribute(self, name, default):
        return self.door.load_balancer.attrs.get(name) or default

    def log_message(self, *_):
        pass


def all_doors():
    with _lock:
        return list(_doors.values())


def door_of(dns_name):
    name = dns_name.lower().rstrip(".").removeprefix("dualstack.")
    return next((door for door in all_doors() if door.load_balancer.dns_name.lower() == name), None)


def install():
    """A door opens with CreateLoadBalancer and closes with DeleteLoadBalancer."""
    reserve_ports()
    create = ELBv2Backend.create_load_balancer
    delete = ELBv2Backend.delete_load_balancer
    opened = [0]

    def create_with_door(self, *args, **kwargs):
        load_balancer = create(self, *args, **kwargs)
        with _lock:
            opened[0] += 1
            address = f"127.77.{1 + opened[0] // 250}.{1 + opened[0] % 250}"
            _doors[load_balancer.arn] = FrontDoor(load_balancer, self.account_id, self.region_name, address)
        return load_balancer

    def delete_with_door(self, arn):
        delete(self, arn)
        with _lock:
            door = _doors.pop(arn, None)
        if door:
            door.close()

    ELBv2Backend.create_load_balancer = create_with_door
    ELBv2Backend.delete_load_balancer = delete_with_door
