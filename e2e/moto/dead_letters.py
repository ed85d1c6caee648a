"""The dead-letter queue of a function, which moto neither keeps nor shows: what an asynchronous event that is given up goes to.

The queue gets the event as it was, not the record that a failure destination gets (Lambda guide, "Adding a dead-letter queue").
"""

import json

from moto.awslambda.models import LambdaFunction
from moto.sqs.models import sqs_backends


def send(function, event):
    arn = getattr(function, "dead_letter_arn", None)
    if arn and arn.split(":")[2] == "sqs":
        sqs_backends[function.account_id][arn.split(":")[3]].send_message(arn.split(":")[5], json.dumps(event))


def install():
    make, update, show = LambdaFunction.__init__, LambdaFunction.update_configuration, LambdaFunction.get_configuration

    def keep(function, given):
        if "DeadLetterConfig" in given:
            function.dead_letter_arn = (given["DeadLetterConfig"] or {}).get("TargetArn")

    def made(self, account_id, spec, *args, **kwargs):
        keep(self, spec)
        make(self, account_id, spec, *args, **kwargs)

    def updated(self, config_updates):
        keep(self, config_updates)
        return update(self, config_updates)

    def shown(self, *args, **kwargs):
        configuration = show(self, *args, **kwargs)
        arn = getattr(self, "dead_letter_arn", None)
        return {**configuration, "DeadLetterConfig": {"TargetArn": arn}} if arn else configuration

    LambdaFunction.__init__ = made
    LambdaFunction.update_configuration = updated
    LambdaFunction.get_configuration = shown
