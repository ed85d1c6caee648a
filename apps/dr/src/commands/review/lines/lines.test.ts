// Where a finding is shown: the block of its resource, the program's line, an anchor, or nowhere.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFiles } from '../../../adapters/source-files-adapter';
import { isSource, SourceLines, withLines } from '.';
import { parsedAddress } from './place';

const lines = (files: Readonly<Record<string, string>>): SourceLines =>
  new SourceLines(Object.entries(files).map(([path, text]) => ({ path, text })));
const at = (files: Readonly<Record<string, string>>, address: string): string | undefined => {
  const place = lines(files).placeOf(address);
  return place && `${place.file}:${place.line}`;
};

test.each([
  ['aws_lb.a', { modules: [], mode: 'managed', type: 'aws_lb', name: 'a' }],
  ['aws_lb.a["x.y"]', { modules: [], type: 'aws_lb', name: 'a' }],
  ['module.m["a.\\"]b"].module.n[0].aws_lb.a[1]', { modules: ['m', 'n'], type: 'aws_lb', name: 'a' }],
  ['module.m.data.aws_vpc.v', { modules: ['m'], mode: 'data', type: 'aws_vpc', name: 'v' }],
])('the address %s is read', (address, parsed) => {
  expect(parsedAddress(address)).toMatchObject(parsed);
});

test.each(['app.example.com', '', 'module.a', 'aws_lb', 'us-east-1'])('%s is no address of a resource', (address) => {
  expect(parsedAddress(address)).toBeUndefined();
});

describe('blocks of a .tf file', () => {
  test.each([
    ['a block', '\nresource "aws_lb" "a" {\n}'],
    ['a block with its brace below', '\nresource "aws_lb" "a"\n{\n}'],
    ['labels without quotes', '\n  resource aws_lb a {'],
    ['a block after a comment', '/* resource "aws_lb" "a" {\n*/ resource "aws_lb" "a" {'],
    ['Windows line ends', '\r\nresource "aws_lb" "a" {\r\n}\r\n'],
  ])('%s is found', (_, text) => {
    expect(at({ 'infra/lb.tf': text }, 'aws_lb.a["x"]')).toBe('infra/lb.tf:2');
  });

  test.each([
    ['in a comment', '# resource "aws_lb" "a" {\n// resource "aws_lb" "a" {\n/*\nresource "aws_lb" "a" {\n*/'],
    ['in a text', 'x = <<-EOT\nresource "aws_lb" "a" {\nEOT\n'],
    ['as data', 'data "aws_lb" "a" {'],
    ['of another name', 'resource "aws_lb" "ab" {'],
  ])('one %s is none', (_, text) => {
    expect(at({ 'a.tf': text }, 'aws_lb.a')).toBeUndefined();
  });
});

test('a .tf.json file has lines too', () => {
  const text = JSON.stringify({ resource: { aws_lb: { b: { name: 'a' }, a: {} } } }, null, 1);
  expect(at({ 'x.tf.json': text }, 'aws_lb.a')).toBe('x.tf.json:7');
  expect(at({ 'x.tf.json': '{' }, 'aws_lb.a')).toBeUndefined();
});

describe('modules', () => {
  const block = 'resource "aws_lb" "a" {\n}\n';
  const call = (name: string, source: string) => `module "${name}" {\n  for_each = {}\n  source = "${source}"\n}\n`;
  const two = {
    'main.tf': `${block}${call('m', './modules/one')}`,
    'modules/one/lb.tf': `\n${block}${call('inner', '../two')}`,
    'modules/two/lb.tf': `\n\n${block}`,
  };

  test.each([
    ['aws_lb.a', 'main.tf:1'],
    ['module.m["x"].aws_lb.a', 'modules/one/lb.tf:2'],
    ['module.m.module.inner[0].aws_lb.a', 'modules/two/lb.tf:3'],
    // The plan of modules/one by itself.
    ['module.inner.aws_lb.a', 'modules/two/lb.tf:3'],
    ['module.other.aws_lb.a', undefined],
  ])('of several blocks, %s is the one that calls lead to', (address, place) => {
    expect(at(two, address)).toBe(place);
  });

  test.each([
    ['a folder of another repository', 'git::https://example.com/x.git//modules/one?ref=v1', 'modules/one/lb.tf:2'],
    ['a registry', 'terraform-aws-modules/alb/aws', undefined],
  ])('a module from %s', (_, source, place) => {
    const files = { 'main.tf': call('m', source), 'modules/one/lb.tf': two['modules/one/lb.tf'] };
    expect(at(files, 'module.m.aws_lb.a')).toBe(place);
  });

  test('two stacks with the same block: neither', () => {
    expect(at({ 'a/lb.tf': block, 'b/lb.tf': block }, 'aws_lb.a')).toBeUndefined();
  });

  test('of two stacks with the same block, it is the one beside the plan, or the one that the address names', () => {
    const files = { 'a/lb.tf': block, 'b/lb.tf': `\n${block}${call('m', '../c')}`, 'c/x.tf': `\n\n${block}` };
    const all = Object.entries(files).map(([path, text]) => ({ path, text }));
    const beside = new SourceLines(all, [{ path: './b/plan.json', text: '' }]);
    expect(beside.placeOf('aws_lb.a')).toEqual({ file: 'b/lb.tf', line: 2 });
    expect(beside.placeOf('module.m.aws_lb.a')).toEqual({ file: 'c/x.tf', line: 3 });
    expect(new SourceLines(all).placeOf('aws_lb.a')).toBeUndefined();
    expect(new SourceLines(all).placeOf('aws_lb.a (a/state.json)')).toEqual({ file: 'a/lb.tf', line: 1 });
  });

  test('modules that call each other in a circle end', () => {
    const files = { 'a/x.tf': `${block}${call('m', '../b')}`, 'b/x.tf': `${block}${call('m', '../a')}` };
    expect(at(files, `${'module.m.'.repeat(30)}aws_lb.a`)).toBeUndefined();
  });
});

