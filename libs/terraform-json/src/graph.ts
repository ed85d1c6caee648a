// A stack as Terraform sees it: resources with their values, references between them resolved.

export interface Resource {
  /** e.g. `aws_lb.mumbai_alb`, `aws_lb.alb["mumbai"]` or `data.aws_caller_identity.current`. */
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  /** Where it is; of a service without regions (`isGlobal`), where its API is. To read it when it is unknown throws InputError. */
  readonly awsRegion: string;
  /** Every expression replaced by its value; nested blocks are lists. Reading one that is unknown throws InputError with the reason. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Addresses of the resources each top-level value refers to. */
  readonly references: Readonly<Record<string, readonly string[]>>;
  /** Addresses that `depends_on` names. */
  readonly dependsOn: readonly string[];
}

/** A value, a count or a region that cannot be told before an apply. */
export interface UnknownValue {
  readonly address: string;
  /** e.g. `alias[0].name`. */
  readonly path: string;
  /** Part of a sentence: `var.size has no default`. */
  readonly reason: string;
  /** What to do about it, in the imperative. */
  readonly fix?: string;
}

/** What a plan does to a managed resource, as it says; `no-op` is left out. */
export interface PlannedChange {
  readonly address: string;
  /** Of the same resource before a `moved` block. */
  readonly previousAddress: string | undefined;
  /** As Terraform writes them: `update`, or `delete` and `create` in the order in which they happen. */
  readonly actions: readonly string[];
}

export interface Graph {
  /** Directory of the JSON file: `filename`s are relative to it. */
  readonly directory: string;
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** All that is unknown of the resources, in the JSON's order. */
  readonly unknown: readonly UnknownValue[];
  /** Modules that a configuration calls: what is in them is not read. */
  readonly modules: readonly string[];
  /** What the graph may lack, each a sentence: the plan ended with an error, or was narrowed. */
  readonly notes: readonly string[];
  /** What is applied now, where the graph is of a plan that says so. */
  readonly before: Graph | undefined;
  /** In the plan's order; empty for a state and a configuration. */
  readonly planned: readonly PlannedChange[];
  /** Managed resources of that type, in the JSON's order. Throws InputError when it is unknown how many there are. */
  ofType(type: string): readonly Resource[];
  get(address: string): Resource | undefined;
  /** The managed resource of `type` whose attribute (stored or computed: id, arn, dns_name ...) has that value. */
  find(type: string, attribute: string, value: unknown): Resource | undefined;
  /** A stored or computed attribute, e.g. `arn`. Throws InputError when it is unknown. */
  attribute(resource: Resource, name: string): unknown;
}

/** The account every stack is resolved in: no real account is ever asked. */
export const TWIN_ACCOUNT_ID = '123456789012';
