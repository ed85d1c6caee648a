// Asks a name server for the addresses of a name, as dig does.
import { Resolver } from 'node:dns/promises';

export async function addressesOf({
  address,
  port,
  name,
}: {
  address: string;
  port: number;
  name: string;
}): Promise<string[]> {
  const resolver = new Resolver();
  resolver.setServers([`${address}:${port}`]);
  return (await resolver.resolve4(name)).sort();
}
