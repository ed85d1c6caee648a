// An AWS account that has and allows everything, but for what a test says otherwise. For tests.
import { Denied, Unavailable } from '../operate/operator';
import type { PreflightReader } from '../operate/preflight/reader';
import type { StatusReader } from '../operate/status/reader';

export const NAME_SERVERS = ['ns-1.awsdns-01.org', 'ns-2.awsdns-02.com', 'ns-3.awsdns-03.net', 'ns-4.awsdns-04.co.uk'];

/** As AWS denies. */
export const denied = (action: string) => (): Promise<never> =>
  Promise.reject(new Denied(action, `${action} on a thing`, 'AccessDenied'));

export const dark = (): Promise<never> => Promise.reject(new Unavailable('nobody answered'));

type Account = PreflightReader & StatusReader;

export const accountWith = (overrides: Partial<Account> = {}): Account => ({
  identity: async () => ({ account: '123456789012', arn: 'arn:aws:iam::123456789012:user/deployer', clockAheadMs: 0 }),
  regions: async () =>
    new Map([
      ['us-east-1', 'opt-in-not-required'],
      ['ap-south-1', 'opt-in-not-required'],
      ['ap-southeast-1', 'opt-in-not-required'],
      ['ap-south-2', 'not-opted-in'],
    ]),
  concurrency: async () => ({ limit: 1_000, unreserved: 1_000 }),
  reservedConcurrency: async () => 0,
  zones: async () => [{ id: 'Z1', private: false, records: 2 }],
  nameServers: async () => NAME_SERVERS,
  recordLimit: async () => ({ limit: 10_000, used: 2 }),
  healthCheckLimit: async () => ({ limit: 200, used: 0 }),
  healthCheckHosts: async () => [],
  hasRole: async () => true,
  quota: async () => 5,
  vpcs: async () => [{ system: null }],
  addresses: async () => [],
  loadBalancers: async () => [],
  budgets: async () => [{ name: 'all', limitUsd: 100, timeUnit: 'MONTHLY', notifications: 1 }],
  bucket: async () => ({ region: 'us-east-1', versioned: true }),
  inSmsSandbox: async () => false,
  tableRecovery: async () => 'on',
  subscriptions: async (_, arn) => [{ protocol: 'lambda', endpoint: `${arn}-reader`, confirmed: true }],
  healthChecks: async () =>
    ['mumbai', 'singapore', 'tokyo'].map((name) => ({ id: `check-${name}`, host: `${name}.app.example.com` })),
  checkerReports: async () => Array(16).fill('Success: HTTP Status Code 200, OK'),
  targets: async () => [{ state: 'healthy', reason: null }],
  invocations: async (_, names) => new Map(names.map((name) => [name, { invocations: 100, errors: 0, throttles: 0 }])),
  tableStatus: async (awsRegion) => ({
    status: 'ACTIVE',
    items: 1_234,
    replicas: ['ap-south-1', 'ap-southeast-1']
      .filter((one) => one !== awsRegion)
      .map((one) => ({ awsRegion: one, status: 'ACTIVE' })),
  }),
  replicationMs: async (_awsRegion, _table, towards) => new Map(towards.map((region) => [region, 800])),
  ...overrides,
});
