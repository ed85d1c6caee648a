// Environment variables of the Lambdas: the stack sets them, each main.ts reads them. AWS_REGION comes from Lambda.

export const ENV = {
  /** Short region name, e.g. `mumbai`. */
  region: 'DR_REGION',
  system: 'DR_SYSTEM',
  table: 'DR_TABLE',
  /** JSON: Peer[], the other regions, nearest first. */
  peers: 'DR_PEERS',
  /** JSON: RecoveryEnv (what the objectives came to). */
  recovery: 'DR_RECOVERY',
  /** health-checker: `<system>-traffic-router:live`, the function that must answer for this region to be healthy. */
  routerFunction: 'DR_ROUTER_FUNCTION',
  /** health-checker: tokens, separated by commas, of which Route 53's checkers send one. */
  checkTokens: 'DR_CHECK_TOKENS',
  /** ARN of this region's alert topic (failover-orchestrator, data-consistency-validator). */
  topicArn: 'DR_TOPIC_ARN',
  /** failover-orchestrator: `<system>-data-consistency-validator:live`, run after a recovery. */
  validatorFunction: 'DR_VALIDATOR_FUNCTION',
  /** traffic-router: `key` or `none`. */
  auth: 'DR_AUTH',
  /** traffic-router: name of the secret that holds the item API's keys. */
  apiKeySecret: 'DR_API_KEY_SECRET',
} as const;

export interface Peer {
  /** Short region name. */
  readonly name: string;
  readonly awsRegion: string;
  /** Regional host name, e.g. `singapore.app.example.com`. */
  readonly host: string;
}

export interface RecoveryEnv {
  readonly worstDetectionSeconds: number;
  readonly ttlSeconds: number;
  readonly waitForValidation: boolean;
  /** A region that was out of service comes back by an order only. `soonestDetectionSeconds`: after which DNS may have left it. */
  readonly manualFailback?: { readonly soonestDetectionSeconds: number };
}
