// What the console's own page asks for: itself, what happens, the addresses, the log; and what it wants done.
import { asInputError, InputError } from '@dr/contracts';
import type { Asked, Given } from './ports';
import { refusal } from './guard';
import type { Outlet } from './ports';

export interface PageParts {
  /** HTML. */
  readonly page: string;
  readonly endpoints: object;
  open(outlet: Outlet): () => void;
  /** The event log so far. */
  log(): Iterable<string>;
  readonly controls: Controls;
}

/** What a person can do to the run. Each throws or rejects with InputError. */
export interface Controls {
  begin(fault: unknown, seconds: unknown): Promise<void>;
  end(id: unknown): Promise<void>;
  endAll(): Promise<void>;
  order(order: unknown): Promise<void>;
  speed(asked: unknown): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export const MAX_CONTROL_BYTES = 64 * 1024;
const JSON_TYPE = 'application/json; charset=utf-8';
const TEXT_TYPE = 'text/plain; charset=utf-8';
/** No other page may frame this one, read it, or guess what it is. */
const OWN = {
  'cache-control': 'no-store',
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export function pageApi(parts: PageParts): (asked: Asked) => Promise<Given> {
  return async (asked) => {
    const refused = refusal(asked);
    if (refused !== undefined) return answer(403, TEXT_TYPE, `${refused}\n`);
    const [path = ''] = asked.path.split('?');
    if (asked.method === 'POST' && path === '/control') return controlled(asked, parts.controls);
    if (asked.method !== 'GET') return nothingThere();
    switch (path) {
      case '/':
        return answer(200, 'text/html; charset=utf-8', parts.page);
      case '/endpoints':
        return answer(200, JSON_TYPE, `${JSON.stringify(parts.endpoints)}\n`);
      case '/events':
        return { status: 200, headers: { ...OWN, 'content-type': 'text/event-stream' }, open: parts.open };
      case '/log':
        return {
          status: 200,
          headers: {
            ...OWN,
            'content-type': 'application/x-ndjson',
            'content-disposition': 'attachment; filename="console.jsonl"',
          },
          lines: parts.log(),
        };
      default:
        return nothingThere();
    }
  };
}

const answer = (status: number, type: string, body: string): Given => ({
  status,
  headers: { ...OWN, 'content-type': type },
  body,
});
const nothingThere = (): Given => answer(404, TEXT_TYPE, 'There is nothing here.\n');
const refusedWith = (status: number, error: string): Given =>
  answer(status, JSON_TYPE, `${JSON.stringify({ error })}\n`);

async function controlled({ headers, body }: Asked, controls: Controls): Promise<Given> {
  // No form of another page can send either.
  if (headers['x-dr-console'] !== '1') {
    return refusedWith(
      403,
      'The header "x-dr-console: 1" is missing: only the console\'s own page and programs may steer. Send it',
    );
  }
  if ((headers['content-type'] ?? '').split(';')[0]?.trim() !== 'application/json')
    return refusedWith(415, 'content-type: is not application/json. Send JSON');
  if (body.length > MAX_CONTROL_BYTES) {
    return refusedWith(413, `the request: has more than ${MAX_CONTROL_BYTES} bytes. Send less`);
  }
  try {
    await perform(parsed(body), controls);
    return { status: 204, headers: OWN, body: '' };
  } catch (error) {
    const input = asInputError(error) ?? error;
    if (input instanceof InputError) return refusedWith(400, input.message);
    throw error;
  }
}

type Command = Readonly<Record<string, unknown>>;

/** What is to be done -> the keys that it takes. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  begin: ['fault', 'seconds'],
  end: ['id'],
  'end-all': [],
  order: ['order', 'region', 'via', 'expiresSeconds', 'force'],
  speed: ['asked'],
  pause: [],
  resume: [],
};

function parsed(body: Buffer): Command {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new InputError('the request', 'is not JSON', 'Send an object such as {"do":"pause"}', { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Command;
  throw new InputError('the request', 'is not an object', 'Send one such as {"do":"pause"}');
}

async function perform(command: Command, controls: Controls): Promise<void> {
  const { do: what, ...rest } = command;
  const keys = typeof what === 'string' && Object.hasOwn(COMMANDS, what) ? COMMANDS[what] : undefined;
  if (!keys) {
    const fix = `Use one of ${Object.keys(COMMANDS).join(', ')}`;
    throw new InputError(`do: ${JSON.stringify(what) ?? 'is missing'}`, 'nothing has that name', fix);
  }
  const unknown = Object.keys(rest).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    const allowed = keys.length > 0 ? `Allowed: ${keys.join(', ')}` : 'Leave it out';
    throw new InputError(`${String(what)}: unknown key "${unknown}"`, 'nothing has that name here', allowed);
  }
  switch (what) {
    case 'begin':
      return controls.begin(rest['fault'], rest['seconds']);
    case 'end':
      return controls.end(rest['id']);
    case 'end-all':
      return controls.endAll();
    case 'order':
      return controls.order(rest);
    case 'speed':
      return controls.speed(rest['asked']);
    case 'pause':
      return controls.pause();
    default:
      return controls.resume();
  }
}
