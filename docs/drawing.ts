/** What the pictures of docs/ are drawn with: texts of an SVG that a phone can show, and an email in it. */
import wrapAnsi from 'wrap-ansi';
import { emailSubject, emailText } from '../core/messages/email.ts';
import type { Notification } from '../core/model/notification.ts';

/** Units of the SVG. A phone shows 720 of them on 360 px, so that text of 24 units is 12 px high there. */
export const WIDTH = 720;
export const MARGIN = 36;
export const TEXT = { title: 36, body: 25, mono: 23 } as const;
export const LINE_HEIGHT = 32;
const EMAIL_COLUMNS = 45;

export const COLOUR = {
  background: '#ffffff',
  frame: '#d0d7de',
  text: '#1f2328',
  quiet: '#59636e',
  curve: '#0969da',
  forecast: '#bc4c00',
  interval: '#fff1e5',
  good: '#1a7f37',
  email: '#f6f8fa',
} as const;

/** A picture of so many units, with a frame. */
export function svg(height: number, title: string, elements: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(title)}</title>`,
    '<style>text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}',
    '.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}</style>',
    `<rect x="1" y="1" width="${WIDTH - 2}" height="${height - 2}" rx="16" fill="${COLOUR.background}" stroke="${COLOUR.frame}"/>`,
    ...elements,
    '</svg>',
    '',
  ].join('\n');
}

/** The email about it, as a phone wraps it, up to the line that begins with `until`; and the height that it takes. */
export function emailBox(
  notification: Notification,
  top: number,
  until: string,
): { readonly elements: string[]; readonly height: number } {
  const lines = emailLines(notification, until);
  const elements = [
    text(MARGIN, top + 30, 'The email that a subscriber gets', { bold: true }),
    `<rect x="20" y="${top + 48}" width="${WIDTH - 40}" height="${lines.length * LINE_HEIGHT + 26}" rx="8" fill="${COLOUR.email}"/>`,
    ...lines.map((line, index) => monospaced(MARGIN, top + 84 + index * LINE_HEIGHT, line)),
  ];
  return { elements, height: 75 + lines.length * LINE_HEIGHT };
}

function emailLines(notification: Notification, until: string): string[] {
  const body = emailText(notification).split('\n');
  const end = body.findIndex((line) => line.startsWith(until));
  const lines = [`Subject: ${emailSubject(notification)}`, '', ...body.slice(0, end === -1 ? undefined : end), '…'];
  return lines.flatMap((line) => wrapAnsi(line, EMAIL_COLUMNS, { hard: true }).split('\n'));
}

export interface TextStyle {
  readonly size?: number;
  readonly colour?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
}

export function text(
  x: number,
  baseline: number,
  content: string,
  { size = TEXT.body, colour = COLOUR.text, anchor = 'start', bold = false }: TextStyle = {},
): string {
  const weight = bold ? ' font-weight="600"' : '';
  return `<text x="${x}" y="${baseline}" font-size="${size}" fill="${colour}" text-anchor="${anchor}"${weight}>${escaped(content)}</text>`;
}

function monospaced(x: number, baseline: number, content: string): string {
  return `<text class="mono" xml:space="preserve" x="${x}" y="${baseline}" font-size="${TEXT.mono}" fill="${COLOUR.text}">${escaped(content)}</text>`;
}

export function percent(fraction: number, digits = 0): string {
  return `${(fraction * 100).toFixed(digits)} %`;
}

export function bytes(value: number): string {
  const gib = value / 2 ** 30;
  return gib >= 1 ? `${gib.toFixed(2)} GiB` : `${Math.round(value / 2 ** 20)} MiB`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
