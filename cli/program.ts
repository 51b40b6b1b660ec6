/** How the commands that are shown call this program. */
import { existsSync } from 'node:fs';

/** Installed by its own name, which `npx` would look for elsewhere; in its folder, where the sources are, by npx. */
export const PLIMSOLL = existsSync(new URL('main.ts', import.meta.url)) ? 'npx plimsoll' : 'plimsoll';
