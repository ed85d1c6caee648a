"""SNS delivers only where the receiver lets it: a function's permission, a queue's policy. AWS drops the message, and so do we."""

import sys

import function_permissions
import policy_decisions
import state
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns.models import Subscription

SNS = "sns.amazonaws.com"
ACTIONS = {"lambda": "lambda:InvokeFunction", "sqs": "sqs:SendMessage"}


def may_deliver(subscription):
    topic, endpoint = subscription.topic.arn, subscription.endpoint
    region = endpoint.split(":")[3] if endpoint.startswith("arn:") else None
    if subscription.protocol == "lambda":
        parts = endpoint.split(":")
        function = state.backend("lambda", region)._lambdas.get_function_by_name_or_arn_with_qualifier(":".join(parts[:7]), None)
        return function_permissions.may_invoke(SNS, function, parts[7] if len(parts) > 7 else None, topic)
    if subscription.protocol == "sqs":
        queue = next((one for one in state.backend("sqs", region).queues.values() if one.queue_arn == endpoint), None)
        if queue is None or not queue.policy:
            return False
        context = {"aws:SourceArn": topic, "aws:SourceAccount": DEFAULT_ACCOUNT_ID}
        return policy_decisions.resource_allows(queue.policy, {"service": SNS}, ACTIONS["sqs"], endpoint, context, endpoint)
    return True


def install():
    publish = Subscription.publish

    def publish_where_allowed(self, *args, **kwargs):
        if may_deliver(self):
            return publish(self, *args, **kwargs)
        print(f"{self.topic.arn}: {SNS} may not {ACTIONS[self.protocol]} {self.endpoint}", file=sys.stderr, flush=True)
        return None

    Subscription.publish = publish_where_allowed
