import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import type { ChannelSecret } from './channel-secret';
import { notifyError } from './faults';
import { guardedLookup, refuseForbidden } from './guard-address';
import type { Message } from './message';
import type { MailSettings } from './tables';

const CONNECT_MS = 10_000;
const SILENCE_MS = 15_000;

/** One mail to all addresses of the channel. */
export async function sendMail(
  { host, port, security, user, from, to, authority }: MailSettings,
  { password }: ChannelSecret,
  message: Message,
): Promise<void> {
  refuseForbidden(host);
  // Only who sends mail waits for it, not every start of the server.
  const { default: nodemailer } = await import('nodemailer');
  const transport = nodemailer.createTransport({
    // Resolved here, so that the address is the one that was looked at; the certificate still has to name the host.
    host: await resolve(host),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    // A message is text that was made here; nothing in it is ever fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
    ...(authority === null ? {} : { tls: { ca: [...rootCertificates, authority] } }),
  });
  try {
    const { rejected } = await transport.sendMail({
      from,
      to: [...to],
      subject: message.subject,
      text: [message.text, message.link].filter(Boolean).join('\n\n'),
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Phone-Erp-Event': message.event },
    });
    // Sent again it would reach those twice who have it. Who tries the channel is told all the same.
    if (rejected.length > 0 && message.stage === 'test')
      throw notifyError('recipient', { detail: rejected.join(', ') });
  } finally {
    transport.close();
  }
}

function resolve(host: string): Promise<string> {
  if (isIP(host) > 0) return Promise.resolve(host);
  return new Promise((found, failed) =>
    guardedLookup(host, { all: false }, (error, address) => (error ? failed(error) : found(address as string))),
  );
}
