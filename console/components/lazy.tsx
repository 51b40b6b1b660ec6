/** Pages that are loaded when they are opened first. */
import { type ComponentType, createElement } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { asApiError } from '../data/api-error.ts';
import { Failure, Loading } from './states.tsx';

type Loaded<Props> = { readonly default: ComponentType<Props> };

/**
 * A component whose code is a chunk of its own. While it is loaded the reserved room is shown, and where that fails, why: another version
 * of the page may be deployed by now.
 */
export function lazy<Props extends object>(load: () => Promise<Loaded<Props>>): ComponentType<Props> {
  let found: ComponentType<Props> | undefined;
  return function Lazy(props: Props) {
    const [page, setPage] = useState<{ component?: ComponentType<Props>; error?: unknown }>(
      found === undefined ? {} : { component: found },
    );
    useEffect(() => {
      if (found !== undefined) return;
      load().then(
        (module) => {
          found = module.default;
          setPage({ component: found });
        },
        (error: unknown) => setPage({ error }),
      );
    }, []);
    if (page.error !== undefined)
      return <Failure error={asApiError(page.error)} retry={() => window.location.reload()} />;
    return page.component === undefined ? <Loading rows={8} /> : createElement(page.component, props);
  };
}
