/** STS: AssumeRole with the role's external id checked, and GetCallerIdentity. */
import { type Accounts, OWN_ACCOUNT, type Session } from './accounts.ts';
import { errorAnswer, escapeXml, xmlAnswer } from './answer.ts';
import type { Answer, SandboxRequest } from './request.ts';

const SESSION_HOURS = 1;

export function answerSts(request: SandboxRequest, accounts: Accounts): Answer {
  const form = new URLSearchParams(request.body.toString());
  switch (request.action) {
    case 'AssumeRole':
      return assumeRole(form, accounts);
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
  const session = accounts.assume(roleArn, form.get('ExternalId') ?? undefined);
  // The real service does not say either whether the role exists or the external id is wrong.
  if (session === undefined) {
    const message = `User: arn:aws:iam::${OWN_ACCOUNT}:root is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
    return errorAnswer('sts', { status: 403, code: 'AccessDenied', message });
  }
  return xmlAnswer('sts', 'AssumeRole', credentialsXml(session) + assumedRoleXml(session, sessionName));
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
