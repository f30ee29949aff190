import { type Histogram, newHistogram, observe } from './histogram';

export interface RouteTimes extends Histogram {
  method: string;
  /** As it stands in the program: `/sales/sales/:id`. */
  path: string;
  /** Answers from 500 on. */
  failures: number;
}

export interface RequestMeter {
  /** `path` is the pattern of the route that answered; undefined where none did. */
  note: (method: string, path: string | undefined, status: number, ms: number) => void;
  all: Histogram;
  /** 2xx, 3xx, 4xx, 5xx. */
  byStatus: Readonly<Record<string, number>>;
  routes: () => RouteTimes[];
}

/** Never reached: the program has a few hundred routes. Addresses that nobody has are counted as one. */
const MOST_ROUTES = 1000;
const NOBODY = '(none)';
const METHODS = new Set(['GET', 'POST', 'HEAD']);

export function createRequestMeter(): RequestMeter {
  const all = newHistogram();
  const byStatus: Record<string, number> = { '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 };
  const routes = new Map<string, RouteTimes>();
  return {
    all,
    byStatus,
    routes: () => [...routes.values()],
    note: (asked, path = NOBODY, status, ms) => {
      observe(all, ms);
      const group = `${Math.floor(status / 100)}xx`;
      byStatus[group] = (byStatus[group] ?? 0) + 1;
      const method = METHODS.has(asked) ? asked : 'OTHER';
      const key = `${method} ${path}`;
      let route = routes.get(key);
      if (!route) {
        if (routes.size >= MOST_ROUTES) return;
        routes.set(key, (route = Object.assign(newHistogram(), { method, path, failures: 0 })));
      }
      observe(route, ms);
      if (status >= 500) route.failures++;
    },
  };
}
