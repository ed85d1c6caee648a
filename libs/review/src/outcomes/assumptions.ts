// What an answer takes for granted, and no file shows.
import { CLIENT_WAIT_TOTAL_SECONDS } from '@dr/failover';
import { ACCELERATOR_LAG_SECONDS, type Endpoint } from '@dr/stack';
import type { Led } from './ends';
import type { Loss, Span } from './outcome';

/** `is`: where somebody is led once all has settled; `span`: how soon, where that has a bound. Each is a sentence without its full stop. */
export function assumptionsOf(is: readonly Led[], span: Span | null, { fault }: Loss): readonly string[] {
  const answering = is.filter(({ end }) => end.state === 'well' || end.state === 'part');
  const endpoints = answering.flatMap(({ by }) => by.endpoint ?? []);
  const choices = is.flatMap(({ by }) => by.choices);
  return [
    ...endpoints.map(ofEndpoint),
    ...(fault === 'app-errors' && endpoints.some(({ kind }) => kind === 'accelerator')
      ? [`Global Accelerator follows its load balancers' target groups within ${ACCELERATOR_LAG_SECONDS} s`]
      : []),
    ...choices
      .filter(({ record: { policy } }) => policy.kind === 'geoproximity')
      .map(
        ({ record }) => `any record of ${record.name} may be the nearest one: AWS does not publish what a bias does`,
      ),
    ...(span === null || span.worst === null
      ? []
      : [`a client's next request is answered ${CLIENT_WAIT_TOTAL_SECONDS} s after it could be, at the latest`]),
  ];
}

const ofEndpoint = ({ resource: { address }, names: [name], isElsewhere }: Endpoint): string =>
  isElsewhere ? `${name} answers: all that is known of it is its name` : `${address} answers: no code behind it is run`;
