"""CloudTrail."""

import re

import policy_decisions
import state
from moto.core import DEFAULT_ACCOUNT_ID
from rules.table import Rule

GUIDE = "CloudTrail user guide"
NAME = re.compile(r"[A-Za-z0-9](?:[._-]?[A-Za-z0-9])+")
ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
SERVICE = {"service": "cloudtrail.amazonaws.com"}


def name(request):
    given = request.params["Name"]
    good = NAME.fullmatch(given) and 3 <= len(given) <= 128 and not ADDRESS.fullmatch(given)
    return None if good else f"Name is {given!r}"


def bucket_policy(request):
    bucket = request.params.get("S3BucketName")
    found = bucket and state.bucket(bucket)
    if not found:
        return None
    trail = request.params["Name"].split("/")[-1]
    arn = f"arn:aws:cloudtrail:{request.region}:{DEFAULT_ACCOUNT_ID}:trail/{trail}"
    prefix = request.params.get("S3KeyPrefix")
    path = "/".join(part for part in (prefix, "AWSLogs", DEFAULT_ACCOUNT_ID, "CloudTrail") if part)
    context = {"aws:SourceArn": arn, "aws:SourceAccount": DEFAULT_ACCOUNT_ID, "s3:x-amz-acl": "bucket-owner-full-control"}
    policy = found.policy.decode() if isinstance(found.policy, bytes) else found.policy
    for action, resource in (("s3:GetBucketAcl", f"arn:aws:s3:::{bucket}"), ("s3:PutObject", f"arn:aws:s3:::{bucket}/{path}/x")):
        if not policy or not policy_decisions.resource_allows(policy, SERVICE, action, resource, context, bucket):
            return f"the policy of {bucket} does not let cloudtrail.amazonaws.com {action} for {arn}"
    return None


RULES = (
    Rule("cloudtrail-name", ("cloudtrail.CreateTrail",), "InvalidTrailNameException",
         "3 to 128 letters, digits, and single periods, underscores and dashes between them; no IP address",
         "CloudTrail API, CreateTrail", name),
    Rule("cloudtrail-bucket-policy", ("cloudtrail.CreateTrail", "cloudtrail.UpdateTrail"), "InsufficientS3BucketPolicyException",
         "The bucket policy must let CloudTrail get the bucket's ACL and put objects",
         f"{GUIDE}, Amazon S3 bucket policy for CloudTrail", bucket_policy),
)
