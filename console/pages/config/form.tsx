/** The fields of a config that people change most. */

import { counted } from '../../../core/messages/units.ts';
import { Panel } from '../../components/panel.tsx';
import { ALERT_FIELDS, QUIET_FIELDS, WINDOW_FIELDS } from '../../config/alert-fields.ts';
import { lineOf } from '../../config/document.ts';
import { entriesAt } from '../../config/field-values.ts';
import { POLICY_FIELDS, RULE_FIELDS, TENANT_FIELDS } from '../../config/tenant-fields.ts';
import { Accounts } from './accounts.tsx';
import { EnableButton } from './enable.tsx';
import { Entries, FieldGrid, SuggestionLists } from './form-fields.tsx';
import { useEditor } from './use-editor.ts';

export function ConfigForm({ goTo }: { goTo: (line: number) => void }) {
  const { read, mayEdit } = useEditor();
  const [issue] = read.issues;
  if (read.value === undefined) {
    return (
      <div class="failure" role="alert">
        <p class="failure-title">The text is no document now</p>
        <p>
          The form shows the fields again when the YAML is mended{issue?.line ? `, first at line ${issue.line}` : ''}.
        </p>
        <button type="button" class="button" onClick={() => goTo(issue?.line ?? 1)}>
          Show the YAML
        </button>
      </div>
    );
  }
  return (
    <form class="config-form" noValidate onSubmit={(event) => event.preventDefault()}>
      <SuggestionLists />
      <Panel title="Tenant" actions={mayEdit && <EnableButton />}>
        <div class="panel-body">
          <FieldGrid fields={TENANT_FIELDS} of={[]} />
        </div>
      </Panel>
      <Accounts />
      <Panel title="Policy of all accounts">
        <div class="panel-body">
          <FieldGrid fields={POLICY_FIELDS} of={[]} />
        </div>
      </Panel>
      <Filters />
      <AlertSettings goTo={goTo} />
    </form>
  );
}

function Filters() {
  return (
    <Panel title="Hosts that are inspected">
      <div class="panel-body panel-parts">
        <h3>Only these</h3>
        <Entries
          path={['hosts', 'include']}
          title="Included hosts"
          none="All hosts, without what is left out."
          fields={RULE_FIELDS}
          blank={{ group: '' }}
        />
        <h3>Not these</h3>
        <Entries
          path={['hosts', 'exclude']}
          title="Excluded hosts"
          none="No host is left out."
          fields={RULE_FIELDS}
          blank={{ group: '' }}
        />
      </div>
    </Panel>
  );
}

const IN_TEXT = [
  ['receivers', 'receiver'],
  ['routes', 'route'],
  ['rules', 'rule'],
  ['runbooks', 'runbook'],
] as const;

function AlertSettings({ goTo }: { goTo: (line: number) => void }) {
  const { read, text } = useEditor();
  return (
    <Panel title="Alerts">
      <div class="panel-body panel-parts">
        <FieldGrid fields={ALERT_FIELDS} of={[]} />
        <h3>Quiet hours</h3>
        <Entries
          path={['alerts', 'quietHours']}
          title="Quiet hours"
          none="None: what is found at night is sent at night."
          fields={QUIET_FIELDS}
          blank={{ from: '22:00', to: '07:00', timezone: 'UTC' }}
        />
        <h3>Maintenance windows</h3>
        <Entries
          path={['alerts', 'maintenance']}
          title="Window"
          none="None."
          fields={WINDOW_FIELDS}
          blank={{ name: '', cron: '', durationMinutes: 60 }}
        />
        <h3>In the text alone</h3>
        <ul class="inline">
          {IN_TEXT.map(([field, noun]) => {
            const { length } = entriesAt(read.value, ['alerts', field]);
            return (
              <li key={field}>
                <button
                  type="button"
                  class="button button-small"
                  onClick={() => goTo(lineOf(text, `alerts.${field}`) ?? 1)}
                >
                  {length === 0 ? `No ${noun}` : counted(length, noun)}
                </button>
              </li>
            );
          })}
        </ul>
      </div>
    </Panel>
  );
}
