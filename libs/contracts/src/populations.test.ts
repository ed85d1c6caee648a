// The option that names populations of clients: what it reads, and what it refuses and why.
import { InputError } from './input-error';
import { DEFAULT_POPULATIONS, parsePopulations, populationsText } from './populations';

test.each([
  ['none', []],
  ['keeps=0.2', [{ name: 'keeps', share: 0.2 }]],
  [
    'keeps=0.2:900, stretches=0.09:300 ,far=1',
    [
      { name: 'keeps', share: 0.2, seconds: 900 },
      { name: 'stretches', share: 0.09, seconds: 300 },
      { name: 'far', share: 1 },
    ],
  ],
  ['keeps=0,far=0.1', [{ name: 'far', share: 0.1 }]],
])('%s is read', (text, expected) => {
  expect(parsePopulations(text)).toEqual(expected);
});

test('what is written is read back', () => {
  for (const populations of [[], DEFAULT_POPULATIONS, [{ name: 'keeps', share: 0.1, seconds: 30 } as const]])
    expect(parsePopulations(populationsText(populations))).toEqual(populations);
});

test.each([
  ['', /no NAME=SHARE/],
  ['keeps', /no NAME=SHARE/],
  ['keeps=', /share/],
  ['keeps=x', /share/],
  ['keeps=-0.1', /from 0 to 1/],
  ['keeps=1.1', /from 0 to 1/],
  ['keeps=Infinity', /from 0 to 1/],
  ['keep=0.1', /Use keeps, stretches, far/],
  ['honours=0.5', /--clients/],
  ['keeps=0.1,keeps=0.2', /twice/],
  ['keeps=0.1:0', /from 1 to 604800/],
  ['stretches=0.1:86401', /from 1 to 86400/],
  ['keeps=0.1:', /out of range/],
  ['far=0.1:60', /takes no seconds/],
  ['none,keeps=0.1', /no NAME=SHARE/],
])('"%s" is refused', (text, says) => {
  expect(() => parsePopulations(text)).toThrow(InputError);
  expect(() => parsePopulations(text)).toThrow(says);
});
