// The one error a user can cause: it says what is wrong, why it matters and how to mend it. The CLI exits 2 on it.

/** Bad input. `what` names the key and its value, `why` the reason it is refused, `fix` what to write instead. */
export class InputError extends Error {
  override readonly name = 'InputError';

  constructor(
    readonly what: string,
    readonly why: string,
    readonly fix: string,
    options?: { cause?: unknown },
  ) {
    super(`${what}: ${why}. ${fix}`, options);
  }
}
