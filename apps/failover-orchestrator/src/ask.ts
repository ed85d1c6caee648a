// Questions asked only when records leave a doubt: does the region answer me directly, and can us-east-1 be heard?
import { GLOBAL_REGION } from '@dr/contracts';
import { initialFailover } from '@dr/failover';
import { withDeadline } from '@dr/handler-core';
import type { OrchestratorPorts } from './ports';
import type { ControlView } from './records';
import { signsOf, NOT_ASKED, type Asked } from './signs';

const ASK_DEADLINE_MS = 1_500;
/** Any answer to an unsigned request shows that us-east-1, where Route 53's alarms come from, can be reached. */
const GLOBAL_URL = `https://sns.${GLOBAL_REGION}.amazonaws.com/`;

/** Answers by region, for the doubtful ones. `told`: regions whose Route 53 alarm has just arrived, so nothing is doubtful. */
export async function askAround(
  ports: OrchestratorPorts,
  view: ControlView,
  told: readonly string[],
): Promise<Record<string, Asked>> {
  const { region, peers, clock } = ports;
  const doubtful = [region, ...peers.map(({ name }) => name)].filter(
    (about) => !told.includes(about) && isDoubtful(about, ports, view, clock.wallMs()),
  );
  if (doubtful.length === 0) return {};
  const globalRegionAnswers = (await statusOf(ports, GLOBAL_URL)) !== undefined;
  const answers = await Promise.all(
    doubtful.map(async (about): Promise<[string, Asked]> => {
      const host = peers.find(({ name }) => name === about)?.host;
      const status = host === undefined ? undefined : await statusOf(ports, `https://${host}/health`);
      return [about, { answers: host === undefined ? null : status === 200, globalRegionAnswers }];
    }),
  );
  return Object.fromEntries(answers);
}

/** Silent for as long as detection takes and no alarm heard; or back, but the alarm that said otherwise has not cleared. */
function isDoubtful(about: string, ports: OrchestratorPorts, view: ControlView, nowMs: number): boolean {
  const { route53, state } = view.mine.regions[about] ?? initialFailover;
  const { heartbeat } = signsOf(about, view, ports, NOT_ASKED, nowMs);
  if (heartbeat?.kind === 'stale') {
    return route53?.state !== 'ALARM' && nowMs >= heartbeat.sinceMs + ports.timing.worstDetectionMs;
  }
  return heartbeat?.kind === 'fresh' && state !== 'ActiveActive' && route53?.state === 'ALARM';
}

async function statusOf({ clock, http }: OrchestratorPorts, url: string): Promise<number | undefined> {
  try {
    return (await withDeadline(clock, ASK_DEADLINE_MS, (signal) => http.get(url, signal))).status;
  } catch {
    return undefined;
  }
}
