/** The rights of whoever deploys. */
import { HOME, REGION, STAGE } from './ministack.ts';

/** What `serverless deploy`, `info` and `remove` call themselves. */
export async function deployerPolicy(): Promise<object> {
  const stack = `arn:aws:cloudformation:${REGION}:${HOME}:stack/plimsoll-${STAGE}/*`;
  const bucket = `arn:aws:s3:::plimsoll-${STAGE}-serverlessdeploymentbucket-*`;
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['sts:GetCallerIdentity', 'cloudformation:ValidateTemplate'], Resource: '*' },
      { Effect: 'Allow', Action: 'cloudformation:*', Resource: stack },
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: bucket },
      { Effect: 'Allow', Action: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'], Resource: `${bucket}/*` },
      {
        Effect: 'Allow',
        Action: 'lambda:GetFunction',
        Resource: `arn:aws:lambda:${REGION}:${HOME}:function:plimsoll-*`,
      },
    ],
  };
}
