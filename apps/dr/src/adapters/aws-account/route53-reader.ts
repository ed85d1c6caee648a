// Zones, limits and health checks as Route 53 has them.
import { GLOBAL_REGION } from '@dr/contracts';
import type { HostedZone, Limit, PreflightReader } from '../../operate/preflight/reader';
import type { HealthCheck } from '../../operate/status/reader';
import { service } from '../sdk';
import { ask, inTurn, pages } from './ask';

const service53 = service('route53', async () => (await import('@aws-sdk/client-route-53')).Route53, {
  // It takes five requests a second from an account (Developer Guide, "Quotas"): one at a time keeps below it.
  calling: inTurn(ask),
});
const route53 = (resource: string) => service53(GLOBAL_REGION, resource);

const idOf = (path: string | undefined): string => (path ?? '').split('/').pop() ?? '';

function zones(name: string): Promise<readonly HostedZone[]> {
  const fullName = `${name}.`;
  // They come in the order of names, so that another name ends the search. A page is continued by name and id.
  return pages(async (HostedZoneId) => {
    const page = await route53(`zone ${name}`).listHostedZonesByName({ DNSName: name, HostedZoneId });
    const items = (page.HostedZones ?? [])
      .filter(({ Name }) => Name === fullName)
      .map(({ Id, Config, ResourceRecordSetCount }) => ({
        id: idOf(Id),
        private: Config?.PrivateZone === true,
        records: Number(ResourceRecordSetCount ?? 0),
      }));
    return { items, next: page.IsTruncated && page.NextDNSName === fullName ? page.NextHostedZoneId : undefined };
  });
}

interface LimitAnswer {
  readonly Limit?: { readonly Value?: number | undefined } | undefined;
  readonly Count?: number | undefined;
}

const limitOf = ({ Limit: { Value = 0 } = {}, Count = 0 }: LimitAnswer): Limit => ({ limit: Value, used: Count });

export const healthChecks = (): Promise<readonly HealthCheck[]> =>
  pages(async (Marker) => {
    const page = await route53('health checks').listHealthChecks({ Marker });
    const items = (page.HealthChecks ?? []).map((check) => ({
      id: check.Id ?? '',
      host: check.HealthCheckConfig?.FullyQualifiedDomainName,
    }));
    return { items, next: page.IsTruncated ? page.NextMarker : undefined };
  });

/** What each checker last reported, in Route 53's words. */
export async function checkerReports(HealthCheckId: string): Promise<readonly string[]> {
  const asked = route53(`health check ${HealthCheckId}`).getHealthCheckStatus({ HealthCheckId });
  return ((await asked).HealthCheckObservations ?? []).map(({ StatusReport }) => StatusReport?.Status ?? '');
}

export const route53Reader = {
  zones,
  nameServers: async (Id) => (await route53(`zone ${Id}`).getHostedZone({ Id })).DelegationSet?.NameServers ?? [],
  recordLimit: async (HostedZoneId) => {
    const asked = { HostedZoneId, Type: 'MAX_RRSETS_BY_ZONE' } as const;
    return limitOf(await route53(`zone ${HostedZoneId}`).getHostedZoneLimit(asked));
  },
  healthCheckLimit: async () =>
    limitOf(await route53('the account').getAccountLimit({ Type: 'MAX_HEALTH_CHECKS_BY_OWNER' })),
  healthCheckHosts: async () => (await healthChecks()).flatMap(({ host }) => host ?? []),
} satisfies Partial<PreflightReader>;
