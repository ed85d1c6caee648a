// IAM policies as data, rendered as one JSON string whose references Terraform resolves.

export interface Statement {
  readonly sid?: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Operator -> key -> value, as IAM writes it. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A statement of a resource's policy also says who. */
export interface ResourceStatement extends Statement {
  readonly principal: '*' | Readonly<Partial<Record<'AWS' | 'Service', string | readonly string[]>>>;
  readonly effect?: 'Allow' | 'Deny';
}

const POLICY_VERSION = '2012-10-17';

export function policyJson(statements: readonly (Statement | ResourceStatement)[]): string {
  return JSON.stringify({
    Version: POLICY_VERSION,
    Statement: statements.map((s) => ({
      ...(s.sid ? { Sid: s.sid } : {}),
      Effect: 'effect' in s && s.effect ? s.effect : 'Allow',
      ...('principal' in s ? { Principal: s.principal } : {}),
      Action: s.actions,
      ...(s.resources.length > 0 ? { Resource: s.resources } : {}),
      ...(s.conditions ? { Condition: s.conditions } : {}),
    })),
  });
}

/** Who may take on a role: one AWS service. `conditions`: on whose behalf (IAM, "The confused deputy problem"). */
export function trustPolicyJson(service: string, conditions?: Statement['conditions']): string {
  const mayTakeOn = { principal: { Service: service }, actions: ['sts:AssumeRole'], resources: [] };
  return policyJson([{ ...mayTakeOn, ...(conditions ? { conditions } : {}) }]);
}
