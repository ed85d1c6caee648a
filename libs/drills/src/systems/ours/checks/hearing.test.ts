// What excuses a region from waiting for a peer's writes, or from knowing that it was evacuated, and what does not.
import type { Fault } from '@dr/contracts';
import type { LoggedEvent } from '@dr/twin';
import { request } from '../../../testing/fixtures';
import { beats, faultOf, inOrder, recordOf, said, wrongBy } from '../../../testing/schedule-fixtures';
import { spansOf } from './hearing';

const WRITTEN: LoggedEvent = { kind: 'item-written', atMs: 60_000, region: 'singapore', id: 'a', timestamp: 't1' };
const during = (kind: Fault['kind'], from: number, to: number, more: Partial<Fault> = {}): Fault =>
  faultOf(kind, { startSeconds: from, durationSeconds: to - from, ...more });
const SINGAPORE = { region: 'singapore' };

/** mumbai beats at 20 s and again at 98 s, and serves without a write of singapore's. `peer`: what singapore says meanwhile. */
const behind = (
  faults: readonly Fault[],
  peer = beats('singapore', 0, 300_000),
  own = [said(20_000, 'mumbai'), said(98_000, 'mumbai')],
): string[] => wrongBy('I3-waits-after-an-absence', recordOf({ faults, events: inOrder(peer, own, WRITTEN) }));

describe('a region whose table throttled asks once', () => {
  const throttled = during('dynamodb-throttled', 22, 97);

  it.each([
    ['nothing else is broken', []],
    ['what is broken is its own load balancer', [during('alb-dark', 90, 110)]],
    ['its own environments start cold', [during('cold-starts', 90, 110)]],
    ['clients are cut off', [during('link-cut', 90, 110, { from: 'clients', to: 'mumbai' })]],
    ['replication alone stands still', [during('replication-paused', 30, 110)]],
    ['the cut ended before it asked', [during('partition', 30, 95)]],
    ['the peer was lost for a while and has beaten since', [during('region-dark', 60, 90, SINGAPORE)]],
  ])('and has to wait where %s', (_, faults) => {
    expect(behind([throttled, ...faults])).toEqual([
      'mumbai came back at 98 s and was serving at once without 1 older writes of singapore',
    ]);
  });

  it.each([
    ['the regions are cut off from each other', [during('partition', 90, 110)]],
    ['its question is lost', [during('link-cut', 90, 110, { from: 'mumbai', to: 'singapore' })]],
    ['the answer is lost', [during('link-cut', 90, 110, { from: 'singapore', to: 'mumbai' })]],
    ['the load balancer of the peer is dark', [during('alb-dark', 90, 110, SINGAPORE)]],
    ['the table of the peer is slow', [during('dynamodb-slow', 90, 110, SINGAPORE)]],
  ])('and may serve where %s', (_, faults) => {
    expect(behind([throttled, ...faults])).toEqual([]);
  });

  it('and may lack what slow replication delays, for a minute', () => {
    const slow = (from: number, to: number, more = SINGAPORE) => [
      throttled,
      during('replication-slow', from, to, more),
    ];
    const own = (atMs: number) => [said(20_000, 'mumbai'), said(atMs, 'mumbai')];
    const peer = beats('singapore', 0, 300_000);
    const long = during('dynamodb-throttled', 22, 121);
    expect(behind(slow(30, 90))).toEqual([]);
    expect(behind([long, ...slow(30, 90)], peer, own(122_000))).toHaveLength(1);
    // Over before the write, or of the other region: the write is as late as any.
    expect(behind(slow(30, 59))).toHaveLength(1);
    expect(behind(slow(30, 90, { region: 'mumbai' }))).toHaveLength(1);
  });

  it('and may serve where the peer was lost, until the peer has beaten again', () => {
    const lost = [throttled, during('region-dark', 80, 95, SINGAPORE)];
    const back = (atMs: number): LoggedEvent[] => [
      ...beats('singapore', 0, 80_000),
      ...beats('singapore', atMs, 300_000),
    ];
    expect(behind(lost, back(98_500))).toEqual([]);
    expect(behind(lost, back(96_000))).toHaveLength(1);
  });

  it('and has to wait for a peer that has been back for two heartbeats, whatever that one says of itself', () => {
    const silent = [...beats('singapore', 0, 60_000), ...beats('singapore', 99_000, 300_000)];
    expect(behind([throttled, during('region-dark', 60, 86, SINGAPORE)], silent)).toHaveLength(1);
  });
});

