/**
 * `node bench/schedules.ts [accounts] [tenants]` (10,000 and 300 by default): what following configs costs, in calls and seconds,
 * through the adapters and the simulated services. Exit 1 where something is written for what is right already, where a change
 * costs more writes than it has, or where an unchanged reconcile does not fit one run of its function.
 */
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { createScheduler } from '../adapters/scheduler/scheduler.ts';
import type { TenantConfig } from '../core/model/tenant.ts';
import type { ReconcileReport } from '../core/tenants/reconcile-report.ts';
import { type ReconcilePorts, reconcileAll, reconcileTenant } from '../core/tenants/reconcile-schedules.ts';
import { parseTenantConfig } from '../core/tenants/tenant-config.ts';
import { deploy } from '../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';

/** Of one Lambda run. */
const RUN_SECONDS = 900;

/** One call after the other, at what a call to AWS takes within a region. */
const SECONDS_PER_CALL = 0.03;

const GROUP = 'bench';
const ARNS = {
  queueArn: 'arn:aws:sqs:eu-west-1:000000000000:requests',
  roleArn: 'arn:aws:iam::000000000000:role/plimsoll-schedules',
  deadLetterArn: 'arn:aws:sqs:eu-west-1:000000000000:schedules-dead',
};
const DEADLINE = { remainingMs: () => RUN_SECONDS * 1_000 };

const accounts = Number(process.argv[2] ?? 10_000);
const tenants = Number(process.argv[3] ?? 300);

const tenantId = (index: number) => `tenant-${String(index).padStart(4, '0')}`;

/** The accounts are dealt out to the tenants in turn; each has a minute of the hour. */
function configOf(tenant: number): TenantConfig {
  const made = [];
  for (let index = tenant; index < accounts; index += tenants) {
    const account = String(100_000_000_000 + index);
    made.push({
      provider: 'aws',
      account,
      regions: ['eu-west-1'],
      role: `arn:aws:iam::${account}:role/plimsoll-reader`,
      schedule: { cron: `${index % 60} * * * *`, timezone: 'Europe/Berlin' },
    });
  }
  return parseTenantConfig({ version: 1, tenant: tenantId(tenant), accounts: made });
}

type Configs = ReturnType<typeof createConfigStore>;

async function save(configs: Configs, config: TenantConfig): Promise<void> {
  const version = (await configs.get(config.tenant))?.version ?? 0;
  await configs.put(config, version, 'external', 0);
}

interface Measured {
  readonly name: string;
  readonly seconds: number;
  readonly listed: number;
  readonly read: number;
  readonly created: number;
  readonly deleted: number;
  readonly report: ReconcileReport;
}

async function measure(sandbox: Sandbox, name: string, run: () => Promise<ReconcileReport>): Promise<Measured> {
  sandbox.calls.clear();
  const began = performance.now();
  const report = await run();
  const seconds = (performance.now() - began) / 1_000;
  const count = (action: string) => sandbox.calls.count('scheduler', action);
  const measured = {
    name,
    seconds,
    listed: count('ListSchedules'),
    read: sandbox.calls.count('dynamodb'),
    created: count('CreateSchedule'),
    deleted: count('DeleteSchedule'),
    report,
  };
  console.log(
    `${name.padEnd(44)} ${seconds.toFixed(1).padStart(6)} s   list ${measured.listed}, create ${measured.created}, ` +
      `delete ${measured.deleted}; table ${measured.read}; failed ${report.failed.count}, left ${report.left.count}`,
  );
  return measured;
}

/** Whether a change wrote as much as it had to, and all of it. */
function wrote({ name, created, deleted, report }: Measured, put: number, removed: number): boolean {
  const isRight = created === put && deleted === removed && report.failed.count === 0 && report.left.count === 0;
  if (!isRight) console.log(`  ${name}: expected ${put} to be made and ${removed} to be removed`);
  return isRight;
}

/** Saves a changed config of the first tenant and follows it. */
async function change(
  sandbox: Sandbox,
  ports: ReconcilePorts & { readonly configs: Configs },
  name: string,
  config: TenantConfig,
): Promise<Measured> {
  await save(ports.configs, config);
  return measure(sandbox, name, () => reconcileTenant(config.tenant, ports, DEADLINE));
}

async function measureAll(sandbox: Sandbox): Promise<boolean> {
  const { dynamodb, environment } = await deploy(sandbox);
  const client = new SchedulerClient(sandbox.clientConfig('eu-west-1'));
  sandbox.putScheduleGroup(GROUP);
  const configs = createConfigStore({ client: dynamodb, table: environment.CONFIGS_TABLE });
  const ports = { configs, scheduler: createScheduler({ client, group: GROUP, ...ARNS }) };
  for (let tenant = 0; tenant < tenants; tenant++) await save(configs, configOf(tenant));

  console.log(`${accounts} accounts of ${tenants} tenants`);
  const first = await measure(sandbox, 'reconcile: nothing is scheduled yet', () => reconcileAll(ports, DEADLINE));
  const unchanged = await measure(sandbox, 'reconcile: nothing has changed', () => reconcileAll(ports, DEADLINE));
  const config = configOf(0);
  const [account, ...others] = config.accounts;
  if (account === undefined) throw new Error('the first tenant has no account');
  const moved = { ...account, schedule: { ...account.schedule, cron: '7 6 * * *' } };
  const saved = await change(sandbox, ports, 'save: one account’s schedule', {
    ...config,
    accounts: [moved, ...others],
  });
  const same = await change(sandbox, ports, 'save: no schedule has changed', {
    ...config,
    name: 'new',
    accounts: [moved, ...others],
  });
  const disabled = { ...moved, enabled: false };
  const paused = await change(sandbox, ports, 'pause: one account', { ...config, accounts: [disabled, ...others] });
  const pausedAll = await change(sandbox, ports, 'pause: one tenant', {
    ...config,
    enabled: false,
    accounts: [disabled, ...others],
  });
  client.destroy();

  const sequential = unchanged.listed * SECONDS_PER_CALL + unchanged.read * SECONDS_PER_CALL;
  console.log(
    `an unchanged reconcile makes ${unchanged.listed + unchanged.read} calls: at most ${sequential.toFixed(0)} s one after the other ` +
      `at ${SECONDS_PER_CALL * 1_000} ms each (a run has ${RUN_SECONDS} s)`,
  );
  const kept = [
    wrote(first, accounts, 0),
    wrote(unchanged, 0, 0),
    wrote(saved, 1, 1),
    wrote(same, 0, 0),
    wrote(paused, 0, 1),
    wrote(pausedAll, 0, others.length),
  ];
  return kept.every(Boolean) && Math.max(unchanged.seconds, sequential) < RUN_SECONDS;
}

await using sandbox = await startSandbox();
process.exitCode = (await measureAll(sandbox)) ? 0 : 1;
