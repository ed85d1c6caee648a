"""EventBridge rules with a schedule: they invoke their Lambda targets, asynchronously and with EventBridge's own event.

A rate counts from the rule's creation. Time is real, and a rule fires within a second of it, where EventBridge promises the
minute. A target whose function does not let events.amazonaws.com in gets nothing, as at AWS; the log says so.
"""

import json
import sys
import threading
import time
import uuid
from datetime import datetime, timezone

import function_permissions
import lambda_runtime
from moto.awslambda.models import lambda_backends
from moto.events.models import Rule, events_backends

from .schedule_expressions import next_time

LOOK_SECONDS = 0.5

_due = {}


def now():
    return datetime.now(timezone.utc)


def watch():
    while True:
        backends = [backend for regions in list(events_backends.values()) for backend in list(regions.values())]
        rules = [rule for backend in backends for rule in rules_of(backend)]
        for gone in _due.keys() - set(rules):
            del _due[gone]
        for rule in rules:
            try:
                fire_when_due(rule)
            except Exception as error:  # one rule's failure stops no other
                print(f"{rule.arn}: {error!r}", file=sys.stderr, flush=True)
        time.sleep(LOOK_SECONDS)


def rules_of(backend):
    rules = [rule for bus in list(backend.event_buses.values()) for rule in list(bus.rules.values())]
    return [rule for rule in rules if rule.scheduled_expression]


def fire_when_due(rule):
    at = now()
    # A rule whose expression has changed begins anew.
    expression, due, since = _due.get(rule, (None, None, at))
    if expression != rule.scheduled_expression:
        since = at
        due = next_time(rule.scheduled_expression, since, at)
    if due and due <= at:
        if rule.state == "ENABLED":
            fire(rule, due)
        due = next_time(rule.scheduled_expression, since, at)
    _due[rule] = (rule.scheduled_expression, due, since)


def fire(rule, at):
    for target in list(rule.targets):
        if target["Arn"].split(":")[2] != "lambda":
            print(f"{rule.arn}: {target['Arn']} is not invoked: no Lambda function", file=sys.stderr, flush=True)
            continue
        event = json.loads(target["Input"]) if target.get("Input") else scheduled_event(rule, at)
        invoke_for("events.amazonaws.com", rule.arn, target["Arn"], event)


def scheduled_event(rule, at):
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": rule.account_id,
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": rule.region_name,
        "resources": [rule.arn],
        "detail": {},
    }


def invoke_for(service, source_arn, target, event):
    """Invokes a function for an AWS service, when the function's own policy lets that service in."""
    _, _, _, region, account_id, _, name = target.split(":", 6)
    name, _, qualifier = name.partition(":")
    function = lambda_backends[account_id][region].get_function(name, qualifier or None)
    if function_permissions.may_invoke(service, function, qualifier or None, source_arn):
        lambda_runtime.run_asynchronously(function, event)
    else:
        print(f"{source_arn}: {target} does not let {service} invoke it", file=sys.stderr, flush=True)


def install():
    threading.Thread(target=watch, daemon=True).start()
