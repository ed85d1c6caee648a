// A synthesized stack's JSON as plain values, to plant a defect in.
export type Values = Record<string, unknown>;

export interface StackJson {
  resource: Record<string, Record<string, Values>>;
  readonly data?: Record<string, Record<string, Values>> | undefined;
  provider: { readonly aws: readonly { readonly alias?: string }[] };
  output?: unknown;
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

/** Takes the actions out of every statement, and a statement out that has none left. */
export function withoutActions(values: Values, attribute: string, actions: readonly string[]): void {
  changePolicy(values, attribute, (statements) => {
    for (const statement of statements) statement.Action = statement.Action.filter((one) => !actions.includes(one));
    statements.splice(0, statements.length, ...statements.filter(({ Action }) => Action.length > 0));
  });
}

const CREATED_LATER =
  /^aws_(route53_|lb_|cloudwatch_event_target|dynamodb_table_replica|vpc_security_group_ingress_rule)/;

/** Without the order of a first apply, so that what is applied alone brings only what it refers to. */
export function withoutCreationOrder(stack: StackJson): StackJson {
  for (const values of Object.values(stack.resource).flatMap((all) => Object.values(all))) {
    const first = values['depends_on'] as readonly string[] | undefined;
    if (first) values['depends_on'] = first.filter((address) => !CREATED_LATER.test(address));
  }
  return stack;
}

const REFERENCE = /\b(?:data\.)?(aws_\w+|terraform_data)\.(\w+)/g;

/** Only what the address needs, and only the providers in use: Terraform starts one process for each of them. */
export function closureOf(stack: StackJson, address: string, providers: readonly string[]): StackJson {
  const kept = new Set([address]);
  for (const found of kept) {
    const [type = '', name = ''] = found.split('.');
    const values = stack.resource[type]?.[name] ?? stack.data?.[type]?.[name];
    if (!values) continue;
    for (const [, other, its] of JSON.stringify(values).matchAll(REFERENCE)) kept.add(`${other}.${its}`);
  }
  const resource = only(stack.resource, kept);
  const used = [...providers, ...Object.values(resource).flatMap((all) => Object.values(all).map(providerOf))];
  const aws = stack.provider.aws.filter(({ alias }) => used.includes(alias ?? ''));
  const data = only(stack.data ?? {}, kept);
  // Terraform takes no empty block.
  const given = Object.keys(data).length > 0 ? data : undefined;
  return { ...stack, resource, data: given, provider: { aws }, output: undefined };
}

/** '' is the default provider. */
const providerOf = (values: Values): string => String(values['provider'] ?? 'aws').split('.')[1] ?? '';

const only = (all: StackJson['resource'], addresses: ReadonlySet<string>): StackJson['resource'] =>
  Object.fromEntries(
    Object.entries(all)
      .map(([type, those]): [string, Record<string, Values>] => [
        type,
        Object.fromEntries(Object.entries(those).filter(([name]) => addresses.has(`${type}.${name}`))),
      ])
      .filter(([, those]) => Object.keys(those).length > 0),
  );
