import { DomainError } from './errors';

export interface MachineDefinition<S extends string, E extends string> {
  /** Word for messages and for the i18n keys of its states, e.g. "receipt". */
  name: string;
  initial: S;
  /** States in which a document may rest for ever. */
  final: readonly S[];
  transitions: Readonly<Record<S, Readonly<Partial<Record<E, S>>>>>;
}

export interface StateMachine<S extends string, E extends string> extends MachineDefinition<S, E> {
  states: readonly S[];
  events: readonly E[];
  can(state: S, event: E): boolean;
  /** The state after the event; throws errors:state.not_allowed (409) when the state does not know the event. */
  next(state: S, event: E): S;
  eventsOf(state: S): E[];
  /** Defects of the definition: a state nobody reaches, one that leads to no final state, an unknown target. */
  defects(): string[];
}

export function defineMachine<S extends string, E extends string>(
  definition: MachineDefinition<S, E>,
): StateMachine<S, E> {
  const { name, transitions } = definition;
  const states = Object.keys(transitions) as S[];
  const eventsOf = (state: S): E[] => Object.keys(transitions[state] ?? {}) as E[];
  const target = (state: S, event: E): S | undefined =>
    Object.hasOwn(transitions, state) && Object.hasOwn(transitions[state], event)
      ? transitions[state][event]
      : undefined;
  return {
    ...definition,
    states,
    events: [...new Set(states.flatMap(eventsOf))],
    eventsOf,
    can: (state, event) => target(state, event) !== undefined,
    next(state, event) {
      const to = target(state, event);
      if (to === undefined) {
        throw new DomainError('errors:state.not_allowed', { status: 409, details: { machine: name, state, event } });
      }
      return to;
    },
    defects: () => findDefects(definition, states, eventsOf),
  };
}

function findDefects<S extends string, E extends string>(
  { initial, final, transitions }: MachineDefinition<S, E>,
  states: S[],
  eventsOf: (state: S) => E[],
): string[] {
  const known = new Set<string>(states);
  const arrows = states.flatMap((from) => eventsOf(from).map((event) => ({ from, to: transitions[from][event] as S })));
  const spread = (start: readonly S[], step: (seen: Set<S>) => S[]): Set<S> => {
    const seen = new Set<S>(start);
    for (let fresh = step(seen); fresh.length > 0; fresh = step(seen)) for (const state of fresh) seen.add(state);
    return seen;
  };
  const reached = spread([initial], (seen) =>
    arrows.filter((a) => seen.has(a.from) && !seen.has(a.to)).map((a) => a.to),
  );
  const finishing = spread(final, (seen) =>
    arrows.filter((a) => seen.has(a.to) && !seen.has(a.from)).map((a) => a.from),
  );
  return [
    ...[initial, ...final].filter((s) => !known.has(s)).map((s) => `unknown state ${s}`),
    ...arrows.filter((a) => !known.has(a.to)).map((a) => `${a.from} leads to unknown state ${a.to}`),
    ...states.filter((s) => !reached.has(s)).map((s) => `${s} is never reached`),
    ...states.filter((s) => !finishing.has(s)).map((s) => `${s} leads to no final state`),
  ];
}
