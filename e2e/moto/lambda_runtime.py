"""Lambda for moto: runs the code that Terraform uploaded, in place of moto's containers.

One execution environment a published version: a node process that loads the bundle once, takes one event at a time and
is killed when the function's timeout passes, as Lambda does. Asynchronous invocations (Event, SNS) return at once and
run in a thread; Lambda's two retries are left out, so that a failure shows. Nothing here checks the role's permissions:
that is the twin's business.
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
import zipfile
from urllib.parse import quote

from moto.awslambda.models import LambdaBackend, LambdaFunction

ENVIRONMENT = os.path.join(os.path.dirname(__file__), "environment.cjs")
INIT_SECONDS = 10
CODE_PATH = "/lambda-code/"

_endpoint = ""
_code = tempfile.mkdtemp(prefix="dr-e2e-lambda-")
_environments = {}
_published = {}
_get_code = LambdaFunction.get_code
_lock = threading.Lock()


class Environment:
    def __init__(self, function):
        self.timeout = function.timeout
        self.lock = threading.Lock()
        directory = os.path.join(_code, base64.urlsafe_b64encode(function.code_sha_256.encode()).decode())
        if not os.path.isdir(directory):
            zipfile.ZipFile(io.BytesIO(function.code_bytes)).extractall(directory)
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
                "AWS_ACCESS_KEY_ID": "e2e",
                "AWS_SECRET_ACCESS_KEY": "e2e",
                "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
                "AWS_LAMBDA_FUNCTION_VERSION": str(function.version),
                **function.environment_vars,
            },
        )
        os.close(theirs)
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


def environment_of(function):
    # Made under the lock: a second request for the same version waits for the first one's cold start.
    with _lock:
        known = _environments.get(function.function_arn)
        if known is None or known.dead:
            known = _environments[function.function_arn] = Environment(function)
        return known


def run(function, event):
    environment = environment_of(function)
    with environment.lock:
        if environment.dead:
            return {"error": {"errorMessage": "the function did not start"}}
        return environment.invoke(event)


def invoke(self, body, request_headers, response_headers):
    event = json.loads(body) if body else {}
    if request_headers.get("x-amz-invocation-type") == "Event":
        threading.Thread(target=report_failure, args=(self, event), daemon=True).start()
        return ""
    answer = run(self, event)
    if "error" in answer:
        response_headers["x-amz-function-error"] = "Unhandled"
        return json.dumps(answer["error"])
    return json.dumps(answer.get("result"))


def report_failure(function, event):
    answer = run(function, event)
    if "error" in answer:
        print(f"{function.function_arn}: {json.dumps(answer['error'])}", file=sys.stderr, flush=True)


def get_code_with_location(self):
    """GetFunction's answer, with an address at which the code really is: see serve_code."""
    answer = _get_code(self)
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
    for environment in _environments.values():
        environment.kill()
    shutil.rmtree(_code, ignore_errors=True)
