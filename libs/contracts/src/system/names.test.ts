// The names that two worlds share can be read back.
import { ENV } from './env';
import { FUNCTIONS, FUNCTION_SPECS } from './functions';
import {
  ALARMS,
  alarmName,
  CHECK_PATH,
  functionOf,
  HEALTH_PATH,
  lambdaName,
  LIVENESS_PATH,
  parseAlarmName,
} from './names';

test.each(FUNCTIONS)('%s is known by its name in Lambda, whatever the system is called', (fn) => {
  for (const system of ['dr', 'a1', 'trafficrouter']) {
    expect(lambdaName(system, fn)).toBe(`${system}-${fn}`);
    expect(functionOf(lambdaName(system, fn))).toBe(fn);
  }
  expect(functionOf(fn)).toBe(fn);
});

test('a function of somebody else keeps its name', () => {
  expect(functionOf('orders')).toBe('orders');
  expect(functionOf('my_traffic-router')).toBe('my_traffic-router');
});

test.each(ALARMS)('the name of alarm %s says which alarm it is and whom it is about', (alarm) => {
  expect(parseAlarmName('dr', alarmName('dr', 'mumbai', alarm))).toEqual({ about: 'mumbai', alarm });
  expect(parseAlarmName('other', alarmName('dr', 'mumbai', alarm))).toBeUndefined();
});

test('functions.json has the paths and the variables that the functions themselves know', () => {
  const { paths, livenessPath } = FUNCTION_SPECS['health-checker'].route ?? {};
  expect({ paths, livenessPath }).toEqual({ paths: [HEALTH_PATH, `${CHECK_PATH}*`], livenessPath: LIVENESS_PATH });
  const told = Object.values(FUNCTION_SPECS).flatMap(({ invokes = {} }) => Object.keys(invokes));
  expect(Object.values(ENV)).toEqual(expect.arrayContaining(told));
  const shorts = Object.values(FUNCTION_SPECS).map(({ short }) => short);
  expect(new Set(shorts).size).toBe(shorts.length);
});
