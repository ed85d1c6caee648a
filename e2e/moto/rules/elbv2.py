"""Application Load Balancers."""

import re

import policy_decisions
import function_permissions
import state
from moto.core import DEFAULT_ACCOUNT_ID
from rules.table import Rule

API = "Elastic Load Balancing API 2015-12-01"
GUIDE = "User Guide for Application Load Balancers"
CODES = re.compile(r"\d{3}(-\d{3})?(,\d{3}(-\d{3})?)*")
FIRST_CODE, LAST_CODE = 200, 499
# Number ranges of attributes: LoadBalancerAttribute and TargetGroupAttribute of the API.
ATTRIBUTES = {
    "idle_timeout.timeout_seconds": (1, 4_000),
    "client_keep_alive.seconds": (60, 604_800),
    "deregistration_delay.timeout_seconds": (0, 3_600),
    "slow_start.duration_seconds": (30, 900),
}
# Outside of its range, and allowed: slow start is off.
OFF = {"slow_start.duration_seconds": "0"}
NOT_OF_LAMBDA = ("deregistration_delay.timeout_seconds",)
MESSAGE = "the API's own message, as provider reports quote it"
# The accounts that deliver access logs in regions from before August 2022 [enable-access-logging].
LOG_SERVICE = "logdelivery.elasticloadbalancing.amazonaws.com"
LOG_ACCOUNTS = {
    "us-east-1": "127311923021", "us-east-2": "033677994240", "us-west-1": "027434742980", "us-west-2": "797873946194",
    "af-south-1": "098369216593", "ap-east-1": "754344448648", "ap-northeast-1": "582318560864",
    "ap-northeast-2": "600734575887", "ap-northeast-3": "383597477331", "ap-south-1": "718504428378",
    "ap-southeast-1": "114774131450", "ap-southeast-2": "783225319266", "ap-southeast-3": "589379963580",
    "ca-central-1": "985666609251", "eu-central-1": "054676820928", "eu-north-1": "897822967062",
    "eu-south-1": "635631232127", "eu-west-1": "156460612806", "eu-west-2": "652711504416", "eu-west-3": "009996457667",
    "me-south-1": "076674570225", "sa-east-1": "507241528517",
}


def elb(request):
    return state.backend("elbv2", request.region)


def matcher(request):
    codes = request.params.get("Matcher", {}).get("HttpCode")
    if codes is None:
        return None
    if not CODES.fullmatch(codes):
        return f"Matcher.HttpCode is {codes!r}"
    outside = [code for code in re.split("[,-]", codes) if not FIRST_CODE <= int(code) <= LAST_CODE]
    return f"Matcher.HttpCode is {codes!r}, and {outside[0]} is not between 200 and 499" if outside else None


def timeout_before_interval(request):
    params = request.params
    known = elb(request).target_groups.get(params.get("TargetGroupArn", ""))
    of_lambda = (params.get("TargetType") or (known and known.target_type)) == "lambda"
    interval = params.get("HealthCheckIntervalSeconds") or int(known and known.health_check_interval_seconds or 0)
    timeout = params.get("HealthCheckTimeoutSeconds") or int(known and known.health_check_timeout_seconds or 0)
    interval, timeout = interval or (35 if of_lambda else 30), timeout or (30 if of_lambda else 5)
    return f"the timeout is {timeout} s and the interval {interval} s" if timeout >= interval else None


def subnets_of(request):
    ids = request.params.get("Subnets") or [one["SubnetId"] for one in request.params.get("SubnetMappings", [])]
    known = state.backend("ec2", request.region).subnets
    return [subnet for zone in known.values() for identifier, subnet in zone.items() if identifier in ids]


def no_internet_gateway(request):
    if request.params.get("Scheme", "internet-facing") != "internet-facing":
        return None
    gateways = state.backend("ec2", request.region).internet_gateways.values()
    attached = {gateway.vpc.id for gateway in gateways if gateway.vpc}
    for subnet in subnets_of(request):
        if subnet.vpc_id not in attached:
            return f"VPC {subnet.vpc_id} has no internet gateway"
    return None


def one_zone(request):
    zones = {subnet.availability_zone for subnet in subnets_of(request)}
    if request.params.get("Type", "application") == "application" and len(zones) < 2:
        return f"the subnets are in {', '.join(sorted(zones)) or 'no zone'}"
    return None


def name(request):
    given = request.params["Name"]
    good = re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?", given) and len(given) <= 32
    reserved = request.operation.name == "CreateLoadBalancer" and given.startswith("internal-")
    return None if good and not reserved else f"Name is {given!r}"


def attribute_out_of_range(request):
    group = elb(request).target_groups.get(request.params.get("TargetGroupArn", ""))
    for key, value in [(one["Key"], one["Value"]) for one in request.params["Attributes"]]:
        low, high = ATTRIBUTES.get(key, (None, None))
        if low is not None and value != OFF.get(key) and not (value.isdigit() and low <= int(value) <= high):
            return f"{key} is {value!r}, not {low} to {high}"
        if group and group.target_type == "lambda" and key in NOT_OF_LAMBDA:
            return f"{key} of a target group for a Lambda function"
    return None


