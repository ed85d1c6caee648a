"""DynamoDB. moto keeps by itself: deletion protection of the table that is asked for; sizes of items, batches and transactions."""

import point_in_time
import state
import table_replicas
from rules.table import Rule

API = "DynamoDB API"
GUIDE = "DynamoDB developer guide"
TESTED = "the API's own message, as a published test against AWS quotes it (October 2026)"


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


def stream_of_replica(request):
    table = state.table(request.params["TableName"], request.region)
    off = request.params.get("StreamSpecification", {}).get("StreamEnabled") is False
    if off and table and len(table_replicas.group_of(table)) > 1:
        return "StreamEnabled is false"
    return None


def replica_exists(request):
    for update in request.params.get("ReplicaUpdates", []):
        region = update.get("Create", {}).get("RegionName")
        if region and state.table(request.params["TableName"], region):
            return f"there is a table of that name in {region}"
    return None


def one_update(request):
    made = [verb for one in request.params.get("ReplicaUpdates", []) for verb in one if verb in ("Create", "Delete")]
    # Strong consistency begins with all of its replicas at once.
    if len(made) > 1 and request.params.get("MultiRegionConsistency") != "STRONG":
        return f"{' and '.join(made)} of replicas in one call"
    return None


def source_of_replicas(request):
    """DeleteTable: this region's replica. UpdateTable: those that it deletes."""
    table = state.table(request.params["TableName"], request.region)
    updates = request.params.get("ReplicaUpdates", [])
    deleted = [one["Delete"]["RegionName"] for one in updates if "Delete" in one]
    for region in [request.region] if request.operation.name == "DeleteTable" else deleted:
        sourced = table_replicas.sourced_by(table, region) if table else []
        if sourced:
            return f"the replica in {region} acted as the source of the one in {', '.join(sourced)}"
    return None


UNITS = ("ReadUnitsPerSecond", "WriteUnitsPerSecond")
QUOTA = 40_000


def warm_decrease(request):
    table = state.table(request.params["TableName"], request.region)
    asked = request.params.get("WarmThroughput", {})
    lower = [unit for unit in UNITS if table and asked.get(unit, table.warm_throughput[unit]) < table.warm_throughput[unit]]
    return f"Requested {lower[0]} for WarmThroughput for table is lower than current WarmThroughput" if lower else None


def warm_quota(request):
    beyond = [unit for unit in UNITS if request.params.get("WarmThroughput", {}).get(unit, 0) > QUOTA]
    return f"{beyond[0]} is more than the {QUOTA} that an account has for a table" if beyond else None


def restored_without_recovery(request):
    table = state.table(request.params.get("SourceTableName", ""), request.region)
    return f"recovery of {table.name} is off" if table and not point_in_time.is_on(table) else None


def restored_outside(request):
    table = state.table(request.params.get("SourceTableName", ""), request.region)
    asked = request.params.get("RestoreDateTime")
    if asked is None or table is None:
        return None
    at = point_in_time.seconds_of(asked)
    earliest, latest = point_in_time.window(table)
    # To the second: what lies within the first one can be had.
    return None if int(earliest) <= at <= latest else f"{at:.0f} is not from {earliest:.0f} to {latest:.0f}"


def used_while_made(request):
    table = state.table(request.params.get("TableName", ""), request.region)
    return f"{table.name} is being made" if table and point_in_time.is_being_made(table) else None


RULES = (
    Rule("dynamodb-restore-needs-recovery", ("dynamodb.RestoreTableToPointInTime",), "PointInTimeRecoveryUnavailableException",
         "Point in time recovery has not yet been enabled for this source table",
         f"{API}, RestoreTableToPointInTime", restored_without_recovery),
    Rule("dynamodb-restore-time", ("dynamodb.RestoreTableToPointInTime",), "InvalidRestoreTimeException",
         "RestoreDateTime must be between EarliestRestorableDateTime and LatestRestorableDateTime",
         f"{API}, RestoreTableToPointInTime", restored_outside),
    Rule("dynamodb-table-is-active", tuple(f"dynamodb.{one}" for one in ("GetItem", "Query", "Scan", "PutItem", "UpdateItem", "DeleteItem")),
         "ResourceNotFoundException", "The resource might not be specified correctly, or its status might not be ACTIVE",
         f"{API}, Query", used_while_made),
    Rule("dynamodb-attribute-definitions", ("dynamodb.CreateTable",), "ValidationException",
         "AttributeDefinitions holds the attributes of the key schemas of the table and its indexes, and no others",
         f"{API}, CreateTable", definitions),
    Rule("dynamodb-stream-of-replica", ("dynamodb.UpdateTable",), "ValidationException",
         "Disabling Stream is not allowed for a Global Table replica", TESTED, stream_of_replica),
    Rule("dynamodb-replica-exists", ("dynamodb.UpdateTable",), "ValidationException",
         "One or more replicas already existed as tables", TESTED, replica_exists),
    Rule("dynamodb-one-replica-update", ("dynamodb.UpdateTable",), "ValidationException",
         "Update table operation with more than one create or delete replica actions not allowed", TESTED, one_update),
    Rule("dynamodb-warm-throughput-decrease", ("dynamodb.UpdateTable",), "ValidationException",
         "decreasing WarmThroughput is not supported", "the API's own message, as hashicorp/terraform-provider-aws quotes it",
         warm_decrease),
    Rule("dynamodb-warm-throughput-quota", ("dynamodb.CreateTable", "dynamodb.UpdateTable"), "LimitExceededException",
         "Tables are pre-warmed up to the table quota of the account in that region; the error's name is [A]",
         f"{GUIDE}, Understanding DynamoDB warm throughput", warm_quota),
    Rule("dynamodb-source-replica", ("dynamodb.DeleteTable", "dynamodb.UpdateTable"), "ValidationException",
         "Replica cannot be deleted because it has acted as a source region for new replica(s) in the last 24 hours",
         f"{GUIDE}, Best practices and requirements for managing global tables", source_of_replicas),
)
