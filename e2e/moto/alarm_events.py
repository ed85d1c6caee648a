"""What follows a change of an alarm's state: its actions, and its event on the default bus of its region.

moto keeps the state and stops there. Here SetAlarmState (or whatever else changes it) publishes to the topics of the new state
that let CloudWatch in, and the event goes through EventBridge rules to functions and to buses of other regions, which hand it
on to their functions. Targets are refused where EventBridge refuses them.

Pages: CloudWatch user guide, "Alarm events and EventBridge"; EventBridge user guide, eb-cross-region, eb-bus-to-bus, eb-rule-dlq,
eb-event-bus-perms. That PutTargets is denied without a policy on a bus of another region is known from production [A].
"""

import json
import uuid
from datetime import datetime, timezone

import deliveries
import state
from edge.schedules import invoke_for
from moto.cloudwatch.models import Alarm
from moto.core.exceptions import JsonRESTError
from moto.events.exceptions import ValidationException
from moto.events.models import EventsBackend, events_backends
from moto.sns.models import sns_backends

SERVICE = "cloudwatch.amazonaws.com"
ACTIONS = {"ALARM": "alarm_actions", "OK": "ok_actions", "INSUFFICIENT_DATA": "insufficient_data_actions"}


def region_of(arn):
    return arn.split(":")[3]


def account_of(arn):
    return arn.split(":")[4]


def is_bus(arn):
    return arn.split(":", 5)[5].startswith("event-bus/")


def stamp(time):
    return time.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"


def with_consequences(update_state):
    def update(self, reason, reason_data, state_value):
        previous = (self.state_value, self.state_updated_timestamp)
        update_state(self, reason, reason_data, state_value)
        if state_value != previous[0]:
            route(default_bus(self.alarm_arn), event_of(self, *previous), was_forwarded=False)
            if self.actions_enabled:
                publish(self, previous[0])

    return update


def publish(alarm, previous):
    body = {
        "AlarmName": alarm.name,
        "AlarmArn": alarm.alarm_arn,
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": stamp(alarm.state_updated_timestamp),
        "OldStateValue": previous,
    }
    for action in getattr(alarm, ACTIONS[alarm.state_value]) or []:
        topic = state.topic(action) if action.startswith("arn:aws:sns:") else None
        if topic and deliveries.may_publish(SERVICE, topic, alarm.alarm_arn):
            topics = sns_backends[account_of(action)][region_of(action)]
            topics.publish(json.dumps(body), arn=action, subject=f'{alarm.state_value}: "{alarm.name}"')


def event_of(alarm, previous, since):
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": account_of(alarm.alarm_arn),
        "time": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region_of(alarm.alarm_arn),
        "resources": [alarm.alarm_arn],
        "detail": {
            "alarmName": alarm.name,
            "configuration": {"description": alarm.description},
            "previousState": {"value": previous, "timestamp": stamp(since)},
            "state": {
                "value": alarm.state_value,
                "reason": alarm.state_reason,
                "timestamp": stamp(alarm.state_updated_timestamp),
            },
        },
    }


def default_bus(arn):
    return f"arn:aws:events:{region_of(arn)}:{account_of(arn)}:event-bus/default"


def bus_of(arn):
    return events_backends[account_of(arn)][region_of(arn)].event_buses.get(arn.split("event-bus/")[1])


def route(bus_arn, event, was_forwarded):
    bus = bus_of(bus_arn)
    for rule in list(bus.rules.values()) if bus else []:
        if rule.state != "ENABLED" or not rule.event_pattern.get_pattern() or not rule.event_pattern.matches_event(event):
            continue
        for target in list(rule.targets):
            arn = target["Arn"]
            if not is_bus(arn):
                invoke_for("events.amazonaws.com", rule.arn, arn, event)
            elif not was_forwarded:  # EventBridge does not send on to a third bus
                route(arn, event, was_forwarded=True)


def refuse_targets(put_targets):
    def checked(self, name, event_bus_arn, targets):
        for target in targets:
            arn = target["Arn"]
            queue = target.get("DeadLetterConfig", {}).get("Arn")
            if queue and region_of(queue) != self.region_name:
                raise ValidationException(f"{queue}: the queue must be in the same Region in which you create the rule")
            if region_of(arn) == self.region_name:
                continue
            if not is_bus(arn):
                raise ValidationException(f"Cross-region target {arn} is not allowed: no event bus")
            refuse_far_bus(target)
        return put_targets(self, name, event_bus_arn, targets)

    return checked


def refuse_far_bus(target):
    arn = target["Arn"]
    if not target.get("RoleArn"):
        raise ValidationException(f"RoleArn is required for target {arn} in another region")
    if "RetryPolicy" in target:
        raise ValidationException(f"RetryPolicy is not supported for event bus target {arn}")
    bus = bus_of(arn)
    statements = json.loads(bus.policy or "{}").get("Statement", []) if bus else []
    if not any("events:PutEvents" in one["Action"] and one["Effect"] == "Allow" for one in statements):
        raise JsonRESTError("AccessDeniedException", f"the policy of {arn} does not allow events:PutEvents")


def install():
    Alarm.update_state = with_consequences(Alarm.update_state)
    EventsBackend.put_targets = refuse_targets(EventsBackend.put_targets)
