"""Networks. Ranges and overlaps of subnets, double routes and double rules moto refuses by itself."""

import state
from rules.table import Rule

API = "EC2 API"


def attached(region):
    gateways = state.backend("ec2", region).internet_gateways.values()
    return {gateway.vpc.id for gateway in gateways if gateway.vpc}


def nat_without_gateway(request):
    if request.params.get("ConnectivityType", "public") != "public":
        return None
    for zone in state.backend("ec2", request.region).subnets.values():
        subnet = zone.get(request.params["SubnetId"])
        if subnet and subnet.vpc_id not in attached(request.region):
            return f"Network {subnet.vpc_id} has no Internet gateway attached"
    return None


def public_addresses(request):
    vpc = request.params["VpcId"]
    balancers = state.backend("elbv2", request.region).load_balancers.values()
    used = [one.name for one in balancers if one.vpc_id == vpc and one.scheme != "internal"]
    gateways = state.backend("ec2", request.region).nat_gateways.values()
    used += [one.id for one in gateways if one.vpc_id == vpc and one.state == "available"]
    return f"Network {vpc} has some mapped public address(es): {', '.join(used)}" if used else None


def used_by_balancer(request):
    identifier = request.params.get("GroupId") or request.params.get("SubnetId")
    for balancer in state.backend("elbv2", request.region).load_balancers.values():
        subnets = [one.id if hasattr(one, "id") else one for one in balancer.subnets]
        if identifier in [*balancer.security_groups, *subnets]:
            return f"{identifier} has a dependent object, the load balancer {balancer.name}"
    return None


RULES = (
    # On AWS the call succeeds, and the gateway fails a moment later with this code.
    Rule("ec2-nat-internet-gateway", ("ec2.CreateNatGateway",), "Gateway.NotAttached",
         "Network has no Internet gateway attached", f"{API}, NatGateway, FailureCode", nat_without_gateway),
    Rule("ec2-detach-gateway", ("ec2.DetachInternetGateway",), "DependencyViolation",
         "The VPC must not contain any running instances with Elastic IP addresses or public IPv4 addresses",
         f"{API}, DetachInternetGateway; of load balancers and NAT gateways: the API's own message, as provider reports quote it",
         public_addresses),
    Rule("ec2-dependency", ("ec2.DeleteSecurityGroup", "ec2.DeleteSubnet"), "DependencyViolation",
         "The specified object has dependent resources", f"{API}, Error codes", used_by_balancer),
)
