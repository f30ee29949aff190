import net from 'node:net';

export interface RawAnswer {
  status: number;
  /** Names in lower case; of set-cookie each by itself. */
  headers: [string, string][];
  content: Buffer;
}

interface Waiting {
  resolve: (answer: RawAnswer) => void;
  reject: (error: Error) => void;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * One connection that stays open, one request after the other. The run time's own client takes as long for a request as a
 * third of what the server takes, of the same processor; this one only knows answers as our servers give them.
 */
export class HttpConnection {
  private socket: net.Socket | undefined;
  private held: Buffer = Buffer.alloc(0);
  private waiting: Waiting | undefined;
  private readonly port: number;
  private readonly host: string;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.host = hostname;
    this.port = Number(port);
  }

  /** `head` without its last empty line. */
  send(head: string, body?: string): Promise<RawAnswer> {
    if (this.waiting) throw new Error('a request is under way on this connection');
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.open().write(`${head}\r\n\r\n${body ?? ''}`);
    });
  }

  close(): void {
    this.socket?.destroy();
  }

  private open(): net.Socket {
    if (this.socket && !this.socket.destroyed) return this.socket;
    const socket = net.connect({ host: this.host, port: this.port, noDelay: true });
    this.held = Buffer.alloc(0);
    socket.on('data', (part: Buffer) => this.take(part));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the server closed the connection')));
    this.socket = socket;
    return socket;
  }

  private fail(error: Error): void {
    this.waiting?.reject(error);
    this.waiting = undefined;
  }

  private take(part: Buffer): void {
    this.held = this.held.length === 0 ? part : Buffer.concat([this.held, part]);
    const headEnd = this.held.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const [first = '', ...lines] = this.held.toString('latin1', 0, headEnd).split('\r\n');
    const headers = lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    });
    const content = contentOf(this.held.subarray(headEnd + HEAD_END.length), headers);
    if (!content) return;
    const { waiting } = this;
    this.waiting = undefined;
    this.held = Buffer.alloc(0);
    if (headers.some(([name, value]) => name === 'connection' && value.toLowerCase() === 'close'))
      this.socket?.destroy();
    waiting?.resolve({ status: Number(first.split(' ')[1]), headers, content });
  }
}

/** Undefined: not yet whole. */
function contentOf(rest: Buffer, headers: RawAnswer['headers']): Buffer | undefined {
  const of = (name: string): string | undefined => headers.find(([key]) => key === name)?.[1];
  if (of('transfer-encoding') !== 'chunked') {
    const length = Number(of('content-length') ?? 0);
    return rest.length >= length ? rest.subarray(0, length) : undefined;
  }
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = rest.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(rest.toString('latin1', at, lineEnd), 16);
    const from = lineEnd + 2;
    if (rest.length < from + size + 2) return undefined;
    if (size === 0) return Buffer.concat(parts);
    parts.push(rest.subarray(from, from + size));
    at = from + size + 2;
  }
}
