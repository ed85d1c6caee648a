"""SNS and SQS."""

import json
import re

import state
from rules.documents import foreign_action, malformed, unknown_principal
from rules.table import Rule

PROTOCOLS = ("http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
ARN_OF = {"sqs": "sqs", "lambda": "lambda", "firehose": "firehose"}
# SQS API, SetQueueAttributes.
QUEUE_ATTRIBUTES = {
    "DelaySeconds": (0, 900),
    "KmsDataKeyReusePeriodSeconds": (60, 86_400),
    "MaximumMessageSize": (1_024, 1_048_576),
    "MessageRetentionPeriod": (60, 1_209_600),
    "ReceiveMessageWaitTimeSeconds": (0, 20),
    "VisibilityTimeout": (0, 43_200),
}


def endpoint(request):
    protocol, given = request.params["Protocol"], request.params.get("Endpoint", "")
    if protocol not in PROTOCOLS:
        return f"Amazon SNS does not support this protocol string: {protocol}"
    if protocol.startswith("email") and not EMAIL.fullmatch(given):
        return f"Endpoint {given!r} is no e-mail address"
    if protocol in ("http", "https") and not given.startswith(f"{protocol}://"):
        return f"Endpoint {given!r} does not begin with {protocol}://"
    if protocol in ARN_OF and not given.startswith(f"arn:aws:{ARN_OF[protocol]}:"):
        return f"Endpoint {given!r} is no ARN of {protocol}"
    if protocol == "sms" and not re.fullmatch(r"\+?[0-9 ()./-]{6,20}", given):
        return f"Endpoint {given!r} is no telephone number"
    return None


def redrive(request):
    given = request.params
    policies = [given.get("Attributes", {}).get("RedrivePolicy")]
    if given.get("AttributeName") == "RedrivePolicy":
        policies.append(given.get("AttributeValue"))
    for policy in filter(None, policies):
        target = json.loads(policy).get("deadLetterTargetArn", "")
        if target.split(":")[2:4] != ["sqs", request.region]:
            return f"deadLetterTargetArn {target} is no queue of {request.region}"
    return None


def topic_policy(request):
    given = request.params
    values = [given.get("Attributes", {}).get("Policy")]
    if given.get("AttributeName") == "Policy":
        values.append(given.get("AttributeValue"))
    return bad_policy(values, "sns")


def queue_policy(request):
    return bad_policy([request.params.get("Attributes", {}).get("Policy")], "sqs")


def bad_policy(documents, service):
    for document in filter(None, documents):
        found = unknown_principal(document) or foreign_action(document, service)
        if malformed(document) or found:
            return malformed(document) or f"{found} is invalid"
    return None


def queue_attribute(request):
    for name, value in request.params.get("Attributes", {}).items():
        low, high = QUEUE_ATTRIBUTES.get(name, (None, None))
        if low is not None and not (value.isdigit() and low <= int(value) <= high):
            return f"Invalid value for the parameter {name}: {value!r}, not {low} to {high}"
    return None


def queue_name(request):
    name = request.params["QueueName"]
    return None if re.fullmatch(r"[A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\.fifo", name) else f"QueueName is {name!r}"


def dead_letter_queue(request):
    policy = request.params.get("Attributes", {}).get("RedrivePolicy")
    if not policy:
        return None
    target = json.loads(policy).get("deadLetterTargetArn", "")
    known = {queue.queue_arn for queue in state.backend("sqs", request.region).queues.values()}
    return None if target in known else f"the dead-letter queue {target} does not exist in {request.region}"


RULES = (
    Rule("sns-endpoint", ("sns.Subscribe",), "InvalidParameter", "The endpoint's form depends on the protocol",
         "SNS API, Subscribe; the form of a telephone number [A]", endpoint),
    Rule("sns-redrive-policy", ("sns.Subscribe", "sns.SetSubscriptionAttributes"), "InvalidParameter",
         "The subscription and its dead-letter queue must be in the same account and region",
         "SNS developer guide, Amazon SNS dead-letter queues", redrive),
    Rule("sns-policy", ("sns.CreateTopic", "sns.SetTopicAttributes"), "InvalidParameter",
         "Policy Error: a principal was not found, or a statement's action is out of service scope",
         "the API's own message, as provider reports quote it", topic_policy),
    Rule("sqs-policy", ("sqs.CreateQueue", "sqs.SetQueueAttributes"), "InvalidAttributeValue",
         "Invalid value for the parameter Policy", "SQS API, SetQueueAttributes", queue_policy),
    Rule("sqs-attribute", ("sqs.CreateQueue", "sqs.SetQueueAttributes"), "InvalidAttributeValue",
         "Each attribute has its range", "SQS API, SetQueueAttributes", queue_attribute),
    Rule("sqs-name", ("sqs.CreateQueue",), "InvalidParameterValue",
         "Up to 80 alphanumeric characters, hyphens and underscores", "SQS API, CreateQueue", queue_name),
    Rule("sqs-dead-letter-queue", ("sqs.CreateQueue", "sqs.SetQueueAttributes"), "InvalidParameterValue",
         "Dead letter target does not exist: it is a queue of the same region",
         "SQS API, CreateQueue, RedriveAllowPolicy; the API's own message, as provider reports quote it", dead_letter_queue),
)
