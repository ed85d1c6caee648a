// The format as people and as machines read it: the tables of docs/event-log.md, and its JSON Schema.
import * as z from 'zod';
import { EVENTS } from './events';
import { END, HEADER } from './file';

type JsonSchema = z.core.JSONSchema.BaseSchema;

const time = z.number().describe('when it happened, ms since the start of the run');
const timed = Object.values(EVENTS).map((kind) => kind.extend({ atMs: time }));

/** Of one line, JSON Schema 2020-12. Fields and kinds that it does not name may come in later versions. */
export const lineSchema = (): JsonSchema =>
  z.toJSONSchema(z.union([HEADER, ...timed, END]), { io: 'input', unrepresentable: 'any' });

/** A section a kind: what it means, and a row a field. */
export const formatTables = (): string =>
  [HEADER, ...Object.values(EVENTS), END].map((kind) => section(z.toJSONSchema(kind, SHAPE) as JsonSchema)).join('\n');

const SHAPE = { io: 'input', unrepresentable: 'any' } as const;

function section({ description = '', properties = {}, required = [] }: JsonSchema): string {
  const name = String((properties['kind'] as JsonSchema).const);
  const rows = fieldsOf(properties, required).map((cells) => `| ${cells.join(' | ')} |`);
  return [`### \`${name}\``, '', description, '', '| field | type | meaning |', '|---|---|---|', ...rows, ''].join(
    '\n',
  );
}

/** What an object or a list of objects holds stands below it, with the path to it. */
function fieldsOf(properties: object, required: readonly string[], path = ''): string[][] {
  return Object.entries(properties as Record<string, JsonSchema>).flatMap(([name, field]) => {
    if (name === 'kind' && path === '' && field.const !== undefined) return [];
    const type = typeOf(field) + (required.includes(name) ? '' : ', optional');
    const inner = (field.items as JsonSchema | undefined) ?? field;
    const below = inner.properties ? fieldsOf(inner.properties, inner.required ?? [], `${path}${name}.`) : [];
    return [[`\`${path}${name}\``, type, field.description ?? ''], ...below];
  });
}

function typeOf({ type, enum: values, const: only, items }: JsonSchema): string {
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  // A long list stands where it belongs.
  if (values) return values.length <= 6 ? values.map((value) => `\`${String(value)}\``).join(', ') : 'text';
  if (type === 'array') return `list of ${typeOf(items as JsonSchema)}`;
  return { string: 'text', number: 'number', boolean: 'true or false', object: 'object' }[String(type)] ?? 'any';
}
