// What the emulated AWS still holds once everything has been destroyed.
/** What is left after a destroy, `service/collection`, and why it is no resource of ours that was forgotten. */
const KEPT_AFTER_DESTROY: Readonly<Record<string, string>> = {
  'kms/keys': 'a key waits out its deletion window, in AWS as well',
  'acm/_idempotency_tokens': 'moto remembers requests',
  'ec2/groups': 'moto keeps the default group of a VPC that is gone',
  'ec2/network_acls': 'moto keeps the default list of a VPC that is gone',
  'ec2/tags': 'moto keeps the empty tag sets of what is gone',
  'iam/access_keys': "keys of the functions' sessions, which AWS lets run out",
  'sts/assumed_roles': "the functions' sessions",
  'route53/delegation_sets': 'moto keeps the name servers of a zone that is gone',
  'route53/resource_tags': 'moto keeps the empty tag sets of what is gone',
  'sns/_message_public_keys': "the keys that moto's SNS signs with",
};

/** Places of which there is more than `before`, and that should be empty. */
export const leftOver = (
  held: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): readonly string[] =>
  Object.keys(held).filter((path) => {
    if ((held[path] ?? 0) <= (before[path] ?? 0)) return false;
    const [service, , collection] = path.split('/');
    return !Object.hasOwn(KEPT_AFTER_DESTROY, `${service}/${collection}`);
  });