describe('constructs', () => {
  const json = (path: string) =>
    JSON.stringify({ resource: { aws_lb: { a: { '//': { metadata: { path, uniqueId: 'a' } } } } } });
  const of = (path: string, ...texts: readonly string[]): string | undefined =>
    at({ 'cdk.tf.json': json(path), ...Object.fromEntries(texts.map((text, n) => [`${n}.ts`, text])) }, 'aws_lb.a');

  test.each([
    ['the construct', "\nnew Lb(this, 'front', {})", '0.ts:2'],
    ['over lines', "\n\nnew aws.Lb<X>(\n  scope,\n  'front',\n)", '0.ts:3'],
    ['a class of another name', "\nnew LoadBalancer(this, 'front')", '0.ts:2'],
    ['the only one of its class, where its id is computed', 'new Site(s, "web")\nnew Lb(this, idOf(x))', '0.ts:2'],
    ['the one whose id is written, of two', "new Lb(this, id)\nnew Lb(this, 'front')", '0.ts:2'],
    ['a template that fits', 'new Lb(this, `${name}_back`)\nnew Lb(this, `f${a.map({}, x)}t`)', '0.ts:2'],
    ['the template of which more fits', 'new Lb(this, `${name}nt`)\nnew Lb(this, `f${x}nt`)', '0.ts:2'],
    ['a constant', "const ID = 'front', other = 1;\nnew Lb(this, OTHER)\nnew Lb(this, ID)", '0.ts:3'],
    ['the construct around it, where two might be it', 'new Site(s, "web")\nnew Lb(s, a)\nnew Lb(s, b)', '0.ts:1'],
    ['the construct around it, where it is another', 'new Site(s, `web`)\nnew Queue(s, `fr${x}`)', '0.ts:1'],
    ['the construct around it, of a template', '\nnew Site(s, `${x}eb`)', '0.ts:2'],
  ])('by the line of %s', (_, text, place) => {
    expect(of('stack/web/front', text)).toBe(place);
  });

  test('an id that many have is told by the class of the resource', () => {
    const site = "class Site {\n  f() { new Lb(this, 'resource'); new Queue(this, 'resource') }\n}";
    expect(of('stack/web/resource', site)).toBe('0.ts:2');
  });

  test('a class that many are of is told by the class around it', () => {
    const site = "class Site {\n  f() { new Lb(this, 'resource') }\n}";
    const other = "class Other {\n  f() { new Lb(this, 'resource') }\n}";
    expect(of('stack/web/resource', site, other, "new Site(this, 'web'); new Other(this, 'box')")).toBe('0.ts:2');
  });

  test('an id around it that two have is told by what is in it', () => {
    const site = "class Site {\n  f() { if (x) new Lb(this, 'lb'); else new Lb(this, 'lb') }\n}";
    expect(of('stack/x/web/lb', site, "\nnew Site(s, 'web'); new Queue(s, 'web')")).toBe('1.ts:2');
  });

  test.each([
    ['nothing tells it', 'stack/a/b', "new Lb(this, 'c')"],
    ['two might be it', 'stack/a/b', "new Lb(this, 'b'); new Lb(this, 'b')"],
    ['only a comment says it', 'stack/a/b', "// new Lb(this, 'b')\n * new Lb(this, 'b')"],
    ['only the stack is found', 'stack/b', "new Stack(app, 'stack')"],
  ])('nowhere, where %s', (_, path, text) => {
    expect(of(path, text)).toBeUndefined();
  });

  test('our own stack: every resource has the line that makes it', () => {
    const root = join(__dirname, '../../../../../..');
    const { files } = sourceFiles()(root, (name) => isSource(name) && !name.endsWith('.json'));
    const text = readFileSync(join(root, 'golden/cdk.tf.json'), 'utf8');
    const own = new SourceLines(files, [{ path: 'x.tf.json', text }]);
    const resources = Object.entries<object>(JSON.parse(text).resource).flatMap(([type, named]) =>
      Object.keys(named).map((name) => ({ type, address: `${type}.${name}` })),
    );
    const lines = resources.map(({ type, address }) => {
      const { file, line } = own.placeOf(address) ?? { file: 'nowhere', line: 0 };
      const [code = ''] = files.filter(({ path }) => path === file).map((one) => one.text.split('\n')[line - 1]);
      return `${type}: ${/new \w+/.exec(code)?.[0]}`;
    });
    const expected = resources.map(({ type }) => {
      const name = type.replace(/(^aws)?_(\w)/g, (_, __, letter: string) => letter.toUpperCase());
      return new RegExp(`^${type}: new (${name}A?|${type === 'terraform_data' ? 'DataResource' : name})$`);
    });
    expect(lines.length).toBeGreaterThan(200);
    expect(lines.filter((line, n) => !expected[n]?.test(line))).toEqual([]);
  });
});

test('an anchor stands for what has no line, and for nothing else', () => {
  const review = { findings: [{ address: 'aws_lb.a' }, { address: 'app.example.com' }] } as never;
  const of = lines({ 'a.tf': '\nresource "aws_lb" "a" {' });
  expect(withLines<{ findings: never[] }>(review, of, 'main.tf').findings).toMatchObject([
    { file: 'a.tf', line: 2 },
    { file: 'main.tf', line: 1 },
  ]);
  expect(withLines<{ findings: never[] }>(review, of, undefined).findings[1]).not.toHaveProperty('file');
});
