// The incidents that ship.
import { DYNAMODB_2025, ME_CENTRAL_1_2026, US_EAST_1_2021 } from './aws-incidents';
import type { Incident } from './incident';
import { BAD_DEPLOY_EVERYWHERE, CERTIFICATE_EXPIRED, RESOLVER_STRETCHES } from './other-incidents';

/** In the order in which they are listed. */
export const INCIDENTS: readonly Incident[] = [
  DYNAMODB_2025,
  ME_CENTRAL_1_2026,
  US_EAST_1_2021,
  BAD_DEPLOY_EVERYWHERE,
  CERTIFICATE_EXPIRED,
  RESOLVER_STRETCHES,
];
