import type { SwitchState } from './state';

/** What the server is to do once it has closed its database. */
export interface SwitchOrder {
  state: SwitchState;
  /** The other database, with its password: it is in the memory of this process and nowhere else. */
  url: string;
  /** The run in the database that is left: it tells the other servers where to go. */
  runId: number;
}

/** Where the page leaves an order, and the server that runs the page finds it. */
export interface SwitchDesk {
  put: (order: SwitchOrder) => void;
  /** The order of this token, once. */
  take: (token: string | null) => SwitchOrder | undefined;
}

export function createSwitchDesk(): SwitchDesk {
  let waiting: SwitchOrder | undefined;
  return {
    put: (order) => (waiting = order),
    take: (token) => {
      if (waiting?.state.id !== token) return undefined;
      const order = waiting;
      waiting = undefined;
      return order;
    },
  };
}
