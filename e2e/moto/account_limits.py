"""What an account may have, as AWS tells it and stock moto does not.

1. Lambda GetAccountSettings: the quota of executions at once, and what functions have reserved of it.
2. Route 53 GetAccountLimit and GetHostedZoneLimit, with AWS's defaults.
3. Service Quotas: GetServiceQuota for elastic IP addresses and load balancers, and GetAWSDefaultServiceQuota.
4. SNS GetSMSSandboxAccountStatus: a new account is in the sandbox.
5. CreateServiceLinkedRole gives roles the names that AWS gives them.
"""

import json
import os
import re

from moto.awslambda.models import lambda_backends
from moto.core.responses import ActionResult
from moto.iam.models import IAMBackend
from moto.route53.models import route53_backends
from moto.servicequotas.models import ServiceQuotasBackend
from moto.servicequotas.responses import ServiceQuotasResponse
from moto.sns.responses import SNSResponse

ACCOUNT = "123456789012"
# moto's own setting, which PutFunctionConcurrency keeps to.
CONCURRENCY = int(os.environ.get("MOTO_LAMBDA_CONCURRENCY_QUOTA", 1000))
# Route 53 Developer Guide, "Quotas".
HEALTH_CHECKS = 200
RECORDS = 10_000
# Service Quotas, default values.
QUOTAS = {("ec2", "L-0263D0A3"): 5.0, ("elasticloadbalancing", "L-53DA6B97"): 50.0}

SERVICE_ROLES = {
    "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
    "replication.dynamodb.amazonaws.com": "AWSServiceRoleForDynamoDBReplication",
    "fis.amazonaws.com": "AWSServiceRoleForFIS",
}

XMLNS = "https://route53.amazonaws.com/doc/2013-04-01/"
REGION = re.compile(r"Credential=[^/]+/\d+/([^/]+)/")


def account_settings(environ):
    region = REGION.search(environ.get("HTTP_AUTHORIZATION", "")).group(1)
    functions = lambda_backends[ACCOUNT][region].list_functions()
    reserved = sum(int(function.reserved_concurrency or 0) for function in functions)
    limit = {"ConcurrentExecutions": CONCURRENCY, "UnreservedConcurrentExecutions": CONCURRENCY - reserved}
    return "application/json", json.dumps({"AccountLimit": limit, "AccountUsage": {"FunctionCount": len(functions)}})


def limit_xml(root, kind, value, count):
    limit = f"<Limit><Type>{kind}</Type><Value>{value}</Value></Limit>"
    return "text/xml", f'<{root} xmlns="{XMLNS}">{limit}<Count>{count}</Count></{root}>'


def health_check_limit(_environ):
    checks = route53_backends[ACCOUNT]["aws"].health_checks
    return limit_xml("GetAccountLimitResponse", "MAX_HEALTH_CHECKS_BY_OWNER", HEALTH_CHECKS, len(checks))


def record_limit(_environ, zone_id):
    zone = route53_backends[ACCOUNT]["aws"].zones[zone_id]
    return limit_xml("GetHostedZoneLimitResponse", "MAX_RRSETS_BY_ZONE", RECORDS, len(zone.rrsets))


PATHS = [
    (re.compile(r"^/2016-08-19/account-settings/?$"), account_settings),
    (re.compile(r"^/2013-04-01/accountlimit/MAX_HEALTH_CHECKS_BY_OWNER$"), health_check_limit),
    (re.compile(r"^/2013-04-01/hostedzonelimit/(\w+)/MAX_RRSETS_BY_ZONE$"), record_limit),
]


def with_limits(application):
    """The WSGI application, and before it the limits that have a path of their own."""

    def serve(environ, start_response):
        for pattern, answer in PATHS:
            found = pattern.match(environ.get("PATH_INFO", ""))
            if found:
                content_type, body = answer(environ, *found.groups())
                start_response("200 OK", [("Content-Type", content_type)])
                return [body.encode()]
        return application(environ, start_response)

    return serve


def install():
    create_role = IAMBackend.create_service_linked_role

    def create_named_role(self, service_name, description, suffix):
        role = create_role(self, service_name, description, suffix)
        role.name = SERVICE_ROLES.get(service_name, role.name)
        return role

    IAMBackend.create_service_linked_role = create_named_role
    get_quota = ServiceQuotasBackend.get_service_quota

    def get_known_quota(self, service_code, quota_code):
        value = QUOTAS.get((service_code, quota_code))
        if value is None:
            return get_quota(self, service_code, quota_code)
        return {"ServiceCode": service_code, "QuotaCode": quota_code, "Value": value}

    ServiceQuotasBackend.get_service_quota = get_known_quota
    ServiceQuotasResponse.get_aws_default_service_quota = ServiceQuotasResponse.get_service_quota
    SNSResponse.get_sms_sandbox_account_status = lambda _self: ActionResult({"IsInSandbox": True})
