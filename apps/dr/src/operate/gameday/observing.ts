// What is watched while a game day is held: the clients, judged before the fault, and the region's own health after it.
import { regionalDomain } from '@dr/contracts/system';
import { Refused } from '../operator';
import { Clients } from './clients';
import type { Network } from './ports';

/** With more failures than this before any fault, a loss would show nothing that is not already lost. */
const WARM_UP_FAILED_SHARE = 0.1;
const SHOW_EVERY_MS = 10_000;
const POLL_MS = 2_000;
const HEALTH_TIMEOUT_MS = 3_000;
const HEALTHY = 200;
/** As long as a drill waits for a region to come back in all. */
export const BACK_LIMIT_MS = 300_000;

export class Observation extends Clients {
  private shownMs = Number.NEGATIVE_INFINITY;
  /** When the region's own name last began to answer that it is healthy; undefined: it did not within the limit. */
  backAtMs: number | undefined;

  /** Before the fault. Throws Refused when the fault would show nothing, or take away more than it should. */
  judgeWarmUp(): void {
    const requests = this.requests.filter(({ kept }) => !kept);
    const failed = requests.filter(({ outcome }) => outcome !== 'ok');
    const { region, domain } = this.watched;
    if (requests.length === 0 || failed.length > requests.length * WARM_UP_FAILED_SHARE) {
      const outcomes = [...new Set(failed.map(({ outcome, status }) => (status ? `HTTP ${status}` : outcome)))];
      throw new Refused(
        `${failed.length} of ${requests.length} requests to ${domain} failed before any fault ` +
          `(${outcomes.join(', ') || 'none was made'}), so none was made. Look at "dr status" first.`,
      );
    }
    if (requests.some((request) => request.region === region)) return;
    const served = [...new Set(requests.map((request) => request.region ?? 'no region'))];
    throw new Refused(
      `From here ${domain} leads to ${served.join(' and ')}, so the loss of ${region} would not be felt and was not ` +
        `made. Name a network near ${region} (--client-subnet), or hold the game day from there.`,
    );
  }

  tick(phase: 'warm-up' | 'fault' | 'recovery'): void {
    const { clock, show } = this.watched;
    if (clock.now() - this.shownMs < SHOW_EVERY_MS) return;
    this.shownMs = clock.now();
    const fresh = this.requests.filter(({ atMs }) => atMs > clock.now() - SHOW_EVERY_MS);
    const failed = fresh.filter(({ outcome }) => outcome !== 'ok').length;
    const regions = [...new Set(fresh.flatMap(({ region }) => (region === undefined ? [] : [region])))].sort();
    show(
      `${phase}: the last ${fresh.length} requests: ${failed} failed, answered by ${regions.join(', ') || 'nobody'}`,
    );
  }

  /** Until the region answers from outside again, or a limit. */
  async untilBack(): Promise<void> {
    const { clock, region, network, domain } = this.watched;
    const limitMs = clock.now() + BACK_LIMIT_MS;
    for (; clock.now() < limitMs; await clock.sleep(POLL_MS)) {
      this.tick('recovery');
      if ((await healthOf(network, regionalDomain(domain, region))) !== HEALTHY) continue;
      this.backAtMs = clock.now();
      return;
    }
  }
}

/** Status that /health of a regional name gives; undefined: nobody answers. */
export async function healthOf(network: Network, host: string): Promise<number | undefined> {
  const connection = network.connection(false);
  const reply = await connection.get({
    host,
    path: '/health',
    timeoutMs: HEALTH_TIMEOUT_MS,
    address: async () => {
      const [address] = (await network.resolve(host)).addresses;
      if (address === undefined) throw new Error(`${host} has no address`);
      return address;
    },
  });
  connection.close();
  return reply.status;
}
