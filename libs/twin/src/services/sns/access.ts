// Who may publish to a topic: its policy for services, the caller's role for functions, and its key for both (SNS-01, SNS-02).
import type { Topic } from './topics';
import type { Authorize, Caller } from '../ports';

export interface ServicePublisher {
  readonly service: string;
  readonly sourceArn: string | undefined;
}

/** Using a key to publish takes both (SNS key management). */
const KEY_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey'] as const;
const PUBLISH = 'sns:Publish';

/** Why the service may not publish: the action that is denied; undefined when it may. */
export function serviceDenied(authorize: Authorize, topic: Topic, publisher: ServicePublisher): string | undefined {
  const principal = { service: publisher.service };
  const context: Record<string, string> =
    publisher.sourceArn === undefined ? {} : { 'aws:SourceArn': publisher.sourceArn };
  const allows = (policy: unknown, action: string, resource: string): boolean =>
    authorize.resourcePolicyAllows(policy, { principal, action, resource, context });
  // SNS's own policy lets whatever acts for the account publish.
  if (topic.policy !== undefined && !allows(topic.policy, PUBLISH, topic.arn)) return PUBLISH;
  const { key } = topic;
  if (key.kind === 'none') return undefined;
  // The key that AWS manages has a policy nobody can change, and it names no service.
  if (key.kind !== 'customer' || key.policy === undefined) return KEY_ACTIONS[0];
  return KEY_ACTIONS.find((action) => !allows(key.policy, action, key.arn));
}

/** The same for a caller with a role. A denial by the role itself is recorded by `authorize`. */
export function callerDenied(authorize: Authorize, topic: Topic, caller: Caller): string | undefined {
  if (!authorize.allows(caller, PUBLISH, topic.arn)) return PUBLISH;
  if (deniesRole(authorize, topic, caller)) return PUBLISH;
  const { key } = topic;
  if (key.kind === 'unknown') return KEY_ACTIONS[0];
  if (key.kind !== 'customer') return undefined;
  return KEY_ACTIONS.find((action) => {
    // A key without a policy of its own leaves the decision to IAM, as does one that names the account.
    const byKey =
      key.policy === undefined ||
      authorize.resourcePolicyAllows(key.policy, { principal: { roleArn: caller.roleArn }, action, resource: key.arn });
    return !byKey || !authorize.allows(caller, action, key.arn);
  });
}

/** Within an account the role's permission suffices, unless the topic's policy denies: read its denials as if they allowed. */
function deniesRole(authorize: Authorize, topic: Topic, { roleArn }: Caller): boolean {
  const document: unknown = typeof topic.policy === 'string' ? JSON.parse(topic.policy) : topic.policy;
  const statements = (document as { Statement?: unknown } | undefined)?.Statement ?? [];
  const denials = (Array.isArray(statements) ? statements : [statements])
    .filter((statement: { Effect?: string }) => statement.Effect === 'Deny')
    .map((statement: object) => ({ ...statement, Effect: 'Allow' }));
  if (denials.length === 0) return false;
  const request = { principal: { roleArn }, action: PUBLISH, resource: topic.arn };
  return authorize.resourcePolicyAllows({ Version: '2012-10-17', Statement: denials }, request);
}
