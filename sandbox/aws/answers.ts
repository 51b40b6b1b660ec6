/**
 * Answers and errors in the wire forms of AWS's services: AWS JSON 1.0 for CloudWatch, DynamoDB and SQS; REST JSON for the
 * Scheduler; XML for CloudFormation, S3, SNS and STS.
 */
import { randomUUID } from 'node:crypto';
import type { Answer, AwsService } from '../wire/answer.ts';

const JSON_TYPE = { 'content-type': 'application/x-amz-json-1.0' };
const REST_JSON_TYPE = { 'content-type': 'application/json' };
const XML_TYPE = { 'content-type': 'text/xml' };

const XML_NAMESPACE = {
  cloudformation: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  sns: 'http://sns.amazonaws.com/doc/2010-03-31/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
};

/** An error as a service states it. `code` is the query protocol's, `type` the JSON protocol's where it has another name. */
export interface ServiceError {
  readonly status: number;
  readonly code: string;
  readonly type?: string;
  readonly message: string;
}

export function jsonAnswer(value: unknown): Answer {
  return { status: 200, headers: JSON_TYPE, body: JSON.stringify(value) };
}

export function restJsonAnswer(value: unknown): Answer {
  return { status: 200, headers: REST_JSON_TYPE, body: JSON.stringify(value) };
}

/** `result` is the inside of the result element, already XML. */
export function xmlAnswer(service: keyof typeof XML_NAMESPACE, action: string, result: string): Answer {
  const body =
    `<${action}Response xmlns="${XML_NAMESPACE[service]}"><${action}Result>${result}</${action}Result>` +
    `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${action}Response>`;
  return { status: 200, headers: XML_TYPE, body };
}

export function errorAnswer(service: AwsService, error: ServiceError): Answer {
  const fault = error.status < 500 ? 'Sender' : 'Receiver';
  if (service === 'cloudformation' || service === 'sns' || service === 'sts') {
    const body =
      `<ErrorResponse xmlns="${XML_NAMESPACE[service]}"><Error><Type>${fault}</Type><Code>${error.code}</Code>` +
      `<Message>${escapeXml(error.message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`;
    return { status: error.status, headers: XML_TYPE, body };
  }
  if (service === 's3') {
    const body = `<Error><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message><RequestId>${randomUUID()}</RequestId></Error>`;
    return { status: error.status, headers: XML_TYPE, body };
  }
  if (service === 'scheduler') {
    return {
      status: error.status,
      headers: { ...REST_JSON_TYPE, 'x-amzn-errortype': error.type ?? error.code },
      body: JSON.stringify({ Message: error.message }),
    };
  }
  // CloudWatch and SQS moved from the query protocol to JSON: their clients read the old code from this header first.
  const compatible = service === 'dynamodb' ? {} : { 'x-amzn-query-error': `${error.code};${fault}` };
  return {
    status: error.status,
    headers: { ...JSON_TYPE, ...compatible },
    body: JSON.stringify({ __type: `com.amazonaws.${service}#${error.type ?? error.code}`, message: error.message }),
  };
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
