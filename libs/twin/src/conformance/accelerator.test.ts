// Global Accelerator in front of load balancers that are run: whom it leads where, what it goes by, and what it leaves alone (GA-01 to GA-05).
import { ACCELERATOR_LOOK } from '@dr/contracts';
import type { Fault } from '@dr/contracts';
import type { Site } from '../site';
import {
  answer,
  balancerArn,
  DOMAIN,
  edgeOf,
  fetchFrom,
  loadBalancer,
  MUMBAI,
  nameOf,
  near,
  record,
  resource,
  SINGAPORE,
  type Edge,
  type Values,
} from './edge-fixture';
import { REGIONS, type PlainResource } from './fixtures';

const LISTENER = 'arn:aws:globalaccelerator::123456789012:accelerator/1/listener/1';
const ACCELERATOR = 'arn:aws:globalaccelerator::123456789012:accelerator/1';
const FRONT = 'a1.awsglobalaccelerator.com';
const LOOK = ACCELERATOR_LOOK.intervalSeconds;
/** From the first look that finds another thing to the last that has to; a phase of up to one interval comes before. */
const LEAST = LOOK * (ACCELERATOR_LOOK.failureThreshold - 1);
const MOST = LOOK * ACCELERATOR_LOOK.failureThreshold;

const group = (awsRegion: string, values: Values = {}): PlainResource =>
  resource('aws_globalaccelerator_endpoint_group', nameOf(awsRegion), {
    listener_arn: LISTENER,
    endpoint_group_region: awsRegion,
    endpoint_configuration: [{ endpoint_id: balancerArn(awsRegion), weight: 128 }],
    ...values,
  });

const CHECK = {
  health_check: [
    { enabled: true, path: '/health', interval: 5, timeout: 4, unhealthy_threshold: 2, healthy_threshold: 2 },
  ],
};

/** `health`: what each region's target answers its load balancer, and changes with time. */
function front(
  health: (awsRegion: string) => number = () => 200,
  groups = REGIONS.map(({ awsRegion }) => group(awsRegion)),
): Edge {
  return edgeOf({
    resources: [
      ...REGIONS.flatMap(({ awsRegion }) =>
        loadBalancer(awsRegion, { group: CHECK, balancer: { client_keep_alive: 60 } }),
      ),
      resource('aws_globalaccelerator_accelerator', 'front', { arn: ACCELERATOR, id: ACCELERATOR, dns_name: FRONT }),
      resource('aws_globalaccelerator_listener', 'front', {
        arn: LISTENER,
        id: LISTENER,
        accelerator_arn: ACCELERATOR,
      }),
      ...groups,
      record('front', { alias: [{ name: FRONT, zone_id: 'Z2BJ6XQ5FK7U4H', evaluate_target_health: false }] }),
    ],
    respond: (functionArn, event) => {
      const region = functionArn.split(':')[3] ?? '';
      return answer(event.headers?.['user-agent']?.startsWith('ELB-') ? health(region) : 200, region);
    },
    start: true,
  });
}

/** Who answers a new connection from there now. */
async function answerTo(edge: Edge, from: Site): Promise<string> {
  const { result } = await fetchFrom(edge, from, DOMAIN);
  return typeof result === 'string' ? result : result.body.toString();
}

const until = (edge: Edge, seconds: number): Promise<void> => edge.world.scheduler.runUntil(seconds * 1_000);

const lose = (edge: Edge, kind: Fault['kind'], startSeconds: number, durationSeconds: number): void => {
  const fault: Fault = { kind, region: 'mumbai', startSeconds, durationSeconds };
  edge.world.scheduler.at(startSeconds * 1_000, () => edge.world.faults.start(fault));
  edge.world.scheduler.at((startSeconds + durationSeconds) * 1_000, () => edge.world.faults.end(fault));
};

describe('GA-01 where clients are led', () => {
  it('to the nearest group, whose load balancer answers', async () => {
    const edge = front();
    expect(await answerTo(edge, near(MUMBAI))).toBe(MUMBAI);
    expect(await answerTo(edge, near(SINGAPORE))).toBe(SINGAPORE);
  });

  it('to the nearest again where none is healthy: it fails open', async () => {
    const edge = front(() => 503);
    await until(edge, 60 + MOST);
    expect(await answerTo(edge, near(MUMBAI))).toBe(MUMBAI);
    expect(await answerTo(edge, near(SINGAPORE))).toBe(SINGAPORE);
  });

  it('past a group whose dial is 0, which is taken when it is the only healthy one', async () => {
    const dialled = [group(MUMBAI), group(SINGAPORE, { traffic_dial_percentage: 0 })];
    const edge = front((awsRegion) => (awsRegion === MUMBAI ? 503 : 200), dialled);
    expect(await answerTo(edge, near(SINGAPORE))).toBe(MUMBAI);
    await until(edge, 60 + MOST);
    expect(await answerTo(edge, near(MUMBAI))).toBe(SINGAPORE);
  });
});

