// A page gets the log in order and once, however slowly it reads; what it has not read costs nothing.
import type { LoggedEvent } from '@dr/event-log';
import { Feed } from './feed';
import type { Outlet } from './ports';

const event = (atMs: number): LoggedEvent => ({
  kind: 'item-written',
  atMs,
  region: 'mumbai',
  id: 'a',
  timestamp: 't',
});

function watched(count = 0) {
  const events = Array.from({ length: count }, (_, at) => event(at));
  const state = { given: { faults: [] as string[] } };
  const feed = new Feed({
    header: '{"kind":"log"}',
    events,
    clock: () => ({ atMs: events.length }),
    given: () => state.given,
  });
  return { events, feed, state };
}

function reader() {
  const read: { kind: string; data: unknown }[] = [];
  const outlet = {
    isFull: false,
    ended: false,
    write(text: string) {
      const [, kind = '', data = ''] = /^event: (\S+)\ndata: (.*)\n\n$/.exec(text) ?? [];
      read.push({ kind, data: JSON.parse(data) });
    },
    end: () => void (outlet.ended = true),
  };
  const of = (kind: string): unknown[] => read.filter((one) => one.kind === kind).map(({ data }) => data);
  return { outlet: outlet as Outlet & { isFull: boolean; ended: boolean }, read, of };
}

test('a page that comes late gets what ran, the time, what is in force, and then the past in slices', () => {
  const { feed } = watched(4_500);
  const { outlet, read, of } = reader();
  feed.open(outlet);
  expect(read.map(({ kind }) => kind)).toEqual(['log', 'clock', 'given', 'events']);
  for (let times = 0; times < 5; times += 1) feed.tick();
  const slices = of('events') as LoggedEvent[][];
  expect(slices.map(({ length }) => length)).toEqual([2_000, 2_000, 500]);
  expect(slices.flat().map(({ atMs }) => atMs)).toEqual(Array.from({ length: 4_500 }, (_, at) => at));
  expect(feed.isCaughtUp).toBe(true);
});

test('what is in force is sent when it changes, the time whenever it is looked at', () => {
  const { feed, state } = watched();
  const { outlet, of } = reader();
  feed.open(outlet);
  feed.tick();
  state.given = { faults: ['dark'] };
  feed.tick();
  feed.tick();
  expect(of('given')).toEqual([{ faults: [] }, { faults: ['dark'] }]);
  expect(of('clock')).toHaveLength(4);
});

test('a page that cannot take more is sent nothing until it can, and then goes on where it was; others do not wait for it', () => {
  const { feed, events } = watched();
  const [slow, quick] = [reader(), reader()];
  feed.open(slow.outlet);
  feed.open(quick.outlet);
  slow.outlet.isFull = true;
  const before = slow.read.length;
  for (let at = 0; at < 30; at += 1) {
    events.push(event(at));
    feed.tick();
  }
  expect(slow.read).toHaveLength(before);
  expect(feed.isCaughtUp).toBe(false);
  expect((quick.of('events') as unknown[][]).flat()).toHaveLength(30);
  slow.outlet.isFull = false;
  feed.tick();
  expect((slow.of('events') as unknown[][]).flat()).toEqual(events);
});

test('a page that has gone is forgotten; the end is told to all, and to those that come later', () => {
  const { feed } = watched(1);
  const [gone, there, late] = [reader(), reader(), reader()];
  feed.open(gone.outlet)();
  feed.open(there.outlet);
  const before = gone.read.length;
  feed.end({ kind: 'cut', why: 'it is late' });
  feed.open(late.outlet);
  expect(gone.read).toHaveLength(before);
  for (const { of } of [there, late]) expect(of('end')).toEqual([{ kind: 'cut', why: 'it is late' }]);
  feed.close();
  expect([gone.outlet.ended, there.outlet.ended]).toEqual([false, true]);
});
