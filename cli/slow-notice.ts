/** States on stderr what a command is doing, for whoever wonders whether it hangs: at once on a terminal, in a pipe after a while. */
import type { Terminal } from './terminal.ts';

/** Milliseconds for which a command may print nothing: nobody misses a remark about what is done by then. */
const QUIET_MS = 2_000;

/** In a pipe the text is one line, and only where the work takes longer. It is over when it is disposed. */
export function noticeWhenSlow(text: string, terminal: Terminal): Disposable {
  terminal.progress(text);
  const timer = setTimeout(() => {
    if (!terminal.live) terminal.note(text);
  }, QUIET_MS);
  timer.unref();
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
