// Where a run keeps what it seldom reads.

/** Keeps the bytes. What it returns gives them back, each time that it is called. */
export type Keep = (bytes: Buffer) => () => Buffer;

export const keepInMemory: Keep = (bytes) => () => bytes;
