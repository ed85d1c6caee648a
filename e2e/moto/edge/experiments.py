"""FIS experiments: `aws:network:disrupt-connectivity` of scope `all`, and the templates' and experiments' reading.

FIS does with a subnet what its managed policy AWSFaultInjectionSimulatorNetworkAccess shows: it clones the network ACL, closes
the clone and swaps it in; after the duration, or when the experiment is stopped, it swaps the old one back and deletes the clone.
It does so with the experiment's role, whose permissions hold. An experiment with any other action fails here, and says so.
"""

import json
import re
import threading
import time

import service_roles
from moto.fis.exceptions import FISException, ResourceNotFoundException
from moto.fis.models import FISBackend
from moto.fis.responses import FISResponse
from moto.fis.urls import url_paths
from moto.moto_api._internal import mock_random

DISRUPT = "aws:network:disrupt-connectivity"
SERVICE = "fis.amazonaws.com"
SHORTEST_SECONDS, LONGEST_SECONDS = 60, 12 * 3600  # FIS actions reference, "duration" of the action
CLOSED_RULE = 1
ALL = {"Protocol": "-1", "CidrBlock": "0.0.0.0/0"}
MADE_BY_FIS = [{"ResourceType": "network-acl", "Tags": [{"Key": "managedByFIS", "Value": "true"}]}]

_experiments = {}


class Experiment:
    """One run of a template."""

    def __init__(self, template, tags):
        self.id = f"EXP{mock_random.get_random_hex(16)}"
        self.template, self.tags = template, tags
        self.status, self.reason = "initiating", "Experiment is initiating."
        self.started, self.ended = time.time(), None
        self.stopping = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def arn(self):
        return f"arn:aws:fis:{self.template.region_name}:{self.template.account_id}:experiment/{self.id}"

    def stop(self):
        if self.ended is None:
            self.status, self.reason = "stopping", "Experiment is stopping."
            self.stopping.set()

    def _run(self):
        swapped = []
        try:
            ec2 = service_roles.client_as(
                self.template.role_arn, SERVICE, self.arn, "ec2", self.template.region_name
            )
            self.status, self.reason = "running", "Experiment is running."
            try:
                seconds = self._begin(ec2, swapped)
                stopped = self.stopping.wait(seconds)
            finally:
                for association, original, clone in swapped:
                    ec2.replace_network_acl_association(AssociationId=association, NetworkAclId=original)
                    ec2.delete_network_acl(NetworkAclId=clone)
            self._end("stopped" if stopped else "completed", "Experiment stopped." if stopped else "Experiment completed.")
        except Exception as error:  # an experiment that cannot go on has failed, and tells why
            self._end("failed", str(error))

    def _end(self, status, reason):
        self.status, self.reason, self.ended = status, reason, time.time()

    def _begin(self, ec2, swapped):
        """Closes every subnet; returns for how many seconds."""
        [action] = self.template.actions.values()
        if action["actionId"] != DISRUPT or action["parameters"].get("scope") != "all":
            raise NotImplementedError(f"{action['actionId']} of scope {action['parameters'].get('scope')}")
        seconds = seconds_in(action["parameters"]["duration"])
        for arn in self.template.targets[action["targets"]["Subnets"]]["resourceArns"]:
            swapped.append(closed(ec2, arn.split("/")[-1]))
        return seconds

    def described(self):
        return {
            "id": self.id,
            "arn": self.arn,
            "experimentTemplateId": self.template.id,
            "roleArn": self.template.role_arn,
            "state": {"status": self.status, "reason": self.reason},
            "creationTime": self.started,
            "startTime": self.started,
            "tags": self.tags,
            **({"endTime": self.ended} if self.ended else {}),
        }


def closed(ec2, subnet_id):
    """(association, the ACL it had, the clone it has now)"""
    [acl] = ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [subnet_id]}])["NetworkAcls"]
    made = ec2.create_network_acl(VpcId=acl["VpcId"], TagSpecifications=MADE_BY_FIS)
    clone = made["NetworkAcl"]["NetworkAclId"]
    try:
        for egress in (False, True):
            closing = {"NetworkAclId": clone, "RuleNumber": CLOSED_RULE, "Egress": egress, "RuleAction": "deny"}
            ec2.create_network_acl_entry(**closing, **ALL)
        [association] = [it["NetworkAclAssociationId"] for it in acl["Associations"] if it["SubnetId"] == subnet_id]
        answer = ec2.replace_network_acl_association(AssociationId=association, NetworkAclId=clone)
    except Exception:
        ec2.delete_network_acl(NetworkAclId=clone)
        raise
    return answer["NewAssociationId"], acl["NetworkAclId"], clone


def seconds_in(duration):
    match = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", duration)
    if not match:
        raise FISException("ValidationException", f"duration {duration} is not ISO 8601 of hours, minutes and seconds")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return 3600 * hours + 60 * minutes + seconds


def check(actions):
    for action in actions.values():
        if action["actionId"] == DISRUPT:
            duration = action["parameters"]["duration"]
            if not SHORTEST_SECONDS <= seconds_in(duration) <= LONGEST_SECONDS:
                raise FISException("ValidationException", f"{DISRUPT}: duration {duration} is not from one minute to 12 hours")


def held(backend):
    return _experiments.setdefault((backend.account_id, backend.region_name), {})


def template_of(backend, template_id):
    if template_id not in backend.experiment_templates:
        raise ResourceNotFoundException(f"Experiment template {template_id} does not exist")
    return backend.experiment_templates[template_id]


def experiment_of(backend, experiment_id):
    if experiment_id not in held(backend):
        raise ResourceNotFoundException(f"Experiment {experiment_id} does not exist")
    return held(backend)[experiment_id]


def template_text(backend, template):
    return template.to_dict(tags=backend.tagger.get_tag_dict_for_resource(template.arn))


def get_experiment_template(self):
    template = template_of(self.fis_backend, self._get_param("id"))
    return json.dumps({"experimentTemplate": template_text(self.fis_backend, template)})


def list_experiment_templates(self):
    found = list(self.fis_backend.experiment_templates.values())
    return json.dumps({"experimentTemplates": [template_text(self.fis_backend, template) for template in found]})


def start_experiment(self):
    template = template_of(self.fis_backend, self._get_param("experimentTemplateId"))
    experiment = Experiment(template, self._get_param("tags") or {})
    held(self.fis_backend)[experiment.id] = experiment
    return json.dumps({"experiment": experiment.described()})


def stop_experiment(self):
    experiment = experiment_of(self.fis_backend, self._get_param("id"))
    experiment.stop()
    return json.dumps({"experiment": experiment.described()})


def get_experiment(self):
    return json.dumps({"experiment": experiment_of(self.fis_backend, self._get_param("id")).described()})


def list_experiments(self):
    wanted = self._get_param("experimentTemplateId")
    found = [it for it in held(self.fis_backend).values() if wanted in (None, it.template.id)]
    return json.dumps({"experiments": [experiment.described() for experiment in found]})


def install():
    create = FISBackend.create_experiment_template

    def create_checked(self, *args, **kwargs):
        check(kwargs["actions"])
        return create(self, *args, **kwargs)

    FISBackend.create_experiment_template = create_checked
    operations = (
        get_experiment_template,
        list_experiment_templates,
        start_experiment,
        stop_experiment,
        get_experiment,
        list_experiments,
    )
    for operation in operations:
        setattr(FISResponse, operation.__name__, operation)
    url_paths["{0}/experiments$"] = FISResponse.dispatch
    url_paths["{0}/experiments/(?P<id>.+)$"] = FISResponse.dispatch
