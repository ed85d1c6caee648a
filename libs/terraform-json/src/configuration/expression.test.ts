// Expressions of a configuration: evaluated where Terraform's meaning is certain, unknown with the reason where it is not.
import { InputError } from '@dr/contracts';
import * as fc from 'fast-check';
import { blockOf, flagOf, numberOf, textOf, textsOf, type Values } from '../attributes';
import { parseTemplate } from './expression/parse';
import type { Graph, Resource } from '../graph';
import { parseStack } from '../read-stack';

const parse = (resource: object, more: object = {}): Graph =>
  parseStack({ provider: { aws: { region: 'us-east-1' } }, resource, ...more }, '/stack');

const MORE = {
  locals: {
    ttl: 10,
    minutes: '${local.ttl / 2}',
    names: ['a', 'b', 'c'],
    sizes: { small: 1, large: '${2 + 3}' },
    escaped: '$${x}',
    prefix: 'dr-${var.stage}',
    drawn: '${aws_lb.l.dns_name}',
    none: null,
  },
  variable: {
    stage: { type: 'string', default: 'test' },
    count: { type: 'number', default: '3' },
    on: { type: 'bool', default: 'true' },
    literal: { default: '${not.evaluated}' },
    asked: { type: 'string' },
  },
  data: { aws_region: { here: {} } },
};

const read = (value: unknown): unknown => {
  const graph = parse({ aws_x: { x: { value } }, aws_lb: { l: { name: 'front' } } }, MORE);
  return (graph.get('aws_x.x') as Resource).values['value'];
};

/** Computed by Terraform 1.11's console, or from the function's page. */
const CERTAIN: readonly (readonly [unknown, unknown])[] = [
  ['${local.ttl}', 10],
  ['${local.minutes}', 5],
  ['${10*60}', 600],
  ['${ 10 * 60 + 5 % 3 - -1 }', 603],
  ['${2 + 3 * 4}', 14],
  ['${(2 + 3) * 4}', 20],
  ['${0.1 + 0.2}', 0.3],
  ['${"10" * 6}', 60],
  ['${var.count}', 3],
  ['${var.count + 1}', 4],
  ['${var.on ? 1 : 2}', 1],
  ['${var.literal}', '${not.evaluated}'],
  ['${local.escaped}', '${x}'],
  ['a$${b}c', 'a${b}c'],
  ['%%{if}', '%{if}'],
  ['${local.prefix}-alb', 'dr-test-alb'],
  ['${"${local.ttl}s"}', '10s'],
  ['${true ? 1 : "a"}', '1'],
  ['${!false && 1 < 2 || false}', true],
  ['${false && var.asked == "x"}', false],
  ['${1 == "1"}', false],
  ['${[1, 2] == [1, 2]}', true],
  ['${local.none == null}', true],
  ['${local.names[1]}', 'b'],
  ['${local.names.2}', 'c'],
  ['${local.sizes["large"]}', 5],
  ['${local.sizes.small}', 1],
  ['${[for n in local.names : upper(n) if n != "b"]}', ['A', 'C']],
  ['${{for k, v in local.sizes : k => v * 2}["large"]}', 10],
  ['${join(",", [for i, n in local.names : "${n}${i}"])}', 'a0,b1,c2'],
  ['${length(local.names)}', 3],
  ['${element(local.names, 4)}', 'b'],
  ['${lookup(local.sizes, "medium", 7)}', 7],
  ['${try(local.sizes.medium, 9)}', 9],
  ['${can(local.sizes.medium)}', false],
  ['${max(1, var.count, 2)}', 3],
  ['${min([4, 2]...)}', 2],
  ['${ceil(7 / 2)}', 4],
  ['${coalesce(local.none, "x")}', 'x'],
  ['${contains(local.names, "c")}', true],
  ['${replace("a.b.c", ".", "-")}', 'a-b-c'],
  ['${split(",", "a,b")}', ['a', 'b']],
  ['${format("%s-%d", "a", 2)}', 'a-2'],
  ['${tolist(toset(["b", "a", "b"]))}', ['a', 'b']],
  ['${keys({ b = 1, a = 2 })}', ['a', 'b']],
  ['${merge({ a = 1 }, { a = 2 }).a}', 2],
  ['${jsonencode({ b = "<", a = [1] })}', '{"a":[1],"b":"\\u003c"}'],
  ['${[{ n = 1 }, { n = 2 }][*].n}', [1, 2]],
  ['${path.module}/x.zip', './x.zip'],
  ['${data.aws_region.here.name == "us-east-1" ? 1 : 2}', 1],
  ['${aws_lb.l.name == "front"}', true],
  ['${aws_lb.l.dns_name == null ? 1 : 2}', 2],
];
test.each(CERTAIN)('%j is %j', (value, expected) => expect(read(value)).toEqual(expected));

