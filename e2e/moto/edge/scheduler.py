"""EventBridge Scheduler: schedules that fire, with a function or an API call as their target.

A universal target (arn:aws:scheduler:::aws-sdk:SERVICE:ACTION) is called over the emulated AWS's own API, with credentials
of the schedule's role. What fails is tried again as the retry policy says, then goes to the dead-letter queue. A schedule
that has no more times to come is deleted when ActionAfterCompletion says DELETE. Source: the EventBridge Scheduler guide.

Refused at creation, as by Scheduler: an expression that is none, a role that does not trust scheduler.amazonaws.com, a read-only
action. Time is real: a schedule fires within a second of it, where Scheduler promises the minute. Flexible windows are not used.
"""

import json
import sys
import threading
import time
from datetime import datetime, timezone

import boto3
import service_roles
from botocore import xform_name
from moto.scheduler.exceptions import ValidationException
from moto.scheduler.models import EventBridgeSchedulerBackend, scheduler_backends
from moto.sqs.models import sqs_backends

from .schedule_expressions import next_time

LOOK_SECONDS = 0.5
FIRST_PAUSE_SECONDS, MAX_PAUSE_SECONDS = 1, 60  # [A] Scheduler's pauses grow; by how much is not published
SERVICE = "scheduler.amazonaws.com"
SDK_TARGET = "arn:aws:scheduler:::aws-sdk:"
# Scheduler guide, "Using universal targets", unsupported actions.
READ_ONLY = (
    *("get", "describe", "list", "poll", "receive", "search", "scan", "query", "select", "read", "lookup", "discover"),
    *("validate", "batchGet", "batchDescribe", "batchRead", "transactGet", "adminGet", "adminList", "testMigration"),
    *("retrieve", "testConnection", "translateDocument", "isAuthorized", "invokeModel"),
)

_due = {}


def now():
    return datetime.now(timezone.utc)


def check(group, expression, zone, target):
    try:
        next_time(expression, now(), now(), zone or "UTC")
    except (ValueError, KeyError):
        raise ValidationException(f"Invalid Schedule Expression {expression}.") from None
    # A role may name the schedule's group as the source, and nothing narrower (Scheduler guide, "Confused deputy prevention").
    if not service_roles.trusts(target["RoleArn"], SERVICE, group.arn):
        raise ValidationException(
            "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
        )
    if target["Arn"].startswith(SDK_TARGET):
        service, _, action = target["Arn"].removeprefix(SDK_TARGET).partition(":")
        if service not in boto3.session.Session().get_available_services() or not action:
            raise ValidationException(f"{target['Arn']} is not a supported service or action.")
        if action.startswith(READ_ONLY):
            raise ValidationException(f"{target['Arn']} is read-only, which a universal target cannot be.")


def watch():
    while True:
        backends = [backend for regions in list(scheduler_backends.values()) for backend in list(regions.values())]
        groups = [(backend, group) for backend in backends for group in list(backend.schedule_groups.values())]
        found = [(backend, group, it) for backend, group in groups for it in list(group.schedules.values())]
        for gone in _due.keys() - {schedule for _, _, schedule in found}:
            del _due[gone]
        for backend, group, schedule in found:
            try:
                fire_when_due(backend, group, schedule)
            except Exception as error:  # one schedule's failure stops no other
                print(f"{schedule.arn}: {error!r}", file=sys.stderr, flush=True)
        time.sleep(LOOK_SECONDS)


def fire_when_due(backend, group, schedule):
    at = now()
    written = (schedule.schedule_expression, schedule.schedule_expression_timezone, schedule.last_modified_date)
    made = datetime.fromtimestamp(schedule.creation_date, timezone.utc)
    known, due = _due.get(schedule, (None, None))
    if known != written:
        due = next_of(schedule, made, at if known else made)
    if due and due <= at:
        fired, due = due, next_of(schedule, made, at)
        if schedule.state == "ENABLED":
            ends = due is None and schedule.action_after_completion == "DELETE"
            threading.Thread(target=fire, args=(backend, group, schedule, fired, ends), daemon=True).start()
    _due[schedule] = (written, due)


def fire(backend, group, schedule, due, ends):
    deliver(backend, group, schedule, due)
    if ends and group.schedules.get(schedule.name) is schedule:
        del group.schedules[schedule.name]


def next_of(schedule, made, after):
    due = next_time(schedule.schedule_expression, made, after, schedule.schedule_expression_timezone)
    end = schedule.end_date
    return None if due and end and due.timestamp() > float(end) else due


def deliver(backend, group, schedule, due):
    """One delivery, until it succeeds or its retry policy is used up."""
    target = schedule.target
    policy = target["RetryPolicy"]
    attempts = 1 + int(policy.get("MaximumRetryAttempts", 185))
    expires = due.timestamp() + int(policy.get("MaximumEventAgeInSeconds", 86400))
    pause = FIRST_PAUSE_SECONDS
    for attempt in range(attempts):
        try:
            call(backend, group, target)
            return
        except Exception as error:  # whatever the target answered
            failure = error
            print(f"{schedule.arn}, attempt {attempt + 1}: {error}", file=sys.stderr, flush=True)
        if attempt + 1 == attempts or time.time() + pause > expires:
            break
        time.sleep(pause)
        pause = min(2 * pause, MAX_PAUSE_SECONDS)
    dead_letter(backend, target, failure)


def dead_letter(backend, target, failure):
    arn = target.get("DeadLetterConfig", {}).get("Arn")
    if arn:
        attributes = {"ERROR_MESSAGE": {"DataType": "String", "StringValue": str(failure)}}
        queues = sqs_backends[backend.account_id][arn.split(":")[3]]
        queues.send_message(arn.split(":")[5], target.get("Input") or "", message_attributes=attributes)


def call(backend, group, target):
    if not target["Arn"].startswith(SDK_TARGET):
        service, action = target["Arn"].split(":")[2], "invoke"
        if service != "lambda":
            raise NotImplementedError(f"a templated target of {service}")
        arguments = {"FunctionName": target["Arn"], "InvocationType": "Event", "Payload": target.get("Input") or "{}"}
    else:
        service, _, action = target["Arn"].removeprefix(SDK_TARGET).partition(":")
        arguments = json.loads(target.get("Input") or "{}")
    client = service_roles.client_as(target["RoleArn"], SERVICE, group.arn, service, backend.region_name)
    getattr(client, xform_name(action[0].upper() + action[1:]))(**arguments)


def install():
    create, update = EventBridgeSchedulerBackend.create_schedule, EventBridgeSchedulerBackend.update_schedule

    def checked(write):
        def write_checked(self, *args, **kwargs):
            group = self.get_schedule_group(kwargs["group_name"])
            check(group, kwargs["schedule_expression"], kwargs["schedule_expression_timezone"], kwargs["target"])
            return write(self, *args, **kwargs)

        return write_checked

    EventBridgeSchedulerBackend.create_schedule = checked(create)
    EventBridgeSchedulerBackend.update_schedule = checked(update)
    threading.Thread(target=watch, daemon=True).start()
