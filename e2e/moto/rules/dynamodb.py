"""DynamoDB. Deletion protection of the table that is asked for moto keeps by itself."""

import state
import table_replicas
from rules.table import Rule

API = "DynamoDB API"
GUIDE = "DynamoDB developer guide"
VIEW = "NEW_AND_OLD_IMAGES"


def definitions(request):
    params = request.params
    keys = {key["AttributeName"] for key in params["KeySchema"]}
    for index in [*params.get("GlobalSecondaryIndexes", []), *params.get("LocalSecondaryIndexes", [])]:
        keys |= {key["AttributeName"] for key in index["KeySchema"]}
    defined = {one["AttributeName"] for one in params["AttributeDefinitions"]}
    if defined - keys:
        return f"AttributeDefinitions has {', '.join(sorted(defined - keys))}, which no key schema uses"
    if keys - defined:
        return f"AttributeDefinitions lacks {', '.join(sorted(keys - defined))}"
    return None


def streams(request):
    creating = [one["Create"]["RegionName"] for one in request.params.get("ReplicaUpdates", []) if "Create" in one]
    table = state.table(request.params["TableName"], request.region)
    if not creating or table is None:
        return None
    stream = {**(table.stream_specification or {}), **request.params.get("StreamSpecification", {})}
    if not stream.get("StreamEnabled") or stream.get("StreamViewType") != VIEW:
        return f"a replica in {creating[0]} of a table whose stream is {stream.get('StreamViewType', 'off')}"
    return None


def replica_twice(request):
    table = state.table(request.params["TableName"], request.region)
    for update in request.params.get("ReplicaUpdates", []):
        if table and "Create" in update and update["Create"]["RegionName"] in table_replicas.group_of(table):
            return f"there is a replica in {update['Create']['RegionName']}"
    return None


def one_update(request):
    updates = request.params.get("ReplicaUpdates", [])
    return f"{len(updates)} replica updates in one call" if len(updates) > 1 else None


def source_of_replicas(request):
    table = state.table(request.params["TableName"], request.region)
    others = [region for region in table_replicas.group_of(table) if region != request.region] if table else []
    source = others and getattr(table, "added_replicas", None)
    return f"the table acted as the source of the replica in {', '.join(others)}" if source else None


RULES = (
    Rule("dynamodb-attribute-definitions", ("dynamodb.CreateTable",), "ValidationException",
         "AttributeDefinitions holds the attributes of the key schemas of the table and its indexes, and no others",
         f"{API}, CreateTable", definitions),
    Rule("dynamodb-replica-stream", ("dynamodb.UpdateTable",), "ValidationException",
         "Streams must be on, with new and old images", f"{API}, UpdateTable; {GUIDE}, Global tables", streams),
    Rule("dynamodb-replica-exists", ("dynamodb.UpdateTable",), "ValidationException",
         "A region has one replica of a table", f"{GUIDE}, Global tables", replica_twice),
    Rule("dynamodb-one-replica-update", ("dynamodb.UpdateTable",), "ValidationException",
         "Only one replica can be created, updated or deleted in one call", f"{API}, UpdateTable", one_update),
    Rule("dynamodb-source-replica", ("dynamodb.DeleteTable",), "ValidationException",
         "A table used to add new replicas cannot be deleted until 24 hours have passed since the last one, while they exist",
         f"{API}, DeleteTable", source_of_replicas),
)
