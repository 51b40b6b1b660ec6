/** Puts the data into the file that reports are made from. */
import { DATA_ID, type ReportData } from '../../console/report/data.ts';

const END = '</body>';

/**
 * No character of the data begins a tag: an element with JSON ends at the first `</script`, whatever it is a part of. Its type is none
 * that a browser runs.
 */
export function composeReport(template: string, data: ReportData): string {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  const at = template.lastIndexOf(END);
  const element = `<script type="application/json" id="${DATA_ID}">${json}</script>\n  `;
  return template.slice(0, at) + element + template.slice(at);
}
