import { InputError } from '@dr/contracts';
import { parseScenario } from './scenario';

const objective = { rtoSeconds: 60, rpoSeconds: 5 };
const places = { regions: ['mumbai', 'singapore'], functions: ['health-checker', 'traffic-router'] };

test('without options it is a dark first region for 300 s after a minute of 20 requests/s by 200 clients', () => {
  expect(parseScenario({ objective }, places)).toEqual({
    fault: { kind: 'region-dark', region: 'mumbai', startSeconds: 60, durationSeconds: 300 },
    objective,
    load: { clients: 200, requestsPerSecond: 20, writeShare: 0.5 },
  });
});

test('metrics can be late in us-east-1 too, which has those of health checks', () => {
  const region = 'us-east-1';
  expect(parseScenario({ objective, fault: 'metrics-late', region }, places).fault).toMatchObject({ region });
});

test.each([
  [{ fault: 'region-dark', region: 'us-east-1' }, /--region "us-east-1": .* Use one of mumbai, singapore$/],
  [{ fault: 'metrics-late', region: 'pune' }, /--region "pune": .* Use one of mumbai, singapore, us-east-1$/],
  [{ fault: 'meteor' }, /--fault "meteor": no fault has that name\. Use one of region-dark, region-refuses, /],
  [{ fault: 'toString' }, /no fault has that name/],
  [{ region: 'pune' }, /--region "pune": the stack has no such region\. Use one of mumbai, singapore/],
  [{ functionName: 'router' }, /--function "router": .* Use one of health-checker, traffic-router/],
  [{ durationSeconds: 0 }, /--duration 0: is out of range\. Give a number from 1 to 7200/],
  [{ clients: 1e9 }, /--clients 1000000000: is out of range/],
  [{ requestsPerSecond: Number.NaN }, /--rate NaN: is out of range/],
])('fails on %j with what is allowed', (options, message) => {
  const parse = () => parseScenario({ objective, ...options }, places);
  expect(parse).toThrow(InputError);
  expect(parse).toThrow(message);
});
