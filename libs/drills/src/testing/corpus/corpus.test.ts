// The corpus is large enough, what judges it can fail, and a sample of it is right. All of it is asked by `npm run corpus`.
import { BASES } from '@dr/review/testing';
import { corpusAsker, verdictOn } from './ask';
import { REFUSED, SHOWN } from './ours';
import { CORPUS_EDITS, OUR_STACKS, type CorpusEdit } from '.';

const isForeign = ({ stack }: CorpusEdit): boolean => !(stack in OUR_STACKS);
const breaking = CORPUS_EDITS.filter(({ isBreaking }) => isBreaking);
const harmless = CORPUS_EDITS.filter(({ isBreaking }) => !isBreaking);
const titleOf = ({ stack, name, isBreaking }: CorpusEdit): string =>
  `${stack}: ${name}: ${isBreaking ? 'breaking' : 'harmless'}`;

test('there are edits of both kinds over our own stack and each other one, and none twice', () => {
  expect(breaking.length).toBeGreaterThanOrEqual(60);
  expect(harmless.length).toBeGreaterThanOrEqual(20);
  expect(breaking.length - breaking.filter(isForeign).length).toBe(REFUSED.length + SHOWN.length);
  for (const edits of [breaking, harmless]) {
    const stacks = new Set(edits.map(({ stack }) => stack));
    expect(Object.keys(BASES).filter((one) => !stacks.has(one))).toEqual([]);
  }
  const titles = CORPUS_EDITS.map(titleOf);
  expect(titles.filter((one, at) => titles.indexOf(one) !== at)).toEqual([]);
});

const edit = breaking[0] as CorpusEdit;
test.each([
  [['a'], 'no', 'both', true],
  [['a'], undefined, 'rule', true],
  [[], 'no', 'drill', true],
  [[], undefined, 'neither', false],
] as const)('rules %j and the drill %p: a breaking edit is caught by %s', (rules, drill, caughtBy, isRight) => {
  expect(verdictOn(edit, { rules, drill })).toMatchObject({ caughtBy, isRight });
  expect(verdictOn({ ...edit, isBreaking: false }, { rules, drill })).toMatchObject({ caughtBy, isRight: !isRight });
});

const ask = corpusAsker({});
const EVERY = 9;

test.each(
  CORPUS_EDITS.filter(isForeign)
    .filter((_, at) => at % EVERY === 0)
    .map((one) => [titleOf(one), one] as const),
)('%s', async (_, one) => {
  expect(await ask(one)).toMatchObject({ isRight: true });
});

test('what is done to a stack that is none of its own is told apart from the stack as it stands', async () => {
  const asItStands = CORPUS_EDITS.find(({ stack, isAsItStands }) => stack === 'shop' && isAsItStands) as CorpusEdit;
  const unchecked = breaking.find(({ name }) => name === 'the primary record has no health check') as CorpusEdit;
  expect(await ask(asItStands)).toMatchObject({ rules: [], drill: undefined });
  const { rules, drill } = await ask({ ...asItStands, plant: unchecked.plant });
  expect(rules).toEqual(['record-without-health-check at aws_route53_record.app_a']);
  expect(drill).toContain('app.example.com, region-dark in eu-west-1: never');
});