describe('a region that was away listens for D', () => {
  const away = during('region-dark', 22, 97);

  it.each([
    ['the cut began just before it came back', [during('partition', 90, 110)]],
    [
      'its question is lost, and the heartbeats arrive',
      [during('link-cut', 30, 110, { from: 'mumbai', to: 'singapore' })],
    ],
    ['replication alone stands still', [during('replication-paused', 30, 110)]],
    ['the peer was lost for a moment', [during('region-dark', 93, 97, SINGAPORE)]],
  ])('and has to wait where %s', (_, faults) => {
    const peer = [...beats('singapore', 0, 90_000), ...beats('singapore', 99_000, 300_000)];
    expect(behind([away, ...faults], peer)).toHaveLength(1);
  });

  it("and has to wait where the peer's table was slow until it came back", () => {
    const slow = during('dynamodb-slow', 40, 97, SINGAPORE);
    expect(
      behind([away, slow], [...beats('singapore', 0, 40_000), ...beats('singapore', 99_000, 300_000)]),
    ).toHaveLength(1);
  });

  it('and may serve after silence on both channels, if it went on beating', () => {
    // Nobody reached it from 20 to 98 s; its schedule beat on.
    const isolated = during('isolated', 22, 97);
    const own = [...beats('mumbai', 20_000, 98_000, { lastProbeAtMs: 20_000 }), said(98_000, 'mumbai')];
    const silent = [isolated, during('alb-dark', 60, 110, SINGAPORE), during('replication-paused', 60, 110)];
    expect(behind([isolated, during('partition', 60, 110)], undefined, own)).toEqual([]);
    expect(behind(silent, undefined, own)).toEqual([]);
    expect(behind([isolated, during('partition', 85, 110)], undefined, own)).toHaveLength(1);
    expect(behind(silent)).toHaveLength(1);
  });
});

describe('an evacuated region whose table throttles', () => {
  const left = [said(0, 'mumbai'), said(10_000, 'mumbai', { state: 'evacuated' })];
  /** A client that is sent there at that time. Clients have 58 s to leave. */
  const sent = (atSeconds: number, faults: readonly Fault[]): string[] =>
    wrongBy('nobody-sent-to-evacuated', recordOf({ faults, events: inOrder(left, request(atSeconds * 1000)) }));
  const throttled = during('dynamodb-throttled', 20, 80);

  it.each([
    ['the peer can be asked', []],
    ['the cut is over before an environment has waited for D', [during('partition', 40, 59)]],
    ['the cut is not of the two regions', [during('link-cut', 30, 80, { from: 'clients', to: 'mumbai' })]],
    ['only the peer is not heard, and its replica can be read', [during('alb-dark', 30, 80, SINGAPORE)]],
    ['the cut comes after the throttling', [during('partition', 80, 140)]],
    ['the peer throttled only earlier', [during('dynamodb-throttled', 0, 19, SINGAPORE)]],
  ])('is left by its clients where %s', (_, faults) => {
    expect(sent(85, [throttled, ...faults])).toEqual([
      expect.stringMatching(/in mumbai at 85 s, which had been evacuated for longer than 58 s/),
    ]);
  });

  it.each([
    ['the regions were cut off from each other for longer than D', [during('partition', 40, 61)]],
    ['one cut followed another', [during('partition', 40, 55), during('dynamodb-slow', 55, 70, SINGAPORE)]],
    ["the peer's replica throttles too", [during('dynamodb-throttled', 79, 90, SINGAPORE)]],
  ])('could not know where %s', (_, faults) => {
    expect(sent(85, [throttled, ...faults])).toEqual([]);
  });

  it('has been left again once clients have had their time', () => {
    const blind = [throttled, during('partition', 20, 80)];
    expect(sent(138, blind)).toEqual([]);
    expect(sent(139, blind)).toHaveLength(1);
  });
});

it('spans of faults that overlap or touch are one', () => {
  expect(spansOf([during('partition', 50, 60), during('alb-dark', 10, 20), during('isolated', 20, 30)])).toEqual([
    { fromMs: 10_000, toMs: 30_000 },
    { fromMs: 50_000, toMs: 60_000 },
  ]);
});
