// The way out of a function's environment: AWS hosts go to the AWS APIs, all others to the internet of the twin.
import type { HttpRequest, HttpResponse } from '../../http';
import type { HttpTarget, NetworkPort } from '../../runtime/http-client';
import { regionSite, silence, type HttpFailure } from '../../site';
import type { World } from '../../world';
import { parseAwsHost, type AwsHost } from '../aws-api';
import type { AwsApi, Caller, Internet } from '../ports';
import type { Place } from './places';

/** The caller's own timers decide how long it waits. This limit only keeps a request from staying open for ever. */
const LONGEST_INVOCATION_MS = 900_000;
/** TCP and TLS: round trips before the first byte of a request. */
const HANDSHAKE_ROUND_TRIPS = 2;

export function functionNetwork(
  world: World,
  caller: Caller,
  ports: { readonly api: AwsApi; readonly internet: Internet },
  place: Pick<Place, 'isCutOff'>,
): NetworkPort {
  const from = regionSite(caller.awsRegion);

  /** Only a new connection asks for the name: on an open one calls go on while it is empty (fault dns-empty). */
  const connectToAws = async ({ service, awsRegion }: AwsHost): Promise<'connected' | 'refused' | 'unknown-host'> => {
    if (world.faults.isNameEmpty(service, awsRegion)) return 'unknown-host';
    const to = regionSite(awsRegion);
    const delayMs = world.faults.connectDelayMs(awsRegion);
    if (delayMs > 0) await world.scheduler.sleep(delayMs);
    for (let packet = 0; packet < 2 * HANDSHAKE_ROUND_TRIPS; packet += 1) {
      const delivery = await (packet % 2 === 0 ? world.network.send(from, to) : world.network.send(to, from));
      if (delivery === 'refused') return 'refused';
      if (delivery === 'dropped') return silence();
    }
    return 'connected';
  };

  const requestTo = async (target: HttpTarget, request: HttpRequest): Promise<HttpResponse | HttpFailure> => {
    const answer = ports.internet.resolve(target.host, from);
    if (!answer) return 'refused';
    const timeouts = { connectMs: LONGEST_INVOCATION_MS, responseMs: LONGEST_INVOCATION_MS };
    return ports.internet.request(from, answer, target, request, timeouts);
  };

  return {
    connect(target) {
      const aws = parseAwsHost(target.host);
      if (place.isCutOff()) return silence();
      if (aws) return connectToAws(aws);
      // The internet opens a connection with each request.
      return Promise.resolve(ports.internet.resolve(target.host, from) ? 'connected' : 'unknown-host');
    },
    request(target, request) {
      if (place.isCutOff()) return silence();
      return parseAwsHost(target.host) ? ports.api.call(caller, target.host, request) : requestTo(target, request);
    },
  };
}
