/** STS: AssumeRole with the role's external id checked, GetWebIdentityToken, and GetCallerIdentity. */

import type { Answer } from '../wire/answer.ts';
import type { WebIdentity } from '../wire/web-identity.ts';
import { type Accounts, OWN_ACCOUNT, type Session } from './accounts.ts';
import { errorAnswer, escapeXml, xmlAnswer } from './answers.ts';
import type { SandboxRequest } from './request.ts';

const SESSION_HOURS = 1;
const DEFAULT_TOKEN_SECONDS = 300;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

export function answerSts(request: SandboxRequest, accounts: Accounts, webIdentity: WebIdentity): Answer {
  const form = new URLSearchParams(request.body.toString());
  switch (request.action) {
    case 'AssumeRole':
      return assumeRole(form, accounts);
    case 'GetWebIdentityToken':
      return webIdentityToken(form, webIdentity);
    case 'GetCallerIdentity':
      return callerIdentity(accounts.accountOf(request.accessKeyId) ?? OWN_ACCOUNT);
    default:
      return errorAnswer('sts', {
        status: 400,
        code: 'InvalidAction',
        message: `Could not find operation ${request.action}`,
      });
  }
}

function assumeRole(form: URLSearchParams, accounts: Accounts): Answer {
  const roleArn = form.get('RoleArn');
  const sessionName = form.get('RoleSessionName');
  if (roleArn === null || sessionName === null || !/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
    const message = 'RoleArn and a RoleSessionName of 2 to 64 characters are required';
    return errorAnswer('sts', { status: 400, code: 'ValidationError', message });
  }
  const externalId = form.get('ExternalId') ?? undefined;
  if (externalId !== undefined && !EXTERNAL_ID.test(externalId)) {
    const message = `1 validation error detected: Value '${externalId}' at 'externalId' failed to satisfy constraint`;
    return errorAnswer('sts', { status: 400, code: 'ValidationError', message });
  }
  const session = accounts.assume(roleArn, sessionName, externalId);
  // The real service does not reveal either whether the role exists or the external id is wrong.
  if (session === undefined) {
    const message = `User: arn:aws:iam::${OWN_ACCOUNT}:root is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
    return errorAnswer('sts', { status: 403, code: 'AccessDenied', message });
  }
  return xmlAnswer('sts', 'AssumeRole', credentialsXml(session) + assumedRoleXml(session, sessionName));
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html */
function webIdentityToken(form: URLSearchParams, webIdentity: WebIdentity): Answer {
  const audience = form.get('Audience.member.1');
  const algorithm = form.get('SigningAlgorithm') ?? '';
  const seconds = Number(form.get('DurationSeconds') ?? DEFAULT_TOKEN_SECONDS);
  if (audience === null || !['RS256', 'ES384'].includes(algorithm) || seconds < 60 || seconds > 3_600) {
    const message = 'Audience, SigningAlgorithm and a DurationSeconds of 60 to 3600 are required';
    return errorAnswer('sts', { status: 400, code: 'ValidationError', message });
  }
  const expiration = new Date(Date.now() + seconds * 1_000);
  const claims = {
    iss: 'https://00000000-0000-0000-0000-000000000000.tokens.sts.global.api.aws',
    sub: `arn:aws:iam::${OWN_ACCOUNT}:root`,
    aud: [audience],
    exp: expiration.getTime() / 1_000,
  };
  const token = webIdentity.issue(claims, algorithm);
  const result = `<WebIdentityToken>${token}</WebIdentityToken><Expiration>${expiration.toISOString()}</Expiration>`;
  return xmlAnswer('sts', 'GetWebIdentityToken', result);
}

function credentialsXml(session: Session): string {
  // The client compares this with its own clock, whatever time the fleet is at.
  const expiration = new Date(Date.now() + SESSION_HOURS * 3_600_000).toISOString();
  return (
    `<Credentials><AccessKeyId>${session.accessKeyId}</AccessKeyId><SecretAccessKey>${session.secretAccessKey}</SecretAccessKey>` +
    `<SessionToken>${session.sessionToken}</SessionToken><Expiration>${expiration}</Expiration></Credentials>`
  );
}

function assumedRoleXml(session: Session, sessionName: string): string {
  const role = session.roleArn.slice(session.roleArn.lastIndexOf('/') + 1);
  const arn = `arn:aws:sts::${session.account}:assumed-role/${role}/${sessionName}`;
  return `<AssumedRoleUser><Arn>${escapeXml(arn)}</Arn><AssumedRoleId>AROASANDBOX:${sessionName}</AssumedRoleId></AssumedRoleUser>`;
}

function callerIdentity(account: string): Answer {
  const arn = `arn:aws:iam::${account}:root`;
  return xmlAnswer(
    'sts',
    'GetCallerIdentity',
    `<Arn>${arn}</Arn><UserId>${account}</UserId><Account>${account}</Account>`,
  );
}
