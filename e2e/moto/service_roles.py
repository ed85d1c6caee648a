"""Roles that AWS's own services take on: whether they may, and a client with what the role was given.

The client calls the emulated AWS over its API, so the role's permissions hold there as they do for every other caller.
"""

import boto3
import policy_decisions
import state
from botocore.config import Config

_endpoint = ""


def trusts(role_arn, service, source_arn):
    """Does the role let the service assume it, on behalf of that source?"""
    role = state.role(role_arn)
    if role is None:
        return False
    context = {"aws:SourceAccount": role_arn.split(":")[4], "aws:SourceArn": source_arn}
    return policy_decisions.resource_allows(
        role.assume_role_policy_document, {"service": service}, "sts:AssumeRole", role_arn, context, role_arn
    )


def client_as(role_arn, service, source_arn, api, region):
    """Raises PermissionError when the role does not trust the service."""
    if not trusts(role_arn, service, source_arn):
        raise PermissionError(f"{role_arn} does not let {service} assume it for {source_arn}")
    # A session each: sessions are not made for several threads.
    session = boto3.session.Session()
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=30)
    options = {"endpoint_url": _endpoint, "region_name": region, "config": config}
    sts = session.client("sts", aws_access_key_id="e2e", aws_secret_access_key="e2e", **options)
    given = sts.assume_role(RoleArn=role_arn, RoleSessionName=service.split(".")[0])["Credentials"]
    return session.client(
        api,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
        **options,
    )


def install(endpoint):
    global _endpoint
    _endpoint = endpoint
