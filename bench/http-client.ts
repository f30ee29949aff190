import { HttpConnection } from './http-connection';

export interface Answer {
  status: number;
  body: string;
  /** As it came over the line. */
  bytes: number;
}

/** One browser: its cookies, and a connection that stays open. Answers are not unpacked. */
export class HttpClient {
  private readonly connection: HttpConnection;
  private readonly cookies = new Map<string, string>();
  private token = '';

  constructor(
    private readonly url: string,
    private readonly headers: Record<string, string> = {},
  ) {
    this.connection = new HttpConnection(url);
  }

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
    this.connection.close();
  }

  private async send(method: string, path: string, body?: string, more: Record<string, string> = {}): Promise<Answer> {
    const { host } = new URL(this.url);
    const headers: Record<string, string | number> = { host, accept: 'text/html', ...this.headers, ...more };
    if (this.cookies.size > 0)
      headers['cookie'] = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    if (body !== undefined) headers['content-length'] = Buffer.byteLength(body);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const answer = await this.connection.send([`${method} ${path} HTTP/1.1`, ...lines].join('\r\n'), body);
    for (const [name, value] of answer.headers) if (name === 'set-cookie') this.keep(value);
    return { status: answer.status, body: answer.content.toString(), bytes: answer.content.length };
  }

  private keep(cookie: string): void {
    const [pair = ''] = cookie.split(';');
    const at = pair.indexOf('=');
    if (/expires=Thu, 01 Jan 1970/i.test(cookie)) this.cookies.delete(pair.slice(0, at));
    else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}
