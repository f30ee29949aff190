import http from 'node:http';

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
  /** As it came over the line. */
  bytes: number;
}

/** One browser: its cookies, and a connection that stays open. Answers are not unpacked. */
export class HttpClient {
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  private readonly cookies = new Map<string, string>();
  private token = '';

  constructor(
    private readonly url: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  /** The same session over a connection of its own. */
  twin(headers: Record<string, string> = {}): HttpClient {
    const twin = new HttpClient(this.url, headers);
    for (const [name, value] of this.cookies) twin.cookies.set(name, value);
    twin.token = this.token;
    return twin;
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  /** As a form of a page of the signed-in sends it. */
  postForm(path: string, fields: Record<string, string>): Promise<Answer> {
    return this.send('POST', path, String(new URLSearchParams({ _csrf: this.token, ...fields })), {
      'content-type': 'application/x-www-form-urlencoded',
    });
  }

  postJson(path: string, body: unknown): Promise<Answer> {
    return this.send('POST', path, JSON.stringify(body), {
      'content-type': 'application/json',
      accept: 'application/json',
      'x-csrf-token': this.token,
    });
  }

  /** Signs in by the form, as a browser does, and takes the token of a page of the signed-in. */
  async signIn({ login, password }: { login: string; password: string }): Promise<void> {
    const form = await this.get('/sign-in');
    const token = /name="_csrf" value="([^"]+)"/.exec(form.body)?.[1] ?? '';
    const done = await this.postForm('/sign-in', { _csrf: token, login, password });
    if (done.status !== 303) throw new Error(`${login} cannot sign in: ${done.status}`);
    const page = await this.get('/help');
    this.token = /<meta name="csrf-token" content="([^"]+)"/.exec(page.body)?.[1] ?? '';
    if (this.token === '') throw new Error('a page without token');
  }

  close(): void {
    this.agent.destroy();
  }

  private send(method: string, path: string, body?: string, more: Record<string, string> = {}): Promise<Answer> {
    const headers: Record<string, string | number> = { accept: 'text/html', ...this.headers, ...more };
    if (this.cookies.size > 0)
      headers['cookie'] = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    if (body !== undefined) headers['content-length'] = Buffer.byteLength(body);
    return new Promise((resolve, reject) => {
      const request = http.request(this.url + path, { method, headers, agent: this.agent }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          for (const cookie of response.headers['set-cookie'] ?? []) this.keep(cookie);
          const content = Buffer.concat(parts);
          const { statusCode: status = 0, headers: answered } = response;
          resolve({ status, headers: answered, body: content.toString(), bytes: content.length });
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  private keep(cookie: string): void {
    const [pair = ''] = cookie.split(';');
    const at = pair.indexOf('=');
    if (/expires=Thu, 01 Jan 1970/i.test(cookie)) this.cookies.delete(pair.slice(0, at));
    else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}
