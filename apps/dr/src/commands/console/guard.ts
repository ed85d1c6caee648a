// Whom a console answers: programs of this machine that know its address, and its own page. No other page that a browser shows.

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

export interface Addressed {
  readonly headers: Readonly<Record<string, string>>;
  /** That it came to. */
  readonly port: number;
}

/** `names`: what is answered as well, on whatever port. A sentence that says why nothing is answered; undefined: it is. */
export function refusal({ headers, port }: Addressed, names: readonly string[] = []): string | undefined {
  const host = (headers['host'] ?? '').toLowerCase();
  const isOwn = isLoopback(host, port);
  if (!isOwn && !names.includes(nameIn(host))) {
    return `The host "${host}" is none of this console's: ask for 127.0.0.1:${port}.`;
  }
  const origin = headers['origin']?.toLowerCase();
  if (origin !== undefined && !(isOwn && origin === `http://${host}`)) {
    return `The origin "${origin}" is another page: only this console's own page may ask.`;
  }
  // What another page loads as a picture or a script has no origin. A link that somebody follows may lead here.
  const isForeign = ['cross-site', 'same-site'].includes(headers['sec-fetch-site'] ?? '');
  if (isForeign && headers['sec-fetch-mode'] !== 'navigate')
    return "Another page asks: only this console's own page may.";
  return undefined;
}

/** A name of the console itself, and none of the system's. */
export const isLoopback = (host: string, port: number): boolean =>
  LOOPBACK.some((name) => host === `${name}:${port}` || (port === 80 && host === name));

/** `app.example.com:8081` -> `app.example.com`. */
export const nameIn = (host: string): string => host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
