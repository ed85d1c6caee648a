"""What the emulated account holds, for checks that must look something up. `None` where there is nothing of that name."""

import moto.backends
from moto.core import DEFAULT_ACCOUNT_ID

GLOBAL = "aws"  # moto's name of the region that IAM, Route 53, S3 and STS live in


def backend(service, region):
    return moto.backends.get_backend(service)[DEFAULT_ACCOUNT_ID][region]


def role(arn_or_name):
    name = arn_or_name.split("/")[-1]
    return next((one for one in backend("iam", GLOBAL).roles.values() if one.name == name), None)


def user(arn_or_name):
    return backend("iam", GLOBAL).users.get(arn_or_name.split("/")[-1])


def role_documents(found):
    """Every identity policy of a role, as text or as parsed JSON."""
    attached = [policy.document for policy in found.managed_policies.values()]
    return [*found.policies.values(), *attached]


def assumed_role(access_key):
    """The session that a key belongs to, or None: the operator's key, who may do everything."""
    return backend("sts", GLOBAL).get_assumed_role_from_access_key(access_key)


def key(identifier, region):
    """A KMS key by id, ARN or alias (name or ARN)."""
    keys = backend("kms", region).keys
    name = identifier.split(":")[-1]
    if name.startswith("alias/"):
        return next((one for one in keys.values() if name in one.aliases), None)
    return keys.get(name.split("/")[-1])


def topic(arn):
    return backend("sns", arn.split(":")[3]).topics.get(arn) if arn.startswith("arn:") else None


def secret(identifier, region):
    secrets = backend("secretsmanager", region).secrets
    return secrets[identifier] if identifier in secrets else None


def table(name, region):
    return backend("dynamodb", region).tables.get(name.split("/")[-1])


def bucket(name):
    return backend("s3", GLOBAL).buckets.get(name)


def zone(identifier):
    return backend("route53", GLOBAL).zones.get(identifier.split("/")[-1])


def regions(service):
    """Those in which the service holds anything."""
    return list(moto.backends.get_backend(service)[DEFAULT_ACCOUNT_ID])
