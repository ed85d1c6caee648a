"""What the network lets through to a load balancer: network ACLs and security groups, as EC2 holds them now.

A network ACL is stateless: every packet is judged, in both directions, so a deny also silences connections that are open
already. Rules are read in order of their number and the first that matches decides; none that matches means deny (VPC guide,
"Network ACL rules"). A security group is stateful: it is asked when a connection begins, and what it has let in goes on
after the rule is gone (VPC guide, "Security group connection tracking").

Packets carry their real addresses and ports, which on the loopback network are 127.0.0.0/8 and an ephemeral port.
"""

import ipaddress
from dataclasses import dataclass

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends
from moto.ec2.models.network_acls import NetworkAclBackend

TCP = ("6", "tcp")
ANY_PROTOCOL = "-1"


@dataclass(frozen=True)
class Flow:
    """A TCP connection from a client to a listener's port."""

    client: str
    client_port: int
    port: int


def contains(cidr, address):
    return bool(cidr) and ipaddress.ip_address(address) in ipaddress.ip_network(cidr, strict=False)


def covers(first, last, port):
    """No range, or -1, means all ports."""
    if first in (None, "", -1, "-1"):
        return True
    return int(first) <= port <= int(last)


def acl_of(region_backend, subnet_id):
    for acl in list(region_backend.network_acls.values()):
        if any(association.subnet_id == subnet_id for association in acl.associations):
            return acl
    return None


def acl_allows(acl, *, egress, address, port):
    """Whether a TCP packet passes whose far end is at `address`, and whose destination port is `port`."""
    entries = [entry for entry in list(acl.network_acl_entries) if is_true(entry.egress) == egress]
    for entry in sorted(entries, key=lambda entry: int(entry.rule_number)):
        protocol = str(entry.protocol)
        if protocol != ANY_PROTOCOL and protocol not in TCP:
            continue
        if protocol != ANY_PROTOCOL and not covers(entry.port_range_from, entry.port_range_to, port):
            continue
        if contains(entry.cidr_block, address):
            return entry.rule_action == "allow"
    return False


def is_true(value):
    """moto keeps some flags as the API sent them, as text."""
    return value is True or str(value).lower() == "true"


class LoadBalancerNetwork:
    """The way to one load balancer. Its nodes are its subnets; a connection keeps to the node that it reached."""

    def __init__(self, load_balancer, account_id, region):
        self.load_balancer = load_balancer
        self.ec2 = ec2_backends[account_id][region]

    def nodes(self):
        return [subnet.id for subnet in self.load_balancer.subnets]

    def arrives(self, flow, node):
        """Does a packet of the client reach the node?"""
        acl = acl_of(self.ec2, node)
        return acl is None or acl_allows(acl, egress=False, address=flow.client, port=flow.port)

    def returns(self, flow, node):
        """Does a packet of the node reach the client?"""
        acl = acl_of(self.ec2, node)
        return acl is None or acl_allows(acl, egress=True, address=flow.client, port=flow.client_port)

    def connects(self, flow, node):
        """Can a connection begin? Its first packet must be let in by a security group too."""
        return self.arrives(flow, node) and self.returns(flow, node) and self.group_admits(flow)

    def group_admits(self, flow):
        groups = [self.ec2.get_security_group_from_id(group) for group in self.load_balancer.security_groups or []]
        rules = [rule for group in groups if group for rule in list(group.ingress_rules)]
        return not groups or any(rule_admits(rule, flow) for rule in rules)


def rule_admits(rule, flow):
    protocol = str(rule.ip_protocol)
    if protocol != ANY_PROTOCOL:
        if protocol not in TCP or not covers(rule.from_port, rule.to_port, flow.port):
            return False
    return contains(rule.cidr_ipv4, flow.client)


def install():
    """DeleteNetworkAclEntry of a rule that is not there is refused by name (EC2 API reference, "Error codes")."""
    delete = NetworkAclBackend.delete_network_acl_entry

    def delete_if_there(self, network_acl_id, rule_number, egress):
        try:
            return delete(self, network_acl_id, rule_number, egress)
        except StopIteration:
            direction = "egress" if egress else "ingress"
            message = f"The network acl entry {rule_number} ({direction}) does not exist in {network_acl_id}"
            raise EC2ClientError("InvalidNetworkAclEntry.NotFound", message) from None

    NetworkAclBackend.delete_network_acl_entry = delete_if_there
