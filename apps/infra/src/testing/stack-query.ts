// Reads a synthesized stack in tests: counts and properties of resources, and policies parsed.
import type { Statement } from '@dr/constructs';
import { resourcesOf, type Properties, type Resource, type StackJson } from '../checks/stack-json';

export interface Policy {
  readonly Statement: readonly {
    readonly Sid?: string;
    readonly Effect: 'Allow' | 'Deny';
    readonly Action: Statement['actions'];
    readonly Resource?: Statement['resources'];
    readonly Principal?: unknown;
  }[];
}

/** AWS region of a resource: its provider's. */
export function awsRegionOf(stack: StackJson, { properties }: Resource): string | undefined {
  const alias = String(properties['provider']).split('.')[1];
  return stack.provider.aws.find((p) => p.alias === alias)?.region;
}

export class StackQuery {
  readonly stack: StackJson &
    Readonly<Record<'terraform' | 'output' | 'provider' | 'data', Readonly<Record<string, unknown>>>>;

  constructor(readonly json: string) {
    this.stack = JSON.parse(json);
  }

  all(type: string): Resource[] {
    return resourcesOf(this.stack).filter((r) => r.type === type);
  }

  ids(type: string): string[] {
    return this.all(type).map((r) => r.id);
  }

  /** Properties of one resource. Throws when there is none. */
  one(type: string, id: string): Properties {
    const found = this.stack.resource[type]?.[id];
    if (!found) throw new Error(`no ${type}.${id}; there are ${this.ids(type).join(', ') || 'none'}`);
    return found;
  }

  /** One property of all resources of a type, by id. */
  property(type: string, name: string): Record<string, unknown> {
    return Object.fromEntries(this.all(type).map((r) => [r.id, r.properties[name]]));
  }

  policies(): { readonly address: string; readonly policy: Policy }[] {
    return resourcesOf(this.stack).flatMap(({ address, properties }) =>
      ['policy', 'assume_role_policy']
        .map((name) => properties[name])
        .filter((text) => typeof text === 'string')
        .map((text) => ({ address, policy: JSON.parse(text) as Policy })),
    );
  }
}
