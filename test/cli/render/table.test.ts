import { describe, expect, it } from 'vitest';
import { type Column, renderTable } from '../../../cli/render/table.ts';
import { plain } from '../../../cli/render/text.ts';

interface Host {
  readonly name: string;
  readonly growth: string;
  readonly group: string;
}

const HOSTS: readonly Host[] = [
  { name: 'web-7', growth: '+0.42 %/h', group: 'web' },
  { name: 'a-rather-long-name', growth: '+1 %/h', group: 'checkout' },
  { name: 'サーバー', growth: '+12 %/h', group: '' },
];

const COLUMNS: readonly Column<Host>[] = [
  { title: 'host', text: ({ name }) => name, leastWidth: 8 },
  { title: 'growth', text: ({ growth }) => growth, align: 'right' },
  { title: 'group', text: ({ group }) => group, expendable: 1 },
];

function table(width?: number): string {
  return renderTable(HOSTS, COLUMNS, { width, paint: plain });
}

describe('renderTable', () => {
  it('lines columns up and leaves no spaces at the end', () => {
    expect(table()).toBe(
      [
        'host                   growth  group',
        'web-7               +0.42 %/h  web',
        'a-rather-long-name     +1 %/h  checkout',
        'サーバー              +12 %/h',
      ].join('\n'),
    );
  });

  it('truncates what may be truncated before a column is left out', () => {
    expect(table(32)).toBe(
      [
        'host            growth  group',
        'web-7        +0.42 %/h  web',
        'a-rather-l…     +1 %/h  checkout',
        'サーバー       +12 %/h',
      ].join('\n'),
    );
  });

  it('drops the column that is expendable where cutting is not enough', () => {
    expect(table(22)).toBe(
      ['host            growth', 'web-7        +0.42 %/h', 'a-rather-l…     +1 %/h', 'サーバー       +12 %/h'].join(
        '\n',
      ),
    );
  });

  it('names the columns that were left out, and what shows them, where that is known', () => {
    const options = { width: 22, paint: plain, widener: '--wide' };

    expect(renderTable(HOSTS, COLUMNS, options).split('\n').slice(-2)).toEqual([
      'no room for: group;',
      '  --wide shows all',
    ]);
    expect(renderTable(HOSTS, COLUMNS, { ...options, width: 80 })).not.toContain('no room');
  });

  it('takes the room of a lower rank before it truncates a higher one', () => {
    const columns: Column<Host>[] = [
      { title: 'host', text: ({ name }) => name, leastWidth: 8, expendable: 2 },
      { title: 'group', text: ({ group }) => group, leastWidth: 5, expendable: 1 },
    ];

    expect(renderTable(HOSTS.slice(0, 2), columns, { width: 26, paint: plain })).toBe(
      ['host                group', 'web-7               web', 'a-rather-long-name  check…'].join('\n'),
    );
  });

  it('leaves out a lower rank that fits only beside a truncated higher one', () => {
    const columns: Column<Host>[] = [
      { title: 'host', text: ({ name }) => name, leastWidth: 8, expendable: 2 },
      { title: 'growth', text: ({ growth }) => growth, expendable: 1 },
    ];

    expect(renderTable(HOSTS.slice(0, 2), columns, { width: 24, paint: plain })).toBe(
      ['host', 'web-7', 'a-rather-long-name'].join('\n'),
    );
  });

  it('keeps its lines complete on a terminal that is too narrow for anything', () => {
    const lines = table(5).split('\n');

    expect(lines).toEqual(['host         growth', 'web-7     +0.42 %/h', 'a-rathe…     +1 %/h', 'サーバー    +12 %/h']);
  });

  it('shortens in the middle what is copied, after all else was truncated, and repeats it below its row', () => {
    const columns: Column<Host>[] = [
      { title: 'host', text: ({ name }) => name, leastWidth: 8, overflow: 'below' },
      { title: 'group', text: ({ group }) => group, leastWidth: 6 },
      { title: 'growth', text: ({ growth }) => growth, align: 'right' },
    ];

    expect(renderTable(HOSTS, columns, { width: 30, paint: plain })).toBe(
      [
        'host       group        growth',
        'web-7      web       +0.42 %/h',
        'a-ra…name  checkout     +1 %/h',
        '  a-rather-long-name',
        'サーバー               +12 %/h',
      ].join('\n'),
    );
  });

  it.each([80, 120])('keeps every line within %i columns, whatever the names are', (width) => {
    const columns: Column<Host>[] = [
      { title: 'host', text: ({ name }) => name, leastWidth: 19, overflow: 'below' },
      { title: 'growth', text: ({ growth }) => growth, align: 'right' },
      { title: 'group', text: ({ group }) => group, leastWidth: 8, expendable: 1 },
    ];
    const rows = ['a'.repeat(50), 'b'.repeat(100), 'c'.repeat(10_000), 'd'].map((name) => {
      return { name, growth: '+1 %/h', group: name };
    });

    const lines = renderTable(rows, columns, { width, paint: plain }).split('\n');

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(lines.filter((line) => line.includes('+1 %/h'))).toHaveLength(4);
    expect(lines).toContain(`  ${'a'.repeat(50)}`);
  });

  it('does not let one name widen every row where nothing is truncated', () => {
    const rows = ['web-7', 'x'.repeat(10_000)].map((name) => ({ name, growth: '', group: '' }));

    const lines = renderTable(rows, COLUMNS.slice(0, 1), { paint: plain }).split('\n');

    expect(lines.map((line) => line.length)).toEqual([4, 5, 200]);
    expect(lines[2]).toMatch(/^x+…x+$/);
  });

  it('breaks at spaces what is read and not copied', () => {
    const columns: Column<Host>[] = [
      { title: 'host', text: ({ name }) => name },
      { title: 'why', text: () => 'there is no sample in the window', leastWidth: 12, overflow: 'wrap' },
    ];

    expect(renderTable(HOSTS.slice(0, 1), columns, { width: 22, paint: plain })).toBe(
      ['host   why', 'web-7  there is no', '       sample in the', '       window'].join('\n'),
    );
  });

  it('paints cells after they were fitted', () => {
    const painted = renderTable(
      HOSTS.slice(0, 1),
      [{ title: 'host', text: ({ name }) => name, tone: () => 'strong' }],
      {
        paint: (tone, text) => `<${tone}>${text}</>`,
      },
    );

    expect(painted).toBe('<dim>host</>\n<strong>web-7</>');
  });
});
