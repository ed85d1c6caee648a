// Secrets Manager: GetSecretValue from a secret or from its replica, in the region that is asked.
import { arnInRegion } from '@dr/stack';
import { blocksOf, TWIN_ACCOUNT_ID, type Graph } from '@dr/terraform-json';
import { jsonResponse, type HttpRequest, type HttpResponse } from '../http';
import { uuidOf } from '../runtime/virtual-crypto';
import { silence } from '../site';
import type { World } from '../world';
import { notAuthorized } from './iam/policy';
import type { Authorize, Caller, ServiceEndpoint } from './ports';

interface Secret {
  readonly name: string;
  /** In the secret's own region. The ARN of a replica differs in the region alone. */
  readonly arn: string;
  readonly awsRegions: ReadonlySet<string>;
  version: { readonly id: string; readonly value: string } | undefined;
}

export class SecretsManager implements ServiceEndpoint {
  static readonly reads = ['aws_secretsmanager_secret', 'aws_secretsmanager_secret_version'];
  readonly service = 'secretsmanager';
  private readonly secrets: Secret[];

  constructor(
    private readonly world: World,
    graph: Graph,
    private readonly authorize: Authorize,
  ) {
    this.secrets = graph.ofType('aws_secretsmanager_secret').map((resource) => ({
      name: String(resource.values['name']),
      arn: String(graph.attribute(resource, 'arn')),
      awsRegions: new Set([
        resource.awsRegion,
        ...blocksOf(resource.values, 'replica').map((replica) => String(replica['region'])),
      ]),
      version: undefined,
    }));
    for (const { values } of graph.ofType('aws_secretsmanager_secret_version')) {
      const secret = this.find(String(values['secret_id']));
      if (secret && typeof values['secret_string'] === 'string') this.setSecret(secret.name, values['secret_string']);
    }
  }

  /** An operator stores a value in all replicas. False when the stack has no secret of that name. */
  setSecret(name: string, value: string): boolean {
    const secret = this.find(name);
    if (secret) secret.version = { id: uuidOf(this.world.random.stream('secrets').bytes(16)), value };
    return secret !== undefined;
  }

  names(): readonly string[] {
    return this.secrets.map(({ name }) => name);
  }

  /** `id`: name or ARN. undefined: there is no such secret, or it has no value. */
  valueOf(id: string): string | undefined {
    return this.find(id)?.version?.value;
  }

  handle(awsRegion: string, caller: Caller, request: HttpRequest): Promise<HttpResponse> {
    if (this.world.faults.hits('secrets-dark', awsRegion)) return silence();
    return Promise.resolve(this.answer(awsRegion, caller, request));
  }

  private answer(awsRegion: string, caller: Caller, request: HttpRequest): HttpResponse {
    const action = (request.headers['x-amz-target'] ?? '').replace('.', ':');
    if (action !== GET_VALUE) return failure('UnknownOperationException', `the twin does not serve ${action}`);
    const { SecretId: id } = JSON.parse(request.body.toString('utf8')) as { SecretId?: unknown };
    const secret = this.find(String(id));
    const arn = secret && secret.awsRegions.has(awsRegion) ? arnInRegion(secret.arn, awsRegion) : undefined;
    const asked = arn ?? `arn:aws:secretsmanager:${awsRegion}:${TWIN_ACCOUNT_ID}:secret:${String(id)}`;
    if (!this.authorize.allows(caller, GET_VALUE, asked)) {
      return failure('AccessDeniedException', notAuthorized(caller.roleArn, GET_VALUE, asked));
    }
    if (!secret || !arn) return notFound('secret.');
    if (!secret.version) return notFound('secret value for staging label: AWSCURRENT');
    // Every secret is encrypted with a key of KMS, a customer's or aws/secretsmanager, and decrypted for each answer.
    if (this.world.faults.hits('kms-dark', awsRegion)) return failure('DecryptionFailure', CANNOT_DECRYPT);
    const { id: VersionId, value: SecretString } = secret.version;
    const answer = { ARN: arn, Name: secret.name, VersionId, SecretString, VersionStages: ['AWSCURRENT'] };
    return jsonResponse(200, answer, CONTENT_TYPE);
  }

  /** By name, or by the ARN of any region. */
  private find(id: string): Secret | undefined {
    return this.secrets.find(
      ({ name, arn }) => name === id || arn === id || arnInRegion(id, arn.split(':')[3] ?? '') === arn,
    );
  }
}

const GET_VALUE = 'secretsmanager:GetSecretValue';
const CANNOT_DECRYPT = "Secrets Manager can't decrypt the protected secret text using the provided KMS key.";
const CONTENT_TYPE = 'application/x-amz-json-1.1';

const failure = (type: string, message: string): HttpResponse =>
  jsonResponse(400, { __type: type, message }, CONTENT_TYPE);

const notFound = (what: string): HttpResponse =>
  failure('ResourceNotFoundException', `Secrets Manager can't find the specified ${what}`);
