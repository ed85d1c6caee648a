// The DynamoDB global table: one owner (the first region), a replica in every other, and the grants of each function.
import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { DynamodbTableReplicaA } from '@cdktf/provider-aws/lib/dynamodb-table-replica';
import { ENV, PARTITION_KEY, SORT_KEY, tableName, type FunctionSpec } from '@dr/contracts/system';
import type { Construct } from 'constructs';
import type { RegionFunction } from './function';
import { checkedName } from './names';
import { keptBy, MAIN_RESOURCE, Placed, type Place, type PlacesProps } from './region';

export interface GlobalTableProps extends PlacesProps {
  /**
   * Units a second that every replica takes at once: what is set on the table, AWS applies to all (DynamoDB developer guide,
   * warm-throughput). @default that of a new table
   */
  readonly warmThroughput?: { readonly readUnitsPerSecond: number; readonly writeUnitsPerSecond: number } | undefined;
}

export class GlobalTable extends Placed {
  readonly name: string;
  private readonly places: readonly Place[];
  private readonly replicas: readonly DynamodbTableReplicaA[];

  constructor(scope: Construct, id: string, { places, warmThroughput }: GlobalTableProps) {
    const [owner, ...others] = places;
    super(scope, id, owner);
    this.places = places;
    const table = new DynamodbTable(this, MAIN_RESOURCE, {
      name: checkedName('table', tableName(owner.system)),
      billingMode: 'PAY_PER_REQUEST',
      hashKey: PARTITION_KEY,
      rangeKey: SORT_KEY,
      attribute: [
        { name: PARTITION_KEY, type: 'S' },
        { name: SORT_KEY, type: 'S' },
      ],
      streamEnabled: true,
      streamViewType: 'NEW_AND_OLD_IMAGES',
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
      deletionProtectionEnabled: owner.protect,
      ...(warmThroughput && { warmThroughput }),
      // The replicas are resources of their own below, which the provider's documentation asks to be ignored here.
      lifecycle: { ...keptBy(owner).lifecycle, ignoreChanges: ['replica'] },
    });
    this.name = table.name;
    // A block of the table could not say it, but a resource can: protection is set for each replica by itself (AWS,
    // WorkingWithTables.Basics, "Using deletion protection"), and both provider majors know it here.
    this.replicas = others.map(
      (place) =>
        new DynamodbTableReplicaA(this, `replica_${place.name}`, {
          provider: place.provider,
          globalTableArn: table.arn,
          pointInTimeRecovery: true,
          deletionProtectionEnabled: place.protect,
          ...keptBy(place),
        }),
    );
  }

  arnIn(awsRegion: string): string {
    return `arn:aws:dynamodb:${awsRegion}:${this.place.accountId}:table/${this.name}`;
  }

  /** Lets the function use the replica of its own region, and those of all others as far as it needs them. */
  grant(fn: RegionFunction, { local, peers }: FunctionSpec['table']): void {
    const others = this.places.filter(({ name }) => name !== fn.place.name).map(({ awsRegion }) => awsRegion);
    const allow = (sid: string, actions: readonly string[], awsRegions: readonly string[]): void =>
      fn.grant({
        sid,
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: awsRegions.map((awsRegion) => this.arnIn(awsRegion)),
      });
    allow('LocalTable', local, [fn.place.awsRegion]);
    if (peers) allow('PeerTables', peers, others);
    fn.tell({ [ENV.table]: this.name });
    // It asks the other regions' replicas too.
    fn.waitFor(this.replicas);
  }
}
