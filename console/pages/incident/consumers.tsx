/** Who grew: the ten that grew most and the ten that use most, each with its curve, and what none of them explains. */
import { useState } from 'preact/hooks';
import type { HostMemoryView } from '../../../api/contract/hosts.ts';
import { counted, formatChange, formatLevel, formatRise, formatShareInterval } from '../../../core/messages/units.ts';
import { samplesOfCurve, seconds } from '../../chart/model.ts';
import { SmallCurve } from '../../chart/small-curve.tsx';
import { Empty, Loading } from '../../components/states.tsx';
import { Text } from '../../components/text.tsx';
import { Moment } from '../../components/time.tsx';
import type { Read } from '../../data/use-answer.ts';
import { type Attribution, attributionOfRead, type ConsumerFacts, type LeakFacts } from '../../incident-facts.ts';
import { Part } from './part.tsx';

interface WhoGrewProps {
  readonly leak: LeakFacts | undefined;
  readonly memory: Read<HostMemoryView>;
}

type Attributed = Extract<Attribution, { kind: 'attributed' }>;
type Order = 'grown' | 'largest';

export function WhoGrew({ leak, memory }: WhoGrewProps) {
  const [order, setOrder] = useState<Order>('grown');
  const read = memory.value?.attribution;
  const attribution = leak?.attribution ?? (read ? attributionOfRead(read) : null);
  const isKnown = attribution?.kind === 'attributed';
  return (
    <Part id="who-grew" actions={isKnown && <OrderSwitch order={order} onOrder={setOrder} />}>
      {attribution === null && (memory.reading ? <Loading rows={5} label="Reading processes and pods" /> : <NotRead />)}
      {attribution?.kind === 'unattributed' && (
        <Empty title="Who grew is not known">
          <Text value={attribution.message} length={1000} />
        </Empty>
      )}
      {attribution?.kind === 'attributed' && <Consumers attribution={attribution} order={order} />}
    </Part>
  );
}

function NotRead() {
  return (
    <Empty title="Who grew is not known">
      Processes and pods are read of hosts that leak. This one does not leak now, and no message of the incident has
      them.
    </Empty>
  );
}

function OrderSwitch({ order, onOrder }: { order: Order; onOrder: (order: Order) => void }) {
  const button = (one: Order, title: string) => (
    <button type="button" class="button button-small" aria-pressed={order === one} onClick={() => onOrder(one)}>
      {title}
    </button>
  );
  return (
    <fieldset class="ranges" aria-label="Order of the consumers">
      {button('grown', 'Top 10 by growth')}
      {button('largest', 'Top 10 by size')}
    </fieldset>
  );
}

function Consumers({ attribution, order }: { attribution: Attributed; order: Order }) {
  const { rise, consumers, window, basis, source } = attribution;
  const rows = attribution[order];
  const hasCurves = rows.some(({ curve }) => curve !== null);
  const greatest = Math.max(...rows.map((row) => row.after), 1);
  return (
    <>
      <p class="remark-plain">
        {basis === 'host' ? 'The host' : 'All consumers together'} rose by {formatRise(rise)} from{' '}
        <Moment at={window.start} show="absolute" /> to <Moment at={window.end} show="absolute" />;{' '}
        {counted(consumers, 'consumer was', 'consumers were')} compared
        {source === 'message' && ', as the newest message with them states'}.
      </p>
      {rows.length === 0 ? (
        <Empty title="No collected consumer grew" />
      ) : (
        <div class="scroll-x">
          <table class={hasCurves ? 'rows consumers' : 'rows consumers consumers-plain'}>
            <caption class="visually-hidden">
              {order === 'grown' ? 'Consumers that grew most' : 'Consumers that use most'}
            </caption>
            <thead>
              <tr>
                <th scope="col">Consumer</th>
                <th scope="col" class="consumer-curve">
                  Curve
                </th>
                <th scope="col" class="number">
                  {order === 'grown' ? 'Growth' : 'Size'}
                </th>
                <th scope="col" class="consumer-share">
                  {order === 'grown' ? 'Share of the rise' : 'Growth'}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <ConsumerRow
                  key={`${row.kind} ${row.namespace} ${row.name}`}
                  row={row}
                  order={order}
                  window={window}
                  greatest={greatest}
                />
              ))}
              {order === 'grown' && <Unexplained attribution={attribution} />}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

interface ConsumerRowProps {
  readonly row: ConsumerFacts;
  readonly order: Order;
  readonly window: Attributed['window'];
  readonly greatest: number;
}

function ConsumerRow({ row, order, window, greatest }: ConsumerRowProps) {
  const { kind, name, namespace, before, after, rise, share, since, restarts, note } = row;
  return (
    <tr>
      <th scope="row">
        <span class="consumer-name">
          <Text value={namespace === null ? name : `${namespace}/${name}`} length={120} />
        </span>
        <small>
          {kind}
          {since !== null && (
            <>
              , new <Moment at={since} show="absolute" />
            </>
          )}
          {restarts > 0 && `, restarted ${counted(restarts, 'time')}`}
          {note !== null && (
            <>
              , <Text value={note} length={200} />
            </>
          )}
        </small>
      </th>
      <td class="consumer-curve">
        <ConsumerCurve row={row} window={window} greatest={greatest} />
      </td>
      <td class="number">
        {order === 'largest' ? formatLevel(after, 'By') : rise === null ? '' : formatChange(rise.estimate)}
        <small>
          {order === 'grown' && before !== null && `${formatLevel(before, 'By')} to ${formatLevel(after, 'By')}`}
        </small>
      </td>
      <td class="consumer-share">
        {order === 'grown' ? share !== null && <ShareBar share={share} /> : rise !== null && formatRise(rise)}
      </td>
    </tr>
  );
}

function ConsumerCurve({ row: { curve, name, before, after }, window, greatest }: Omit<ConsumerRowProps, 'order'>) {
  if (curve === null) return <span class="muted small">not kept</span>;
  const range = { from: seconds(window.start), to: seconds(window.end) };
  const label = `${name}: from ${formatLevel(before ?? 0, 'By')} to ${formatLevel(after, 'By')}`;
  return <SmallCurve samples={samplesOfCurve(curve)} range={range} levels={[0, greatest * 1.05]} label={label} />;
}

/** The estimate as a bar, its interval as a line over it. */
function ShareBar({ share }: { share: NonNullable<ConsumerFacts['share']> }) {
  const at = (value: number) => `${Math.min(100, Math.max(0, value * 100))}%`;
  const width = Math.min(1, Math.max(0, share.high)) - Math.min(1, Math.max(0, share.low));
  return (
    <span class="share">
      <span class="share-bar" aria-hidden="true">
        <span class="share-fill" style={{ width: at(share.estimate) }} />
        <span class="share-interval" style={{ left: at(share.low), width: at(width) }} />
      </span>
      {formatShareInterval(share)}
    </span>
  );
}

function Unexplained({ attribution: { unexplained } }: { attribution: Attributed }) {
  if (unexplained === null) return null;
  return (
    <tr class="unexplained">
      <th scope="row">
        <span class="consumer-name">Not explained</span>
        <small>
          <Text value={unexplained.message} length={400} />
        </small>
      </th>
      <td class="consumer-curve" />
      <td class="number">{formatChange(unexplained.rise.estimate)}</td>
      <td class="consumer-share">{unexplained.share !== null && <ShareBar share={unexplained.share} />}</td>
    </tr>
  );
}
