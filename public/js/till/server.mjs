// The till's JSON addresses (docs/api/till.md). Every answer is { ok, status, body }; without a connection status is 0.

const TIMEOUT_MS = 15_000;
const token = () => document.querySelector('meta[name=csrf-token]').content;

async function ask(href, options) {
  try {
    const response = await fetch(href, { credentials: 'same-origin', signal: AbortSignal.timeout(TIMEOUT_MS), ...options });
    const isJson = response.headers.get('content-type')?.includes('json');
    const body = isJson ? await response.json() : null;
    return { ok: response.ok && body !== null, status: response.status, body };
  } catch {
    return { ok: false, status: 0, body: null };
  }
}

export const getJson = (href) => ask(href, { headers: { accept: 'application/json' } });

export const postJson = (href, body, options = {}) =>
  ask(href, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', 'x-csrf-token': token() },
    body: JSON.stringify(body),
    ...options,
  });
