// What a resolver tells of a zone.
import { Resolver } from 'node:dns/promises';
import { InputError } from '@dr/contracts';
import type { PublicDns } from '../operate/preflight/reader';
import { Unavailable } from '../operate/operator';

/** No such name, or no such record of it. */
const NONE = ['ENOTFOUND', 'ENODATA'];
const PATIENCE = { timeout: 3_000, tries: 2 } as const;

/** Asks `server` (`1.1.1.1` or `1.1.1.1:53`), or this machine's resolvers. Throws InputError when `server` is not an address. */
export function publicDns(server: string | undefined): PublicDns {
  const resolver = new Resolver(PATIENCE);
  if (server !== undefined) setServer(resolver, server);
  return {
    nameServers: async (zone) => {
      try {
        return await resolver.resolveNs(zone);
      } catch (error) {
        const { code = '', message } = error as NodeJS.ErrnoException;
        if (NONE.includes(code)) return [];
        throw new Unavailable(`the name servers of ${zone} could not be looked up (${message})`, { cause: error });
      }
    },
  };
}

function setServer(resolver: Resolver, server: string): void {
  try {
    resolver.setServers([server]);
  } catch (cause) {
    throw new InputError(
      `--resolver "${server}"`,
      'is not the address of a DNS server',
      'Give an address, with or without a port, such as --resolver 1.1.1.1 or --resolver 127.0.0.1:5353',
      { cause },
    );
  }
}
