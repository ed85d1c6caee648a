// The AWS APIs as HTTPS hosts: the network path there, the service, the path back.
import { GLOBAL_REGION } from '@dr/contracts';
import { jsonResponse, type HttpRequest, type HttpResponse } from '../http';
import { regionSite, type HttpFailure } from '../network';
import type { World } from '../world';
import type { AwsApi, Caller, ServiceEndpoint } from './ports';

export interface AwsHost {
  readonly service: string;
  readonly awsRegion: string;
}

const AWS_HOST = /^([a-z0-9-]+)(?:\.([a-z]{2}(?:-[a-z]+)+-\d))?\.amazonaws\.com$/;

const hosts = new Map<string, AwsHost | undefined>();
/** Hosts come from the stack and from bundles: a handful. */
const MAX_HOSTS = 1_000;

/** `dynamodb.ap-south-1.amazonaws.com` and the like; undefined for any other host. */
export function parseAwsHost(host: string): AwsHost | undefined {
  if (hosts.has(host)) return hosts.get(host);
  const match = AWS_HOST.exec(host);
  const parsed = match?.[1] ? { service: match[1], awsRegion: match[2] ?? GLOBAL_REGION } : undefined;
  if (hosts.size < MAX_HOSTS) hosts.set(host, parsed);
  return parsed;
}

const never = (): Promise<never> => new Promise(() => undefined);

export class AwsApiHosts implements AwsApi {
  private readonly endpoints = new Map<string, ServiceEndpoint>();

  constructor(private readonly world: World) {}

  /** Puts a service behind its host names, in all regions. */
  register(endpoint: ServiceEndpoint): this {
    this.endpoints.set(endpoint.service, endpoint);
    return this;
  }

  /**
   * Where packets vanish, or the region stands still, nothing answers: the promise does not settle, and the caller's own
   * timers decide, as they do on AWS.
   */
  async call(caller: Caller, host: string, request: HttpRequest): Promise<HttpResponse | HttpFailure> {
    const { network, faults } = this.world;
    const target = parseAwsHost(host);
    if (!target) return 'refused';
    const here = regionSite(caller.awsRegion);
    const there = regionSite(target.awsRegion);
    const sent = await network.send(here, there);
    if (sent === 'refused') return 'refused';
    if (sent === 'dropped' || faults.isDown(target.awsRegion)) return never();
    const endpoint = this.endpoints.get(target.service);
    if (!endpoint) return notModelled(target.service);
    const response = dated(await endpoint.handle(target.awsRegion, caller, request), this.world.scheduler.epochNow());
    if (faults.isDown(target.awsRegion)) return never();
    return (await network.send(there, here)) === 'delivered' ? response : never();
  }
}

/** Every answer of an AWS API carries the time of the service, in whole seconds (RFC 9110, Date). */
const dated = (response: HttpResponse, epochMs: number): HttpResponse => ({
  ...response,
  headers: { ...response.headers, date: new Date(epochMs).toUTCString() },
});

const notModelled = (service: string): HttpResponse =>
  jsonResponse(400, {
    __type: 'UnknownOperationException',
    message: `the twin does not model the AWS service "${service}"`,
  });
