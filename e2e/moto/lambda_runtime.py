"""Lambda for moto: runs the code that Terraform uploaded, in place of moto's containers.

An execution environment is a node process that loads the bundle once, takes one event at a time and is killed when the
function's timeout passes, as Lambda does. A published version has up to MAX_ENVIRONMENTS of them, made when all others are
busy; what comes on top waits, where Lambda would start more. Reserved concurrency is enforced as Lambda does it: an
invocation beyond it is throttled, and 0 throttles every one.

Asynchronous invocations (Event, SNS, schedules) return at once and run in a thread. A throttled one is tried again with
growing pauses; with a reserved concurrency of 0 it goes to the failure destination and the dead-letter queue at once.
Lambda's two retries of a function that *failed* are left out, so that a failure shows.

Each environment has credentials of its function's role, by which function_permissions.py decides what it may do.
"""

import base64
import io
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import weakref
import zipfile
from collections import Counter
from contextlib import contextmanager
from urllib.parse import quote

import dead_letters
import state
from moto.awslambda.models import LambdaBackend, LambdaFunction, lambda_backends
from moto.core.exceptions import JsonRESTError
from moto.sqs.models import sqs_backends

ENVIRONMENT = os.path.join(os.path.dirname(__file__), "environment.cjs")
INIT_SECONDS = 10
SESSION_SECONDS = 12 * 3600
MAX_ENVIRONMENTS = 4
CODE_PATH = "/lambda-code/"
# Lambda keeps a throttled event for up to six hours, and pauses from 1 s to 5 minutes between attempts
# (Lambda guide, "How Lambda handles errors and retries with asynchronous invocation").
MAX_EVENT_AGE_SECONDS = 6 * 3600
MAX_PAUSE_SECONDS = 300

_endpoint = ""
_code = tempfile.mkdtemp(prefix="dr-e2e-lambda-")
_pools = {}
_environments = weakref.WeakSet()
_published = {}
_running = Counter()
_get_code = LambdaFunction.get_code
_lock = threading.Lock()


class Throttled(JsonRESTError):
    """Invoke's 429 for a function at its reserved concurrency (Lambda API reference, TooManyRequestsException)."""

    code = 429

    def __init__(self):
        super().__init__("TooManyRequestsException", "Rate Exceeded.")
        reason = "ReservedFunctionConcurrentInvocationLimitExceeded"
        self.description = json.dumps({"Reason": reason, "Type": "User", "message": self.message})


def unpacked(function):
    """The directory with the function's code."""
    directory = os.path.join(_code, base64.urlsafe_b64encode(function.code_sha_256.encode()).decode())
    with _lock:
        if not os.path.isdir(directory):
            zipfile.ZipFile(io.BytesIO(function.code_bytes)).extractall(directory)
    return directory


def credentials_of(function):
    """A session of the function's role, as Lambda assumes it: named after the function."""
    session = state.backend("sts", state.GLOBAL).assume_role(
        region_name=function.region,
        role_session_name=function.function_name,
        role_arn=function.role,
        policy=None,
        duration=SESSION_SECONDS,
        external_id=None,
    )
    return {
        "AWS_ACCESS_KEY_ID": session.access_key_id,
        "AWS_SECRET_ACCESS_KEY": session.secret_access_key,
        "AWS_SESSION_TOKEN": session.session_token,
    }


class Environment:
    def __init__(self, function):
        self.timeout = function.timeout
        directory = unpacked(function)
        self.answers, theirs = os.pipe()
        self.process = subprocess.Popen(
            [os.environ.get("DR_NODE", "node"), ENVIRONMENT, os.path.join(directory, "index.js"), str(theirs)],
            stdin=subprocess.PIPE,
            stdout=sys.stderr,
            pass_fds=[theirs],
            env={
                "PATH": os.environ.get("PATH", ""),
                "TZ": "UTC",
                # The SDK warns of the Node that runs the tests; Lambda's is the newer one it asks for.
                "NODE_NO_WARNINGS": "1",
                "AWS_ENDPOINT_URL": _endpoint,
                "AWS_REGION": function.region,
                **credentials_of(function),
                "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
                "AWS_LAMBDA_FUNCTION_VERSION": str(function.version),
                **function.environment_vars,
            },
        )
        os.close(theirs)
        _environments.add(self)
        self.reader = os.fdopen(self.answers, "r", encoding="utf-8")
        self.dead = self._read(INIT_SECONDS) != {"ready": True}

    def invoke(self, event):
        """The answer as environment.cjs gives it, {"result"} or {"error"}."""
        self.process.stdin.write((json.dumps(event) + "\n").encode())
        self.process.stdin.flush()
        answer = self._read(self.timeout)
        if answer is None:
            self.kill()
            return {"error": {"errorMessage": f"Task timed out after {self.timeout:.2f} seconds"}}
        return answer

    def kill(self):
        self.dead = True
        self.process.kill()

    def _read(self, seconds):
        if not select.select([self.answers], [], [], seconds)[0]:
            return None
        line = self.reader.readline()
        return json.loads(line) if line else None


