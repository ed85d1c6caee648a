"""What IAM documents allow. The twin decides (libs/twin/src/services/iam): this module asks it, and evaluates nothing itself.

The evaluator is bundled and started when the first question comes, and ends with this process.
"""

import functools
import json
import os
import subprocess
import tempfile
import threading

from moto.core import DEFAULT_ACCOUNT_ID

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
ENTRY = os.path.join(ROOT, "e2e", "support", "policy-decisions.ts")

_lock = threading.Lock()


class Undecidable(Exception):
    """A policy with something that the evaluator does not know."""


@functools.cache
def evaluator():
    bundle = os.path.join(tempfile.mkdtemp(prefix="dr-e2e-policies-"), "policy-decisions.cjs")
    esbuild = os.path.join(ROOT, "node_modules", ".bin", "esbuild")
    arguments = ["--bundle", "--platform=node", "--log-level=warning", f"--outfile={bundle}"]
    subprocess.run([esbuild, ENTRY, *arguments], check=True, cwd=ROOT)
    return subprocess.Popen(
        [os.environ.get("DR_NODE", "node"), bundle], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


@functools.lru_cache(maxsize=10_000)
def _ask(question):
    with _lock:
        process = evaluator()
        process.stdin.write(question + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
    if "error" in answer:
        raise Undecidable(answer["error"])
    return answer


def decide(documents, action, resource, context=None, principal=None, where="a policy", account=DEFAULT_ACCOUNT_ID):
    """{"allowed", "denied"}. `documents`: JSON texts. `principal`: {"service"} or {"roleArn"} of a resource's policy."""
    question = {
        "documents": [one if isinstance(one, str) else json.dumps(one) for one in documents if one],
        "where": where,
        "accountId": account,
        "action": action,
        "resource": resource,
        "context": context or {},
    }
    if principal is not None:
        question["principal"] = principal
    return _ask(json.dumps(question, sort_keys=True))


def resource_allows(document, principal, action, resource, context=None, where="a policy"):
    """Does a resource's policy allow it?"""
    return decide([document], action, resource, context, principal, where)["allowed"]
