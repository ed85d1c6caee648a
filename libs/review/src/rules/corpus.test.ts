// Each rule of a review, and each cause that it names, with an edit that it catches and one that it leaves alone.
import { join } from 'node:path';
import { parseStack, readStack } from '@dr/terraform-json';
import { CAUSE_KINDS } from '../outcomes/cause';
import { reviewStack, type ReviewFinding } from '../review';
import { BASES, type BaseName } from '../testing/bases/others';
import { CORPUS } from '../testing/corpus';
import type { Edit } from '../testing/edits';
import { RULES } from '.';

function foundIn(base: BaseName, edit: Edit = () => undefined): readonly ReviewFinding[] {
  const stack = BASES[base]();
  edit(stack);
  return reviewStack(parseStack(stack, '/stack'), { rtoSeconds: null, rpoSeconds: null }).findings;
}

const ids = [...RULES.flatMap(({ id, source }) => (source === undefined ? [] : id)), ...Object.keys(CAUSE_KINDS)]
  // It names no fault: what it is about is in other files.
  .filter((id) => id !== 'unknown');

test('every rule and every cause has its two edits, and there are no others', () => {
  expect(Object.keys(CORPUS).sort()).toEqual([...ids].sort());
});

test.each(Object.entries(CORPUS))('%s', (rule, { base, catches, at, leaves }) => {
  const addresses = (edit: Edit) => foundIn(base, edit).flatMap((one) => (one.rule === rule ? one.address : []));
  const [sound, edited] = [BASES[base](), BASES[base]()];
  leaves(edited);
  expect(edited).not.toEqual(sound);
  expect(addresses(catches)).toContain(at);
  expect(addresses(leaves)).toEqual([]);
});

const serious = (findings: readonly ReviewFinding[]): string[] =>
  findings.filter(({ severity }) => severity !== 'note').map(({ rule, address }) => `${rule} ${address}`);

test.each<[BaseName, string[]]>([
  ['shop', []],
  ['apis', []],
  ['edge', []],
  ['pages', []],
  ['ledger', ['one-region-writes aws_rds_global_cluster.ledger']],
])('of a well-made stack (%s) nothing is found but what is so by design', (base, expected) => {
  expect(serious(foundIn(base))).toEqual(expected);
});

test('of our own stack there are notes alone', () => {
  const golden = readStack(join(__dirname, '../../../../golden/cdk.tf.json'));
  expect(serious(reviewStack(golden, { rtoSeconds: null, rpoSeconds: null }).findings)).toEqual([]);
});

test('every rule that is asked of any stack says what must hold', () => {
  expect(RULES.filter(({ source, statement }) => (source === undefined) !== (statement === undefined))).toEqual([]);
});
