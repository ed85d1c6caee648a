// The AWS APIs as HTTPS hosts: the network path there, the service, the path back.
import { GLOBAL_REGION } from '@dr/contracts';
import { jsonResponse, type HttpRequest, type HttpResponse } from '../http';
import { regionSite, silence, type HttpFailure } from '../site';
import type { World } from '../world';
import type { AwsApi, Caller, ServiceEndpoint } from './ports';

export interface AwsHost {
  readonly service: string;
  readonly awsRegion: string;
}

const AWS_HOST = /^([a-z0-9-]+)(?:\.([a-z]{2}(?:-[a-z]+)+-\d))?\.amazonaws\.com$/;

/** `dynamodb.ap-south-1.amazonaws.com` and the like; undefined for any other host. */
export function parseAwsHost(host: string): AwsHost | undefined {
  const match = AWS_HOST.exec(host);
  return match?.[1] ? { service: match[1], awsRegion: match[2] ?? GLOBAL_REGION } : undefined;
}

export class AwsApiHosts implements AwsApi {
  private readonly endpoints = new Map<string, ServiceEndpoint>();

  constructor(private readonly world: World) {}

  /** Puts a service behind its host names, in all regions. */
  register(endpoint: ServiceEndpoint): this {
    this.endpoints.set(endpoint.service, endpoint);
    return this;
  }

  /** Where packets vanish, or the region stands still, nothing answers: the caller's own time-out decides, as on AWS. */
  async call(caller: Caller, host: string, request: HttpRequest): Promise<HttpResponse | HttpFailure> {
    const { network, faults } = this.world;
    const target = parseAwsHost(host);
    if (!target) return 'refused';
    // A person opens a connection with each call, and a function has opened one before.
    if (caller.from && faults.isNameEmpty(target.service, target.awsRegion)) return 'refused';
    const here = caller.from ?? regionSite(caller.awsRegion);
    const there = regionSite(target.awsRegion);
    const sent = await network.send(here, there);
    if (sent === 'refused') return 'refused';
    if (sent === 'dropped' || faults.isDown(target.awsRegion)) return silence();
    const endpoint = this.endpoints.get(target.service);
    if (!endpoint) return notModelled(target.service);
    const answer = faults.isStruckByGray(here, target.awsRegion)
      ? UNAVAILABLE
      : await endpoint.handle(target.awsRegion, caller, request);
    const response = dated(answer, this.world.scheduler.epochNow());
    if (faults.isDown(target.awsRegion)) return silence();
    return (await network.send(there, here)) === 'delivered' ? response : silence();
  }
}

/** What a gray failure answers in the place of the service; SDKs try again. */
const UNAVAILABLE = jsonResponse(503, {
  __type: 'ServiceUnavailable',
  message: 'Service is unable to handle request.',
});

/** Every answer of an AWS API carries the time of the service, in whole seconds (RFC 9110, Date). */
function dated(response: HttpResponse, epochMs: number): HttpResponse {
  const second = Math.floor(epochMs / 1_000);
  if (second !== latest.second) latest = { second, text: new Date(epochMs).toUTCString() };
  return { ...response, headers: { ...response.headers, date: latest.text } };
}

/** The second that was written down last: many calls share it. */
let latest = { second: NaN, text: '' };

const notModelled = (service: string): HttpResponse =>
  jsonResponse(400, {
    __type: 'UnknownOperationException',
    message: `the twin does not model the AWS service "${service}"`,
  });
