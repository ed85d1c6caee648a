// The hosted zone: there, one, public, delegated, with room for our records.
import type { DrConfig } from '@dr/contracts/system/config';
import { factOf, isKnown, unknown, type Fact } from '../fact';
import type { HostedZone, Limit, PreflightReader, PublicDns } from './reader';
import { both, fail, judgedRow, notKnown, ok, row, warn, type Finding, type Row } from './row';

export interface ZoneFacts {
  /** Zones of that name, private ones too. */
  readonly zones: Fact<readonly HostedZone[]>;
  /** Of the zone in use. */
  readonly nameServers: Fact<readonly string[]>;
  /** What everybody is told of the zone. */
  readonly delegatedTo: Fact<readonly string[]>;
  readonly recordLimit: Fact<Limit>;
}

type ZoneConfig = Pick<DrConfig, 'zone' | 'options'>;

/** The zone that the stack will use; undefined when there is none, or no way to tell which. */
export function zoneInUse({ options }: ZoneConfig, zones: readonly HostedZone[]): HostedZone | undefined {
  const open = zones.filter((zone) => !zone.private);
  if (options.zoneId !== undefined) return open.find(({ id }) => id === options.zoneId);
  return open.length === 1 ? open[0] : undefined;
}

/** Facts of a zone that cannot be told are unknown for that reason. */
export const NO_ZONE = unknown('there is no one zone to ask about', 'Settle the hosted zone first');

export async function zoneFacts(
  config: ZoneConfig,
  { reader, dns }: { readonly reader: PreflightReader; readonly dns: PublicDns },
): Promise<ZoneFacts> {
  const [zones, delegatedTo] = await Promise.all([
    factOf(() => reader.zones(config.zone)),
    factOf(() => dns.nameServers(config.zone)),
  ]);
  const inUse = isKnown(zones) ? zoneInUse(config, zones.known) : undefined;
  if (!inUse) {
    const why = isKnown(zones) ? NO_ZONE : zones;
    return { zones, delegatedTo, nameServers: why, recordLimit: why };
  }
  const [nameServers, recordLimit] = await Promise.all([
    factOf(() => reader.nameServers(inUse.id)),
    factOf(() => reader.recordLimit(inUse.id)),
  ]);
  return { zones, delegatedTo, nameServers, recordLimit };
}

export function zoneRows(config: ZoneConfig, facts: ZoneFacts, needs: { readonly records: number }): Row[] {
  return [
    judgedRow('hosted zone', null, facts.zones, (zones) => which(config, zones)),
    row('zone delegation', null, delegation(config.zone, facts)),
    judgedRow('records of the zone', null, facts.recordLimit, ({ limit, used }) => {
      const found = `${used} of ${limit} used; the stack has ${needs.records}`;
      // Once applied, ours are among those used and counted twice: therefore never more than a warning.
      if (used + needs.records <= limit) return ok(found);
      return warn(found, 'Delete records that nobody needs, or ask AWS Support for more in this zone');
    }),
  ];
}

function which(config: ZoneConfig, zones: readonly HostedZone[]): Finding {
  const { zone, options } = config;
  const inUse = zoneInUse(config, zones);
  const open = zones.filter((one) => !one.private).map(({ id }) => id);
  if (inUse) return ok(inUse.id + (zones.length > 1 ? `, of ${zones.length} named ${zone}` : ''));
  if (options.zoneId !== undefined) {
    const others = open.length > 0 ? `Use ${open.join(' or ')} as options.zoneId` : 'Leave options.zoneId out';
    return fail(`${options.zoneId} is no public zone ${zone} of this account`, others);
  }
  if (open.length > 1) {
    return fail(
      `${zone} is found ${open.length} times: ${open.join(', ')}`,
      'Set options.zoneId in dr.config.ts to the one that is delegated, or delete the others',
    );
  }
  const only = zones.length > 0 ? `only a private zone (${zones.map(({ id }) => id).join(', ')})` : 'no zone';
  const make = options.createZone
    ? 'Apply the stack of the zone (node dist/infra/main.js --zone; docs/state.md), delegate it, then run this again'
    : 'Use a zone of this account, or set options.createZone and apply the stack of the zone (docs/state.md)';
  return fail(`there is ${only} named ${zone}`, make);
}

const normal = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** "NS records for a subdomain": the parent names the servers, and they must be those that Route 53 serves the zone from. */
function delegation(zone: string, facts: ZoneFacts): Finding {
  const known = both(facts.nameServers, facts.delegatedTo);
  if (!isKnown(known)) return notKnown(known.unknown, known.toDo);
  const ours = [...new Set(known.known[0].map(normal))].sort();
  const told = [...new Set(known.known[1].map(normal))].sort();
  const set =
    `At the registrar of ${zone}, or as NS record of the zone above it, set these name servers: ${ours.join(', ')}. ` +
    `See whether it worked: dig +short NS ${zone}`;
  if (told.length === 0) return fail('not delegated yet: public DNS knows no name servers of it', set);
  const foreign = told.filter((name) => !ours.includes(name));
  const left = ours.filter((name) => !told.includes(name));
  if (foreign.length === told.length) return fail(`delegated elsewhere: ${told.join(', ')}`, set);
  if (foreign.length > 0) return fail(`in part delegated elsewhere: ${foreign.join(', ')}`, set);
  if (left.length > 0) return warn(`delegated to ${told.length} of ${ours.length} name servers`, set);
  return ok(`to its ${ours.length} name servers`);
}
