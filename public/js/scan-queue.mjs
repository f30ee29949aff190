// Sends codes to the server in the order of scanning, several at once when they come faster than answers. What is not yet
// answered survives a lost connection and a reload of the page.

const BATCH = 50;
const TIMEOUT_MS = 15_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;

let counter = 0;
/** Unique within this browser; crypto.randomUUID is missing on plain HTTP. */
const newKey = () => `${Date.now().toString(36)}-${(counter += 1).toString(36)}-${Math.random().toString(36).slice(2, 8)}`;

export class ScanQueue {
  /**
   * handlers: onAnswer(scan, result, answer), onDrained(), onTrouble('offline' | 'refused').
   * The server gets { scans: [{ key, code }] } and answers { results: [{ outcome, text, … }], … } in the same order. A scan
   * that is sent again after a lost answer carries the same key.
   */
  constructor(endpoint, csrfToken, handlers) {
    this.endpoint = endpoint;
    this.csrfToken = csrfToken;
    this.handlers = handlers;
    this.storageKey = `scans ${endpoint}`;
    this.waiting = this.restore();
    this.busy = false;
    this.waitMs = FIRST_WAIT_MS;
    addEventListener('online', () => this.send());
    addEventListener('beforeunload', (event) => {
      if (this.waiting.length > 0) event.preventDefault();
    });
  }

  /** `context` goes with the scan as it is now. */
  add(code, context) {
    const scan = { key: newKey(), code, ...context };
    this.waiting.push(scan);
    this.keep();
    // Gathers what a paste or a burst brings in one go into one request.
    queueMicrotask(() => this.send());
    return scan;
  }

  async send() {
    if (this.busy || this.waiting.length === 0) return;
    this.busy = true;
    clearTimeout(this.retry);
    const batch = this.waiting.slice(0, BATCH);
    const trouble = await this.post(batch);
    this.busy = false;
    if (trouble) {
      this.handlers.onTrouble(trouble);
      if (trouble === 'offline') {
        this.retry = setTimeout(() => this.send(), this.waitMs);
        this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
      }
    } else if (this.waiting.length > 0) {
      void this.send();
    } else {
      this.handlers.onDrained();
    }
  }

  /** Returns what went wrong, or nothing. */
  async post(batch) {
    let response;
    try {
      response = await fetch(this.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', 'x-csrf-token': this.csrfToken },
        body: JSON.stringify({ scans: batch }),
        credentials: 'same-origin',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch {
      return 'offline';
    }
    if (response.status >= 500 || response.status === 429) return 'offline';
    if (!response.ok) return 'refused';
    const answer = await response.json().catch(() => null);
    if (!Array.isArray(answer?.results) || answer.results.length !== batch.length) return 'refused';
    this.waitMs = FIRST_WAIT_MS;
    this.waiting = this.waiting.slice(batch.length);
    this.keep();
    batch.forEach((scan, index) => this.handlers.onAnswer(scan, answer.results[index], answer));
    return undefined;
  }

  /** Scans that wait with one context get another: an answer said that they belong elsewhere. */
  rewrite(from, to) {
    const same = (scan) => Object.entries(from).every(([name, value]) => scan[name] === value);
    for (const scan of this.waiting) if (same(scan)) Object.assign(scan, to);
    this.keep();
  }

  keep() {
    try {
      if (this.waiting.length === 0) sessionStorage.removeItem(this.storageKey);
      else sessionStorage.setItem(this.storageKey, JSON.stringify(this.waiting));
    } catch {
      // Without storage the queue lives as long as the page.
    }
  }

  restore() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.storageKey));
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }
}
