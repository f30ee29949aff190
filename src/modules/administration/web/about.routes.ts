import { maskUrl } from '../../../platform/config';
import { page, type Route } from '../../../platform/http';
import { payloadSignature } from '../../../platform/release';
import { version } from '../../../platform/version';

/** What is installed here, for the administrator and for support. No secrets: addresses are masked. */
export const aboutRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/administration/about',
    access: { permission: 'administration.about.view' },
    handler: async ({ t, f, services, now }) => {
      const { config, timeZone } = services;
      const title = t('administration:about.title');
      const fact = (key: string, value: string) => ({ label: t(`administration:about.${key}`), value });
      const signature = payloadSignature();
      const facts = [
        fact('version', version),
        fact(
          'package',
          signature
            ? t(`release:signature.${signature.state}`, { keyId: signature.keyId })
            : t('administration:about.source'),
        ),
        fact('edition', t(`common:edition.${config.edition}`)),
        fact('node', `Node.js ${process.versions.node} · ${process.platform} ${process.arch}`),
        fact('database', maskUrl(config.database.url)),
        fact('dataDir', config.dataDir),
        fact('timeZone', timeZone),
        fact('startedAt', f.dateTime(now - Math.round(process.uptime() * 1000))),
        fact('memory', f.fileSize(process.memoryUsage.rss())),
      ];
      return page('administration/about', title, { head: { title }, facts });
    },
  },
];
