/**
 * How moments and figures are written. A fact is defined once, for any notation: in memory a moment is epoch milliseconds,
 * and in what leaves the program it is ISO 8601. `z.encode` turns the one into the other.
 */
import * as z from 'zod';

export interface TimeNotation<Time extends z.ZodType> {
  readonly time: Time;
}

export interface FigureNotation<Figure extends z.ZodType> {
  readonly figure: Figure;
}

export interface Notation<Time extends z.ZodType, Figure extends z.ZodType>
  extends TimeNotation<Time>,
    FigureNotation<Figure> {}

/** `2026-11-20T12:00:00.000Z`, in UTC. */
export const isoTime = z.iso.datetime();

/** ISO 8601 outside, epoch milliseconds in memory. */
const moment = z.codec(isoTime, z.number(), {
  decode: (text) => Date.parse(text),
  encode: isoText,
});

/** Digits that published figures keep: more is noise, and makes bodies hard to read. */
const SIGNIFICANT_DIGITS = 6;

const roundedFigure = z.codec(z.number(), z.number(), {
  decode: (figure) => figure,
  encode: roundFigure,
});

/** Encodes to ISO times and to figures with all their digits. Its outputs are the types that the program computes with. */
export const EXACT = { time: moment, figure: z.number() };

/** Encodes to ISO times and to rounded figures. */
export const ROUNDED = { time: moment, figure: roundedFigure };

/** What was written with either, read as it stands: times stay texts. */
export const WRITTEN = { time: isoTime, figure: z.number() };

/** The value as it is written by its schema. */
export function encoded<Schema extends z.ZodType>(schema: Schema, value: z.output<Schema>): z.input<Schema> {
  return z.encode(schema, value);
}

/** Epoch milliseconds as ISO 8601. */
export function isoText(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

export function roundFigure(figure: number): number {
  return Number(figure.toPrecision(SIGNIFICANT_DIGITS));
}