const UNKNOWN: readonly (readonly [unknown, RegExp])[] = [
  ['${var.asked}', /var\.asked has no default/],
  ['x-${var.asked}', /var\.asked has no default/],
  ['${local.ttl + var.asked}', /var\.asked has no default/],
  ['${cidrsubnet("10.0.0.0/8", 8, 1)}', /cidrsubnet\(\) gives is not evaluated/],
  ['${timestamp()}', /timestamp\(\)/],
  ['${1 / 0}', /division by zero/],
  ['${"a" + 1}', /"a" is no number/],
  ['${local.names[7]}', /a list of 3 has no 7/],
  ['${local.sizes.medium}', /there is no "medium"/],
  ['${local.none + 1}', /null is no number/],
  ['x${local.names}', /a list or map is no text/],
  ['${local.drawn == "x" ? 1 : 2}', /what AWS draws/],
  ['${length(local.drawn)}', /what AWS draws/],
  ['${aws_lb.l.idle_timeout}', /aws_lb\.l\.idle_timeout is known only after an apply/],
  ['${aws_lb.l}', /aws_lb\.l as a whole/],
  ['${terraform.workspace}', /terraform\.workspace/],
  ['${module.m.x}', /what is in module\.m is not read/],
  ['${each.value}', /each\.value has no meaning there/],
  ['${9007199254740993 * 4}', /larger than this reader counts/],
  ['%{ if true }a%{ endif }', /template directive/],
  ['${upper("ß")}', /beyond ASCII/],
  ['${replace("abc", "/b/", "")}', /regular expression/],
  ['${1 +}', /is not understood/],
  ['${oops', /no closing brace/],
  [['a', '${var.asked}'], /var\.asked has no default/],
  [{ nested: { deep: '${var.asked}' } }, /value\[0\]\.nested\[0\]\.deep: is unknown/],
];
test.each(UNKNOWN)('%j is unknown, and whoever reads it is told why', (value, why) => {
  const touch = (): unknown => JSON.stringify(read(value));
  expect(touch).toThrow(InputError);
  expect(touch).toThrow(why);
  expect(touch).toThrow(/^aws_x\.x: value/);
});

test('all that is unknown is listed, with address, path and reason', () => {
  const graph = parse({ aws_x: { x: { a: '${var.asked}', b: { c: '${timestamp()}' }, d: 1 } } }, MORE);
  expect(graph.unknown).toEqual([
    { address: 'aws_x.x', path: 'a', reason: 'var.asked has no default' },
    { address: 'aws_x.x', path: 'b[0].c', reason: 'what timestamp() gives is not evaluated here' },
  ]);
});

test.each([
  ['local', '${local.gone}', /aws_x\.x refers to local\.gone.*no local\.gone/],
  ['variable', '${var.gone}', /refers to var\.gone/],
])('fails on a %s that the stack does not declare', (_, value, message) => expect(() => read(value)).toThrow(message));

test('fails on locals that need each other', () =>
  expect(() => parse({ aws_x: { x: { a: '${local.a}' } } }, { locals: { a: '${local.b}', b: '${local.a}' } })).toThrow(
    /local\.a: refers to itself/,
  ));

