// Lambda's Invoke API on the wire, for all regions, and the invoker that finds a function's region by its ARN.
import { parseArn } from '@dr/stack';
import { jsonResponse, type HttpRequest, type HttpResponse } from '../../http';
import { notAuthorized } from '../iam/policy';
import type { Authorize, Caller, FunctionInvoker, InvokeResult, ServiceEndpoint } from '../ports';
import type { LambdaService } from './lambda';

const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?(.*))?$/;

/** Sends each call to the Lambda service of the ARN's region. */
export class RegionalFunctions implements FunctionInvoker {
  private readonly byRegion: ReadonlyMap<string, LambdaService>;

  constructor(services: readonly LambdaService[]) {
    this.byRegion = new Map(services.map((service) => [service.awsRegion, service]));
  }

  in(awsRegion: string): LambdaService | undefined {
    return this.byRegion.get(awsRegion);
  }

  async invoke(functionArn: string, payload: unknown, trigger: string): Promise<InvokeResult> {
    return (await this.of(functionArn)?.invoke(functionArn, payload, trigger)) ?? { kind: 'unreachable' };
  }

  invokeAsync(functionArn: string, payload: unknown, trigger: string): void {
    this.of(functionArn)?.invokeAsync(functionArn, payload, trigger);
  }

  permits(functionArn: string, principal: string, sourceArn: string): boolean {
    return this.of(functionArn)?.permits(functionArn, principal, sourceArn) ?? false;
  }

  private of(functionArn: string): LambdaService | undefined {
    return this.byRegion.get(parseArn(functionArn)?.awsRegion ?? '');
  }
}

export class LambdaEndpoint implements ServiceEndpoint {
  readonly service = 'lambda';

  constructor(
    private readonly functions: RegionalFunctions,
    private readonly authorize: Authorize,
  ) {}

  async handle(awsRegion: string, caller: Caller, request: HttpRequest): Promise<HttpResponse> {
    const match = INVOKE_PATH.exec(request.path);
    if (request.method !== 'POST' || !match?.[1])
      return failure(404, 'ResourceNotFoundException', 'the twin serves Invoke only');
    const named = decodeURIComponent(match[1]);
    const qualifier = new URLSearchParams(match[2] ?? '').get('Qualifier');
    const lambda = this.functions.in(awsRegion);
    const target = lambda?.resolve(qualifier && !named.endsWith(`:${qualifier}`) ? `${named}:${qualifier}` : named);
    if (!lambda || !target) return failure(404, 'ResourceNotFoundException', `Function not found: ${named}`);
    if (!this.authorize.allows(caller, 'lambda:InvokeFunction', target.arn)) {
      return failure(403, 'AccessDeniedException', notAuthorized(caller.roleArn, 'lambda:InvokeFunction', target.arn));
    }
    const payload = request.body.length > 0 ? (JSON.parse(request.body.toString('utf8')) as unknown) : {};
    switch (request.headers['x-amz-invocation-type'] ?? 'RequestResponse') {
      case 'DryRun':
        return { status: 204, headers: {}, body: Buffer.alloc(0) };
      case 'Event':
        lambda.invokeAsync(target.arn, payload, caller.name);
        return { status: 202, headers: {}, body: Buffer.alloc(0) };
      default:
        return responseOf(await lambda.invoke(target.arn, payload, caller.name));
    }
  }
}

function responseOf(result: InvokeResult): HttpResponse {
  switch (result.kind) {
    case 'ok':
      return jsonResponse(200, result.payload ?? null);
    case 'function-error': {
      const response = jsonResponse(200, { errorType: result.errorType, errorMessage: result.message, trace: [] });
      return { ...response, headers: { ...response.headers, 'x-amz-function-error': 'Unhandled' } };
    }
    case 'throttled':
      return failure(429, 'TooManyRequestsException', 'Rate Exceeded.');
    case 'unreachable':
      return failure(500, 'ServiceException', 'Lambda is unavailable');
  }
}

function failure(status: number, type: string, message: string): HttpResponse {
  const response = jsonResponse(status, { Type: 'User', message });
  return { ...response, headers: { ...response.headers, 'x-amzn-errortype': type } };
}
