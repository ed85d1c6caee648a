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
