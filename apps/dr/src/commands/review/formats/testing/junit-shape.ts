// JUnit XML as the schema that Jenkins checks with has it (junit-10.xsd of its xUnit plugin), read without a library: no package of npm
// ships that schema, and a reader of XSD would be larger than what it says. It says which attributes and children an element has, in any order,
// and a pattern for `time`, which we do not write. Of its elements those are here that we write. For tests.

interface Allowed {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly children: readonly string[];
  readonly hasText?: true;
}

const message: Allowed = { required: [], optional: ['type', 'message'], children: [], hasText: true };
const ELEMENTS: Readonly<Record<string, Allowed>> = {
  testsuites: { required: [], optional: ['name', 'time', 'tests', 'failures', 'errors'], children: ['testsuite'] },
  testsuite: {
    required: ['name', 'tests', 'failures', 'errors'],
    optional: ['group', 'time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file', 'log', 'url'],
    children: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
  },
  testcase: {
    required: ['name'],
    optional: ['time', 'classname', 'group'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  failure: message,
  error: message,
  skipped: message,
  'system-out': { required: [], optional: [], children: [], hasText: true },
};

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const TOKEN = /<\/([\w-]+)>|<([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>|([^<]+)/y;
const ENTITY = /&(?:(lt|gt|amp|quot)|#(\d+));/g;
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };
/** What XML 1.0 may hold. */
const CHARACTERS = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

/** The root. Throws on what is not well-formed, or not as the schema has it. */
export function parseJunit(xml: string): Element {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!xml.startsWith(head) || !CHARACTERS.test(xml)) throw new Error('is no XML 1.0');
  const top: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  TOKEN.lastIndex = head.length;
  while (TOKEN.lastIndex < xml.length) {
    const at = TOKEN.lastIndex;
    const [, closed, name, attributes = '', isEmpty, text] = TOKEN.exec(xml) ?? [];
    const current = open.at(-1) as Element;
    if (text !== undefined) current.text += decoded(text);
    else if (name !== undefined) {
      const element = { name, attributes: attributesOf(attributes), children: [], text: '' };
      current.children.push(element);
      if (isEmpty === '') open.push(element);
    } else if (closed === undefined || open.pop()?.name !== closed)
      throw new Error(`is not well-formed: ${xml.slice(at, at + 80)}`);
  }
  const [root] = top.children;
  if (open.length !== 1 || top.children.length !== 1 || root?.name !== 'testsuites') throw new Error('has no one root');
  check(root);
  return root;
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, decoded(value)]);
  if (new Set(pairs.map(([key]) => key)).size !== pairs.length) throw new Error(`an attribute stands twice: ${text}`);
  return Object.fromEntries(pairs) as Record<string, string>;
}

function decoded(text: string): string {
  if (text.replace(ENTITY, '').includes('&')) throw new Error(`a bare & in ${text}`);
  return text.replace(ENTITY, (_, name: string | undefined, code: string) =>
    name === undefined ? String.fromCodePoint(Number(code)) : (NAMED[name] as string),
  );
}

function check({ name, attributes, children, text }: Element): void {
  const allowed = ELEMENTS[name];
  if (!allowed) throw new Error(`<${name}> is no element of JUnit`);
  const missing = allowed.required.find((key) => !(key in attributes));
  if (missing !== undefined) throw new Error(`<${name}> has no ${missing}`);
  const other = Object.keys(attributes).find((key) => ![...allowed.required, ...allowed.optional].includes(key));
  if (other !== undefined) throw new Error(`<${name}> may not have ${other}`);
  if (!allowed.hasText && text.trim() !== '') throw new Error(`<${name}> may not have text`);
  for (const child of children) {
    if (!allowed.children.includes(child.name)) throw new Error(`<${child.name}> may not stand in <${name}>`);
    check(child);
  }
}
