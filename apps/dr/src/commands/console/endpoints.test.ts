// Where everything is, in lines to paste: folded for a narrow terminal they are still those commands.
import { FAULT_KINDS } from '@dr/contracts';
import { OURS } from '@dr/drills';
import { fitted } from '../../terminal/fitted';
import { addressText, choicesFor, type Endpoints } from './endpoints';

const region = (name: string, index: number) => ({
  name,
  awsRegion: 'ap-south-1',
  loadBalancer: `http://127.0.0.1:${8081 + index}`,
  answersAs: `127.0.1.${index + 1}`,
  dynamodb: `http://127.0.0.1:${8091 + index}`,
  table: 'dr-system-table',
});
const ENDPOINTS: Endpoints = {
  page: 'http://127.0.0.1:8080',
  apiKey: 'k'.repeat(48),
  dns: {
    address: '127.0.0.1',
    port: 5300,
    name: 'app.example.com',
    vantages: [
      { region: 'mumbai', port: 5300 },
      { region: 'singapore', port: 5301 },
    ],
  },
  regions: [region('mumbai', 0), region('singapore', 1)],
};
const isCommand = (line: string): boolean => /^ {2}(curl|dig|aws) /.test(line);

test.each([40, 80, 200])(
  'at %d columns no line is wider, unless one word is, and each command is what it was',
  (width) => {
    const text = addressText(ENDPOINTS, 10);
    const folded = fitted(text, width);
    for (const line of folded.split('\n')) {
      const words = line
        .trim()
        .split(/\s+/)
        .filter((word) => word !== '\\');
      if (words.length > 1) expect(line.length).toBeLessThanOrEqual(width);
    }
    const unfolded = folded.replace(/ \\\n\s+/g, ' ');
    expect(unfolded.split('\n').filter(isCommand)).toEqual(text.split('\n').filter(isCommand));
    expect(text.split('\n').filter(isCommand)).toHaveLength(10);
  },
);

test('without a key or a table nothing is said of them', () => {
  const text = addressText({ ...ENDPOINTS, apiKey: null, regions: [{ ...region('mumbai', 0), table: null }] }, 1);
  expect(text).not.toMatch(/bearer|aws dynamodb|null/);
});

test('the page may offer every fault, and what each needs to be told', () => {
  const { faults, functions } = choicesFor(OURS.functions);
  expect(faults.map(({ kind }) => kind)).toEqual(FAULT_KINDS);
  const needs = Object.fromEntries(faults.map((one) => [one.kind, one.needs]));
  expect(needs).toMatchObject({ 'region-dark': ['region'], 'link-cut': ['from', 'to'], 'us-east-1-down': [] });
  expect(needs['lambda-errors']).toEqual(['region', 'functionName']);
  expect(functions).toContain('traffic-router');
});
