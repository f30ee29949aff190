import { expect } from 'chai';
import type { Page } from 'playwright-core';

export interface SetupForms {
  install: string;
  data: string;
  port: number;
  password: string;
  /** Default: the embedded database. */
  mariadb?: { port: number; name: string; user: string; password: string };
  sample?: boolean;
}

/** Sends the page with this title; what the checks of this machine warn of is accepted. */
export async function next(page: Page, title: string): Promise<void> {
  const heading = page.locator('h1');
  expect(await heading.textContent()).to.equal(title);
  await page.getByRole('button', { name: 'Next' }).click();
  const accept = page.getByLabel('I know, go on');
  if ((await heading.textContent()) !== title || (await accept.count()) === 0) return;
  await accept.check();
  await page.getByRole('button', { name: 'Next' }).click();
}

/** From the first page to the plan, before its "Begin" is pressed. `onPage` is told each page before it is sent. */
export async function fillSetup(
  page: Page,
  forms: SetupForms,
  onPage: (title: string) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const send = async (title: string): Promise<void> => {
    await onPage(title);
    await next(page, title);
  };
  for (const title of ['Language', 'Package integrity', 'Hardware and network', 'Existing installation', 'Edition'])
    await send(title);
  await page.getByLabel('Installation folder').fill(forms.install);
  await page.getByLabel('Data folder').fill(forms.data);
  await send('Folders');
  if (forms.mariadb) {
    await page.getByLabel('MariaDB 10.6 or newer').check();
    await send('Database');
    await page.getByLabel('Port', { exact: true }).fill(String(forms.mariadb.port));
    await page.getByLabel('Database name').fill(forms.mariadb.name);
    await page.getByLabel('Account', { exact: true }).fill(forms.mariadb.user);
    await page.getByLabel('Password').fill(forms.mariadb.password);
    await send('Database connection');
  } else await send('Database');
  await send('Backups and their key');
  await send('Tables and reference data');
  if (forms.sample) await page.getByLabel('Tiny: 14 days').check();
  await send('Sample data');
  await page.getByLabel('Company name').fill('Test Phones');
  await send('Company and stores');
  await page.getByLabel('Entered now').check();
  await send('Administrator');
  await page.getByLabel('Password of the administrator').fill(forms.password);
  for (const title of ['Administrator', 'Modules', 'Parameters']) await send(title);
  await page.getByLabel('Name or address of the server').fill('localhost');
  await page.getByLabel('Address to listen on').fill('127.0.0.1');
  await page.getByLabel('Port', { exact: true }).fill(String(forms.port));
  await page.getByLabel('None, plain HTTP').check();
  await send('Server name, port and certificate');
  const service = page.getByLabel('Install the service and start it now?');
  if (await service.isChecked()) await service.uncheck();
  for (const title of ['Service', 'Acceptance test']) await send(title);
  await onPage('What will be done:');
}
