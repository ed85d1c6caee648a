// A charge: what of a resource AWS bills, by the month whether it is used or not, or by use.
import type { Graph, Resource } from '@dr/terraform-json';
import { instanceHourUsd } from './book/instances';
import { priceOf, type PriceItem } from './book/prices';
import type { Usage } from './usage';

/** A month, as AWS bills hours. */
export const HOURS = 730;
export const MILLION = 1e6;

/** The rows of the table in which the first description of the system gave its cost, and one for what it left out. */
export const SERVICES = [
  ...(['Route 53', 'ALB', 'Lambda', 'DynamoDB', 'SNS', 'CloudWatch', 'Data transfer', 'Other'] as const),
];
export type Service = (typeof SERVICES)[number];

export interface Charge {
  readonly address: string;
  readonly service: Service;
  readonly what: string;
  /** In the price book; `none` where the price stands beside it. */
  readonly item: PriceItem | 'none';
  readonly awsRegion: string;
  /** Units a month. */
  readonly quantity: number;
  /** USD for one unit; null is unknown. */
  readonly unitUsd: number | null;
  readonly byUse: boolean;
}

/** What the charges of a resource depend on beyond itself. */
export interface Billing {
  readonly graph: Graph;
  readonly usage: Usage;
  /** Managed resources of these types. */
  ofTypes(...types: readonly [string, ...string[]]): readonly Resource[];
}

/** The charges of one resource. Reading an unknown value throws, and the resource is said to be of unknown cost. */
export type Bill = (resource: Resource, billing: Billing) => readonly Charge[];

type Where = Pick<Resource, 'address' | 'awsRegion'>;

const chargeOf =
  (byUse: boolean) =>
  (service: Service, { address, awsRegion }: Where, what: string, item: PriceItem, quantity = 1): Charge => ({
    address,
    service,
    what,
    item,
    awsRegion,
    quantity,
    unitUsd: priceOf(item, awsRegion),
    byUse,
  });

/** Billed by the hour or month. */
export const standing = chargeOf(false);
/** Billed by use. */
export const used = chargeOf(true);

/** Instances of EC2 that run all month. */
export const instances = ({ address, awsRegion }: Where, instanceType: string, count: number): Charge => ({
  ...{ address, awsRegion, service: 'Other', item: 'none', byUse: false },
  what: `EC2 instances ${instanceType}`,
  quantity: count * HOURS,
  unitUsd: instanceHourUsd(instanceType, awsRegion),
});

/** Billed, at a price that is in no book. */
export const unpriced = (service: Service, where: Where, what: string, byUse = false): Charge =>
  chargeOf(byUse)(service, where, what, 'other-charge');

export const inRegion = ({ address }: Where, awsRegion: string): Where => ({ address, awsRegion });
export const globally = (where: Where): Where => inRegion(where, 'global');
