import { describe, expect, it } from 'vitest';
import { isolatedVariables, readEnvironment } from '../../cli/environment.ts';

describe('readEnvironment', () => {
  it('gives what is set', () => {
    const environment = readEnvironment({ PLIMSOLL_TABLE: 'plimsoll', SECRET: 'x' });

    expect(environment.table()).toBe('plimsoll');
    expect(environment.named('SECRET')).toBe('x');
  });

  it('names the missing variable and what it holds, when it is needed', () => {
    const environment = readEnvironment({});

    expect(() => environment.table()).toThrow('PLIMSOLL_TABLE is not set. It holds the name of the table');
    expect(() => environment.topicArnPrefix()).toThrow('for example arn:aws:sns:');
    expect(() => environment.named('SECRET')).toThrow('SECRET is not set');
  });

  it('states how the value of a missing variable is found', () => {
    const environment = readEnvironment({});

    expect(() => environment.table()).toThrow(
      /^Name the deployment: --stage NAME \(or --stack NAME\) reads its addresses from the deployed stack.\nThe environment variable PLIMSOLL_TABLE is not set.* `npx serverless info --verbose --stage NAME` prints it as TableName.$/,
    );
    expect(() => environment.gcpSession()).toThrow('prints it as GcpSessionRoleArn');
  });

  it('takes defaults for what is not set, and checks them as strictly', () => {
    const environment = readEnvironment({ PLIMSOLL_TABLE: 'mine' });

    const completed = environment.withDefaults({ PLIMSOLL_TABLE: 'theirs', PLIMSOLL_TOPIC_ARN_PREFIX: 'arn:x' });

    expect([completed.table(), completed.topicArnPrefix()]).toEqual(['mine', 'arn:x']);
    expect(() => environment.withDefaults({ PLIMSOLL_TOPIC_ARN_PREFIX: 'x' })).toThrow('PLIMSOLL_TOPIC_ARN_PREFIX');
  });

  it('names every variable that is wrong', () => {
    expect(() => readEnvironment({ PLIMSOLL_TABLE: 'x', PLIMSOLL_TOPIC_ARN_PREFIX: 'plimsoll-' })).toThrow(
      /PLIMSOLL_TABLE: .*\n {2}PLIMSOLL_TOPIC_ARN_PREFIX: /,
    );
  });
});

describe('isolatedVariables', () => {
  it('takes the user’s AWS settings away until it is disposed', () => {
    process.env['AWS_PROFILE'] = 'production';
    process.env['AWS_ENDPOINT_URL_SNS'] = 'https://example.net';
    {
      using _ = isolatedVariables({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1', TABLE: 'demo' });

      expect(process.env['AWS_PROFILE']).toBeUndefined();
      expect(process.env['AWS_ENDPOINT_URL_SNS']).toBeUndefined();
      expect(process.env['AWS_ENDPOINT_URL']).toBe('http://127.0.0.1:1');
    }

    expect(process.env['AWS_PROFILE']).toBe('production');
    expect(process.env['AWS_ENDPOINT_URL_SNS']).toBe('https://example.net');
    expect(process.env['AWS_ENDPOINT_URL']).toBeUndefined();
    expect(process.env['TABLE']).toBeUndefined();
  });
});
