import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HookServer {
  url: string;
  received: { path: string; headers: IncomingHttpHeaders; body: string }[];
  /** What it answers: status, body, further headers; null never answers. */
  answer: { status: number; body?: string; headers?: Record<string, string> } | null;
  close: () => Promise<void>;
}

/** The receiving end of webhooks and robots. */
export async function hookServer(): Promise<HookServer> {
  const state: Pick<HookServer, 'received' | 'answer'> = { received: [], answer: { status: 200 } };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      state.received.push({ path: request.url ?? '', headers: request.headers, body });
      if (!state.answer) return;
      const { status, body: text = '', headers = {} } = state.answer;
      response.writeHead(status, headers).end(text);
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
