"""EventBridge rules and the EventBridge Scheduler."""

import re

import policy_decisions
import state
from rules.table import Rule

RATE = re.compile(r"rate\((\d+) (minute|minutes|hour|hours|day|days)\)")
CRON = re.compile(r"cron\((.*)\)")
AT = re.compile(r"at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)")
MONTHS = {name: at + 1 for at, name in enumerate("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split())}
DAYS = {name: at + 1 for at, name in enumerate("SUN MON TUE WED THU FRI SAT".split())}
# minutes, hours, day of month, month, day of week, year
FIELDS = ((0, 59, {}), (0, 23, {}), (1, 31, {}), (1, 12, MONTHS), (1, 7, DAYS), (1970, 2199, {}))
DAY_OF_MONTH, DAY_OF_WEEK = 2, 4
MOST_TARGETS = 5


def schedule(text):
    """What is wrong with a rate or cron expression."""
    rate, cron = RATE.fullmatch(text), CRON.fullmatch(text)
    if rate:
        value, unit = int(rate[1]), rate[2]
        if value < 1:
            return "the value is not positive"
        if (value == 1) == unit.endswith("s"):
            return "the unit is singular for 1 and plural for more"
        return None
    if not cron:
        return "it is neither rate(value unit) nor cron(fields)"
    fields = cron[1].split()
    if len(fields) != len(FIELDS):
        return f"cron has {len(fields)} fields, not 6"
    if (fields[DAY_OF_MONTH] == "?") == (fields[DAY_OF_WEEK] == "?"):
        return "exactly one of day-of-month and day-of-week is ?"
    for field, (low, high, names) in zip(fields, FIELDS):
        if not all(part_fits(part, low, high, names) for part in field.split(",")):
            return f"cron has the field {field!r}"
    return None


def part_fits(part, low, high, names):
    if part in ("*", "?", "L") or re.fullmatch(r"\d{1,2}W|LW|[1-7]L|[1-7]#[1-5]", part):
        return True
    step = re.fullmatch(r"([^/]+)(?:/(\d+))?", part)
    if not step:
        return False
    ends = [] if step[1] == "*" else [names.get(end.upper(), end) for end in step[1].split("-")]
    return len(ends) <= 2 and all(str(end).isdigit() and low <= int(end) <= high for end in ends)


def rule_schedule(request):
    text = request.params.get("ScheduleExpression")
    found = text and schedule(text)
    return f"ScheduleExpression {text!r}: {found}" if found else None


def scheduler_expression(request):
    text = request.params["ScheduleExpression"]
    found = None if AT.fullmatch(text) else schedule(text)
    return f"ScheduleExpression {text!r}: {found}" if found else None


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


def scheduler_role(request):
    arn = request.params["Target"]["RoleArn"]
    role = state.role(arn)
    trusts = role and policy_decisions.resource_allows(
        role.assume_role_policy_document, {"service": "scheduler.amazonaws.com"}, "sts:AssumeRole", arn, where=arn,
        context={"aws:SourceAccount": arn.split(":")[4]},
    )
    return None if trusts else f"the execution role {arn} does not allow the scheduler to assume it"


SCHEDULES = ("scheduler.CreateSchedule", "scheduler.UpdateSchedule")
RULES = (
    Rule("events-schedule", ("events.PutRule",), "ValidationException", "cron(fields) of six fields, or rate(value unit)",
         "EventBridge user guide, Schedule patterns", rule_schedule),
    Rule("events-targets", ("events.PutTargets",), "LimitExceededException", "5 targets a rule", "EventBridge user guide, Quotas", targets),
    Rule("events-dead-letter-queue", ("events.PutTargets",), "ValidationException", "A standard SQS queue of the same region",
         "EventBridge user guide, Dead-letter queues", dead_letters),
    Rule("scheduler-expression", SCHEDULES, "ValidationException", "at(yyyy-mm-ddThh:mm:ss), rate(value unit) or cron(fields)",
         "EventBridge Scheduler user guide, Schedule types", scheduler_expression),
    Rule("scheduler-role", SCHEDULES, "ValidationException",
         "The execution role you provide must allow AWS EventBridge Scheduler to assume the role",
         "EventBridge Scheduler user guide, Setting up", scheduler_role),
    Rule("scheduler-dead-letter-queue", SCHEDULES, "ValidationException", "A standard SQS queue of the same region",
         "EventBridge Scheduler user guide, Dead-letter queue", dead_letters),
)
