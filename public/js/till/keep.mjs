// Where a draft survives: at once in this tab's storage (reload), a second later on the server (broken browser, other machine).

import { readDraft } from './draft.mjs';
import { postJson } from './server.mjs';

const SERVER_AFTER_MS = 1000;

export class DraftKeeper {
  constructor(registerId, address) {
    this.storageKey = `till ${registerId}`;
    this.address = address;
    this.timer = undefined;
    this.latest = undefined;
    // A page that goes away within the second still sends what it has.
    addEventListener('pagehide', () => this.send({ keepalive: true }));
  }

  /** The tab's own draft goes before the server's: it is never older. */
  restore(fromServer) {
    try {
      const kept = readDraft(JSON.parse(sessionStorage.getItem(this.storageKey)));
      if (kept) return kept;
    } catch {
      // Storage is off or holds something else: the server's copy is used.
    }
    return readDraft(fromServer);
  }

  keep(draft, summary) {
    try {
      sessionStorage.setItem(this.storageKey, JSON.stringify(draft));
    } catch {
      // Without storage the server's copy remains.
    }
    clearTimeout(this.timer);
    this.latest = { draft, ...summary };
    this.timer = setTimeout(() => this.send(), SERVER_AFTER_MS);
  }

  send(options = {}) {
    clearTimeout(this.timer);
    if (!this.latest) return;
    void postJson(this.address, this.latest, options);
    this.latest = undefined;
  }
}
