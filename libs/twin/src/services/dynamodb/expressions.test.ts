// The kept parses answer as the parser itself does, whatever was asked before.
import { loadCommonJs } from '../../runtime/commonjs';
import { parsedOnce, type ExpressionParser } from './expressions';

const load = loadCommonJs(require.resolve('dynalite'), { globals: { process, console, Math, Date }, replaced: {} });
const real = load('dynalite/db/conditionParser') as ExpressionParser;

interface Question {
  readonly text: string;
  readonly names?: Record<string, string>;
  readonly values?: Record<string, object>;
  readonly isKeyCondition?: boolean;
}

const QUESTIONS: readonly Question[] = [
  { text: 'attribute_not_exists(#id)', names: { '#id': 'id' } },
  { text: 'attribute_not_exists(#id)', names: { '#id': 'other' } },
  { text: '#id = :id', names: { '#id': 'id' }, values: { ':id': { S: 'a' } }, isKeyCondition: true },
  { text: '#id = :id', names: { '#id': 'id' }, values: { ':id': { S: 'b' } }, isKeyCondition: true },
  { text: '#id = :id', names: { '#id': 'id' }, values: { ':id': { S: 'a' } } },
  { text: ':id = #id', names: { '#id': 'id' }, values: { ':id': { S: 'a' } }, isKeyCondition: true },
  { text: '#id = :id AND a.b > :n', names: { '#id': 'id' }, values: { ':id': { S: 'a' }, ':n': { N: '1' } } },
  { text: '#id = :id', names: { '#id': 'id', '#x': 'x' }, values: { ':id': { S: 'a' }, ':y': { S: 'y' } } },
  { text: '#id = :missing', names: { '#id': 'id' }, values: { ':id': { S: 'a' } } },
  { text: 'size = :id', values: { ':id': { S: 'a' } } },
  { text: '#id = (', names: { '#id': 'id' } },
  {
    text: '#at BETWEEN :b AND :a',
    names: { '#at': 'at' },
    values: { ':a': { S: 'a' }, ':b': { S: 'b' } },
    isKeyCondition: true,
  },
  { text: '#at BETWEEN :a AND :b', names: { '#at': 'at' }, values: { ':a': { S: 'a' }, ':b': { S: 'b' } } },
  { text: 'attribute_type(#at, :t)', names: { '#at': 'at' }, values: { ':t': { S: 'S' } } },
  { text: 'attribute_type(#at, :t)', names: { '#at': 'at' }, values: { ':t': { S: 'nothing' } } },
  { text: 'begins_with(#id, :id)', names: { '#id': 'id' }, values: { ':id': { S: 'a' } } },
  { text: 'begins_with(#id, :id)', names: { '#id': 'id' }, values: { ':id': { N: '1' } } },
  { text: '#id = :a OR #id IN (:b, :a)', names: { '#id': 'id' }, values: { ':a': { S: 'a' }, ':b': { S: 'a' } } },
  { text: '#id = :a OR #id IN (:b, :a)', names: { '#id': 'id' }, values: { ':a': { S: 'x' }, ':b': { S: 'y' } } },
];

function ask(parser: ExpressionParser, { text, names, values, isKeyCondition }: Question) {
  const unused = (all: object | undefined) => Object.fromEntries(Object.keys(all ?? {}).map((name) => [name, true]));
  const context = {
    ...(names ? { attrNames: names } : {}),
    ...(values ? { attrVals: values } : {}),
    ...(isKeyCondition ? { isKeyCondition } : {}),
    unusedAttrNames: unused(names),
    unusedAttrVals: unused(values),
    isReserved: (name: string) => name === 'size',
    // As dynalite: is the lower bound greater than the upper one?
    compare: (_: string, lower: { S: string }, upper: { S: string }) => lower.S > upper.S,
  };
  try {
    return { parsed: parser.parse(text, { context }), context };
  } catch (error) {
    return { error: String(error), context };
  }
}

it('answers as the parser, uses the same names and values, and refuses the same', () => {
  const kept = parsedOnce(real);
  const plain = (answer: object): unknown => JSON.parse(JSON.stringify(answer));
  for (const question of [...QUESTIONS, ...QUESTIONS].reverse().concat(QUESTIONS)) {
    expect(plain(ask(kept, question))).toEqual(plain(ask(real, question)));
  }
});

it('gives everyone a condition of their own, since dynalite turns some of them round', () => {
  const kept = parsedOnce(real);
  const question = QUESTIONS[5] as Question;
  const [first, second] = [ask(kept, question), ask(kept, question)] as { parsed: { expression: object } }[];
  Object.assign(first!.parsed.expression, { type: 'changed' });
  expect(second!.parsed.expression).not.toMatchObject({ type: 'changed' });
  expect(ask(kept, question)).not.toMatchObject({ parsed: { expression: { type: 'changed' } } });
});

it('parses the same text once, whatever its values are', () => {
  const parse = jest.fn(real.parse.bind(real));
  const kept = parsedOnce({ parse });
  for (let times = 0; times < 3; times += 1) ask(kept, QUESTIONS[0] as Question);
  expect(parse).toHaveBeenCalledTimes(1);
  for (const id of ['a', 'b', 'c']) ask(kept, { ...(QUESTIONS[2] as Question), values: { ':id': { S: id } } });
  expect(parse).toHaveBeenCalledTimes(2);
});
