/** Keeps a chart at the size of its element, and in the colours of the page. */
import type uPlot from 'uplot';

const DARK = '(prefers-color-scheme: dark)';

/** `recolour` is called before it is drawn anew in other colours. Returns what ends it, and the chart. */
export function followElement(chart: uPlot, element: HTMLElement, recolour: () => void): () => void {
  const sizes = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: element.clientHeight }));
  sizes.observe(element);
  const scheme = matchMedia(DARK);
  const redraw = () => {
    recolour();
    chart.redraw(false, true);
  };
  scheme.addEventListener('change', redraw);
  return () => {
    scheme.removeEventListener('change', redraw);
    sizes.disconnect();
    chart.destroy();
  };
}
