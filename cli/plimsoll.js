#!/usr/bin/env node
// The command that npm installs. Plain JavaScript that old versions of node can read too, so that they get a sentence
// and not a syntax error. Nothing may be imported before the version is known.

const LEAST = { major: 22, minor: 13 };

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < LEAST.major || (major === LEAST.major && minor < LEAST.minor)) {
  console.error(
    `error: plimsoll needs node ${LEAST.major}.${LEAST.minor} or later, and this is node ${process.versions.node}. ` +
      'Install a newer one from https://nodejs.org.',
  );
  process.exitCode = 1;
} else {
  const { main } = await load();
  await main();
}

/** A clone runs its sources; a package has the bundle only. */
async function load() {
  const { existsSync } = await import('node:fs');
  if (existsSync(new URL('main.ts', import.meta.url))) return import('./main.ts');
  const bundle = new URL('../dist/main.js', import.meta.url);
  return import(bundle.href);
}
