// Calls the applied functions as their load balancer would: through Lambda, behind the alias.
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { LIVE_ALIAS, type FunctionName } from '@dr/contracts';
import { CREDENTIALS } from './emulated-aws';

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface HttpCall {
  readonly method?: 'GET' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export class RegionFunctions {
  private readonly client: LambdaClient;

  constructor(endpoint: string, awsRegion: string) {
    this.client = new LambdaClient({ endpoint, region: awsRegion, credentials: CREDENTIALS });
  }

  /** Rejects when the function fails: an HTTP error is an answer, a function error is not. */
  async invoke(functionName: FunctionName, event: unknown): Promise<unknown> {
    const { FunctionError, Payload } = await this.client.send(
      new InvokeCommand({ FunctionName: functionName, Qualifier: LIVE_ALIAS, Payload: JSON.stringify(event) }),
    );
    const text = Buffer.from(Payload ?? []).toString();
    if (FunctionError) throw new Error(`${functionName}: ${text}`);
    return JSON.parse(text);
  }

  async http(functionName: FunctionName, { method = 'GET', path, headers = {}, body }: HttpCall): Promise<HttpAnswer> {
    const answer = (await this.invoke(functionName, {
      requestContext: { elb: { targetGroupArn: `arn:aws:elasticloadbalancing:e2e:targetgroup/${functionName}` } },
      httpMethod: method,
      path,
      queryStringParameters: {},
      headers: { host: 'app.example.com', ...headers },
      body: body === undefined ? '' : JSON.stringify(body),
      isBase64Encoded: false,
    })) as { statusCode: number; headers: Record<string, string>; body: string };
    return { ...answer, body: answer.body ? JSON.parse(answer.body) : undefined };
  }
}
