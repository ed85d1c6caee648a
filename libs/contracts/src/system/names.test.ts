// The names that two worlds share can be read back.
import { ALARMS, alarmName, functionOf, FUNCTIONS, lambdaName, parseAlarmName } from './names';

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
