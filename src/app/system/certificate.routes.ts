import { readFileSync } from 'node:fs';
import { notFound } from '../../kernel';
import { type Ctx, file, page, type Reply, type Route } from '../../platform/http';
import { commonName, ownCertificateFiles, readChain } from '../../platform/tls';

/** Names of the sections of locales/…/system.json, with the number of their steps and how their browsers say who they are. */
const SYSTEMS = [
  { id: 'windows', steps: 4, agent: /Windows/ },
  { id: 'android', steps: 3, agent: /Android/ },
  { id: 'ios', steps: 3, agent: /iPhone|iPad/ },
  { id: 'macos', steps: 3, agent: /Macintosh/ },
] as const;

const WORDS = ['say', 'limits', 'fingerprint', 'compare', 'download', 'done', 'nothing'] as const;

/**
 * The page on which a till fetches the authority of an own certificate. Open to everybody and also by plain HTTP: before the
 * authority is installed there is neither trust nor a session. The fingerprint is how people tell that it is the right one.
 */
export const certificateRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/certificate',
    access: 'public',
    handler: showPage,
  },
  {
    method: 'get',
    path: '/certificate/authority.crt',
    access: 'public',
    handler: async (ctx) => {
      const authority = authorityOf(ctx);
      if (!authority) throw notFound('certificate', 'authority.crt');
      // Telephones open this type with their own dialog for certificates.
      return file('phone-erp-ca.crt', 'application/x-x509-ca-cert', authority.raw);
    },
  },
];

async function showPage(ctx: Ctx): Promise<Reply> {
  // Plain HTTP takes no form, so the other language is a link here.
  const { t } = ctx;
  const other = ctx.locale === 'en' ? 'zh-CN' : 'en';
  const { tls } = ctx.services.config.server;
  const authority = authorityOf(ctx);
  const agent = ctx.request.headers['user-agent'] ?? '';
  const model = {
    wide: true,
    words: Object.fromEntries(WORDS.map((key) => [key, t(`system:certificate.${key}`)])),
    otherLanguage: { href: `/certificate?lang=${other}`, lang: other },
    missing: authority ? null : t(`system:certificate.${tls ? 'given' : 'plain'}`),
    fingerprint: authority?.fingerprint256,
    facts: authority && [
      { label: t('system:certificate.name'), value: commonName(authority.subject) },
      { label: t('system:certificate.until'), value: ctx.f.date(authority.validToDate.toISOString().slice(0, 10)) },
    ],
    secureHref: tls && !ctx.request.secure ? secureAddress(ctx) : '/',
    systems: SYSTEMS.map(({ id, steps, agent: own }) => ({
      title: t(`system:certificate.system.${id}.title`),
      open: own.test(agent),
      steps: Array.from({ length: steps }, (_, at) => t(`system:certificate.system.${id}.steps.${at + 1}`)),
    })),
  };
  return page('system/certificate', t('system:certificate.title'), model, { layout: 'plain' });
}

function authorityOf({ services }: Ctx): ReturnType<typeof readChain>[0] | undefined {
  const { tls } = services.config.server;
  if (tls?.mode !== 'own') return undefined;
  try {
    return readChain(readFileSync(ownCertificateFiles(tls.folder).authorityFile, 'utf8'))[0];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function secureAddress({ request, services }: Ctx): string {
  const { publicUrl, port } = services.config.server;
  return publicUrl ?? `https://${request.hostname}${port === 443 ? '' : `:${port}`}/`;
}
