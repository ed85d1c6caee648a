// Who may publish to a topic: its policy for services, the caller's role for functions, and its key for both (SNS-01, SNS-02).
import type { Authorize, Caller } from '../ports';
import type { Topic } from './topics';

/** Publishing to an encrypted topic needs both (SNS key management). */
const KEY_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey'] as const;
const PUBLISH = 'sns:Publish';

/** The action that keeps the service from publishing; undefined when it may publish. `sourceArn`: what it acts for. */
export function serviceDenied(
  authorize: Authorize,
  topic: Topic,
  service: string,
  sourceArn: string | undefined,
): string | undefined {
  const context = sourceArn === undefined ? {} : { 'aws:SourceArn': sourceArn };
  const allows = (policy: unknown, action: string, resource: string): boolean =>
    authorize.resourcePolicyAllows(policy, { principal: { service }, action, resource, context });
  // A topic without a policy lets every service publish that acts for the account.
  if (topic.policy !== undefined && !allows(topic.policy, PUBLISH, topic.arn)) return PUBLISH;
  const { key } = topic;
  if (key.kind === 'none') return undefined;
  // The policy of the key that AWS manages names no service, and nobody can change it.
  if (key.kind !== 'customer' || key.policy === undefined) return KEY_ACTIONS[0];
  return KEY_ACTIONS.find((action) => !allows(key.policy, action, key.arn));
}

/** The same for a caller with a role. `authorize` logs what the role itself denies. */
export function callerDenied(authorize: Authorize, topic: Topic, caller: Caller): string | undefined {
  if (!authorize.allows(caller, PUBLISH, topic.arn)) return PUBLISH;
  if (deniesRole(authorize, topic, caller)) return PUBLISH;
  const { key } = topic;
  if (key.kind === 'unknown') return KEY_ACTIONS[0];
  if (key.kind !== 'customer') return undefined;
  return KEY_ACTIONS.find((action) => {
    // A key without a policy leaves the decision to IAM, and so does a policy that names the account.
    const byKey =
      key.policy === undefined ||
      authorize.resourcePolicyAllows(key.policy, { principal: { roleArn: caller.roleArn }, action, resource: key.arn });
    return !byKey || !authorize.allows(caller, action, key.arn);
  });
}

/**
 * Within an account the role's permission is enough, unless the topic's policy denies. To find out, the policy's denials are read as
 * if they allowed.
 */
function deniesRole(authorize: Authorize, topic: Topic, { roleArn }: Caller): boolean {
  const request = { principal: { roleArn }, action: PUBLISH, resource: topic.arn };
  if (topic.policy === undefined) return false;
  const document: unknown = typeof topic.policy === 'string' ? JSON.parse(topic.policy) : topic.policy;
  const statements = (document as { Statement?: unknown } | undefined)?.Statement ?? [];
  const denials = (Array.isArray(statements) ? statements : [statements])
    .filter((statement: { Effect?: string }) => statement.Effect === 'Deny')
    .map((statement: object) => ({ ...statement, Effect: 'Allow' }));
  if (denials.length === 0) return false;
  return authorize.resourcePolicyAllows({ Version: '2012-10-17', Statement: denials }, request);
}
