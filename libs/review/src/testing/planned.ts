// A plan over what is applied, as Terraform shows it: what each resource was, and what it is to be.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseStack, type Graph } from '@dr/terraform-json';

type Values = Readonly<Record<string, unknown>>;

export interface Edit {
  /** null: it is not applied yet. */
  readonly was: Values | null;
  /** null: it is removed. What is undefined in it is unknown. */
  readonly is: Values | null;
  /** @default what follows from the two */
  readonly actions?: readonly string[];
}

/** By address. */
export type Edits = Readonly<Record<string, Edit>>;

export const stays = (values: Values): Edit => ({ was: values, is: values });
export const update = (values: Values, changed: Values): Edit => ({ was: values, is: { ...values, ...changed } });
export const replace = (values: Values, changed: Values = {}, actions = ['delete', 'create']): Edit => ({
  ...update(values, changed),
  actions,
});
export const remove = (values: Values): Edit => ({ was: values, is: null });
export const create = (values: Values): Edit => ({ was: null, is: values });

const headOf = (address: string) => {
  const [type = '', name = ''] = address.split('.');
  return { address, mode: 'managed', type, name };
};

const actionsOf = ({ was, is, actions }: Edit): readonly string[] =>
  actions ??
  (!was ? ['create'] : !is ? ['delete'] : JSON.stringify(was) === JSON.stringify(is) ? ['no-op'] : ['update']);

const stateOf = (edits: Edits, of: 'was' | 'is') => ({
  root_module: {
    resources: Object.entries(edits).flatMap(([address, edit]) =>
      edit[of] ? [{ ...headOf(address), values: edit[of] }] : [],
    ),
  },
});

export const planJson = (edits: Edits, more: Values = {}): Values => ({
  format_version: '1.2',
  planned_values: stateOf(edits, 'is'),
  prior_state: { format_version: '1.0', values: stateOf(edits, 'was') },
  resource_changes: Object.entries(edits).map(([address, edit]) => ({
    ...headOf(address),
    change: {
      actions: actionsOf(edit),
      before: edit.was,
      after: edit.is,
      after_unknown: Object.fromEntries(
        Object.entries(edit.is ?? {}).flatMap(([key, value]) => (value === undefined ? [[key, true]] : [])),
      ),
    },
  })),
  configuration: {
    provider_config: { aws: { name: 'aws', expressions: { region: { constant_value: 'eu-west-1' } } } },
    root_module: {
      resources: Object.entries(edits).map(([address, { is }]) => ({
        ...headOf(address),
        provider_config_key: 'aws',
        // What AWS draws is written nowhere; of another unknown value a local hides where it comes from.
        expressions: Object.fromEntries(
          Object.entries(is ?? {}).flatMap(([key, value]) =>
            value === undefined && !/^(id|arn|zone_id)$/.test(key) ? [[key, { references: ['local.x'] }]] : [],
          ),
        ),
      })),
    },
  },
  ...more,
});

export const stateJson = (edits: Edits): Values => ({ format_version: '1.0', values: stateOf(edits, 'was') });

export const planned = (edits: Edits, more: Values = {}): Graph => parseStack(planJson(edits, more), '/plan');
export const applied = (edits: Edits): Graph => parseStack(stateJson(edits), '/state');

const CASES = join(__dirname, '../../../terraform-json/src/shown/testing/cases');

/** Another team's stack, as Terraform shows it. */
export const caseGraph = (name: string): Graph =>
  parseStack(JSON.parse(gunzipSync(readFileSync(join(CASES, `${name}.json.gz`))).toString('utf8')), '/case');
