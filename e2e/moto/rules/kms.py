"""KMS: nothing is allowed but what the key's own policy allows."""

import policy_decisions
import state
from rules.documents import ROOT, malformed, unknown_principal
from rules.table import Rule

GUIDE = "KMS developer guide"
# Operations whose KeyId is the key that is asked for permission.
OF_A_KEY = (
    "CancelKeyDeletion", "DescribeKey", "DisableKey", "DisableKeyRotation", "EnableKey", "EnableKeyRotation",
    "GetKeyPolicy", "GetKeyRotationStatus", "ListResourceTags", "PutKeyPolicy", "ScheduleKeyDeletion", "TagResource",
    "UntagResource", "UpdateKeyDescription",
)
LEAST_DAYS, MOST_DAYS = 7, 30


def allowed(key, action):
    return policy_decisions.resource_allows(key.policy, ROOT, action, key.arn, where=key.arn)


def not_in_key_policy(request):
    key = state.key(request.params["KeyId"], request.region)
    action = f"kms:{request.operation.name}"
    if key and key.key_manager == "CUSTOMER" and not allowed(key, action):
        return f"the policy of {key.arn} does not allow {action} to the account"
    return None


def alias_not_in_key_policy(request):
    """CreateAlias: the key; DeleteAlias: the key it stands for; UpdateAlias: both."""
    names = {"CreateAlias": ["TargetKeyId"], "DeleteAlias": ["AliasName"], "UpdateAlias": ["AliasName", "TargetKeyId"]}
    action = f"kms:{request.operation.name}"
    for name in names[request.operation.name]:
        key = state.key(request.params[name], request.region)
        if key and not allowed(key, action):
            return f"the policy of {key.arn} does not allow {action} to the account"
    return None


def locks_out(request):
    policy = request.params.get("Policy")
    if policy is None or request.params.get("BypassPolicyLockoutSafetyCheck"):
        return None
    if not policy_decisions.resource_allows(policy, ROOT, "kms:PutKeyPolicy", "*"):
        return "the new key policy will not allow you to update the key policy in the future"
    return None


def bad_policy(request):
    policy = request.params.get("Policy")
    if policy is None:
        return None
    found = unknown_principal(policy)
    # A statement without Action has no effect, and is accepted (CreateKey, "Policy").
    return malformed(policy, ("Principal",)) or (found and f"{found} is invalid")


def deletion_window(request):
    days = request.params.get("PendingWindowInDays", MOST_DAYS)
    return None if LEAST_DAYS <= days <= MOST_DAYS else f"PendingWindowInDays is {days}"


def reserved_alias(request):
    name = request.params["AliasName"]
    if not name.startswith("alias/") or name.startswith("alias/aws/"):
        return f"AliasName is {name!r}"
    return None


RULES = (
    Rule("kms-key-policy", tuple(f"kms.{name}" for name in OF_A_KEY), "AccessDeniedException",
         "Unless the key policy explicitly allows it, you cannot use IAM policies to allow access to a KMS key",
         f"{GUIDE}, Key policies in AWS KMS", not_in_key_policy),
    Rule("kms-alias-key-policy", ("kms.CreateAlias", "kms.DeleteAlias", "kms.UpdateAlias"), "AccessDeniedException",
         "The principal needs the permission on the alias in an IAM policy and on the KMS key in the key policy",
         f"{GUIDE}, Control access to aliases", alias_not_in_key_policy),
    Rule("kms-alias-name", ("kms.CreateAlias",), "ValidationException",
         "The alias name must begin with alias/ and cannot begin with alias/aws/",
         "KMS API, CreateAlias; the error code of a reserved name [A]", reserved_alias),
    Rule("kms-policy-principals", ("kms.CreateKey", "kms.PutKeyPolicy"), "MalformedPolicyDocumentException",
         "Each statement has principals, which must exist and be visible to AWS KMS", "KMS API, PutKeyPolicy", bad_policy),
    Rule("kms-policy-lockout", ("kms.CreateKey", "kms.PutKeyPolicy"), "MalformedPolicyDocumentException",
         "The key policy must allow the calling principal to make a subsequent PutKeyPolicy request",
         "KMS API, PutKeyPolicy", locks_out),
    Rule("kms-deletion-window", ("kms.ScheduleKeyDeletion",), "ValidationException",
         "The waiting period is 7 to 30 days", "KMS API, ScheduleKeyDeletion", deletion_window),
)
