/**
 * Deploys once for all files, by the README's own commands. The deployer is a user with the rights of
 * infra/deployer-policy.yml and with no others.
 */
import type { TestProject } from 'vitest/node';
import { createDeployer, FAST } from './deployer.ts';
import { commandsOf } from './documents.ts';
import { clientsOf, environmentOf, HOME, REGION, rootOf, STAGE } from './ministack.ts';
import { translateRights } from './rights.ts';
import { copyProject, openShell, type Ran } from './shell.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The copy of the project that the commands run in. */
    folder: string;
    /** The commands that have run, in order. */
    transcript: readonly Ran[];
  }
}

/** The commands of the README's section that make the deployment; what follows connects a tenant. */
const DEPLOYS = /^(npm run package|npx serverless)/;

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const root = clientsOf(rootOf(HOME));
  const folder = await copyProject();
  const administrator = openShell(folder, { ...environmentOf(rootOf(HOME)), AWS_DEFAULT_REGION: REGION });
  const transcript: Ran[] = [];
  for (const command of await commandsOf('docs/deploy.md', 'The rights of whoever deploys')) {
    transcript.push(await administrator.run(command));
  }
  const deployer = openShell(folder, { ...environmentOf(await createDeployer(root, STAGE)), ...FAST });
  for (const command of (await commandsOf('README.md', 'Deploy')).filter((line) => DEPLOYS.test(line))) {
    transcript.push(await deployer.run(command));
  }
  await translateRights(root, `plimsoll-${STAGE}`);
  provide('folder', folder);
  provide('transcript', transcript);
  return () => deployer.remove();
}
