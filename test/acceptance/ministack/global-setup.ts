/**
 * Deploys once for all files, by the README's own commands. The deployer is a user with the rights of
 * infra/deployer-policy.json and with no others.
 */
import type { TestProject } from 'vitest/node';
import { deployerPolicy } from './deployer.ts';
import { commandsOf } from './documents.ts';
import { clientsOf, environmentOf, HOME, rootOf, STAGE } from './ministack.ts';
import { createUser } from './principals.ts';
import { grantPublishBatch } from './rights.ts';
import { copyProject, openShell, type Ran } from './shell.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The copy of the project that the commands run in. */
    folder: string;
    /** Variables of the deployer's shell. */
    deployer: Record<string, string>;
    /** The commands that have run, in order. */
    transcript: readonly Ran[];
  }
}

/** The commands of the README's section that make the deployment; what follows connects a tenant. */
const DEPLOYS = /^(npm run package|npx serverless)/;

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const root = clientsOf(rootOf(HOME));
  const deployer = { ...environmentOf(await createUser(root, 'deployer', await deployerPolicy())), ...FAST };
  const folder = await copyProject();
  const shell = openShell(folder, deployer);
  const transcript: Ran[] = [];
  for (const command of (await commandsOf('README.md', 'Deploy')).filter((line) => DEPLOYS.test(line))) {
    transcript.push(await shell.run(command));
  }
  await grantPublishBatch(root, `plimsoll-${STAGE}`);
  provide('folder', folder);
  provide('deployer', deployer);
  provide('transcript', transcript);
  return () => shell.remove();
}

/** Serverless looks at a stack every 5 s and repeats what fails for minutes: an emulator is faster, and does not waver. */
const FAST = { SLS_AWS_REQUEST_MAX_RETRIES: '0', SLS_AWS_MONITORING_FREQUENCY: '200' };
