// Zones, limits and health checks as Route 53 has them.
import { GLOBAL_REGION } from '@dr/contracts';
import type { HostedZone, Limit, PreflightReader } from '../../preflight/reader';
import type { HealthCheck } from '../../status/reader';
import { service } from '../sdk';
import { ask, inTurn, pages } from './ask';

const route53 = service(
  () => import('@aws-sdk/client-route-53'),
  (sdk, options) => new sdk.Route53Client(options),
);
/** Route 53 takes five requests a second from an account (Developer Guide, "Quotas"): one at a time keeps below it. */
const turn = inTurn();

type Action =
  | 'route53:ListHostedZonesByName'
  | 'route53:GetHostedZone'
  | 'route53:GetHostedZoneLimit'
  | 'route53:GetAccountLimit'
  | 'route53:ListHealthChecks'
  | 'route53:GetHealthCheckStatus';

function request<T>(
  action: Action,
  resource: string,
  send: (loaded: Awaited<ReturnType<typeof route53>>) => Promise<T>,
): Promise<T> {
  const call = { action, resource, awsRegion: GLOBAL_REGION };
  return turn(() => ask(call, async () => send(await route53(GLOBAL_REGION))));
}

const idOf = (path: string | undefined): string => (path ?? '').split('/').pop() ?? '';

function zones(name: string): Promise<readonly HostedZone[]> {
  const fullName = `${name}.`;
  // They come in the order of names, so that another name ends the search. A page is continued by name and id.
  return pages(async (fromId) => {
    const asked = { DNSName: name, ...(fromId ? { HostedZoneId: fromId } : {}) };
    const page = await request('route53:ListHostedZonesByName', `zone ${name}`, ({ sdk, client }) =>
      client.send(new sdk.ListHostedZonesByNameCommand(asked)),
    );
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

const limitOf = (answer: {
  Limit?: { Value?: number | undefined } | undefined;
  Count?: number | undefined;
}): Limit => ({
  limit: answer.Limit?.Value ?? 0,
  used: answer.Count ?? 0,
});

export const healthChecks = (): Promise<readonly HealthCheck[]> =>
  pages(async (from) => {
    const page = await request('route53:ListHealthChecks', 'health checks', ({ sdk, client }) =>
      client.send(new sdk.ListHealthChecksCommand(from ? { Marker: from } : {})),
    );
    const items = (page.HealthChecks ?? []).map((check) => ({
      id: check.Id ?? '',
      host: check.HealthCheckConfig?.FullyQualifiedDomainName,
    }));
    return { items, next: page.IsTruncated ? page.NextMarker : undefined };
  });

/** What each checker last reported, in Route 53's words. */
export async function checkerReports(healthCheckId: string): Promise<readonly string[]> {
  const { HealthCheckObservations } = await request(
    'route53:GetHealthCheckStatus',
    `health check ${healthCheckId}`,
    ({ sdk, client }) => client.send(new sdk.GetHealthCheckStatusCommand({ HealthCheckId: healthCheckId })),
  );
  return (HealthCheckObservations ?? []).map(({ StatusReport }) => StatusReport?.Status ?? '');
}

export const route53Reader: Pick<
  PreflightReader,
  'zones' | 'nameServers' | 'recordLimit' | 'healthCheckLimit' | 'healthCheckHosts'
> = {
  zones,
  nameServers: async (Id) => {
    const { DelegationSet } = await request('route53:GetHostedZone', `zone ${Id}`, ({ sdk, client }) =>
      client.send(new sdk.GetHostedZoneCommand({ Id })),
    );
    return DelegationSet?.NameServers ?? [];
  },
  recordLimit: async (HostedZoneId) =>
    limitOf(
      await request('route53:GetHostedZoneLimit', `zone ${HostedZoneId}`, ({ sdk, client }) =>
        client.send(new sdk.GetHostedZoneLimitCommand({ HostedZoneId, Type: 'MAX_RRSETS_BY_ZONE' })),
      ),
    ),
  healthCheckLimit: async () =>
    limitOf(
      await request('route53:GetAccountLimit', 'the account', ({ sdk, client }) =>
        client.send(new sdk.GetAccountLimitCommand({ Type: 'MAX_HEALTH_CHECKS_BY_OWNER' })),
      ),
    ),
  healthCheckHosts: async () => (await healthChecks()).flatMap(({ host }) => (host === undefined ? [] : [host])),
};
