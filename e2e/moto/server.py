"""An emulated AWS on a free loopback port: moto_server, and what our stack needs beside it, one module a concern.

table_replicas   DynamoDB global tables
point_in_time    restored tables with the items of the second that was asked for
moto_gaps        small things that stock moto lacks
account_limits   what an account may have
lambda_runtime   runs the uploaded code
sns_regions      which topics reach functions of which regions, under which principal
alarm_events     what a change of an alarm's state sets off: topics, and EventBridge across regions
accelerators     Global Accelerator, which moto does not have
edge             front doors, names, health checkers and timers: what can be drilled; GET /edge says where they are
service_roles    roles that AWS's own services take on
deliveries       SNS delivers only where the receiver's policy lets it
gate             refuses what AWS refuses: its API models, the functions' permissions, its documented rules
inventory        GET /inventory: what is left after a destroy

It prints {"port": N} when it listens, and ends when its standard input closes. A test that is killed outright therefore
leaves no server behind. Run by hand: python3 e2e/moto/server.py (then ^D to end it).
"""

import json
import os
import sys
import threading

# Set before moto is imported: it reads its settings once.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
os.environ.setdefault("MOTO_ACM_VALIDATION_WAIT", "1")
# Reserving more of it is refused, as AWS does: 100 stay unreserved.
os.environ.setdefault("MOTO_LAMBDA_CONCURRENCY_QUOTA", "1000")

import accelerators  # noqa: E402
import account_limits  # noqa: E402
import alarm_events  # noqa: E402
import dead_letters  # noqa: E402
import deliveries  # noqa: E402
import edge  # noqa: E402
import gate  # noqa: E402
import inventory  # noqa: E402
import lambda_runtime  # noqa: E402
import moto_gaps  # noqa: E402
import point_in_time  # noqa: E402
import service_roles  # noqa: E402
import sns_regions  # noqa: E402
import table_replicas  # noqa: E402

from moto.moto_server.werkzeug_app import (  # noqa: E402
    DomainDispatcherApplication,
    create_backend_app,
)
from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: E402


class QuietHandler(WSGIRequestHandler):
    # Terraform asks thousands of times: keep its connections open, and log only what moto cannot do.
    protocol_version = "HTTP/1.1"

    def log_request(self, code="-", size="-"):
        if isinstance(code, int) and code >= 500 or str(code).startswith("5"):
            super().log_request(code, size)


def main():
    table_replicas.install()
    point_in_time.install()
    moto_gaps.install()
    sns_regions.install()
    alarm_events.install()
    account_limits.install()
    deliveries.install()
    dead_letters.install()
    passing = gate.Gate(accelerators.with_accelerators(DomainDispatcherApplication(create_backend_app)))
    application = passing
    # Outermost last: each answers its own paths, and hands the rest on.
    for layer in (account_limits.with_limits, lambda_runtime.serve_code, inventory.with_inventory, edge.with_edge):
        application = layer(application)
    server = make_server(
        "127.0.0.1",
        0,
        application,
        threaded=True,
        request_handler=QuietHandler,
    )
    endpoint = f"http://127.0.0.1:{server.server_port}"
    passing.endpoint = endpoint
    lambda_runtime.install(endpoint)
    service_roles.install(endpoint)
    edge.install()
    print(json.dumps({"port": server.server_port}), flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    lambda_runtime.stop()
    # Request threads of kept-alive connections would hold a graceful end up.
    os._exit(0)


if __name__ == "__main__":
    main()
