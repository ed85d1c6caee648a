// An account in which rules of AWS are tried: what is made there carries one prefix, and is gone afterwards.
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { Route53Client } from '@aws-sdk/client-route-53';

export interface World {
  /** Milliseconds of a monotonic clock. */
  nowMs(): number;
  sleep(ms: number): Promise<void>;
  say(line: string): void;
}

export interface SandboxOptions {
  /** AWS region of all that has one. */
  readonly region: string;
  /** A second one, for what replicates. */
  readonly other: string;
  /** Tells this run from others; lower-case letters and digits. */
  readonly run: string;
}

interface Leftover {
  readonly what: string;
  readonly remove: () => Promise<unknown>;
}

export class Sandbox {
  private readonly leftovers: Leftover[] = [];
  readonly route53: Route53Client;
  readonly cloudwatch: CloudWatchClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly dynamodb: DynamoDBClient;
  readonly dynamodbThere: DynamoDBClient;

  constructor(
    readonly options: SandboxOptions,
    readonly world: World,
  ) {
    const here = { region: options.region };
    // Route 53 and its alarms are in us-east-1, whatever the others are in.
    this.route53 = new Route53Client({ region: 'us-east-1' });
    this.cloudwatch = new CloudWatchClient({ region: 'us-east-1' });
    this.elb = new ElasticLoadBalancingV2Client(here);
    this.iam = new IAMClient(here);
    this.lambda = new LambdaClient(here);
    this.dynamodb = new DynamoDBClient(here);
    this.dynamodbThere = new DynamoDBClient({ region: options.other });
  }

  name(of: string): string {
    return `dr-conformance-${this.options.run}-${of}`;
  }

  /** To be removed at the end, the last first. */
  made(what: string, remove: () => Promise<unknown>): void {
    this.leftovers.push({ what, remove });
  }

  /** Resolves to what could not be removed, each with the reason. */
  async removeAll(): Promise<readonly string[]> {
    const left: string[] = [];
    for (let one = this.leftovers.pop(); one; one = this.leftovers.pop()) {
      try {
        await one.remove();
      } catch (error) {
        left.push(`${one.what}: ${String(error)}`);
      }
    }
    return left;
  }

  /** Asks again until it is so. False: not within the limit. */
  async until(isSo: () => Promise<boolean>, limitSeconds: number, everySeconds = 2): Promise<boolean> {
    const endMs = this.world.nowMs() + limitSeconds * 1_000;
    for (;;) {
      if (await isSo()) return true;
      if (this.world.nowMs() >= endMs) return false;
      await this.world.sleep(everySeconds * 1_000);
    }
  }
}
