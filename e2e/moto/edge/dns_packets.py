"""DNS messages (RFC 1035), as far as a resolver needs them that is asked over UDP: one question in, records out."""

import socket
import struct
from dataclasses import dataclass

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "MX": 15, "TXT": 16, "AAAA": 28}
TYPE_NAMES = {number: name for name, number in TYPES.items()}
INTERNET = 1
NO_ERROR, SERVER_FAILURE, NO_SUCH_NAME, REFUSED = 0, 2, 3, 5
# Response, authoritative; recursion is offered, since an answer holds whatever a name leads to.
FLAGS = 0x8400
RECURSION_DESIRED = 0x0100
RECURSION_AVAILABLE = 0x0080


@dataclass(frozen=True)
class Record:
    name: str
    type: str
    ttl: int
    value: str


@dataclass(frozen=True)
class Question:
    id: int
    name: str  # lower case, without the root's dot
    type: str  # "TYPE99" for those not in TYPES
    raw: bytes  # as asked, for the answer to repeat
    recursion_desired: bool


def parse_question(packet):
    """Raises ValueError for what is no question of the Internet's class."""
    identity, flags, questions = struct.unpack("!HHH", packet[:6])
    if flags & 0x8000 or questions != 1:
        raise ValueError("not one question")
    name, end = read_name(packet, 12)
    kind, of_class = struct.unpack("!HH", packet[end : end + 4])
    if of_class != INTERNET:
        raise ValueError(f"class {of_class}")
    raw = packet[12 : end + 4]
    return Question(identity, name, TYPE_NAMES.get(kind, f"TYPE{kind}"), raw, bool(flags & RECURSION_DESIRED))


def read_name(packet, at):
    """The name, and where the next thing begins. Compressed names are read, loops are refused."""
    labels, end, jumps = [], None, 0
    while True:
        length = packet[at]
        if length & 0xC0 == 0xC0:
            end = end or at + 2
            at = struct.unpack("!H", packet[at : at + 2])[0] & 0x3FFF
            jumps += 1
            if jumps > 16:
                raise ValueError("a name that leads to itself")
            continue
        if length == 0:
            return ".".join(labels).lower(), end or at + 1
        labels.append(packet[at + 1 : at + 1 + length].decode("ascii"))
        at += 1 + length


def write_name(name):
    labels = [label for label in name.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label.encode("ascii") for label in labels) + b"\0"


def answer_packet(question, code, answers=(), authority=()):
    flags = FLAGS | RECURSION_AVAILABLE | (RECURSION_DESIRED if question.recursion_desired else 0) | code
    head = struct.pack("!HHHHHH", question.id, flags, 1, len(answers), len(authority), 0)
    return head + question.raw + b"".join(map(write_record, [*answers, *authority]))


def write_record(record):
    data = write_data(record)
    head = struct.pack("!HHIH", TYPES[record.type], INTERNET, record.ttl, len(data))
    return write_name(record.name) + head + data


def write_data(record):
    if record.type == "A":
        return socket.inet_aton(record.value)
    if record.type == "AAAA":
        return socket.inet_pton(socket.AF_INET6, record.value)
    if record.type in ("NS", "CNAME"):
        return write_name(record.value)
    if record.type == "MX":
        preference, host = record.value.split()
        return struct.pack("!H", int(preference)) + write_name(host)
    if record.type == "SOA":
        primary, mailbox, *numbers = record.value.split()
        return write_name(primary) + write_name(mailbox) + struct.pack("!IIIII", *map(int, numbers))
    texts = [part for part in record.value.split('"') if part.strip()]
    return b"".join(bytes([len(text)]) + text.encode() for text in texts)


def question_packet(identity, name, kind):
    head = struct.pack("!HHHHHH", identity, RECURSION_DESIRED, 1, 0, 0, 0)
    return head + write_name(name) + struct.pack("!HH", TYPES[kind], INTERNET)


def addresses_in(packet, identity):
    """Addresses of all A records of an answer, and its code. Raises ValueError for an answer to another question."""
    other, flags, questions, answers = struct.unpack("!HHHH", packet[:8])
    if other != identity:
        raise ValueError("an answer to another question")
    at = 12
    for _ in range(questions):
        at = read_name(packet, at)[1] + 4
    found = []
    for _ in range(answers):
        at = read_name(packet, at)[1]
        kind, _, _, length = struct.unpack("!HHIH", packet[at : at + 10])
        if kind == TYPES["A"]:
            found.append(socket.inet_ntoa(packet[at + 10 : at + 14]))
        at += 10 + length
    return found, flags & 0xF
