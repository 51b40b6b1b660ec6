/** Colours of the chart: those of the stylesheet, read when they may have changed, because a canvas knows no variables. */

const NAMES = {
  text: '--text',
  muted: '--text-2',
  line: '--line',
  surface: '--surface',
  level: '--series-1',
  evaluated: '--accent-soft',
  growth: '--leaking',
  onset: '--suspected',
  forecast: '--worse',
  recovered: '--recovered',
  mark: '--line-strong',
} as const;

export type Palette = Readonly<Record<keyof typeof NAMES, string>> & { readonly font: string };

/** The variables use `light-dark()`: only an element that uses them has the colours. */
export function readPalette(host: HTMLElement): Palette {
  const probe = document.createElement('span');
  host.append(probe);
  const colour = (variable: string) => {
    probe.style.color = `var(${variable})`;
    return getComputedStyle(probe).color;
  };
  const { text, muted, line, surface, level, evaluated, growth, onset, forecast, recovered, mark } = NAMES;
  const palette = {
    text: colour(text),
    muted: colour(muted),
    line: colour(line),
    surface: colour(surface),
    level: colour(level),
    evaluated: colour(evaluated),
    growth: colour(growth),
    onset: colour(onset),
    forecast: colour(forecast),
    recovered: colour(recovered),
    mark: colour(mark),
    font: getComputedStyle(host).fontFamily,
  };
  probe.remove();
  return palette;
}

/** `rgb(1, 2, 3)` with an opacity. */
export function faded(colour: string, opacity: number): string {
  const [red = '0', green = '0', blue = '0'] = colour.match(/[\d.]+/g) ?? [];
  return `rgba(${red}, ${green}, ${blue}, ${opacity})`;
}
