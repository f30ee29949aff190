import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** Head and body as they came. */
  content: string;
  encrypted: boolean;
  /** Who signed in, or null. */
  user: string | null;
}

export interface SmtpServer {
  port: number;
  received: ReceivedMail[];
  /** Every line that clients said. */
  heard: string[];
  /** Answers to the next connections' greeting: 421 as many times. */
  busy: number;
  refuseRecipient: string | null;
  close: () => Promise<void>;
}

export interface SmtpOptions {
  /** With it STARTTLS is offered. */
  certificate?: { cert: string; key: string };
  account?: { user: string; password: string };
}

/** A mail server that speaks as much SMTP (RFC 5321, 3207, 4954) as sending one message needs, and keeps what it was given. */
export async function smtpServer({ certificate, account }: SmtpOptions = {}): Promise<SmtpServer> {
  const sockets = new Set<Socket>();
  const state: Omit<SmtpServer, 'port' | 'close'> = { received: [], heard: [], busy: 0, refuseRecipient: null };
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    if (state.busy > 0) {
      state.busy--;
      socket.end('421 too busy\r\n');
      return;
    }
    socket.write('220 test ESMTP\r\n');
    talk(socket, false);
  });

  function talk(socket: Socket, encrypted: boolean): void {
    let mail: ReceivedMail = { from: '', to: [], content: '', encrypted, user: null };
    let user: string | null = null;
    let inData = false;
    let waiting = '';
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    const command = (line: string): void => {
      const word = line.slice(0, 4).toUpperCase();
      if (word === 'EHLO') {
        const offers = [
          ...(certificate && !encrypted ? ['STARTTLS'] : []),
          ...(account ? ['AUTH PLAIN'] : []),
          '8BITMIME',
        ];
        say(['250-test', ...offers.map((one, at) => `250${at === offers.length - 1 ? ' ' : '-'}${one}`)].join('\r\n'));
      } else if (line.toUpperCase() === 'STARTTLS' && certificate) {
        say('220 go ahead');
        socket.removeAllListeners('data');
        const secure = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(certificate) });
        secure.on('error', () => undefined);
        talk(secure, true);
      } else if (word === 'AUTH') {
        const [, name, password] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
          .toString('utf8')
          .split('\0');
        if (account && name === account.user && password === account.password) {
          user = name;
          say('235 welcome');
        } else say('535 5.7.8 authentication failed');
      } else if (word === 'MAIL') {
        if (account && user === null) return say('530 authentication required');
        mail = { from: /<(.*)>/.exec(line)?.[1] ?? '', to: [], content: '', encrypted, user };
        say('250 ok');
      } else if (word === 'RCPT') {
        const to = /<(.*)>/.exec(line)?.[1] ?? '';
        if (to === state.refuseRecipient) return say('550 no such mailbox');
        mail.to.push(to);
        say('250 ok');
      } else if (word === 'DATA') {
        inData = true;
        say('354 end with a dot');
      } else if (word === 'QUIT') {
        say('221 bye');
        socket.end();
      } else say('250 ok');
    };
    socket.on('data', (bytes: Buffer) => {
      waiting += bytes.toString('utf8');
      for (let end = waiting.indexOf('\r\n'); end >= 0; end = waiting.indexOf('\r\n')) {
        const line = waiting.slice(0, end);
        waiting = waiting.slice(end + 2);
        state.heard.push(line);
        if (!inData) command(line);
        else if (line === '.') {
          inData = false;
          state.received.push(mail);
          say('250 kept');
        } else mail.content += `${line.replace(/^\.\./, '.')}\n`;
      }
    });
  }

  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return Object.assign(state, {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
