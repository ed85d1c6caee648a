"""Point-in-time recovery of DynamoDB: a restored table has the items of the second that was asked for.

Stock moto copies what the source holds now, whatever time is asked for, has a window of one instant, and makes the table at once. Here every change of a
table that has recovery on is remembered, with its replicas', as they share their items. A restored table has the source's keys and
encryption, and nothing of its tags, streams, recovery, protection or replicas (DynamoDB API reference, RestoreTableToPointInTime). Reads of a table
that is still being made fail, by a rule of rules/dynamodb.py.
"""

import copy
import datetime
import os
import time

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import RestoredPITTable
from moto.dynamodb.responses import DynamoHandler, DynamoResult

from table_replicas import group_of

# "LatestRestorableDateTime is typically 5 minutes before the current time." (API reference, PointInTimeRecoveryDescription)
BEHIND_SECONDS = float(os.environ.get("DR_E2E_RESTORABLE_AFTER_SECONDS", "300"))
# [A] AWS takes minutes to hours.
MAKING_SECONDS = float(os.environ.get("DR_E2E_RESTORE_SECONDS", "1"))
KEPT_SECONDS = 35 * 24 * 3600


def description_of(table):
    return table.continuous_backups["PointInTimeRecoveryDescription"]


def is_on(table):
    return description_of(table)["PointInTimeRecoveryStatus"] == "ENABLED"


def seconds_of(asked):
    """moto reads a time as a number or as a date, by its version."""
    if not isinstance(asked, datetime.datetime):
        return float(asked)
    return (asked if asked.tzinfo else asked.replace(tzinfo=datetime.timezone.utc)).timestamp()


def window(table):
    """Earliest and latest second that can be asked for; None where recovery is off."""
    if not is_on(table):
        return None
    now = time.time()
    earliest = max(description_of(table)["EarliestRestorableDateTime"], now - KEPT_SECONDS)
    # Right after it was turned on there is nothing to go back to yet.
    return earliest, max(earliest, now - BEHIND_SECONDS)


def is_being_made(table):
    return time.time() < getattr(table, "made_at", 0)


def changes_of(table):
    """(time, hash key, range key, item or None) of the table and its replicas, oldest first."""
    owner = next(iter(group_of(table).values()))
    if not hasattr(owner, "changes"):
        now = time.time()
        owner.changes = [
            (now, hash_key, range_key, copy.deepcopy(item))
            for hash_key, items in table.items.items()
            for range_key, item in items.items()
        ]
    return owner.changes


def remember(table, keys):
    if not any(is_on(one) for one in group_of(table).values()):
        return
    for key in keys:
        hash_key = DynamoType(key[table.hash_key_attr])
        range_key = DynamoType(key[table.range_key_attr])
        found = table.items.get(hash_key, {}).get(range_key)
        changes_of(table).append((time.time(), hash_key, range_key, copy.deepcopy(found)))


def written_keys(body):
    """Table name and key of each write that a request asks for."""
    if "Item" in body:
        yield body["TableName"], body["Item"]
    if "Key" in body:
        yield body["TableName"], body["Key"]
    for name, requests in body.get("RequestItems", {}).items():
        for one in requests if isinstance(requests, list) else []:
            yield name, one["PutRequest"]["Item"] if "PutRequest" in one else one["DeleteRequest"]["Key"]
    for one in body.get("TransactItems", []):
        for write in (one[verb] for verb in ("Put", "Update", "Delete") if verb in one):
            yield write["TableName"], write.get("Item") or write["Key"]


def remembering(operation):
    def perform(self):
        answer = operation(self)
        for name, key in written_keys(self.body):
            table = self.dynamodb_backend.tables.get(name.split("/")[-1])
            if table and table.range_key_attr:
                remember(table, [key])
        return answer

    return perform


def state_of(table, at):
    items = copy.copy(table.items)
    items.clear()
    for changed_at, hash_key, range_key, item in changes_of(table):
        if changed_at >= at + 1:
            break
        if item is None:
            items[hash_key].pop(range_key, None)
        else:
            items[hash_key][range_key] = copy.deepcopy(item)
    return items


def install():
    update = DynamoDBBackend.update_continuous_backups
    describe_backups = DynamoDBBackend.describe_continuous_backups
    describe_restored = RestoredPITTable.describe
    parse = RestoredPITTable._parse_params_from_table

    def update_remembering(self, table_name, point_in_time_spec):
        answer = update(self, table_name, point_in_time_spec)
        table = self.get_table(table_name)
        if is_on(table):
            changes_of(table)
        return answer

    def describe_with_window(self, table_name):
        answer = copy.deepcopy(describe_backups(self, table_name))
        found = window(self.get_table(table_name))
        if found:
            description = answer["PointInTimeRecoveryDescription"]
            description["EarliestRestorableDateTime"], description["LatestRestorableDateTime"] = found
        return answer

    def restore(self):
        body = self.body
        backend = self.dynamodb_backend
        made = backend.restore_table_to_point_in_time(body["TargetTableName"], body["SourceTableName"])
        source = backend.get_table(body["SourceTableName"])
        at = int(window(source)[1] if body.get("UseLatestRestorableTime") else seconds_of(body["RestoreDateTime"]))
        made.items = state_of(source, at)
        made.restore_date_time = at
        made.billing_mode = body.get("BillingModeOverride", source.billing_mode)
        made.made_at = time.time() + MAKING_SECONDS
        return DynamoResult(made.describe())

    def describe_while_made(self, base_key="TableDescription"):
        result = describe_restored(self, base_key)
        if is_being_made(self):
            result[base_key]["TableStatus"] = "CREATING"
            result[base_key]["RestoreSummary"]["RestoreInProgress"] = True
        return result

    def parse_with_encryption(self, table):
        return {**parse(self, table), "sse_specification": copy.deepcopy(table.sse_specification)}

    for name in ("put_item", "delete_item", "update_item", "batch_write_item", "transact_write_items"):
        setattr(DynamoHandler, name, remembering(getattr(DynamoHandler, name)))
    DynamoDBBackend.update_continuous_backups = update_remembering
    DynamoDBBackend.describe_continuous_backups = describe_with_window
    DynamoHandler.restore_table_to_point_in_time = restore
    RestoredPITTable.describe = describe_while_made
    RestoredPITTable._parse_params_from_table = parse_with_encryption
