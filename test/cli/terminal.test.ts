import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createTerminal, textWidth } from '../../cli/terminal.ts';

function aStream(properties: { isTTY?: boolean; columns?: number } = {}) {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return { stream: Object.assign(stream, properties), text: () => text };
}

describe('createTerminal', () => {
  it('prints results to stdout and remarks to stderr', () => {
    const stdout = aStream();
    const stderr = aStream();
    const terminal = createTerminal(stdout.stream, stderr.stream);

    terminal.print('result');
    terminal.note('remark');

    expect([stdout.text(), stderr.text()]).toEqual(['result\n', 'remark\n']);
  });

  it('escapes in JSON what a terminal would obey or not show', () => {
    const stdout = aStream();

    createTerminal(stdout.stream, aStream().stream).printJson('{"name":"web\u009b2J\u200b-7"}');

    expect(stdout.text()).toBe('{"name":"web\\u009b2J\\u200b-7"}\n');
  });

  it('truncates and colours nothing where stdout is not a terminal', () => {
    const terminal = createTerminal(aStream().stream, aStream().stream);

    expect(terminal.width).toBeUndefined();
    expect(terminal.paint('bad', 'error')).toBe('error');
    expect(textWidth(terminal)).toBe(100);
  });

  it('knows the columns of a terminal', () => {
    const terminal = createTerminal(aStream({ isTTY: true, columns: 72 }).stream, aStream().stream);

    expect(terminal.width).toBe(72);
    expect(textWidth(terminal)).toBe(72);
  });

  it('shows progress only where stderr is a terminal', () => {
    const stderr = aStream();
    const terminal = createTerminal(aStream().stream, stderr.stream);

    terminal.progress('inspecting …');

    expect(stderr.text()).toBe('');
    expect(terminal.live).toBe(false);
    expect(createTerminal(aStream().stream, aStream({ isTTY: true }).stream).live).toBe(true);
  });

  it('takes the progress away before it prints anything else', () => {
    const stderr = aStream({ isTTY: true, columns: 12 });
    const terminal = createTerminal(aStream().stream, stderr.stream);

    terminal.progress('inspecting many hosts');
    terminal.print('result');

    expect(stderr.text()).toBe('\r\x1b[2Kinspecting…\r\x1b[2K');
  });
});