describe('count and for_each', () => {
  const addresses = (resource: object): string[] => parse(resource, MORE).resources.map(({ address }) => address);

  test.each([
    [{ count: 0 }, []],
    [{ count: '0' }, []],
    [{ count: '${false ? 1 : 0}' }, []],
    [{ count: '${var.count}' }, ['aws_lb.l[0]', 'aws_lb.l[1]', 'aws_lb.l[2]']],
    [{ for_each: {} }, []],
    [{ for_each: { a: 1, b: 2 } }, ['aws_lb.l["a"]', 'aws_lb.l["b"]']],
    [{ for_each: '${toset(local.names)}' }, ['aws_lb.l["a"]', 'aws_lb.l["b"]', 'aws_lb.l["c"]']],
    [{ for_each: '${{for k, v in local.sizes : k => v if v > 1}}' }, ['aws_lb.l["large"]']],
  ])('%j makes %j', (meta, expected) =>
    expect(addresses({ aws_lb: { l: meta }, aws_x: { x: {} } }).filter((one) => one.startsWith('aws_lb'))).toEqual(
      expected,
    ),
  );

  test('instances know their index, key and value, and are referred to one by one or all together', () => {
    const graph = parse(
      {
        aws_lb: {
          l: { count: 2, name: 'n${count.index}' },
          m: { for_each: { a: 'x' }, name: '${each.key}-${each.value}' },
        },
        aws_x: {
          x: {
            one: '${aws_lb.l[1].name}',
            all: '${aws_lb.l[*].name}',
            key: '${aws_lb.m["a"].name}',
            depends_on: ['aws_lb.l'],
          },
          y: { names: '${values(aws_lb.m)[*].name}', how: '${length(aws_lb.l)}', arn: '${one(aws_lb.l[*].id)}' },
          z: { for_each: '${aws_lb.m}', name: '${each.value.name}' },
        },
      },
      MORE,
    );
    const x = graph.get('aws_x.x') as Resource;
    expect(x.values).toEqual({ one: 'n1', all: ['n0', 'n1'], key: 'a-x' });
    expect(x.references['one']).toEqual(['aws_lb.l[0]', 'aws_lb.l[1]']);
    expect(x.dependsOn).toEqual(['aws_lb.l[0]', 'aws_lb.l[1]']);
    expect(textsOf((graph.get('aws_x.y') as Resource).values, 'names')).toEqual(['a-x']);
    expect(numberOf((graph.get('aws_x.y') as Resource).values, 'how')).toBe(2);
    expect(() => (graph.get('aws_x.y') as Resource).values['arn']).toThrow(/one\(\) of several/);
    expect(graph.get('aws_x.z["a"]')?.values['name']).toBe('a-x');
    expect(graph.find('aws_lb', 'name', 'n1')?.address).toBe('aws_lb.l[1]');
  });

  test.each([
    ['${var.asked}', /aws_lb\.l: count: is unknown before an apply: var\.asked has no default/],
    ['${length(aws_x.x.list)}', /aws_lb\.l: count: is unknown/],
    ['${-1}', /-1 is no number of instances/],
    ['${1.5}', /1\.5 is no number of instances/],
    ['many', /"many" is no number/],
  ])('with count %s nobody knows how many there are, and whoever asks is told', (count, why) => {
    const graph = parse({ aws_lb: { l: { count } }, aws_x: { x: { a: '${aws_lb.l[0].name}' } } }, MORE);
    expect(() => graph.ofType('aws_lb')).toThrow(why);
    expect(graph.ofType('aws_x')).toHaveLength(1);
    expect(() => graph.get('aws_x.x')?.values['a']).toThrow(/unknown how many aws_lb\.l there are/);
    expect(graph.unknown.map(({ address }) => address)).toContain('aws_lb.l');
  });

  test('for_each takes no list, as in Terraform', () =>
    expect(() => parse({ aws_lb: { l: { for_each: ['a'] } } }).ofType('aws_lb')).toThrow(/a map or a set of texts/));
});

