"""DynamoDB table replicas for moto: UpdateTable's ReplicaUpdates (create, update, delete), listed by DescribeTable everywhere.

Warm throughput of one is that of all, and an update may name one of its two units. All replicas share one item store, so replication is instant. Lag and conflicts are the twin's business, not moto's. A failed
TransactWriteItems would tear a replica off that store (moto restores deep copies): nothing here uses one.
"""

from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

GLOBAL_TABLE_VERSION = "2019.11.21"


def group_of(table):
    """The replicas of a table by region, itself included: one dict, shared by all of them."""
    if not hasattr(table, "replicas"):
        table.replicas = {table.region_name: table}
    return table.replicas


def sourced_by(table, region_name):
    """Regions whose replicas were made from that region's, and are still there."""
    group = group_of(table)
    return [region for region, one in group.items() if getattr(one, "source_region", None) == region_name]


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
        warm_throughput=dict(source.warm_throughput),
    )
    replica.items = source.items
    replica.ttl = source.ttl
    replica.replicas = group
    replica.source_region = source.region_name
    group[region_name] = replica
    dynamodb_backends[source.account_id][region_name].tables[source.name] = replica


def delete_replica(source, region_name):
    group_of(source).pop(region_name, None)
    dynamodb_backends[source.account_id][region_name].tables.pop(source.name, None)


def install():
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
        asked = self.body.get("WarmThroughput")
        if asked:
            source = self.dynamodb_backend.get_table(self.body["TableName"])
            # moto keeps the request's own object, and only what that names.
            for replica in group_of(source).values():
                replica.warm_throughput = {**replica.warm_throughput, **asked}
            self.body["WarmThroughput"] = dict(source.warm_throughput)
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
