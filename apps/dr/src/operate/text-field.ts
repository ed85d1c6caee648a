// A JSON text that somebody else has written.

/** The text under `key`; undefined where there is none, or no JSON. */
export function textField(json: string | undefined, key: string): string | undefined {
  try {
    const value = (JSON.parse(json ?? '') as Readonly<Record<string, unknown>> | null)?.[key];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
