// The console that serves the page: its stream of events, and what it is asked. Same origin, as the page's policy demands.
import type { Command, Endpoints } from '../live/messages';
import type { LiveRun, Message } from '../live/live-run';

const KINDS = ['log', 'events', 'clock', 'given', 'end'] as const satisfies readonly Message['kind'][];
/** A browser that gives up, e.g. since the console refused, is told to try again. */
const RETRY_MS = 3_000;

export interface Console {
  readonly run: LiveRun;
  readonly endpoints: Endpoints;
  /** Rejects with what the console says against it. */
  send(command: Command): Promise<void>;
}

/** Rejects when the console cannot be asked at all. */
export async function connect(run: LiveRun, address: string): Promise<Console> {
  const endpoints = await fetch('/endpoints').then((answer) => answer.json() as Promise<Endpoints>);
  listen(run, address);
  return { run, endpoints, send };
}

function listen(run: LiveRun, address: string): void {
  const source = new EventSource(address);
  for (const kind of KINDS) {
    source.addEventListener(kind, (event: MessageEvent<string>) => {
      run.take({ kind, data: JSON.parse(event.data) as never });
      if (kind === 'end') source.close();
    });
  }
  source.addEventListener('error', () => {
    run.linked(false);
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => listen(run, address), RETRY_MS);
  });
}

async function send(command: Command): Promise<void> {
  const answer = await fetch('/control', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-dr-console': '1' },
    body: JSON.stringify(command),
  }).catch(() => {
    throw new Error('The console does not answer. Is it still running?');
  });
  if (answer.ok) return;
  const { error } = (await answer.json().catch(() => ({}))) as { error?: string };
  throw new Error(error ?? `The console answers ${answer.status}`);
}
