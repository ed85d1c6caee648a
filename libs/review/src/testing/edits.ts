// Edits of a stack as JSON, one at a time: for tests that break what is well made.
export type Body = Record<string, unknown>;

export interface StackJson {
  readonly provider: unknown;
  readonly data?: Record<string, Record<string, Body>>;
  readonly resource: Record<string, Record<string, Body>>;
}

export type Edit = (stack: StackJson) => void;

/** As JSON has it, so that no edit changes what another one has given. */
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

export function at({ resource }: StackJson, address: string): Body {
  const [type = '', name = ''] = address.split('.');
  const body = resource[type]?.[name];
  if (!body) throw new Error(`the stack has no ${address}`);
  return body;
}

/** `undefined` takes the argument away. */
export const set =
  (address: string, values: Body): Edit =>
  (stack) => {
    const body = at(stack, address);
    for (const [key, value] of Object.entries(values)) {
      if (value === undefined) delete body[key];
      else body[key] = copy(value);
    }
  };

/** Within the only block of that name. */
export const setIn =
  (address: string, block: string, values: Body): Edit =>
  (stack) =>
    void Object.assign(at(stack, address)[block] as Body, values);

export const add =
  (address: string, body: Body): Edit =>
  ({ resource }) => {
    const [type = '', name = ''] = address.split('.');
    (resource[type] ??= {})[name] = copy(body);
  };

export const drop =
  (address: string): Edit =>
  (stack) => {
    at(stack, address);
    const [type = '', name = ''] = address.split('.');
    delete stack.resource[type]?.[name];
  };

/** The resource as if it had been written with these arguments alone; its provider stays. */
export const become =
  (address: string, values: Body): Edit =>
  (stack) => {
    const body = at(stack, address);
    const { provider } = body;
    for (const key of Object.keys(body)) delete body[key];
    Object.assign(body, provider === undefined ? {} : { provider }, values);
  };

export const all =
  (...edits: readonly Edit[]): Edit =>
  (stack) =>
    edits.forEach((edit) => edit(stack));
