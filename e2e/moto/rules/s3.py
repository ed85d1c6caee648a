"""S3. A bucket with objects moto keeps by itself."""

import ipaddress
import json
import re

import state
from rules.documents import foreign_action, listed, malformed, unknown_principal
from rules.table import Rule

GUIDE = "Amazon S3 user guide"
API = "Amazon S3 API"
NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
LEAST_DAYS = {"STANDARD_IA": 30, "ONEZONE_IA": 30}
MOST_RULES = 1_000


def name(request):
    given = request.params["Bucket"]
    good = NAME.fullmatch(given) and ".." not in given and not given.startswith(PREFIXES) and not given.endswith(SUFFIXES)
    return None if good and not is_address(given) else f"Bucket is {given!r}"


def is_address(text):
    try:
        return bool(ipaddress.IPv4Address(text))
    except ValueError:
        return False


def policy(request):
    document = request.params["Policy"]
    if malformed(document):
        return malformed(document)
    found = unknown_principal(document) or foreign_action(document, "s3")
    if found:
        return f"{found} is invalid"
    bucket = request.params["Bucket"]
    for statement in listed(json.loads(document)["Statement"]):
        for resource in listed(statement.get("Resource")):
            if resource.split("/")[0] not in (f"arn:aws:s3:::{bucket}", "*"):
                return f"the resource {resource!r} is not of the bucket {bucket}"
    return None


def public(request):
    bucket = state.bucket(request.params["Bucket"])
    block = bucket.public_access_block if bucket else None
    if not block or str(getattr(block, "block_public_policy", block)).lower() != "true":
        return None
    for statement in listed(json.loads(request.params["Policy"])["Statement"]):
        principal = statement.get("Principal")
        everybody = principal == "*" or isinstance(principal, dict) and "*" in listed(principal.get("AWS"))
        if statement["Effect"] == "Allow" and everybody and not statement.get("Condition"):
            return "the policy allows everybody, and BlockPublicPolicy is set"
    return None


def lifecycle(request):
    rules = request.params["LifecycleConfiguration"]["Rules"]
    ids = [rule["ID"] for rule in rules if rule.get("ID")]
    if len(rules) > MOST_RULES:
        return f"{len(rules)} rules"
    if len(set(ids)) < len(ids):
        return "two rules have the same ID"
    for rule in rules:
        shown = f"rule {rule.get('ID', '')!r}"
        actions = ("Expiration", "Transitions", "NoncurrentVersionExpiration", "NoncurrentVersionTransitions", "AbortIncompleteMultipartUpload")
        if not any(rule.get(action) for action in actions):
            return f"{shown} has no action"
        if rule.get("Filter") is None and rule.get("Prefix") is None:
            return f"{shown} has no Filter"
        found = days(rule)
        if found:
            return f"{shown}: {found}"
    return None


def days(rule):
    expiration = rule.get("Expiration", {}).get("Days")
    for key, given in (
        ("Expiration.Days", expiration),
        ("NoncurrentDays", rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays")),
        ("DaysAfterInitiation", rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation")),
    ):
        if given is not None and given <= 0:
            return f"{key} is {given}, not a positive number"
    for transition in rule.get("NoncurrentVersionTransitions", []):
        least = LEAST_DAYS.get(transition.get("StorageClass"), 0)
        if transition.get("NoncurrentDays", least) < least:
            return f"{transition['StorageClass']} after {transition['NoncurrentDays']} noncurrent days, not {least} or more"
    for transition in rule.get("Transitions", []):
        least = LEAST_DAYS.get(transition.get("StorageClass"), 0)
        if transition.get("Days", least) < least:
            return f"{transition['StorageClass']} after {transition['Days']} days, not {least} or more"
        if expiration is not None and transition.get("Days", 0) >= expiration:
            return "expiration is not after the transition"
    return None


RULES = (
    Rule("s3-bucket-name", ("s3.CreateBucket",), "InvalidBucketName",
         "3 to 63 lower-case letters, digits, dots and hyphens; no IP address, no reserved prefix or suffix",
         f"{GUIDE}, General purpose bucket naming rules", name),
    Rule("s3-policy", ("s3.PutBucketPolicy",), "MalformedPolicy", "Principals exist, actions are S3's, resources the bucket's",
         "the API's own messages, as provider reports quote them", policy),
    Rule("s3-public-policy", ("s3.PutBucketPolicy",), "AccessDenied",
         "BlockPublicPolicy rejects calls to PutBucketPolicy if the policy allows public access",
         f"{API}, PublicAccessBlockConfiguration", public, 403),
    Rule("s3-lifecycle", ("s3.PutBucketLifecycleConfiguration",), "InvalidArgument",
         "Days are positive, 30 or more before an infrequent-access class, expiration after transition; IDs differ",
         f"{GUIDE}, Transitioning objects using Amazon S3 Lifecycle, Lifecycle configuration elements", lifecycle),
)
