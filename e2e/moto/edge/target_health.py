"""Health of target groups: a load balancer asks its Lambda targets as the group says, and DescribeTargetHealth tells.

Source: the ELB guide, "Health checks for Application Load Balancer target groups" and "Enable health checks" of Lambda targets.
A new target is `initial` until its first result; from then on the thresholds count, in both directions. A group without health
checks says `unavailable`. Requests go to an unhealthy target all the same, since it is the only one of its group.
"""

import threading
import time

from moto.elbv2.models import FakeHealthStatus, FakeTargetGroup, elbv2_backends

from .load_balancing import answer_of, invoke, is_multi_value, lambda_event, target_group

AGENT = "ELB-HealthChecker/2.0"
LOOK_SECONDS = 0.5

_states = {}


class State:
    """What the load balancer holds of one target."""

    def __init__(self):
        self.healthy = None
        self.streak = 0
        self.last = "no result yet"
        self.due = time.monotonic()

    def judge(self, passed, up, down):
        if self.healthy is None:
            self.healthy = passed
        self.streak = 0 if passed == self.healthy else self.streak + 1
        if self.streak >= (up if passed else down):
            self.healthy, self.streak = passed, 0


def check(group, target, state):
    event = lambda_event(group, "GET", group.health_check_path or "/", {"user-agent": AGENT})
    answer = answer_of(invoke(target, event), is_multi_value(group))
    status = answer.status if answer else 502
    state.last = f"Health checks failed with these codes: [{status}]"
    passed = matches(group.matcher.get("HttpCode", "200"), status)
    state.judge(passed, int(group.healthy_threshold_count), int(group.unhealthy_threshold_count))


def matches(matcher, status):
    ranges = [part.partition("-") for part in str(matcher).split(",")]
    return any(int(first) <= status <= int(last or first) for first, _, last in ranges)


def watched():
    for regions in list(elbv2_backends.values()):
        for backend in list(regions.values()):
            used = {arn for balancer in list(backend.load_balancers.values()) for arn in groups_of(balancer)}
            for group in list(backend.target_groups.values()):
                if group.arn in used and group.target_type == "lambda" and group.health_check_enabled:
                    yield from ((group, target) for target in list(group.targets))


def groups_of(load_balancer):
    """ARNs of the target groups that the load balancer's listeners forward to."""
    for listener in list(load_balancer.listeners.values()):
        for rule in list(listener.rules.values()):
            for action in rule.actions:
                if action.data["Type"] == "forward":
                    groups = action.data.get("ForwardConfig", {}).get("TargetGroups", [])
                    yield from [group["TargetGroupArn"] for group in groups] or [action.data["TargetGroupArn"]]


def load_balancer_is_healthy(load_balancer):
    """For `evaluate_target_health`: each group that has targets has a healthy one. A group without targets is passed over [A]."""
    groups = [target_group(arn) for arn in set(groups_of(load_balancer))]
    return all(is_healthy(group) for group in groups if group and group.targets)


def is_healthy(group):
    if group.target_type != "lambda" or not group.health_check_enabled:
        return True
    return any(held(group, target).healthy is not False for target in list(group.targets))


def held(group, target):
    return _states.setdefault((group.arn, target), State())


def watch():
    while True:
        now = time.monotonic()
        for group, target in watched():
            state = held(group, target)
            if state.due <= now:
                # From the start of one check to the start of the next, however long the target takes.
                state.due = now + int(group.health_check_interval_seconds)
                threading.Thread(target=check, args=(group, target, state), daemon=True).start()
        time.sleep(LOOK_SECONDS)


def install():
    health_for = FakeTargetGroup.health_for

    def health_of_lambda(self, target, ec2_backend):
        status = health_for(self, target, ec2_backend)
        if self.target_type != "lambda" or target["Id"] not in self.targets:
            return status
        if not self.health_check_enabled:
            return status_of(self, target, "unavailable", "Target.HealthCheckDisabled")
        state = held(self, target["Id"])
        if state.healthy is None:
            return status_of(self, target, "initial", "Elb.InitialHealthChecking")
        if state.healthy:
            return status_of(self, target, "healthy")
        return status_of(self, target, "unhealthy", "Target.ResponseCodeMismatch", state.last)

    FakeTargetGroup.health_for = health_of_lambda
    threading.Thread(target=watch, daemon=True).start()


def status_of(group, target, state, reason=None, description=None):
    return FakeHealthStatus(target["Id"], None, group.health_check_port, state, reason, description)