def logs_not_writable(request):
    given = {one["Key"]: one["Value"] for one in request.params["Attributes"]}
    if given.get("access_logs.s3.enabled") != "true":
        return None
    name = given.get("access_logs.s3.bucket", "")
    bucket = state.bucket(name)
    if bucket is None:
        return f"there is no bucket {name!r}"
    if bucket.region_name != request.region:
        return f"the bucket {name} is in {bucket.region_name}, not in {request.region}"
    prefix = given.get("access_logs.s3.prefix", "")
    if "AWSLogs" in prefix:
        return f"the prefix {prefix!r} has AWSLogs"
    encryption = bucket.encryption or {}
    if "aws:kms" in str(encryption):
        return f"Access Denied for bucket: {name}. It is encrypted with a KMS key"
    path = f"{prefix}/AWSLogs" if prefix else "AWSLogs"
    resource = f"arn:aws:s3:::{name}/{path}/{DEFAULT_ACCOUNT_ID}/ELBAccessLogTestFile"
    context = {"aws:SourceAccount": DEFAULT_ACCOUNT_ID, "aws:SourceArn": request.params["LoadBalancerArn"],
               "s3:x-amz-acl": "bucket-owner-full-control"}
    delivering = [{"service": LOG_SERVICE}]
    if request.region in LOG_ACCOUNTS:
        delivering.append({"roleArn": f"arn:aws:iam::{LOG_ACCOUNTS[request.region]}:root"})
    policy = bucket.policy.decode() if isinstance(bucket.policy, bytes) else bucket.policy
    if policy and any(policy_decisions.resource_allows(policy, one, "s3:PutObject", resource, context) for one in delivering):
        return None
    return f"Access Denied for bucket: {name}. Please check S3bucket permission"


def may_not_invoke(request):
    group = elb(request).target_groups.get(request.params["TargetGroupArn"])
    if group is None or group.target_type != "lambda":
        return None
    for target in request.params["Targets"]:
        parts = target["Id"].split(":")
        functions = state.backend("lambda", request.region)._lambdas
        found = functions.get_function_by_name_or_arn_with_qualifier(":".join(parts[:7]), None)
        qualifier = parts[7] if len(parts) > 7 else None
        if not function_permissions.may_invoke("elasticloadbalancing.amazonaws.com", found, qualifier, group.arn):
            return f"elasticloadbalancing principal does not have permission to invoke {target['Id']} from target group {group.arn}"
    return None


def protected(request):
    known = elb(request).load_balancers.get(request.params["LoadBalancerArn"])
    if known and known.attrs.get("deletion_protection.enabled") == "true":
        return f"Load balancer {known.arn} cannot be deleted because deletion protection is enabled"
    return None


def certificates(request):
    """ARN and, where there is such a certificate in the load balancer's region, what ACM holds. IAM's own are passed over."""
    for certificate in request.params.get("Certificates", []):
        arn = certificate.get("CertificateArn", "")
        if arn.startswith("arn:aws:acm:"):
            yield arn, state.backend("acm", request.region)._certificates.get(arn)


def certificate_not_found(request):
    return next((f"Certificate {arn!r} not found" for arn, known in certificates(request) if known is None), None)


def certificate_not_issued(request):
    for arn, known in certificates(request):
        if known and known.status != "ISSUED":
            return f"the certificate {arn} is {known.status}"
    return None


RULES = (
    Rule("elbv2-matcher", ("elbv2.CreateTargetGroup", "elbv2.ModifyTargetGroup"), "ValidationError",
         "For Application Load Balancers, you can specify values between 200 and 499", f"{API}, Matcher", matcher),
    Rule("elbv2-health-check-timeout", ("elbv2.CreateTargetGroup", "elbv2.ModifyTargetGroup"), "ValidationError",
         "Health check interval must be greater than the timeout", MESSAGE, timeout_before_interval),
    Rule("elbv2-internet-gateway", ("elbv2.CreateLoadBalancer", "elbv2.SetSubnets"), "InvalidSubnet",
         "VPC has no internet gateway", MESSAGE, no_internet_gateway),
    Rule("elbv2-two-zones", ("elbv2.CreateLoadBalancer", "elbv2.SetSubnets"), "ValidationError",
         "You must specify subnets from at least two Availability Zones", f"{API}, CreateLoadBalancer", one_zone),
    Rule("elbv2-name", ("elbv2.CreateLoadBalancer", "elbv2.CreateTargetGroup"), "ValidationError",
         "At most 32 alphanumeric characters or hyphens, no hyphen first or last; no load balancer begins with internal-",
         f"{API}, CreateLoadBalancer, CreateTargetGroup", name),
    Rule("elbv2-attribute", ("elbv2.ModifyLoadBalancerAttributes", "elbv2.ModifyTargetGroupAttributes"), "ValidationError",
         "Each attribute has its range, and some are not supported if the target is a Lambda function",
         f"{API}, LoadBalancerAttribute, TargetGroupAttribute", attribute_out_of_range),
    Rule("elbv2-access-logs", ("elbv2.ModifyLoadBalancerAttributes",), "InvalidConfigurationRequest",
         "The bucket is in the load balancer's region, its policy lets Elastic Load Balancing write, it is encrypted with SSE-S3 "
         "only, and the prefix does not include AWSLogs", f"{GUIDE}, Enable access logs", logs_not_writable),
    Rule("elbv2-lambda-permission", ("elbv2.RegisterTargets",), "AccessDenied",
         "elasticloadbalancing principal does not have permission to invoke the function", MESSAGE, may_not_invoke, 403),
    Rule("elbv2-deletion-protection", ("elbv2.DeleteLoadBalancer",), "OperationNotPermitted",
         "You can't delete a load balancer if deletion protection is enabled", f"{API}, DeleteLoadBalancer", protected),
    Rule("elbv2-certificate-found", ("elbv2.CreateListener", "elbv2.ModifyListener"), "CertificateNotFound",
         "The specified certificate does not exist", f"{API}, CreateListener; of another region's: {MESSAGE}",
         certificate_not_found),
    Rule("elbv2-certificate", ("elbv2.CreateListener", "elbv2.ModifyListener"), "UnsupportedCertificate",
         "The certificate must have a fully-qualified domain name, a supported signature, and a supported key size: "
         "so it is said of one that is not issued", MESSAGE, certificate_not_issued),
)
