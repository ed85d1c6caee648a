"""What our stack needs and stock moto 5.2 lacks, where a few lines are enough.

1. CloudTrail StartLogging, StopLogging and DeleteTrail by ARN, which is how Terraform calls them, and DescribeTrails of
   those that are named (stock moto answers with all).
2. Composite alarms: PutCompositeAlarm.
3. A function's LoggingConfig is kept (stock moto drops it, and every plan would set it again).
4. Requests count as sent over TLS. moto denies what a bucket policy denies to plain HTTP, without reading the condition.
"""

import copy
import json

from moto.awslambda.models import LambdaFunction
from moto.cloudtrail.models import CloudTrailBackend
from moto.cloudtrail.responses import CloudTrailResponse
from moto.cloudwatch.responses import CloudWatchResponse
from moto.s3.models import FakeBucket


def accept_trail_arns():
    def start_logging(self, name):
        self.get_trail(name).start_logging()

    def stop_logging(self, name):
        self.get_trail(name).stop_logging()

    def delete_trail(self, name):
        self.trails.pop(self.get_trail(name).trail_name)

    def describe_trails(self):
        named = self._get_param("trailNameList") or []
        everywhere = self._get_bool_param("includeShadowTrails", True)
        trails = self.cloudtrail_backend.describe_trails(everywhere)
        chosen = [one for one in trails if not named or one.trail_name in named or one.arn in named]
        return json.dumps({"trailList": [one.description(include_region=True) for one in chosen]})

    CloudTrailResponse.describe_trails = describe_trails
    CloudTrailBackend.start_logging = start_logging
    CloudTrailBackend.stop_logging = stop_logging
    CloudTrailBackend.delete_trail = delete_trail


def accept_composite_alarms():
    if not hasattr(CloudWatchResponse, "put_composite_alarm"):
        # moto's model of an alarm already has a rule, and PutMetricAlarm already reads it.
        CloudWatchResponse.put_composite_alarm = CloudWatchResponse.put_metric_alarm


def keep_logging_config():
    init = LambdaFunction.__init__
    get_configuration = LambdaFunction.get_configuration
    update_configuration = LambdaFunction.update_configuration

    def init_with_logging(self, account_id, spec, region, version=1):
        self.logging_config = spec.get("LoggingConfig")
        init(self, account_id, spec, region, version)

    def get_with_logging(self, on_create=False):
        config = get_configuration(self, on_create)
        if self.logging_config:
            config["LoggingConfig"] = self.logging_config
        return config

    def update_with_logging(self, config_updates):
        self.logging_config = config_updates.get("LoggingConfig", self.logging_config)
        return update_configuration(self, config_updates)

    LambdaFunction.__init__ = init_with_logging
    LambdaFunction.get_configuration = get_with_logging
    LambdaFunction.update_configuration = update_with_logging


def stand_in_for_tls():
    get_permission = FakeBucket.get_permission
    plain_http = {"Bool": {"aws:SecureTransport": "false"}}

    def get_permission_over_tls(self, action, resource):
        written = self.policy
        if not written:
            return get_permission(self, action, resource)
        policy = json.loads(written)
        policy["Statement"] = [s for s in policy["Statement"] if s.get("Condition") != plain_http]
        shown = copy.copy(self)
        shown.policy = json.dumps(policy).encode()
        return get_permission(shown, action, resource)

    FakeBucket.get_permission = get_permission_over_tls


def install():
    accept_trail_arns()
    accept_composite_alarms()
    keep_logging_config()
    stand_in_for_tls()
