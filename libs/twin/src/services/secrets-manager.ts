// Secrets Manager: GetSecretValue from a secret or from its replica, in the region that is asked.
import type { Graph } from '@dr/terraform-json';
import { jsonResponse, type HttpRequest, type HttpResponse } from '../http';
import { uuidOf } from '../runtime/virtual-crypto';
import type { World } from '../world';
import { arnInRegion } from '@dr/stack';
import type { Authorize, Caller, ServiceEndpoint } from './ports';

interface Secret {
  readonly name: string;
  /** In the secret's own region; a replica's differs in the region alone. */
  readonly arn: string;
  readonly awsRegions: ReadonlySet<string>;
  version: { readonly id: string; readonly value: string } | undefined;
}

export class SecretsManager implements ServiceEndpoint {
  readonly service = 'secretsmanager';
  private readonly secrets: Secret[];

  constructor(
    private readonly world: World,
    graph: Graph,
    private readonly authorize: Authorize,
  ) {
    this.secrets = graph.ofType('aws_secretsmanager_secret').map((resource) => {
      const replicas = (resource.values['replica'] ?? []) as readonly Readonly<Record<string, unknown>>[];
      const awsRegions = new Set([resource.awsRegion, ...replicas.map((replica) => String(replica['region']))]);
      return {
        name: String(resource.values['name']),
        arn: String(graph.attribute(resource, 'arn')),
        awsRegions,
        version: undefined,
      };
    });
    for (const { values } of graph.ofType('aws_secretsmanager_secret_version')) {
      const secret = this.find(String(values['secret_id']));
      if (secret && typeof values['secret_string'] === 'string') this.setSecret(secret.name, values['secret_string']);
    }
  }

  /** An operator stores a value, in all replicas. False when the stack has no secret of that name. */
  setSecret(name: string, value: string): boolean {
    const secret = this.find(name);
    if (secret) secret.version = { id: uuidOf(this.world.random.stream('secrets').bytes(16)), value };
    return secret !== undefined;
  }

  names(): readonly string[] {
    return this.secrets.map(({ name }) => name);
  }

  /** Of a secret by name or ARN; undefined: there is none, or it is empty. */
  valueOf(id: string): string | undefined {
    return this.find(id)?.version?.value;
  }

  handle(awsRegion: string, caller: Caller, request: HttpRequest): Promise<HttpResponse> {
    return Promise.resolve(this.answer(awsRegion, caller, request));
  }

  private answer(awsRegion: string, caller: Caller, request: HttpRequest): HttpResponse {
    const target = request.headers['x-amz-target'] ?? '';
    if (target !== 'secretsmanager.GetSecretValue')
      return failure('UnknownOperationException', `the twin does not serve ${target}`);
    const { SecretId: id } = JSON.parse(request.body.toString('utf8')) as { SecretId?: unknown };
    const secret = this.find(String(id));
    const arn = secret && secret.awsRegions.has(awsRegion) ? arnInRegion(secret.arn, awsRegion) : undefined;
    const asked = arn ?? `arn:aws:secretsmanager:${awsRegion}:${this.world.accountId}:secret:${String(id)}`;
    if (!this.authorize.allows(caller, 'secretsmanager:GetSecretValue', asked)) {
      const message = `User: ${caller.roleArn} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${asked}`;
      return failure('AccessDeniedException', message);
    }
    if (!secret || !arn)
      return failure('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    if (!secret.version) {
      const message = "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT";
      return failure('ResourceNotFoundException', message);
    }
    const { id: versionId, value } = secret.version;
    const answer = {
      ARN: arn,
      Name: secret.name,
      VersionId: versionId,
      SecretString: value,
      VersionStages: ['AWSCURRENT'],
    };
    return jsonResponse(200, answer, CONTENT_TYPE);
  }

  /** By name, or by the ARN of any region. */
  private find(id: string): Secret | undefined {
    return this.secrets.find(
      ({ name, arn }) => name === id || arn === id || arnInRegion(id, arn.split(':')[3] ?? '') === arn,
    );
  }
}

const CONTENT_TYPE = 'application/x-amz-json-1.1';

const failure = (type: string, message: string): HttpResponse =>
  jsonResponse(400, { __type: type, message }, CONTENT_TYPE);
