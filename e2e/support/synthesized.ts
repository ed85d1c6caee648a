// A synthesized stack's JSON as plain values, to plant a defect in.
export type Values = Record<string, unknown>;

export interface StackJson {
  readonly resource: Record<string, Record<string, Values>>;
}

/** The resource at an address such as `aws_kms_key.mumbai_key`; throws when the stack has none. */
export function at(stack: StackJson, address: string): Values {
  const [type = '', name = ''] = address.split('.');
  const found = stack.resource[type]?.[name];
  if (!found) throw new Error(`the stack has no ${address}: has it been renamed?`);
  return found;
}

/** The attribute, a policy document, changed as a value. */
export function changePolicy(values: Values, attribute: string, change: (statements: Statement[]) => void): void {
  const document = JSON.parse(String(values[attribute])) as { Statement: Statement[] };
  change(document.Statement);
  values[attribute] = JSON.stringify(document);
}

export interface Statement {
  Effect: string;
  Action: string[];
  Resource?: string[];
  Principal?: unknown;
  Condition?: unknown;
}

/** Takes the actions out of every statement. */
export function withoutActions(values: Values, attribute: string, actions: readonly string[]): void {
  changePolicy(values, attribute, (statements) => {
    for (const statement of statements) statement.Action = statement.Action.filter((one) => !actions.includes(one));
  });
}
