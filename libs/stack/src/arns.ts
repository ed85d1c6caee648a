// Reading ARNs.

export interface Arn {
  readonly service: string;
  readonly awsRegion: string;
  readonly accountId: string;
  /** Everything after the account, e.g. `function:orders:live`. */
  readonly resource: string;
}

/** undefined when it is not an ARN. */
export function parseArn(text: string): Arn | undefined {
  const [prefix, , service, awsRegion, accountId, ...rest] = text.split(':');
  if (prefix !== 'arn' || service === undefined || awsRegion === undefined || accountId === undefined) return undefined;
  return { service, awsRegion, accountId, resource: rest.join(':') };
}

/** The same name in another region. */
export function arnInRegion(arn: string, awsRegion: string): string {
  const parts = arn.split(':');
  parts[3] = awsRegion;
  return parts.join(':');
}

/** IAM's wildcards; case-sensitive. */
export const wildcardMatches = (pattern: string, text: string): boolean =>
  /[*?]/.test(pattern) ? wildcardPattern(pattern, 's').test(text) : pattern === text;

/** `*` stands for any characters, `?` for one. */
export function wildcardPattern(pattern: string, flags: string): RegExp {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, flags);
}
