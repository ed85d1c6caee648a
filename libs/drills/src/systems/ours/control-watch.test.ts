import { CONTROL_ID, orderKey } from '@dr/contracts/system';
import type { LoggedEvent } from '@dr/twin';
import { beats, inOrder } from '../../testing/schedule-fixtures';
import { ControlWatch } from './control-watch';

const timestamp = orderKey('singapore', 'mumbai');
const written: LoggedEvent = { kind: 'item-written', atMs: 1_000, region: 'singapore', id: CONTROL_ID, timestamp };
const order: LoggedEvent = {
  kind: 'control-written',
  atMs: 1_000,
  region: 'singapore',
  timestamp,
  record: { target: 'mumbai', kind: 'readmit', number: 1 },
};

const openOrders = (...events: LoggedEvent[]): string[] => {
  const watch = new ControlWatch();
  for (const event of inOrder(beats('mumbai', 0, 9_000), beats('singapore', 0, 9_000), events)) watch.see(event);
  return watch.unrest(['mumbai', 'singapore'], () => false, false);
};

test('an order is waited for until its region has decided it', () => {
  expect(openOrders(written, order)).toEqual(['order 1 (readmit mumbai) is not decided']);
});

test('an order over which somebody has written is waited for no longer, and one given again is', () => {
  const over: LoggedEvent = { ...written, atMs: 2_000, region: 'mumbai' };
  expect(openOrders(written, order, over)).toEqual([]);
  expect(openOrders(written, order, over, { ...written, atMs: 3_000 }, { ...order, atMs: 3_000 })).toHaveLength(1);
});