class Pool:
    """The execution environments of one published version."""

    def __init__(self, function):
        self.function = function
        self.count = 0
        self.idle = []
        self.changed = threading.Condition()

    @contextmanager
    def environment(self):
        held = self._acquire()
        try:
            held = held or Environment(self.function)
            yield held
        finally:
            with self.changed:
                if held is None or held.dead:
                    self.count -= 1
                else:
                    self.idle.append(held)
                self.changed.notify()

    def _acquire(self):
        """An idle environment, or None for leave to make one."""
        with self.changed:
            self.changed.wait_for(lambda: self.idle or self.count < MAX_ENVIRONMENTS)
            if self.idle:
                return self.idle.pop()
            self.count += 1
            return None


def latest(function):
    """The function itself: a published version is a copy, which settings made later do not reach."""
    return lambda_backends[function.account_id][function.region].get_function(function.function_name)


@contextmanager
def admitted(function):
    reserved = latest(function).reserved_concurrency
    key = (function.region, function.function_name)
    with _lock:
        if reserved is not None and _running[key] >= int(reserved):
            raise Throttled()
        _running[key] += 1
    try:
        yield
    finally:
        with _lock:
            _running[key] -= 1


def run(function, event):
    """The answer as environment.cjs gives it, {"result"} or {"error"}. Raises Throttled."""
    with admitted(function):
        with _lock:
            pool = _pools.setdefault((function.function_arn, function.last_modified), Pool(function))
        with pool.environment() as environment:
            if environment.dead:
                return {"error": {"errorMessage": "the function did not start"}}
            return environment.invoke(event)


def invoke(self, body, request_headers, response_headers):
    event = json.loads(body) if body else {}
    if request_headers.get("x-amz-invocation-type") == "Event":
        run_asynchronously(self, event)
        return ""
    answer = run(self, event)
    if "error" in answer:
        response_headers["x-amz-function-error"] = "Unhandled"
        return json.dumps(answer["error"])
    return json.dumps(answer.get("result"))


def run_asynchronously(function, event):
    threading.Thread(target=run_until_admitted, args=(function, event), daemon=True).start()


def run_until_admitted(function, event):
    given_up = time.monotonic() + MAX_EVENT_AGE_SECONDS
    pause = 1
    while True:
        try:
            answer = run(function, event)
        except Throttled:
            if latest(function).reserved_concurrency == 0 or time.monotonic() > given_up:
                send_to_failure_destination(function, event)
                dead_letters.send(function, event)
                return
            time.sleep(pause)
            pause = min(2 * pause, MAX_PAUSE_SECONDS)
            continue
        if "error" in answer:
            print(f"{function.function_arn}: {json.dumps(answer['error'])}", file=sys.stderr, flush=True)
        return


def send_to_failure_destination(function, event):
    configs = [config.response() for config in latest(function).event_invoke_config]
    for arn in [config.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination") for config in configs]:
        if arn and arn.split(":")[2] == "sqs":
            record = {"requestContext": {"functionArn": function.function_arn}, "requestPayload": event}
            queues = sqs_backends[function.account_id][arn.split(":")[3]]
            queues.send_message(arn.split(":")[5], json.dumps(record))


def get_code_with_location(self):
    """GetFunction's answer, with an address at which the code really is: see serve_code."""
    answer = _get_code(self)
    reserved = latest(self).reserved_concurrency
    if reserved is not None:
        # moto leaves 0 out, which Terraform would take for "none reserved".
        answer["Concurrency"] = {"ReservedConcurrentExecutions": reserved}
    _published[self.code_sha_256] = self.code_bytes
    answer["Code"] = {"RepositoryType": "S3", "Location": f"{_endpoint}{CODE_PATH}{quote(self.code_sha_256, safe='')}"}
    return answer


def serve_code(application):
    """The WSGI application, and beside it the zips that GetFunction has named."""

    def serve(environ, start_response):
        path = environ.get("PATH_INFO", "")
        if not path.startswith(CODE_PATH):
            return application(environ, start_response)
        code = _published.get(path[len(CODE_PATH) :])
        start_response("200 OK" if code else "404 Not Found", [("Content-Type", "application/zip")])
        return [code or b""]

    return serve


def install(endpoint):
    global _endpoint
    _endpoint = endpoint
    send_sns_message = LambdaBackend.send_sns_message

    def send_asynchronously(self, *args, **kwargs):
        # moto would run the subscriber inside of the publisher's request: a function that hears its own topic, for ever.
        threading.Thread(target=send_sns_message, args=(self, *args), kwargs=kwargs, daemon=True).start()

    LambdaFunction.invoke = invoke
    LambdaFunction.get_code = get_code_with_location
    LambdaBackend.send_sns_message = send_asynchronously


def stop():
    for environment in list(_environments):
        environment.kill()
    shutil.rmtree(_code, ignore_errors=True)
