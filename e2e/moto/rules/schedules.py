"""EventBridge rules. The EventBridge Scheduler's expressions and roles edge/scheduler.py refuses by itself."""

from datetime import datetime, timezone

import state
from edge.schedule_expressions import next_time
from rules.table import Rule

MOST_TARGETS = 5


def schedule(request):
    text = request.params.get("ScheduleExpression")
    if not text:
        return None
    if request.params.get("EventBusName", "default").split("/")[-1] != "default":
        return "ScheduleExpression is supported only on the default event bus"
    if not text.startswith(("rate(", "cron(")):
        return f"ScheduleExpression {text!r} is neither rate(value unit) nor cron(fields)"
    now = datetime.now(timezone.utc)
    try:
        next_time(text, now, now)
    except ValueError as error:
        return f"ScheduleExpression {text!r}: {error}"
    return None


def targets(request):
    params, backend = request.params, state.backend("events", request.region)
    bus = backend.event_buses.get(params.get("EventBusName", "default").split("/")[-1])
    rule = bus.rules.get(params["Rule"]) if bus else None
    known = {target["Id"] for target in rule.targets} if rule else set()
    total = known | {target["Id"] for target in params["Targets"]}
    return f"the rule would have {len(total)} targets" if len(total) > MOST_TARGETS else None


def dead_letters(request):
    for target in request.params.get("Targets", [request.params.get("Target")]):
        arn = (target or {}).get("DeadLetterConfig", {}).get("Arn")
        if arn and (arn.split(":")[2:4] != ["sqs", request.region] or arn.endswith(".fifo")):
            return f"the dead-letter queue {arn} is no standard queue of {request.region}"
    return None


RULES = (
    Rule("events-schedule", ("events.PutRule",), "ValidationException", "cron(fields) of six fields, or rate(value unit)",
         "EventBridge user guide, Setting a schedule pattern for scheduled rules", schedule),
    Rule("events-targets", ("events.PutTargets",), "LimitExceededException", "5 targets a rule", "EventBridge user guide, Amazon EventBridge quotas", targets),
    Rule("events-dead-letter-queue", ("events.PutTargets",), "ValidationException", "A standard SQS queue of the same region",
         "EventBridge user guide, Using dead-letter queues to process undelivered events", dead_letters),
    Rule("scheduler-dead-letter-queue", ("scheduler.CreateSchedule", "scheduler.UpdateSchedule"), "ValidationException",
         "A standard SQS queue; of the same region [A]",
         "EventBridge Scheduler user guide, Configuring a schedule's dead-letter queue", dead_letters),
)
