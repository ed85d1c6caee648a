// SNS on the wire: the AWS query protocol, a form in and XML out.
import type { HttpRequest, HttpResponse } from '../../http';
import type { TopicMessage } from '../ports';

export type QueryError = readonly [status: number, code: string, message: string];

interface PublishInput extends TopicMessage {
  readonly topicArn: string;
}

/** SNS API reference, Publish. */
const MAX_MESSAGE_BYTES = 262_144;
const MAX_SUBJECT = 100;
const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

export function readPublish(request: HttpRequest): PublishInput | QueryError {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const action = form.get('Action') ?? '';
  // A plain GET, which someone sends to see whether anybody answers.
  if (action === '') return [400, 'MissingAction', 'The request has no Action'];
  if (action !== 'Publish') return [400, 'InvalidAction', `the twin does not model the action ${action} of SNS`];
  const topicArn = form.get('TopicArn') ?? form.get('TargetArn') ?? '';
  const subject = form.get('Subject') ?? '';
  const body = form.get('Message') ?? '';
  if (body === '') return invalid('Empty message');
  if (Buffer.byteLength(body) > MAX_MESSAGE_BYTES) return invalid('Message too long');
  if (form.has('Subject') && !isSubject(subject)) return invalid('Subject');
  return { topicArn, subject, body };
}

const invalid = (what: string): QueryError => [400, 'InvalidParameter', `Invalid parameter: ${what}`];

/** Printable ASCII that begins with a letter, digit or punctuation, on one line. */
const isSubject = (subject: string): boolean => subject.length <= MAX_SUBJECT && /^[!-~][ -~]*$/.test(subject);

export const publishResponse = (messageId: string, requestId: string): HttpResponse =>
  xml(
    200,
    `<PublishResponse xmlns="${NAMESPACE}"><PublishResult><MessageId>${messageId}</MessageId></PublishResult>` +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></PublishResponse>`,
  );

export const errorResponse = ([status, code, message]: QueryError, requestId: string): HttpResponse =>
  xml(
    status,
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>` +
      `<Code>${code}</Code><Message>${escaped(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  );

function xml(status: number, text: string): HttpResponse {
  const body = Buffer.from(text);
  return { status, headers: { 'content-type': 'text/xml', 'content-length': String(body.length) }, body };
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
