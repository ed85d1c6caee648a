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
    ['the construct around it, where its own id is computed', '\nnew Site(this, "web")\nnew Lb(this, id)', '0.ts:2'],
  ])('by the line of %s', (_, text, place) => {
    expect(of('stack/web/front', text)).toBe(place);
  });

  test('an id that many have is told by the class around it', () => {
    const site = "class Site {\n  f() { new Lb(this, 'resource') }\n}";
    const other = "class Other {\n  f() { new Queue(this, 'resource') }\n}";
    expect(of('stack/web/resource', site, other, "new Site(this, 'web'); new Other(this, 'box')")).toBe('0.ts:2');
  });

  test('an id that two have is told by what is in it', () => {
    const site = "class Site {\n  f() { if (x) new Lb(this, 'lb'); else new Alb(this, 'lb') }\n}";
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

  test('our own stack: the check of a name is made in one line', () => {
    const { files } = sourceFiles()(join(__dirname, '../../../../../..', 'libs/constructs/src'), isSource);
    const text = readFileSync(join(__dirname, '../../../../../../golden/cdk.tf.json'), 'utf8');
    const place = new SourceLines(files, [{ path: 'x.tf.json', text }]).placeOf(
      'aws_route53_health_check.mumbai_dns_health_check',
    );
    const line = files.find(({ path }) => path === place?.file)?.text.split('\n')[(place?.line ?? 0) - 1];
    expect(line).toContain("new Route53HealthCheck(this, 'health_check'");
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
