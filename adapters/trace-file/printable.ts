/** Text from a file for a message: one line, without control characters, and short. */

export function printable(text: string, most: number): string {
  const line = text.slice(0, most + 1).replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]+/gu, ' ');
  return line.length > most ? `${line.slice(0, most)}…` : line;
}
