// The synthesized JSON as the checks read it.

export type Properties = Readonly<Record<string, unknown>>;

export interface StackJson {
  readonly provider: { readonly aws: readonly { readonly alias?: string; readonly region: string }[] };
  readonly resource: Readonly<Record<string, Readonly<Record<string, Properties>>>>;
}

export interface Resource {
  /** `type.id` */
  readonly address: string;
  readonly type: string;
  readonly id: string;
  readonly properties: Properties;
}

export const resourcesOf = (stack: StackJson): Resource[] =>
  Object.entries(stack.resource).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, properties]) => ({ address: `${type}.${id}`, type, id, properties })),
  );

/** AWS region of a resource: its provider's. */
export function awsRegionOf(stack: StackJson, { properties }: Resource): string | undefined {
  const alias = String(properties['provider']).split('.')[1];
  return stack.provider.aws.find((p) => p.alias === alias)?.region;
}
