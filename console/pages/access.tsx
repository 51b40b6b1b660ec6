/** Who may do what for a tenant. */
import './settings.css';
import { useState } from 'preact/hooks';
import type { GrantView } from '../../api/contract/access.ts';
import { ActionDialog } from '../components/action-dialog.tsx';
import { Badge } from '../components/badge.tsx';
import { Page, Panel } from '../components/panel.tsx';
import { Empty, Remote } from '../components/states.tsx';
import { useMay, useTenant } from '../components/tenant.ts';
import { plain, Text } from '../components/text.tsx';
import { Moment } from '../components/time.tsx';
import { notify } from '../components/toast.tsx';
import { session } from '../data/session.ts';
import { useAnswer, useSource } from '../data/use-answer.ts';
import { GrantDialog } from './access/grant-dialog.tsx';

const LEAD = 'Viewers read. Operators acknowledge, mute, label and inspect. Admins change the config and give roles.';

export default function Access() {
  const { role } = useTenant();
  const isAdmin = useMay('admin');
  return (
    <Page title="Access" lead={LEAD}>
      {isAdmin ? (
        <Grants />
      ) : (
        <Empty title="Only admins see who has access">
          Your role is {role}. An admin of the tenant gives roles here, or an operator of the deployment with{' '}
          <code>plimsoll access grant</code>.
        </Empty>
      )}
    </Page>
  );
}

function Grants() {
  const { tenant } = useTenant();
  const answer = useAnswer('/tenants/{tenant}/grants', { tenant });
  const [isAdding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<GrantView>();
  return (
    <>
      <div class="page-actions">
        <button type="button" class="button button-main" onClick={() => setAdding(true)}>
          Give a role…
        </button>
      </div>
      <Remote answer={answer} rows={5}>
        {({ items }) => (
          <Panel title="Roles">
            {items.length === 0 ? (
              <Empty title="Nobody has a role by a token">
                Those who reach the API by IAM are admins all the same.
              </Empty>
            ) : (
              <ul class="marks">
                {items.map((grant) => (
                  <GrantRow key={grant.id} grant={grant} onRemove={setRemoved} />
                ))}
              </ul>
            )}
          </Panel>
        )}
      </Remote>
      {isAdding && <GrantDialog onClose={() => setAdding(false)} onDone={answer.reload} />}
      {removed !== undefined && (
        <RemoveDialog
          grant={removed}
          grants={answer.value?.items ?? []}
          onClose={() => setRemoved(undefined)}
          onDone={answer.reload}
        />
      )}
    </>
  );
}

const TONES = { viewer: 'neutral', operator: 'info', admin: 'warning' } as const;

function GrantRow({ grant, onRemove }: { grant: GrantView; onRemove: (grant: GrantView) => void }) {
  const { kind, name, issuer, role, grantedBy, grantedAt } = grant;
  return (
    <li class="mark-row">
      <div class="mark-main">
        <span class="inline">
          <Badge tone={TONES[role]}>{role}</Badge>
          <strong>
            {kind === 'group' && 'group '}
            <Text value={name} length={300} />
          </strong>
        </span>
        <p class="muted">
          of <Text value={issuerName(issuer)} length={200} />
        </p>
      </div>
      <p class="mark-time muted">
        given <Moment at={grantedAt} /> by <Text value={grantedBy} length={120} />
      </p>
      <button type="button" class="button button-small" onClick={() => onRemove(grant)}>
        Take away…<span class="visually-hidden"> the role of {plain(name, 80)}</span>
      </button>
    </li>
  );
}

function issuerName(issuer: string): string {
  const state = session.value;
  const known = state.state === 'signed_in' ? state.signIn.issuers.find((one) => one.issuer === issuer) : undefined;
  // An issuer is reached by https alone; the scheme would be shown divided, as of any address in a text.
  const address = issuer.replace('https://', '');
  return known === undefined ? address : `${known.name} (${address})`;
}

interface RemoveDialogProps {
  readonly grant: GrantView;
  readonly grants: readonly GrantView[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function RemoveDialog({ grant: { id, kind, name, role }, grants, onClose, onDone }: RemoveDialogProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const isLastAdmin = role === 'admin' && grants.filter((one) => one.role === 'admin').length === 1;
  const act = async () => {
    await source.send('delete', '/tenants/{tenant}/grants/{grant}', { tenant, grant: id });
    notify(`${plain(name, 80)} is ${role} no more.`);
    onDone();
  };
  return (
    <ActionDialog title="Take the role away?" action="Take away" act={act} onClose={onClose}>
      <p>
        {kind === 'group' && 'Group '}
        <strong>
          <Text value={name} length={300} />
        </strong>{' '}
        will be {role} no more. What they have done stays, with their name.
      </p>
      {isLastAdmin && (
        <p class="remark remark-warning">
          This is the last admin by a token. After it only those who reach the API by IAM can give roles, with{' '}
          <code>plimsoll access grant</code>.
        </p>
      )}
    </ActionDialog>
  );
}
