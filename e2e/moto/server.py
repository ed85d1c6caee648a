"""An emulated AWS on a free loopback port: moto_server, and what our stack needs and stock moto 5.2 lacks.

1. Table replicas: UpdateTable's ReplicaUpdates (create, update, delete), listed by DescribeTable in every region. All
   replicas share one item store, so replication is instant. Lag and conflicts are the twin's business, not moto's.
   A failed TransactWriteItems would tear a replica off that store (moto restores deep copies): nothing here uses one.
2. CloudTrail StartLogging, StopLogging and DeleteTrail by ARN, which is how Terraform calls them.
3. Composite alarms: PutCompositeAlarm.
4. A function's LoggingConfig is kept (stock moto drops it, and every plan would set it again).
5. Lambda runs: see lambda_runtime.py.
6. Requests count as sent over TLS. moto denies what a bucket policy denies to plain HTTP, without reading the condition.
7. Its own way out: it prints {"port": N} when it listens, and ends when its standard input closes. A test that is killed
   outright therefore leaves no server behind.

Run by hand: python3 e2e/moto/server.py (then ^D to end it).
"""

import copy
import json
import os
import sys
import threading

# Set before moto is imported: it reads its settings once.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
os.environ.setdefault("MOTO_ACM_VALIDATION_WAIT", "1")

import lambda_runtime  # noqa: E402

from moto.awslambda.models import LambdaFunction  # noqa: E402
from moto.cloudtrail.models import CloudTrailBackend  # noqa: E402
from moto.cloudwatch.responses import CloudWatchResponse  # noqa: E402
from moto.core.base_backend import BackendDict  # noqa: E402
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends  # noqa: E402
from moto.dynamodb.models.table import Table  # noqa: E402
from moto.dynamodb.responses import DynamoHandler  # noqa: E402
from moto.moto_server.werkzeug_app import (  # noqa: E402
    DomainDispatcherApplication,
    create_backend_app,
)
from moto.s3.models import FakeBucket  # noqa: E402
from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: E402

GLOBAL_TABLE_VERSION = "2019.11.21"


def group_of(table):
    """The replicas of a table by region, itself included: one dict, shared by all of them."""
    if not hasattr(table, "replicas"):
        table.replicas = {table.region_name: table}
    return table.replicas


def create_replica(source, region_name, request):
    group = group_of(source)
    if region_name in group:
        return
    encryption = dict(source.sse_specification or {}) or None
    if encryption:
        # A key is regional: the replica has the one asked for, or the default key of its own region.
        encryption.pop("KMSMasterKeyId", None)
        if "KMSMasterKeyId" in request:
            encryption["KMSMasterKeyId"] = request["KMSMasterKeyId"]
    replica = Table(
        source.name,
        account_id=source.account_id,
        region=region_name,
        schema=source.schema,
        attr=source.attr,
        billing_mode=source.billing_mode,
        streams=dict(source.stream_specification or {}),
        sse_specification=encryption,
        deletion_protection_enabled=False,
    )
    replica.items = source.items
    replica.ttl = source.ttl
    replica.replicas = group
    group[region_name] = replica
    dynamodb_backends[source.account_id][region_name].tables[source.name] = replica


def delete_replica(source, region_name):
    group_of(source).pop(region_name, None)
    dynamodb_backends[source.account_id][region_name].tables.pop(source.name, None)


def add_table_replicas():
    update_table = DynamoHandler.update_table
    delete_table = DynamoDBBackend.delete_table
    describe = Table.describe

    def update_with_replicas(self):
        for update in self.body.get("ReplicaUpdates", []):
            source = self.dynamodb_backend.get_table(self.body["TableName"])
            for verb, request in update.items():
                if verb == "Create":
                    create_replica(source, request["RegionName"], request)
                elif verb == "Delete":
                    delete_replica(source, request["RegionName"])
        return update_table(self)

    def delete_from_group(self, name):
        table = delete_table(self, name)
        group_of(table).pop(self.region_name, None)
        return table

    def describe_with_replicas(self, base_key="TableDescription"):
        result = describe(self, base_key)
        others = [region for region in group_of(self) if region != self.region_name]
        if others:
            result[base_key]["GlobalTableVersion"] = GLOBAL_TABLE_VERSION
            result[base_key]["Replicas"] = [
                {"RegionName": region, "ReplicaStatus": "ACTIVE"} for region in others
            ]
        return result

    DynamoHandler.update_table = update_with_replicas
    DynamoDBBackend.delete_table = delete_from_group
    Table.describe = describe_with_replicas


def accept_trail_arns():
    def start_logging(self, name):
        self.get_trail(name).start_logging()

    def stop_logging(self, name):
        self.get_trail(name).stop_logging()

    def delete_trail(self, name):
        self.trails.pop(self.get_trail(name).trail_name)

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


INVENTORY_PATH = "/inventory"


def services_in_use():
    modules = [m for name, m in list(sys.modules.items()) if name.startswith("moto.") and m]
    found = [value for module in modules for value in vars(module).values() if isinstance(value, BackendDict)]
    return {id(backends): backends for backends in found}.values()


def held_by(backend):
    return {name: len(held) for name, held in vars(backend).items() if isinstance(held, (dict, list, set))}


def inventory():
    """What each service holds beyond what an account that nobody has used holds, by service, region and collection."""
    found = {}
    for backends in services_in_use():
        for account, regions in list(backends.items()):
            for region, backend in list(regions.items()):
                unused = held_by(backends.backend(region, account))
                for name, count in held_by(backend).items():
                    if count > unused.get(name, 0):
                        found[f"{backends.service_name}/{region}/{name}"] = count - unused.get(name, 0)
    return found


def with_inventory(application):
    """The WSGI application, and beside it the inventory."""

    def serve(environ, start_response):
        if environ.get("PATH_INFO") != INVENTORY_PATH:
            return application(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(inventory()).encode()]

    return serve


class QuietHandler(WSGIRequestHandler):
    # Terraform asks thousands of times: keep its connections open, and log only what moto cannot do.
    protocol_version = "HTTP/1.1"

    def log_request(self, code="-", size="-"):
        if isinstance(code, int) and code >= 500 or str(code).startswith("5"):
            super().log_request(code, size)


def main():
    add_table_replicas()
    accept_trail_arns()
    accept_composite_alarms()
    keep_logging_config()
    stand_in_for_tls()
    server = make_server(
        "127.0.0.1",
        0,
        with_inventory(lambda_runtime.serve_code(DomainDispatcherApplication(create_backend_app))),
        threaded=True,
        request_handler=QuietHandler,
    )
    lambda_runtime.install(endpoint=f"http://127.0.0.1:{server.server_port}")
    print(json.dumps({"port": server.server_port}), flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    lambda_runtime.stop()
    # Request threads of kept-alive connections would hold a graceful end up.
    os._exit(0)


if __name__ == "__main__":
    main()
