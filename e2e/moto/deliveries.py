"""What goes into a topic and out of it, as the receiver lets it. AWS drops a message that may not pass, and so do we.

In: CloudWatch needs the topic's policy, and of an encrypted topic the key's (SNS developer guide, "Key management", "Enable
compatibility between event sources from AWS services and encrypted topics"). A key of AWS's own lets no service in.
Out: SNS needs the queue's policy, and of an encrypted queue the key's (SNS developer guide, "Configuring Amazon SNS topic
encryption with encrypted Amazon SQS queue subscription"). Functions let it in or not: sns_regions.
"""

import sys

import policy_decisions
import state
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns.models import Subscription

SNS = "sns.amazonaws.com"
PUBLISH, SEND = "sns:Publish", "sqs:SendMessage"
KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")


def refused(service, action, receiver, policy, key_id, source_arn):
    """The first permission that the service lacks, e.g. `sns:Publish`, or None."""
    context = {"aws:SourceOwner": DEFAULT_ACCOUNT_ID, "aws:SourceArn": source_arn}
    principal = {"service": service}
    if not policy or not policy_decisions.resource_allows(policy, principal, action, receiver, context, receiver):
        return action
    if not key_id:
        return None
    key = state.key(key_id, receiver.split(":")[3])
    if key is None or key.key_manager != "CUSTOMER" or not key.enabled:
        return KEY_ACTIONS[0]
    for one in KEY_ACTIONS:
        if not policy_decisions.resource_allows(key.policy, principal, one, key.arn, context, key.arn):
            return one
    return None


def may_publish(service, topic, source_arn):
    """May the AWS service publish to the topic, for that source?"""
    lacking = refused(service, PUBLISH, topic.arn, topic.policy, topic.kms_master_key_id, source_arn)
    return passes(service, topic.arn, source_arn, lacking)


def may_deliver(subscription):
    if subscription.protocol != "sqs":
        return True
    endpoint = subscription.endpoint
    queues = state.backend("sqs", endpoint.split(":")[3]).queues.values()
    queue = next((one for one in queues if one.queue_arn == endpoint), None)
    policy, key_id = (queue.policy, getattr(queue, "kms_master_key_id", None)) if queue else (None, None)
    topic = subscription.topic.arn
    return passes(SNS, endpoint, topic, refused(SNS, SEND, endpoint, policy, key_id, topic))


def passes(service, receiver, source_arn, lacking):
    if lacking:
        print(f"{receiver}: {service} lacks {lacking}, for {source_arn}", file=sys.stderr, flush=True)
    return lacking is None


def install():
    publish = Subscription.publish

    def publish_where_allowed(self, *args, **kwargs):
        return publish(self, *args, **kwargs) if may_deliver(self) else None

    Subscription.publish = publish_where_allowed
