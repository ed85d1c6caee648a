"""IAM, Secrets Manager, ACM and the log groups' keys.

moto checks by itself: policies' grammar; a secret that still has replicas is not deleted.
"""

import json
import re

import policy_decisions
import state
from moto.core import DEFAULT_ACCOUNT_ID
from rules.documents import malformed, unknown_principal
from rules.table import Rule

INLINE_CHARACTERS = 10_240
TRUST_CHARACTERS = 2_048
MANAGED_CHARACTERS = 6_144
RETENTIONS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
COMMON_NAME = 64
SECRET_NAME = re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}")
LEAST_RECOVERY_DAYS, MOST_RECOVERY_DAYS = 7, 30


def size(document):
    """Without white space, which IAM does not count."""
    return len(re.sub(r"\s", "", document if isinstance(document, str) else json.dumps(document)))


def inline_size(request):
    role = state.role(request.params["RoleName"])
    others = [policy for name, policy in role.policies.items() if name != request.params["PolicyName"]] if role else []
    total = sum(map(size, [*others, request.params["PolicyDocument"]]))
    return f"the role's inline policies are {total} characters" if total > INLINE_CHARACTERS else None


def managed_size(request):
    total = size(request.params["PolicyDocument"])
    return f"the policy is {total} characters" if total > MANAGED_CHARACTERS else None


def trust(request):
    document = request.params.get("AssumeRolePolicyDocument") or request.params.get("PolicyDocument")
    found = unknown_principal(document)
    if malformed(document) or found:
        return malformed(document) or f"Invalid principal in policy: {found}"
    total = size(document)
    return f"the trust policy is {total} characters" if total > TRUST_CHARACTERS else None


def retention(request):
    given = request.params["retentionInDays"]
    return None if given in RETENTIONS else f"retentionInDays is {given}"


def log_key(request):
    arn, group = request.params.get("kmsKeyId"), request.params.get("logGroupName")
    if not arn:
        return None
    key = state.key(arn, request.region)
    source = f"arn:aws:logs:{request.region}:{DEFAULT_ACCOUNT_ID}:log-group:{group}"
    context = {"kms:EncryptionContext:aws:logs:arn": source, "aws:SourceArn": source, "aws:SourceAccount": DEFAULT_ACCOUNT_ID}
    service = {"service": f"logs.{request.region}.amazonaws.com"}
    for action in ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"):
        if key is None or not policy_decisions.resource_allows(key.policy, service, action, key.arn, context):
            return f"The specified KMS key {arn} does not exist or is not allowed to be used with {source} ({action})"
    return None


def secret_name(request):
    given = request.params["Name"]
    return None if SECRET_NAME.fullmatch(given) else f"Name is {given!r}"


def scheduled_for_deletion(request):
    secret = state.secret(request.params["Name"], request.region)
    return f"the secret {secret.name} waits for its deletion" if secret and secret.is_deleted() else None


def recovery(request):
    days, force = request.params.get("RecoveryWindowInDays"), request.params.get("ForceDeleteWithoutRecovery")
    if days is not None and force:
        return "RecoveryWindowInDays together with ForceDeleteWithoutRecovery"
    if days is not None and not LEAST_RECOVERY_DAYS <= days <= MOST_RECOVERY_DAYS:
        return f"RecoveryWindowInDays is {days}, not 7 to 30"
    return None


def replicas(request):
    regions = [one["Region"] for one in request.params.get("AddReplicaRegions", [])]
    if request.region in regions:
        return f"a replica in {request.region}, the secret's own region"
    return "two replicas in one region" if len(set(regions)) < len(regions) else None


def common_name(request):
    given = request.params["DomainName"]
    return f"DomainName has {len(given)} characters" if len(given) > COMMON_NAME else None


def certificate_used(request):
    arn = request.params["CertificateArn"]
    for region in state.regions("elbv2"):
        for balancer in state.backend("elbv2", region).load_balancers.values():
            for listener in balancer.listeners.values():
                if arn in [one.arn if hasattr(one, "arn") else one for one in listener.certificates or []]:
                    return f"{arn} is in use by {balancer.name}"
    return None


RULES = (
    Rule("iam-inline-size", ("iam.PutRolePolicy",), "LimitExceeded", "10,240 characters for all inline policies of a role",
         "IAM user guide, IAM and AWS STS quotas", inline_size, 409),
    Rule("iam-managed-size", ("iam.CreatePolicy", "iam.CreatePolicyVersion"), "LimitExceeded", "6,144 characters a managed policy",
         "IAM user guide, IAM and AWS STS quotas", managed_size, 409),
    Rule("iam-trust-policy", ("iam.CreateRole", "iam.UpdateAssumeRolePolicy"), "MalformedPolicyDocument",
         "A trust policy names principals that exist, in 2,048 characters by default",
         "IAM and AWS STS quotas for the size; for principals the API's own message, as provider reports quote it", trust),
    Rule("logs-retention", ("logs.PutRetentionPolicy",), "InvalidParameterException", f"Possible values are {', '.join(map(str, RETENTIONS))}",
         "CloudWatch Logs API, PutRetentionPolicy", retention),
    Rule("logs-key", ("logs.CreateLogGroup", "logs.AssociateKmsKey"), "InvalidParameterException",
         "The key policy must let logs.<region>.amazonaws.com use the key for the log group",
         "CloudWatch Logs user guide, Encrypt log data in CloudWatch Logs using AWS KMS", log_key),
    Rule("secret-name", ("secretsmanager.CreateSecret",), "ValidationException",
         "ASCII letters, numbers and /_+=.@-", "Secrets Manager API, CreateSecret; the code as reports quote it",
         secret_name),
    Rule("secret-scheduled-for-deletion", ("secretsmanager.CreateSecret",), "InvalidRequestException",
         "You can't create this secret because a secret with this name is already scheduled for deletion",
         "the API's own message, as provider reports quote it", scheduled_for_deletion),
    Rule("secret-recovery", ("secretsmanager.DeleteSecret",), "InvalidParameterException",
         "7 to 30 days, or none with ForceDeleteWithoutRecovery", "Secrets Manager API, DeleteSecret", recovery),
    Rule("secret-replicas", ("secretsmanager.CreateSecret", "secretsmanager.ReplicateSecretToRegions"), "InvalidParameterException",
         "Invalid replica region: a replica is in another region than the secret",
         "Secrets Manager user guide, Replicate secrets across Regions; the code as moto has it", replicas),
    Rule("acm-domain-name", ("acm.RequestCertificate",), "InvalidDomainValidationOptionsException",
         "The first domain name can be no longer than 64 characters",
         "ACM API, RequestCertificate; the code as reports quote it", common_name),
    Rule("acm-in-use", ("acm.DeleteCertificate",), "ResourceInUseException",
         "You cannot delete a certificate that another service uses", "ACM API, DeleteCertificate", certificate_used),
)
