// JUnit XML as both schemas in use allow it: that of Ant's reports (windyroad/JUnit-Schema) and that of Jenkins (junit-10.xsd of its
// xUnit plugin). Read without a library: no package of npm ships them, and a reader of XSD would be larger than what they say. Where they
// differ the narrower one stands here, which is nearly always Ant's. Of their elements those are here that we write. For tests.

interface Allowed {
  /** Attributes, all of them required, with what each must be. */
  readonly attributes: Readonly<Record<string, RegExp>>;
  /** What its children are, by name and in order. */
  readonly children: RegExp;
  readonly hasText?: true;
}

const ANY = /^/;
const TEXT = /^\S/;
const COUNT = /^\d+$/;
const DECIMAL = /^\d+(\.\d+)?$/;
const message: Allowed = { attributes: { type: ANY, message: ANY }, children: /^$/, hasText: true };
const text: Allowed = { attributes: {}, children: /^$/, hasText: true };
const ELEMENTS: Readonly<Record<string, Allowed>> = {
  testsuites: { attributes: {}, children: /^(testsuite )*$/ },
  testsuite: {
    attributes: {
      ...{ id: COUNT, package: ANY, name: TEXT, time: DECIMAL, hostname: TEXT },
      timestamp: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/,
      ...{ tests: COUNT, failures: COUNT, errors: COUNT, skipped: COUNT },
    },
    children: /^properties (testcase )*system-out system-err $/,
  },
  properties: { attributes: {}, children: /^$/ },
  testcase: {
    attributes: { name: ANY, classname: ANY, time: DECIMAL },
    children: /^((skipped|error|failure) )?$/,
  },
  ...{ failure: message, error: message, skipped: message, 'system-out': text, 'system-err': text },
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

function check({ name, attributes, children, text: written }: Element): void {
  const allowed = ELEMENTS[name];
  if (!allowed) throw new Error(`<${name}> is no element of JUnit`);
  const wrong = Object.entries(allowed.attributes).find(
    ([key, value]) => attributes[key] === undefined || !value.test(attributes[key]),
  );
  if (wrong !== undefined) throw new Error(`<${name}> has no ${wrong[0]} as it must be`);
  const other = Object.keys(attributes).find((key) => !(key in allowed.attributes));
  if (other !== undefined) throw new Error(`<${name}> may not have ${other}`);
  if (!allowed.hasText && written.trim() !== '') throw new Error(`<${name}> may not have text`);
  const inside = children.map((child) => `${child.name} `).join('');
  if (!allowed.children.test(inside)) throw new Error(`<${name}> may not hold ${inside}`);
  children.forEach(check);
}
