// The one touch of the real event loop: a turn of it, after which every microtask and nextTick of the last event has run.

export const drainTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
