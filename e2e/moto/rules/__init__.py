"""What AWS refuses by rules that its API models do not hold: a table, each row with the sentence and the page it comes from.

A rule that its own module does not list moto keeps by itself, and the modules' headers say so.
"""

from rules import (
    accelerators,
    access,
    cloudtrail,
    cloudwatch,
    dynamodb,
    ec2,
    elbv2,
    kms,
    lambda_functions,
    messaging,
    route53_health_checks,
    route53_records,
    s3,
    schedules,
)

MODULES = (
    accelerators, access, cloudtrail, cloudwatch, dynamodb, ec2, elbv2, kms, lambda_functions, messaging, route53_health_checks,
    route53_records, s3, schedules,
)
RULES = tuple(rule for module in MODULES for rule in module.RULES)
BY_OPERATION = {name: [rule for rule in RULES if name in rule.operations] for rule in RULES for name in rule.operations}


def check(request):
    """Raises Refusal, naming the rule, for the first rule that the request breaks."""
    for rule in BY_OPERATION.get(request.name, ()):
        rule.hold(request)
