import { AwsError } from './aws-error';
import type { ServiceName } from './call';
import { parseQuery, queryAnswer, queryError } from './query-protocol';

/** A request as it came in, over a socket or without one. */
export interface WireRequest {
  /** From the path on. */
  readonly url: string;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** A request, decoded, with the encoders of the protocol that it came in. */
export interface Decoded {
  readonly service: ServiceName;
  readonly operation: string;
  readonly params: object;
  readonly caller: string;
  answer(result: object, requestId: string): Encoded;
  refusal(error: AwsError, requestId: string): Encoded;
}

export interface Encoded {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const JSON_TARGETS: Record<string, ServiceName> = {
  secretsmanager: 'secretsmanager',
  AmazonEC2ContainerServiceV20141113: 'ecs',
  AWSEvents: 'events',
  AmazonSQS: 'sqs',
  CloudTrail_20131101: 'cloudtrail',
  Logs_20140328: 'logs',
};

const QUERY_VERSIONS: Record<string, ServiceName> = { '2010-03-31': 'sns', '2011-06-15': 'sts' };

/** Tells which service and operation a request is for, by the marks that its protocol carries. @throws AwsError */
export function decode(request: WireRequest): Decoded {
  const { url, body } = request;
  const caller = callerOf(request);
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string')
    return decodeJson(target, body, caller, String(request.headers['content-type']));
  const invoke = /^\/2015-03-31\/functions\/([^/]+)\/invocations(?:\?(.*))?$/.exec(url);
  if (invoke) {
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    const qualifier = new URLSearchParams(invoke[2]).get('Qualifier');
    const name = [decodeURIComponent(invoke[1]!), ...(qualifier ? [qualifier] : [])].join(':');
    return decodeInvoke(name, String(type), body, caller);
  }
  return decodeQuery(body, caller);
}

function decodeJson(target: string, body: string, caller: string, contentType: string): Decoded {
  const [prefix = '', operation = ''] = target.split('.');
  const service = JSON_TARGETS[prefix];
  if (!service) throw new AwsError('UnknownOperationException', `Nothing here answers to ${target}.`);
  const headers = { 'content-type': contentType };
  return {
    service,
    operation,
    params: parseJson(body),
    caller,
    answer: (result) => ({ status: 200, headers, body: JSON.stringify(result) }),
    refusal: (error) => ({
      status: error.status,
      headers,
      body: JSON.stringify({ __type: error.code, message: error.message, Message: error.message }),
    }),
  };
}

function decodeQuery(body: string, caller: string): Decoded {
  const { Action, Version, ...params } = parseQuery(body);
  const service = QUERY_VERSIONS[String(Version)];
  const operation = String(Action);
  if (!service)
    throw new AwsError('InvalidAction', `Nothing here answers to ${operation} of ${String(Version)}.`);
  const headers = { 'content-type': 'text/xml' };
  return {
    service,
    operation,
    params,
    caller,
    answer: (result, id) => ({ status: 200, headers, body: queryAnswer(operation, result, id) }),
    refusal: (error, id) => ({
      status: error.status,
      headers,
      body: queryError(error.code, error.message, error.status, id),
    }),
  };
}

function decodeInvoke(
  FunctionName: string,
  InvocationType: string,
  Payload: string,
  caller: string,
): Decoded {
  return {
    service: 'lambda',
    operation: 'Invoke',
    params: { FunctionName, InvocationType, Payload },
    caller,
    answer: (result) => {
      const { status, payload, functionError } = result as {
        status: number;
        payload: string;
        functionError?: string;
      };
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (functionError) headers['x-amz-function-error'] = functionError;
      return { status, headers, body: payload };
    },
    refusal: (error) => ({
      status: error.status,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': error.code },
      body: JSON.stringify({ Type: 'User', Message: error.message }),
    }),
  };
}

function parseJson(body: string): object {
  try {
    const parsed: unknown = JSON.parse(body === '' ? '{}' : body);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {}
  throw new AwsError('SerializationException', 'The request is not a JSON object.');
}

/** The access key id of the signature. Signatures themselves are not checked: nobody here holds a secret key. */
function callerOf({ headers }: WireRequest): string {
  const match = /Credential=([^/]+)\//.exec(String(headers.authorization ?? ''));
  if (!match) throw new AwsError('MissingAuthenticationToken', 'The request is not signed.', 403);
  return match[1]!;
}

/** Answers one request of any service. `hang-up` is a broken connection. */
export type Exchange = (request: WireRequest) => Promise<Encoded | 'hang-up'>;
