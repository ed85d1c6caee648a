// A stack as Terraform sees it: resources with their values, references between them resolved.

export interface Resource {
  /** e.g. `aws_lb.mumbai_alb` or `data.aws_caller_identity.current`. */
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  /** AWS region of the resource's provider. */
  readonly awsRegion: string;
  /** Values with every reference replaced by what it will be. Nested blocks are always arrays of objects. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Addresses of the resources each top-level value refers to. */
  readonly references: Readonly<Record<string, readonly string[]>>;
  /** Addresses that `depends_on` names. */
  readonly dependsOn: readonly string[];
}

export interface Graph {
  /** Directory of the JSON file: `filename`s are relative to it. */
  readonly directory: string;
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Managed resources of that type, in the JSON's order. */
  ofType(type: string): readonly Resource[];
  get(address: string): Resource | undefined;
  /** The managed resource of `type` whose attribute (stored or computed: id, arn, dns_name ...) has that value. */
  find(type: string, attribute: string, value: unknown): Resource | undefined;
  /** A stored or computed attribute, e.g. `arn`. */
  attribute(resource: Resource, name: string): unknown;
}

/** The account every stack is resolved in: no real account is ever asked. */
export const TWIN_ACCOUNT_ID = '123456789012';
