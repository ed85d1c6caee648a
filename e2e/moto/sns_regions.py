"""Topics and functions of different regions: SNS invokes a function under the principal that AWS documents, or not at all.

Pages: SNS developer guide, "Prerequisites for integrating Amazon SNS with Lambda functions across regions"; Account Management
guide, "Enable or disable AWS Regions in your account": opt-in are those launched after March 20, 2019. AWS delivers nothing
across to an opt-in region; whether Subscribe itself fails there no page says [A]: it fails here, so that a stack which counts
on it is found out.
"""

import uuid
from datetime import datetime, timezone

from edge.schedules import invoke_for
from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend, Subscription

# Written down from the page once more, not read from the system under test.
OPT_IN = frozenset(
    "af-south-1 ap-east-1 ap-east-2 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 "
    "ca-west-1 eu-central-2 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1 mx-central-1".split()
)
NOT_FROM_DEFAULT = (
    "AWS doesn't support cross-region delivery to Lambda from a region that is enabled by default to an opt-in region"
)
NOT_FROM_OPT_IN = (
    "cross-region forwarding of SNS messages from opt-in regions to other opt-in regions is not supported"
)


def region_of(arn):
    return arn.split(":")[3]


def principal(topic_region, function_region):
    """Who invokes the function for the topic; None where nothing is delivered."""
    if topic_region == function_region:
        return "sns.amazonaws.com"
    if function_region in OPT_IN:
        return None
    return f"sns.{topic_region}.amazonaws.com" if topic_region in OPT_IN else "sns.amazonaws.com"


def refuse_what_is_not_delivered(subscribe):
    def checked(self, topic_arn, endpoint, protocol):
        if protocol == "lambda" and principal(region_of(topic_arn), region_of(endpoint)) is None:
            why = NOT_FROM_OPT_IN if region_of(topic_arn) in OPT_IN else NOT_FROM_DEFAULT
            raise SNSInvalidParameter(f"Invalid parameter: Endpoint Reason: {endpoint}: {why}")
        return subscribe(self, topic_arn, endpoint, protocol)

    return checked


def deliver_as_documented(publish):
    def delivered(self, message, message_id, subject=None, **rest):
        if self.protocol != "lambda":
            return publish(self, message, message_id, subject=subject, **rest)
        by = principal(region_of(self.topic.arn), region_of(self.endpoint))
        if by:
            invoke_for(by, self.topic.arn, self.endpoint, lambda_event(self, message, message_id, subject))

    return delivered


def lambda_event(subscription, message, message_id, subject):
    """What a function gets (Lambda developer guide, with-sns)."""
    topic = subscription.topic.arn
    sns = {
        "Type": "Notification",
        "MessageId": message_id or str(uuid.uuid4()),
        "TopicArn": topic,
        "Subject": subject,
        "Message": message,
        "Timestamp": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "SignatureVersion": "1",
        "Signature": "EXAMPLE",
        "SigningCertUrl": "EXAMPLE",
        "UnsubscribeUrl": "EXAMPLE",
        "MessageAttributes": {},
    }
    record = {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": subscription.arn, "Sns": sns}
    return {"Records": [record]}


def install():
    SNSBackend.subscribe = refuse_what_is_not_delivered(SNSBackend.subscribe)
    Subscription.publish = deliver_as_documented(Subscription.publish)