test('dynamic blocks are written out, beside the ordinary ones, at every depth', () => {
  const dynamic = {
    rule: { for_each: [80, 443], iterator: 'port', content: { from: '${port.value}', at: '${port.key}' } },
  };
  const graph = parse({ aws_x: { x: { rule: { from: 1 }, dynamic, outer: { dynamic } } } });
  const { values } = graph.get('aws_x.x') as Resource;
  expect(values['rule']).toEqual([{ from: 1 }, { from: 80, at: 0 }, { from: 443, at: 1 }]);
  expect(blockOf(values, 'outer')?.['rule']).toHaveLength(2);
  const unknown = parse({ aws_x: { x: { dynamic: { rule: { for_each: '${var.asked}', content: {} } } } } }, MORE);
  expect(() => unknown.get('aws_x.x')?.values['rule']).toThrow(/dynamic "rule" is made for: var\.asked/);
});

test('a region is evaluated, and where it is unknown whoever asks is told', () => {
  const provider = {
    aws: [
      { alias: 'a', region: '${var.where}' },
      { alias: 'b', region: '${var.asked}' },
    ],
  };
  const variable = { ...MORE.variable, where: { default: 'eu-west-1' } };
  const resource = { aws_lb: { a: { provider: 'aws.a' }, b: { provider: '${aws.b}' } } };
  const graph = parseStack({ resource, provider, variable }, '/');
  expect(graph.get('aws_lb.a')?.awsRegion).toBe('eu-west-1');
  expect(() => graph.get('aws_lb.b')?.awsRegion).toThrow(/aws_lb\.b: region: is unknown/);
});

test('a null argument is an absent one', () =>
  expect(parse({ aws_x: { x: { a: null, b: '${null}' } } }).get('aws_x.x')?.values).toEqual({}));

/** Any expression, sound or not. */
const operand = fc.oneof(
  fc.constantFrom(
    'local.ttl',
    'local.names',
    'local.none',
    'var.count',
    'var.asked',
    'aws_lb.l.dns_name',
    'aws_lb.l[0].x',
  ),
  fc.integer({ min: -9, max: 99 }).map(String),
  fc.constantFrom('"a"', '"1e400"', '""', '"0x10"', '" 7 "', '"NaN"', '"Infinity"', 'true', 'null', '[]', '{}'),
);
const expression = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    operand,
    fc
      .tuple(tie('any'), fc.constantFrom('+', '-', '*', '/', '%', '<', '==', '&&'), tie('any'))
      .map((of) => of.join(' ')),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([a, b, c]) => `(${String(a)} ? ${String(b)} : ${String(c)})`),
    fc
      .tuple(fc.constantFrom('max', 'length', 'tonumber', 'try', 'sum', 'element', 'nonsense'), tie('any'), tie('any'))
      .map(([name, a, b]) => `${String(name)}(${String(a)}, ${String(b)})`),
    fc.string(),
  ),
})).any as fc.Arbitrary<string>;

test('whatever the expression, a number is a number, absent, or refused: never NaN, never something else', () => {
  const readers = [numberOf, textOf, flagOf] as const;
  fc.assert(
    fc.property(
      fc.oneof(
        expression.map((text) => `\${${text}}`),
        fc.string(),
        fc.jsonValue(),
      ),
      (value) => {
        let values: Values;
        try {
          values = (parse({ aws_x: { x: { value } }, aws_lb: { l: {} } } as object, MORE).get('aws_x.x') as Resource)
            .values;
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          return;
        }
        for (const reader of readers) {
          try {
            const found = reader(values, 'value');
            if (reader === numberOf && found !== undefined) expect(Number.isFinite(found)).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        }
      },
    ),
    { numRuns: 3_000 },
  );
});

test('arithmetic is JavaScript’s own, as long as that is exact', () =>
  fc.assert(
    fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 1, max: 1e3 }), fc.integer(), (a, b, c) => {
      expect(read(`\${${a} * ${b} + ${c}}`)).toBe(a * b + c);
      expect(read(`\${${a} % ${b} < ${c} ? "less" : "more"}`)).toBe(a % b < c ? 'less' : 'more');
    }),
    { numRuns: 200 },
  ));

test('text without expressions comes back unchanged', () =>
  fc.assert(
    fc.property(
      fc.string().filter((text) => !/[$%]\{/.test(text)),
      (text) => expect(parseTemplate(text)).toEqual([text]),
    ),
  ));
