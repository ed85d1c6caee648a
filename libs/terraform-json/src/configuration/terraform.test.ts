// What Terraform 1.11.4 itself answered to `try(jsonencode(EXPRESSION), "refused")`, in `terraform console`. The same table is asked here.
import type { Resource } from '../graph';
import { parseStack } from '../read-stack';

const variable = {
  none: { type: 'string', default: null },
  ls: { type: 'list(string)', default: [443] },
  mn: { type: 'map(number)', default: { a: '1' } },
  on: { type: 'object({a=optional(number, 5)})', default: {} },
  o: { type: 'object({a = optional(number,5), b = optional(string), c = string})', default: { c: 1 } },
  lo: { type: 'list(object({ a = optional(number, 5) }))', default: [{ a: null }, { a: '1', z: 2 }] },
  sn: { type: 'set(number)', default: [10, 9, '9'] },
  tu: { type: 'tuple([string, number])', default: [1, '2'] },
  ma: { type: 'map(any)', default: { a: 1, b: 'x' } },
};

const REFUSED = 'refused';

function answer(expression: string, more: object = {}): unknown {
  const provider = { aws: { region: 'us-east-1' } };
  const resource = { aws_x: { x: { value: `\${jsonencode(${expression})}` } }, ...more };
  const graph = parseStack({ provider, variable, resource }, '/stack');
  try {
    return (graph.get('aws_x.x') as Resource).values['value'];
  } catch (error) {
    const { message } = error as Error;
    return message.includes('Terraform would refuse it') ? REFUSED : message;
  }
}

const TERRAFORM: readonly (readonly [expression: string, json: string])[] = [
  ['100 / 3 * 3 == 100', 'true'],
  ['floor(100 / 3 * 3)', '100'],
  ['floor(1 / 3 * 3)', '1'],
  ['10 / 3 * 3 == 10', 'true'],
  ['100 - floor(100 / 3 * 3)', '0'],
  ['1 / 3', '0.' + '3'.repeat(154) + '5'],
  ['length([1]) / length([1, 2, 3]) * 3 == 1', 'false'],
  ['length([1]) / 3 == 1 / 3', 'true'],
  ['9007199254740993 == 9007199254740992', 'false'],
  ['0.1000000000000000055 == 0.1', 'false'],
  ['floor(2.9999999999999999)', '2'],
  ['123456789012345678', '123456789012345678'],
  ['0.1 + 0.2 == 0.3', 'true'],
  [
    '0.3 * 3',
    '0.90000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000004',
  ],
  ['1e30', '1000000000000000000000000000000'],
  ['7.5 % 2', '1.5'],
  ['-7 % 3', '-1'],
  ['5 % 0', '5'],
  ['ceil(-0.5)', '0'],
  ['0 * -1', '-0'],
  ['max("5", 6)', '6'],
  ['sum(["1", 2])', '3'],
  ['"2" < 10', 'true'],
  ['range(3, 0)', '[3,2,1]'],
  ['range(3)', '[0,1,2]'],
  [
    'range(0, 1, 0.3)',
    '[0,0.3,0.6,0.90000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000004]',
  ],
  ['range(5, 5, 0)', '[]'],
  ['range(0, 3, -1)', 'refused'],
  ['tolist(toset([10, 9]))', '[9,10]'],
  ['[for n in toset([10, 9, 100]) : n]', '[9,10,100]'],
  ['toset([null, "b", "a"])', '["a","b",null]'],
  ['toset([true, false])', '[false,true]'],
  ['length(toset([1, "1"]))', '1'],
  ['setunion([1], ["1", 2])', '["1","2"]'],
  ['setunion(tolist([]), [2, 1])', '[1,2]'],
  ['setintersection([1, 2], ["2"])', '["2"]'],
  ['setsubtract([1, 2], [2])', '[1]'],
  ['distinct([1, "1"])', '["1"]'],
  ['tolist([1, "a"])[0] == 1', 'false'],
  ['tolist([1, true])', 'refused'],
  ['tomap({ a = 1, b = "x" }).a == 1', 'false'],
  ['coalesce("", 5) == 5', 'false'],
  ['coalesce(null, "", 5)', '"5"'],
  ['coalesce(1, true)', 'refused'],
  ['[1, 2] == tolist([1, 2])', 'false'],
  ['tolist([1]) == toset([1])', 'false'],
  ['{ a = 1 } == tomap({ a = 1 })', 'false'],
  ['[] == tolist([])', 'false'],
  ['tolist([]) == tolist([])', 'true'],
  ['[null] == [tostring(null)]', 'false'],
  ['null == tostring(null)', 'true'],
  ['compact([1, ""])', '["1"]'],
  ['contains([1, 2], "1")', 'false'],
  ['contains(tolist([1, "2"]), "1")', 'true'],
  ['concat([1], ["a"])', '[1,"a"]'],
  ['concat(tolist([1]), tolist(["a"]))', '["1","a"]'],
  ['merge({ a = 1 }, { b = "x" })', '{"a":1,"b":"x"}'],
  ['lookup(tomap({ a = "x" }), "b", 5)', '"5"'],
  ['zipmap(["a", "b"], tolist([1, "x"]))', '{"a":"1","b":"x"}'],
  ['sort([3, 10, 2])', '["10","2","3"]'],
  ['reverse(tolist([1, "a"]))', '["a","1"]'],
  ['flatten([[1], toset(["a"])])', '[1,"a"]'],
  ['one(tolist([1]))', '1'],
  ['element(["a", "b"], 3)', '"b"'],
  ['alltrue([null])', 'false'],
  ['anytrue(["false", true])', 'true'],
  ['true ? 1 : "a"', '"1"'],
  ['true ? [1] : ["a"]', '["1"]'],
  ['true ? [1] : ["a", "b"]', '["1"]'],
  ['true ? { a = 1 } : { b = "x" }', '{"a":"1"}'],
  ['true ? [] : tolist(["a"])', '[]'],
  ['true ? 1 : tostring(null)', '"1"'],
  ['true ? 1 : null', '1'],
  ['true ? 1 : true', 'refused'],
  ['true ? 5 : [][0]', '5'],
  ['var.none == null ? 1 : "x"', '"1"'],
  ['[for x in tolist([1, "a"]) : x]', '["1","a"]'],
  ['{ for k in ["a", "a"] : k => 1 }', 'refused'],
  ['"${1}" == 1', 'true'],
  ['"${1}-" == 1', 'false'],
  ['1 == "1"', 'false'],
  ['tobool("1")', 'true'],
  ['parseint(12, 10)', 'refused'],
  ['length(5)', 'refused'],
  ['jsonencode("<>&\\u2028\\u2029")', '"\\"\\\\u003c\\\\u003e\\\\u0026\\\\u2028\\\\u2029\\""'],
  ['jsonencode({ b = [null, 1.50], a = "é" })', '"{\\"a\\":\\"é\\",\\"b\\":[null,1.5]}"'],
  ['"${1 / 4}s"', '"0.25s"'],
  ['substr("abc", -2, 0)', '"bc"'],
  ['substr("abc", 1, 0)', '""'],
  ['format("%d", "5")', '"5"'],
  ['format("%s", 1 / 4)', '"0.25"'],
  ['var.ls[0] == "443"', 'true'],
  ['var.ls[0] == 443', 'false'],
  ['var.mn', '{"a":1}'],
  ['var.on', '{"a":5}'],
  ['var.o', '{"a":5,"b":null,"c":"1"}'],
  ['var.lo', '[{"a":5},{"a":1}]'],
  ['var.sn', '[9,10]'],
  ['var.tu', '["1",2]'],
  ['var.ma', '{"a":"1","b":"x"}'],
];
test.each(TERRAFORM)('%s is %s', (expression, json) => expect(answer(expression)).toBe(json));