describe('GA-02 what it goes by', () => {
  it("the load balancer's target groups, after looks of its own", async () => {
    let isBroken = false;
    const edge = front((awsRegion) => (isBroken && awsRegion === MUMBAI ? 503 : 200));
    await until(edge, 60);
    isBroken = true;
    // The second failed check comes 5 s after the first at the soonest.
    await until(edge, 60 + 5 + LEAST - 1);
    expect(await answerTo(edge, near(MUMBAI))).toBe(MUMBAI);
    await until(edge, 60 + 2 * 5 + MOST + 1);
    expect(await answerTo(edge, near(MUMBAI))).toBe(SINGAPORE);
    isBroken = false;
    await until(edge, 200);
    expect(await answerTo(edge, near(MUMBAI))).toBe(MUMBAI);
  });

  it("not its groups' own health check settings", async () => {
    const settings = { health_check_interval_seconds: 10, threshold_count: 1, health_check_path: '/nothing' };
    const edge = front(() => 200, [group(MUMBAI, settings), group(SINGAPORE, settings)]);
    await until(edge, 120);
    expect(await answerTo(edge, near(MUMBAI))).toBe(MUMBAI);
  });

  it('of a load balancer that nobody reaches it finds out by itself, in the time of its looks', async () => {
    const edge = front();
    lose(edge, 'region-dark', 60, 300);
    await until(edge, 60 + LEAST - 1);
    expect(await answerTo(edge, near(MUMBAI))).toBe('connect-timeout');
    await until(edge, 60 + MOST + 1);
    expect(await answerTo(edge, near(MUMBAI))).toBe(SINGAPORE);
  });

  it('a region that comes back and is not ready yet gets nobody', async () => {
    let isReady = true;
    const edge = front((awsRegion) => (isReady || awsRegion === SINGAPORE ? 200 : 503));
    lose(edge, 'region-dark', 60, 100);
    await until(edge, 100);
    isReady = false;
    const seen = new Set<string>();
    for (let second = 160; second <= 260; second += 1) {
      await until(edge, second);
      seen.add(await answerTo(edge, near(MUMBAI)));
    }
    expect(seen).toEqual(new Set([SINGAPORE]));
    isReady = true;
    await until(edge, 262 + 2 * 5 + MOST + 1);
    expect(await answerTo(edge, near(MUMBAI))).toBe(MUMBAI);
  });
});

describe('GA-03 what DNS has to do with it', () => {
  it('nothing: an answer from before leads where the accelerator leads now', async () => {
    const edge = front();
    const before = edge.internet.resolve(DOMAIN, near(MUMBAI));
    if (!before) throw new Error('no answer');
    expect(edge.internet.leadsTo(near(MUMBAI), before)).toBe(MUMBAI);
    lose(edge, 'region-dark', 60, 300);
    await until(edge, 60 + MOST + 1);
    expect(edge.internet.leadsTo(near(MUMBAI), before)).toBe(SINGAPORE);
    expect(before).toMatchObject({ loadBalancer: FRONT, ttlSeconds: 60 });
    expect(before.zones).toBeUndefined();
  });

  it('its way is told of whenever it changes, and not before', async () => {
    const edge = front();
    lose(edge, 'region-dark', 60, 300);
    await until(edge, 60 + MOST + 1);
    const told = [...edge.world.events].flatMap((event) =>
      event.kind === 'dns-answer' && event.name === DOMAIN ? [`${event.from}: ${event.regions.join()}`] : [],
    );
    expect(told).toEqual(['mumbai: mumbai', 'singapore: singapore', 'mumbai: singapore']);
  });
});

describe('GA-04 a connection that is open', () => {
  const asked = { method: 'GET', path: '/', headers: { host: DOMAIN }, body: Buffer.alloc(0) };
  const times = { connectMs: 3_000, responseMs: 3_000 };

  it('stays with its region while that answers, until the load balancer ends it', async () => {
    let isBroken = false;
    const edge = front((awsRegion) => (isBroken && awsRegion === MUMBAI ? 503 : 200));
    const held = edge.internet.resolve(DOMAIN, near(MUMBAI));
    if (!held) throw new Error('no answer');
    const kept = edge.internet.keep(near(MUMBAI), held, { protocol: 'https', port: 443 });
    const ask = async (): Promise<string> => {
      const reply = await edge.settle(kept.request(asked, times));
      return typeof reply === 'string' ? reply : reply.body.toString();
    };
    expect(await ask()).toBe(MUMBAI);
    isBroken = true;
    // Every few seconds, so that it is never idle; the accelerator has moved on by then.
    for (let second = 10; second <= 50; second += 10) {
      await until(edge, second);
      expect([kept.isOpen(), await ask()]).toEqual([true, MUMBAI]);
    }
    expect(await answerTo(edge, near(MUMBAI))).toBe(SINGAPORE);
    await until(edge, 65);
    expect(await ask()).toBe(MUMBAI);
    expect(kept.isOpen()).toBe(false);
  });
});

describe('GA-05 an accelerator without a group', () => {
  it('answers nobody', async () => {
    const edge = front(() => 200, []);
    const { result } = await fetchFrom(edge, near(MUMBAI), DOMAIN);
    expect(result).toBe('connect-timeout');
  });
});
