// Times of a failover on AWS that others measured and published. None was used to choose a number of the twin.
import type { Measurement } from './measurement';

/** networkaddress.cache.ttl where nothing is set and no security manager is: the comment of the JDK's own java.security says so. */
const JVM = { dnsCacheSeconds: 30 } as const;
const OTHER_CLIENTS =
  'the longest time is above what was simulated and below the bound. These clients keep an answer for the 30 s of a JVM here. What their pools do with connections is not simulated, as the source does not say how they were set';
const KEYCLOAK = { intervalSeconds: 30, failureThreshold: 1, ttlSeconds: 60, evaluateTargetHealth: false } as const;
const JSPOTH = { intervalSeconds: 30, failureThreshold: 3, ttlSeconds: 60, evaluateTargetHealth: true } as const;

export const PUBLISHED: readonly Measurement[] = [
  {
    title: 'Keycloak, all routes of the primary deleted; a loop of dig',
    source: 'https://github.com/keycloak/keycloak-benchmark/issues/495',
    date: '2023-08-29',
    settings: KEYCLOAK,
    fault: 'app-errors',
    quantity: 'dns',
    seconds: [57],
    heldOut: false,
  },
  {
    title: 'Keycloak, only the health probe fails; a loop of dig',
    source: 'https://github.com/keycloak/keycloak-benchmark/issues/495',
    date: '2023-08-29',
    settings: KEYCLOAK,
    fault: 'app-errors',
    quantity: 'dns',
    seconds: [72],
    heldOut: false,
  },
  {
    title: 'Keycloak, what its tests in Java wait for ("usually around 1.5 - 2 minutes")',
    source: 'https://github.com/keycloak/keycloak-benchmark/pull/647',
    date: '2023-12-19',
    settings: KEYCLOAK,
    clients: JVM,
    fault: 'app-errors',
    quantity: 'service',
    seconds: [90, 120],
    heldOut: false,
    reason: OTHER_CLIENTS,
  },
  {
    title: 'Keycloak, all its tests ("45-120 seconds", and "corner case DNS caching")',
    source: 'https://github.com/keycloak/keycloak-benchmark/issues/536',
    date: '2023-09-07',
    settings: KEYCLOAK,
    clients: JVM,
    fault: 'app-errors',
    quantity: 'service',
    seconds: [45, 120],
    heldOut: false,
    reason: OTHER_CLIENTS,
  },
  {
    title: 'jspoth.com, the primary scaled to 0; a loop of dig',
    source: 'https://jspoth.com/dr',
    date: '2026-04-26',
    settings: JSPOTH,
    fault: 'app-errors',
    quantity: 'dns',
    seconds: [61],
    heldOut: true,
  },
  {
    title: 'jspoth.com, the same; until curl got 200',
    source: 'https://jspoth.com/dr',
    date: '2026-04-26',
    settings: JSPOTH,
    fault: 'app-errors',
    quantity: 'service',
    seconds: [83],
    heldOut: true,
    note: '22 s of it are a survivor that answered 503 while it started, which is not simulated: without them it would be 61 s',
  },
];