/** Terraform has an answer to each, which this reader does not claim to know. */
const NOT_CERTAIN: readonly (readonly [expression: string, why: RegExp])[] = [
  ['true ? 1 : aws_y.y.id_of', /whether it is a number or a text/],
  ['(true ? 1 : aws_y.y.other) == 1', /its type depends on what is unknown/],
  ['true ? [1] : aws_y.y.other', /its type depends on what is unknown/],
  ['aws_y.y.port == 443', /its type depends on what is unknown/],
  ['aws_y.y.text == "443"', /its type depends on what is unknown/],
  ['aws_y.y.list == ["b", "a"]', /its type depends on what is unknown/],
  ['join(",", aws_y.y.list)', /a list, or a set, which has an order of its own/],
  ['tolist(aws_y.y.list)[0]', /a list, or a set, which has an order of its own/],
  ['true ? tolist([1]) : toset(["a"])', /no type in common that is certain/],
  ['toset([[1], [2]])', /the order of such a set/],
  ['[[1], [2]][*][*]', /a splat within a splat/],
  ['element([1, 2], -2)', /element\(\) below 0/],
  ['1e400', /too long a number/],
  ['tonumber("1e400")', /longer than this reader counts/],
  ['jsondecode("[9007199254740993]")', /so long a number/],
  ['split("", "ab")', /split\(\) by nothing/],
];
test.each(NOT_CERTAIN)('%s is unknown', (expression, why) => {
  const y = { port: 443, text: '443', list: ['b', 'a'], other: '${timestamp()}', id_of: '${timestamp()}' };
  expect(answer(expression, { aws_y: { y } })).toMatch(why);
});

test.each([
  ['aws_y.y.port + 1', '444'],
  ['"${aws_y.y.port}"  == null', 'false'],
  ['"port ${aws_y.y.text}"', '"port 443"'],
  ['aws_y.y.name == "front"', 'true'],
  ['aws_y.y.on ? "yes" : "no"', '"yes"'],
  ['length(aws_y.y.list)', '2'],
])('what an argument of another resource is in either type is certain: %s', (expression, json) => {
  const y = { port: '443', text: 443, name: 'front', on: 'true', list: ['b', 'a'] };
  expect(answer(expression, { aws_y: { y } })).toBe(json);
});

test.each([
  ['list(strings)', [1]],
  ['list(', [1]],
  ['object({a = 1})', { a: 1 }],
])('the type %s is not understood, and the variable is unknown', (type, value) => {
  const resource = { aws_x: { x: { value: '${var.odd}' } } };
  const graph = parseStack({ resource, provider: { aws: {} }, variable: { odd: { type, default: value } } }, '/stack');
  expect(() => graph.get('aws_x.x')?.values['value']).toThrow(/type.* is not understood/);
});

test('for_each takes texts, and no set of numbers', () => {
  const made = (set: string): number =>
    parseStack(
      { resource: { aws_x: { x: { for_each: `\${toset(${set})}` } } }, provider: { aws: { region: 'x' } } },
      '/stack',
    ).ofType('aws_x').length;
  expect(made('["a", 1]')).toBe(2);
  expect(() => made('[1, 2]')).toThrow(/a map or a set of texts/);
});
