"""What every request passes before moto sees it: AWS's API models, the caller's permissions, AWS's documented rules.

GET /model-check          what was seen: requests, operations, constrained members, and what no model could read
POST /model-check/replay  see model_replay.py
"""

import collections
import json
import threading

import api_request
import function_permissions
import model_check
import model_replay
import refusal
import rules

PATH = "/model-check"


class Gate:
    def __init__(self, application, endpoint=None):
        self.application = application
        self.endpoint = endpoint
        self.lock = threading.Lock()
        self.operations = collections.Counter()
        self.samples = {}
        self.unread = []
        self.passed_replays = 0

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"].startswith(PATH):
            return self.report(environ, start_response)
        try:
            request = api_request.read(environ)
        except api_request.Unreadable as why:
            with self.lock:
                self.unread.append(str(why))
            request = None
        if request:
            try:
                self.check(request)
                function_permissions.check(request)
                rules.check(request)
            except refusal.Refusal as refused:
                return refusal.answer(request, refused, start_response)
        if environ.get(model_replay.MARK):
            with self.lock:
                self.passed_replays += 1
        return self.application(environ, start_response)

    def check(self, request):
        found = list(model_check.constraints(request.operation, request.params))
        broken = [one for one in found if not one.kept]
        if broken:
            raise refusal.of_model(request, broken)
        with self.lock:
            self.operations[request.name] += 1
            for one in found:
                self.samples.setdefault((request.name, one.member, one.kind), (request, one))

    def report(self, environ, start_response):
        if environ["PATH_INFO"] == f"{PATH}/replay":
            # Kept apart: what the replay sends is no sample.
            with self.lock:
                samples, before = list(self.samples.values()), self.passed_replays
            outcome = model_replay.replay(self.endpoint, samples)
            outcome["dispatched"] = self.passed_replays - before
        else:
            outcome = {
                "requests": sum(self.operations.values()),
                "operations": dict(sorted(self.operations.items())),
                "constrainedMembers": len({key[:2] for key in self.samples}),
                "constraints": len(self.samples),
                "unread": self.unread,
            }
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(outcome).encode()]
