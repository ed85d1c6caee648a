// What a drill's report says of the promise: is it kept, and how near was the worst client.

/** One sentence for each thing that is broken. */
export function brokenIn({ passed, reasons, rto, predicted, populations = [], settings }) {
  const limit = predicted.worstClientSeconds;
  const others = settings?.accelerator ? populations.filter(({ name }) => name !== 'keeps') : [];
  const kept = populations.find(({ name }) => name === 'keeps');
  return [
    ...(rto === null ? ['no client was affected, so nothing was shown'] : []),
    ...(rto !== null && rto.worstSeconds > limit
      ? [
          `a client that honours the TTL and opens a new connection waited for ${rto.worstSeconds} s; ${limit} s is predicted`,
        ]
      : []),
    ...(kept === undefined ? ['no client that keeps connections ran'] : []),
    ...(isHeld(kept) && (kept.rto?.worstSeconds ?? 0) > kept.boundSeconds
      ? [
          `a client that keeps its connection waited for ${kept.rto.worstSeconds} s; ${kept.boundSeconds} s follow from client_keep_alive and the prediction`,
        ]
      : []),
    ...others
      .filter(({ rto: met, boundSeconds }) => met && boundSeconds !== null && met.worstSeconds > boundSeconds)
      .map(
        ({ name, rto: met, boundSeconds }) =>
          `a client (${name}) that the accelerator moves as any other waited for ${met.worstSeconds} s; ${boundSeconds} s is predicted`,
      ),
    ...(passed ? [] : [`the drill did not pass: ${reasons.join('; ')}`]),
  ];
}

/** The remedy is on: connections end earlier than by AWS's default. */
const isHeld = (kept) =>
  kept?.keepAlive !== undefined && kept.boundSeconds !== null && kept.keepAlive.seconds < kept.keepAlive.defaultSeconds;

/** Of the drills of one routing: the worst of each kind of client, beside what it is held to. */
export function linesOf(routing, reports) {
  const limit = Math.max(...reports.map(({ predicted }) => predicted.worstClientSeconds));
  const names = [...new Set(reports.flatMap(({ populations = [] }) => populations.map(({ name }) => name)))];
  const line = (who, rtos, bound, isBound) => {
    const affected = rtos.filter((rto) => rto !== null);
    const worst =
      affected.length === 0
        ? 'none affected'
        : `worst ${Math.max(...affected.map((rto) => rto.worstSeconds)).toFixed(1)} s`;
    const limits = bound === null ? 'no bound' : `${isBound ? 'at most' : 'computed'} ${bound} s`;
    return `  ${routing.padEnd(10)} ${who.padEnd(10)} ${worst.padStart(14)}, ${limits}`;
  };
  return [
    line(
      'promised',
      reports.map(({ rto }) => rto),
      limit,
      true,
    ),
    ...names.map((name) => {
      const own = reports.flatMap(({ populations = [] }) => populations.filter((one) => one.name === name));
      const bounds = own.map(({ boundSeconds }) => boundSeconds);
      return line(
        name,
        own.map(({ rto }) => rto),
        bounds.includes(null) ? null : Math.max(...bounds),
        own.some(isHeld) || reports.some(({ settings }) => settings?.accelerator),
      );
    }),
  ];
}
