import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { reportError } from '../../cli/error-report.ts';
import { InvalidInputError, StoreError } from '../../core/ports/errors.ts';
import { aContext } from './a-context.ts';

function report(
  error: unknown,
  { debug = false, ...options }: { debug?: boolean; signal?: AbortSignal; width?: number } = {},
) {
  const { context, out, err } = aContext(options);
  const code = reportError(error, context, debug);
  return { code, out: out(), err: err() };
}

describe('reportError', () => {
  it('prints an error of ours by its message alone', () => {
    const error = new StoreError('The table is away.', { cause: new Error('ECONNREFUSED') });

    expect(report(error)).toEqual({ code: 1, out: '', err: 'error: The table is away.' });
  });

  it('keeps the list of an input’s mistakes', () => {
    const error = new InvalidInputError('The tenant config', ['tenant: must be lower case', 'polcy: unknown field']);

    expect(report(error).err).toBe(
      'error: The tenant config is not valid:\n  tenant: must be lower case\n  polcy: unknown field',
    );
  });

  it('indents the rest of an entry that is broken, so that it is not taken for another one', () => {
    const error = new InvalidInputError('The config', ['tenant: must be 1 to 40 lower case characters']);

    expect(report(error, { width: 36 }).err).toBe(
      'error: The config is not valid:\n  tenant: must be 1 to 40 lower\n    case characters',
    );
  });

  it('advises what to do about a missing region, also where it is the cause of another error', () => {
    const cause = new Error('Region is missing');

    expect(report(cause).err).toContain('Set AWS_REGION');
    expect(report(new StoreError('The table is away.', { cause })).err).toBe(
      'error: The table is away.\nSet AWS_REGION to the region that Plimsoll was deployed to.',
    );
  });

  it('explains how to learn more about an error that nobody foresaw', () => {
    expect(report(new TypeError('x is not a function')).err).toBe(
      'error: x is not a function\nThis was not expected. Run it again with --debug to see where it arose.',
    );
  });

  it('shows the stack and the causes for those who ask', () => {
    const { err } = report(new StoreError('The table is away.', { cause: new Error('ECONNREFUSED') }), { debug: true });

    expect(err).toContain('error-report.test.ts');
    expect(err).toContain('ECONNREFUSED');
  });

  it('takes what was thrown after Ctrl-C for the interruption that it is', () => {
    expect(report(new Error('aborted'), { signal: AbortSignal.abort() })).toEqual({
      code: 130,
      out: '',
      err: 'Interrupted.',
    });
  });

  it('adds nothing to what commander has printed', () => {
    expect(report(new CommanderError(1, 'commander.unknownOption', 'x'))).toEqual({ code: 1, out: '', err: '' });
    expect(report(new CommanderError(0, 'commander.helpDisplayed', 'x')).code).toBe(0);
  });
});
