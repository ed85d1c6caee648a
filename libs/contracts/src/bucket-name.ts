// What S3 takes as the name of a general purpose bucket.

const MIN_CHARACTERS = 3;
const MAX_CHARACTERS = 63;
const FORBIDDEN_PREFIXES = ['xn--', 'sthree-', 'amzn-s3-demo-'] as const;
const FORBIDDEN_SUFFIXES = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'] as const;
/** Of a bucket in an account's own namespace: `<prefix>-<account>-<region>-an`. Other names must not end like that. */
const OWN_NAMESPACE = /-\d{12}-[a-z]{2,}(-[a-z]+)+-\d-an$/;

/** Why S3 refuses the name; undefined for one that it takes. Source: S3 user guide, "General purpose bucket naming rules". */
export function bucketNameProblem(name: string): string | undefined {
  if (name.length < MIN_CHARACTERS || name.length > MAX_CHARACTERS)
    return `has ${name.length} characters; S3 takes ${MIN_CHARACTERS} to ${MAX_CHARACTERS}`;
  if (!/^[a-z0-9.-]+$/.test(name)) return 'may hold lower-case letters, digits, dots and hyphens only';
  if (!/^[a-z0-9].*[a-z0-9]$/.test(name)) return 'must begin and end with a lower-case letter or a digit';
  if (name.includes('..')) return 'must not hold two dots in a row';
  if (/^\d+(\.\d+){3}$/.test(name)) return 'must not look like an IP address';
  const prefix = FORBIDDEN_PREFIXES.find((one) => name.startsWith(one));
  if (prefix !== undefined) return `begins with "${prefix}", which S3 keeps for itself`;
  const suffix = FORBIDDEN_SUFFIXES.find((one) => name.endsWith(one));
  if (suffix !== undefined) return `ends in "${suffix}", which S3 keeps for itself`;
  return name.endsWith('-an') && !OWN_NAMESPACE.test(name)
    ? 'ends in "-an", which S3 keeps for buckets in the namespace of an account'
    : undefined;
}
