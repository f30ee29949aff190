import type { Translate } from '../i18n';
import { listHref, type ListQuery } from './list-query';

/**
 * Adds up a figure of a list over the states that its filter shows. `byState` holds the figures of each state without the
 * filter of states, so that tabs keep their counts.
 */
export function sumByState<S extends string, K extends string>(
  { filters }: Pick<ListQuery, 'filters'>,
  states: readonly S[],
  byState: ReadonlyMap<S, { readonly [key in K]?: number | undefined }>,
): (key: K) => number {
  const shown = states.filter((state) => !filters['state'] || filters['state'] === state);
  return (key) => shown.reduce((total, state) => total + (byState.get(state)?.[key] ?? 0), 0);
}

/** The views of a list of documents: all, and one for each state, each with how many there are. */
export function stateTabs<S extends string>(
  { t }: { t: Translate },
  query: ListQuery,
  states: readonly S[],
  { label, count }: { label: (state: S | null) => string; count: (state: S) => number },
) {
  const tab = (state: S | null) => ({
    label: label(state),
    href: listHref(query, { state }),
    count: state ? count(state) : states.reduce((total, one) => total + count(one), 0),
    current: (query.filters['state'] ?? null) === state,
  });
  return { label: t('common:list.views'), tabs: [tab(null), ...states.map(tab)] };
}
