// The one touch of the real event loop: a turn, after which every microtask and nextTick of the last event has run.

/** Node drains both after each callback of a round of its loop. A round costs more than a turn, so one round makes many turns. */
const TURNS_A_ROUND = 64;

const waiting: (() => void)[] = [];
let turnsAhead = 0;

function turn(): void {
  turnsAhead -= 1;
  waiting.shift()?.();
}

export const drainTurn = (): Promise<void> =>
  new Promise((resolve) => {
    waiting.push(resolve);
    if (turnsAhead >= waiting.length) return;
    for (let i = 0; i < TURNS_A_ROUND; i += 1) setImmediate(turn);
    turnsAhead += TURNS_A_ROUND;
  });
