// What the check reads of `terraform show -json <plan>` (format 1.x).
import { InputError } from '@dr/contracts';

export type Values = Readonly<Record<string, unknown>>;

/** A plain object, as JSON gives it. */
export const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export interface ResourceChange {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Values | null;
    readonly after: Values | null;
  };
}

export interface PlanJson {
  readonly resource_changes?: readonly ResourceChange[];
  /** What the refresh found to differ from the state: `before` is the state's. */
  readonly resource_drift?: readonly ResourceChange[];
  readonly configuration?: {
    readonly provider_config?: Readonly<Record<string, ProviderConfig>>;
    readonly root_module?: {
      readonly resources?: readonly { readonly address: string; readonly provider_config_key?: string }[];
    };
  };
}

interface ProviderConfig {
  readonly alias?: string;
  readonly expressions?: { readonly region?: { readonly constant_value?: unknown } };
}

const FIX = 'Give it what `terraform show -json <plan file>` prints';

/** Throws InputError for a text that is no plan; `name` says where it came from. */
export function parsePlan(text: string, name: string): PlanJson {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InputError(name, 'is not JSON', FIX, { cause });
  }
  const keys = ['format_version', 'configuration', 'planned_values'];
  const isPlan = keys.every((key) => Object.hasOwn(Object(json) as object, key));
  if (!isPlan) throw new InputError(name, 'is JSON, but not of a plan', FIX);
  return json as PlanJson;
}

/** Provider alias -> AWS region, of the providers that the configuration declares. */
export function regionsOfPlan({ configuration }: PlanJson): ReadonlyMap<string, string> {
  const providers = Object.values(configuration?.provider_config ?? {});
  return new Map(
    providers.flatMap(({ alias, expressions }) =>
      alias === undefined ? [] : [[alias, String(expressions?.region?.constant_value ?? '')] as const],
    ),
  );
}

/** Address -> AWS region that its provider has now; without those whose provider's region is no constant. */
export function providerRegions({ configuration }: PlanJson): ReadonlyMap<string, string> {
  const resources = configuration?.root_module?.resources ?? [];
  return new Map(
    resources.flatMap(({ address, provider_config_key: key = '' }) => {
      const region = configuration?.provider_config?.[key]?.expressions?.region?.constant_value;
      return typeof region === 'string' ? [[address, region] as const] : [];
    }),
  );
}
