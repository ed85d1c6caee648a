"""Reading policy documents for the rules: who is named, and does he exist. What they allow is policy_decisions' business."""

import json
import re

import state
from moto.core import DEFAULT_ACCOUNT_ID

SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com")
ACCOUNT = re.compile(r"(arn:aws:iam::)?\d{12}(:root)?")
NAMED = re.compile(r"arn:aws:iam::(?P<account>\d{12}):(?P<kind>role|user)/(?P<name>.+)")
ROOT = {"roleArn": f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:root"}


def parsed(document):
    """The document's statements, or None where it is no policy."""
    try:
        policy = json.loads(document)
        statements = policy["Statement"]
    except (ValueError, KeyError, TypeError):
        return None
    statements = statements if isinstance(statements, list) else [statements]
    good = all(isinstance(one, dict) and one.get("Effect") in ("Allow", "Deny") for one in statements)
    return statements if good and statements else None


def listed(value):
    return [] if value is None else value if isinstance(value, list) else [value]


def malformed(document, elements=("Action", "Principal")):
    """Why it is no policy of a resource: each of its statements has these elements."""
    statements = parsed(document)
    if statements is None:
        return "the policy is not a JSON document with statements"
    for statement in statements:
        for element in elements:
            if not (element in statement or f"Not{element}" in statement):
                return f"a statement has no {element}"
    return None


def unknown_principal(document):
    """The first principal that no account, role or service has."""
    for statement in parsed(document) or ():
        principal = statement.get("Principal")
        if not isinstance(principal, dict):
            if principal not in (None, "*"):
                return f"the principal {principal!r}"
            continue
        for kind, values in principal.items():
            for value in listed(values):
                if kind == "Service" and not SERVICE.fullmatch(value) or kind == "AWS" and not exists(value):
                    return f"the principal {value!r}"
    return None


def exists(principal):
    if principal == "*" or ACCOUNT.fullmatch(principal):
        return True
    named = NAMED.fullmatch(principal)
    if not named:
        return principal.startswith("arn:aws:sts::")
    # Whom another account has is not ours to know.
    held = state.role if named["kind"] == "role" else state.user
    return named["account"] != DEFAULT_ACCOUNT_ID or held(principal) is not None


def foreign_action(document, service):
    """An action that is not this service's."""
    for statement in parsed(document) or ():
        for action in listed(statement.get("Action")):
            if action != "*" and not action.lower().startswith(f"{service}:"):
                return f"the action {action!r}"
    return None
